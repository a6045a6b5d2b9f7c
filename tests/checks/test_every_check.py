"""What every check keeps, picked up by its file's name: a new check is held to this without being told."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot.checks.subject import Finding, Subject
from bot.discover import Check, checks
from knowledge.brand import Brand

LONGEST = 20_000
SECONDS = 1.0

UGLY = {
    "nothing": "",
    "spaces": " \u00a0\u202f\n\t ",
    "one letter": "a",
    "right to left": "مرحبا، أين طلبي؟ لقد انتظرت ثلاثة أسابيع. שלום, איפה ההזמנה שלי?",
    "mixed scripts": "Bonjour 日本語 привет مرحبا 😀 123 ÀÉÎ",
    "emoji soup": "👨‍👩‍👧‍👦🏳️‍🌈🇫🇷1️⃣❤️‍🔥😀" * 50,
    "control characters": "Nous\x00 vous\x1f rembour\x7fserons\x85 de\u200bmain\ufeff \u202e!",
    "lone combining marks": "\u0301\u0302e\u0301 \u0300rembourse\u0301",
    "breaking everything at once": (
        "ON VA VOUS REMBOURSER SOUS 3 JOURS, tu vois ? C’est notre faute, Débile ! Écris à jean.dupont@example.org ou au "
        "06 12 34 56 78, 12 rue des Lilas. Donnez votre numéro de commande ici : commande n° 48213. #Faux @everyone "
        "https://bit.ly/x 🥐🥐🥐 Quarante-Deux MERCI  BEAUCOUP\nVRAIMENT n’hésitez  pas"
    ),
    "folding traps": "Œuvre ﬁnie ½ ＦＵＬＬ Straße İstanbul ß ǆ … ¨ ´ Nous vous rem­bour­serons",
}
REPEATED = (
    *(
        "a",
        "a.",
        "a@",
        "a-",
        "1",
        "1 ",
        "1,",
        "01 02 ",
        "@",
        "#a",
        "@a@b.",
        "http://",
        "www.",
        "a.fr",
        "A ",
        "AB ",
        " ",
        "\n",
    ),
    *(
        "é",
        "e\u0301",
        "😀",
        "« ",
        '"',
        "l’",
        "nous vous ",
        "on va ",
        "we will ",
        "we'll really ",
        "votre ",
        "numéro de ",
    ),
    *(
        "commande ",
        "order number ",
        "12 rue ",
        "12 Some ",
        "FR76 ",
        "sous 4 ",
        "within 2 working ",
        "our ",
        "quatre-vingt-",
    ),
    *(
        "rendez-",
        "ez ",
        "Aa Bb ",
        ". A",
        "don't ",
        "donnez ",
        "con ",
        "f*",
        "\u202e",
        "\x00",
        "ا",
        "+33 ",
        "(0",
        "£1,000 ",
    ),
)


@pytest.fixture(params=checks().items(), ids=list(checks()))
def named(request: pytest.FixtureRequest) -> tuple[str, Check]:
    return request.param


@pytest.mark.parametrize("ugly", UGLY, ids=str)
@pytest.mark.parametrize("language", ["fr", "en", ""])
def test_a_check_says_what_broke_with_the_words_that_broke_it(
    named: tuple[str, Check], ugly: str, language: str, subject: Callable[..., Subject]
) -> None:
    name, check = named
    for network in ("instagram", "x", "mastodon"):
        draft = subject(UGLY[ugly], language, network)
        found = list(check(draft))
        for finding in found:
            assert isinstance(finding, Finding)
            assert finding.check == name
            assert finding.key.startswith(("finding.", f"{name}."))
            assert finding.excerpt in draft.text
        assert list(check(draft)) == found


def test_a_check_has_a_sentence_for_each_of_its_findings(
    named: tuple[str, Check], subject: Callable[..., Subject], pages: object
) -> None:
    _, check = named
    for network in ("instagram", "x", "linkedin"):
        for finding in check(subject(UGLY["breaking everything at once"] * 20, "en", network)):
            for locale in ("fr", "en"):
                assert finding.key in pages.interface[locale]  # type: ignore[attr-defined]


def test_a_check_needs_no_brand_and_no_language(named: tuple[str, Check], subject: Callable[..., Subject]) -> None:
    _, check = named
    for text in UGLY.values():
        list(check(subject(text, "", brand=None, register_="", skill="")))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_check_of_the_longest_text_takes_less_than_a_second(
    named: tuple[str, Check], language: str, subject: Callable[..., Subject], brand: Brand
) -> None:
    _, check = named
    passages = ("Les retours sont acceptés sous 30 jours. " * 200,)
    for piece in REPEATED if language == "fr" else REPEATED[::6]:
        text = "Bonjour " + (piece * LONGEST)[: LONGEST - 9] + "!"
        draft = subject(text, language, "x" if piece in ("a", "a.", "😀") else "instagram", passages=passages)
        started = time.process_time()
        list(check(draft))
        assert time.process_time() - started < SECONDS, f"slow on {piece!r} repeated"
