"""French typography set on what we write and on what people type into pages; addresses, times and smileys left alone."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.text import fold
from bot.typography import FULL, NARROW, capital, english, french, typeset, typeset_within


def shown(text: str) -> str:
    """Narrow spaces as `_`, full ones as `~`, so that a table can be read."""
    return text.replace(NARROW, "_").replace(FULL, "~")


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("C'est bon", "C’est bon"),
        ("Quoi ?", "Quoi_?"),
        ("Quoi?", "Quoi_?"),
        ("Non !", "Non_!"),
        ("Quoi ?!", "Quoi_?!"),
        ("oui ; non", "oui_; non"),
        ("voici : ceci", "voici~: ceci"),
        ("voici: ceci", "voici~: ceci"),
        ("« bon »", "«~bon~»"),
        ("«bon»", "«~bon~»"),
        ("« bon » ?", "«~bon~»_?"),
        ('"bon"', "«~bon~»"),
        ('Il dit "bon" !', "Il dit «~bon~»_!"),
        ("Attendez...", "Attendez…"),
        ("42 €", "42~€"),
        ("98 %", "98~%"),
        ("9 h", "9~h"),
        ("250 ml", "250~ml"),
        ("— Nora", "—~Nora"),
        ("Merci.\n— Nora", "Merci.\n—~Nora"),
        ("(vraiment ?)", "(vraiment_?)"),
        ("déjà vu ? Oui !", "déjà vu_? Oui_!"),
        ("Quoi ? ", "Quoi_? "),
        ("42€ ou -20% !", "42~€ ou -20~%_!"),
        ("10 000 abonnés et 1 250 000 vues", "10_000 abonnés et 1_250_000 vues"),
        ("A bientôt ! Ca va, l'Etat ?", "À bientôt_! Ça va, l’État_?"),
        ("Merci. A la boutique, Etes-vous là ?", "Merci. À la boutique, Êtes-vous là_?"),
        ("#Noël! @nora: oui", "#Noël_! @nora~: oui"),
    ],
)
def test_french_is_set_as_the_lexicon_has_it(typed: str, set_: str) -> None:
    assert shown(french(typed)) == set_


@pytest.mark.parametrize(
    "text",
    [
        "Voir https://example.com/a?b=1;c=2!",
        "Voir https://example.com/?q=a:b",
        "a.b@example.com",
        "example.com/page?x=1",
        "10:30",
        "Ouvert à 12:30 et 18:05",
        "04 65 71 24 80",
        "0 800 123 456",
        "en 2025 300 personnes",
        "le plan A la semaine",
        "`if a: b!` suit",
        "👩‍👩‍👧‍👦 🏳️‍🌈 1️⃣ 🇫🇷",
        "Merci :)",
        "Merci ;)",
        "Merci ;-)",
        "Merci :-)",
        "Merci :D",
        "Score 3:2",
        "Été, Noël, œuvre, ÀÉÎ",
        "",
        "!",
        "?!",
    ],
)
def test_addresses_times_and_smileys_are_left_alone(text: str) -> None:
    assert french(text) == text


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("It's", "It’s"),
        ("the bakers' bread", "the bakers’ bread"),
        ('He said "good".', "He said “good”."),
        ("Really? Yes!", "Really? Yes!"),
        ("10:30; 98 %", "10:30; 98 %"),
    ],
)
def test_english_gets_its_apostrophes_and_quotes_and_no_space(typed: str, set_: str) -> None:
    assert english(typed) == set_


def test_each_language_is_set_in_its_own_way() -> None:
    assert typeset("It's?", "en") == "It’s?"
    assert shown(typeset("C'est ?", "fr")) == "C’est_?"
    assert shown(typeset("C'est ?", "fr", narrow=FULL)) == "C’est~?"


@pytest.mark.parametrize(("text", "raised"), [("été", "Été"), ("œuvre", "Œuvre"), ("", ""), ("« a", "« a"), ("A", "A")])
def test_a_capital_keeps_its_accent(text: str, raised: str) -> None:
    assert capital(text) == raised


SENTENCES = st.text(alphabet="aéœZ 0'\"?!;:.…«»%€—\n\u00a0\u202f()", max_size=40)


@given(SENTENCES)
def test_setting_twice_changes_nothing_more(text: str) -> None:
    once = french(text)
    assert french(once) == once


@given(SENTENCES)
def test_no_letter_is_lost_or_added(text: str) -> None:
    assert [sign for sign in french(text) if sign.isalnum()] == [sign for sign in text if sign.isalnum()]


PROSE = [
    "A la mer",
    "Ca",
    "Etat",
    "l'eau",
    "10 000",
    "20%",
    "« oui »",
    '"non"',
    "quoi ?",
    "mais :",
    "fin...",
    "\n",
    "— Nora",
]
ASIDE = ["https://a.fr/?b=1;c!", "#Noël2026", "@nora_b", "`x = 'y'!`", "👩‍👩‍👧", "❤️‍🔥", "12:30", "a.b@c.fr"]
PIECES = st.lists(st.sampled_from([*PROSE, *ASIDE]), max_size=8)
KEPT = re.compile(r"https?://\S+|[#@]\w+|`[^`]+`|\d+:\d+|[\w.]+@[\w.]+|[👩👧❤🔥\u200d\ufe0f]+")


@given(PIECES)
def test_addresses_tags_code_times_and_emoji_never_change_nor_does_a_word(pieces: list[str]) -> None:
    typed = " ".join(pieces)
    done = french(typed)
    assert french(done) == done
    assert KEPT.findall(done) == KEPT.findall(typed)
    words = [re.findall(r"\w+", fold(text.replace("...", "…"))) for text in (typed, done)]
    assert words[0] == words[1]


def test_the_spaces_that_a_network_counts_double_are_not_set_over_its_limit() -> None:
    text = "Quoi ? Oui : « non » !"
    assert shown(typeset_within(text, "fr", "x_weighted", None)) == "Quoi~? Oui~: «~non~»~!"
    assert typeset_within("C'est 42€", "fr", "code_points", 9) == "C'est 42€"
    assert typeset_within("C'est 42€", "fr", "code_points", 10) == "C’est 42\u00a0€"


@pytest.mark.parametrize("piece", ["a", "a.", "a@", "a.a/", "' ", "« ", "? ", " ", "1 ", '"', "— ", ".", "http://"])
def test_the_longest_text_is_set_without_delay(piece: str) -> None:
    started = time.process_time()
    french((piece * 20_000)[:20_000])
    english((piece * 20_000)[:20_000])
    assert time.process_time() - started < 1
