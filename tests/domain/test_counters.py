"""How long a text is, as each network counts it; what French typography costs on X."""

from __future__ import annotations

import time
from typing import get_args

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.counters import clusters, cut, is_emoji, length
from bot.domain.network import Unit
from bot.pages import Pages
from bot.typography import FULL, NARROW, french

UNITS = [unit for unit in get_args(Unit) if unit != "count"]
ADDITIVE = ("code_points", "utf16", "utf8_bytes", "characters")
FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Bonjour", 7),
        ("…", 2),
        ("€", 2),
        ("™", 2),
        ("\u202f", 2),
        ("•", 2),
        ("→", 2),
        ("’", 1),
        ("«»", 2),
        ("—", 1),
        ("œ", 1),
        ("\u00a0", 1),
        ("é", 1),
        ("e\u0301", 1),
        ("日本", 4),
        ("😀", 2),
        (FAMILY, 2),
        ("🇫🇷", 2),
        ("❤️", 2),
        ("1️⃣", 2),
        ("a\r\nb", 3),
        ("https://example.com", 23),
        ("https://example.com/" + "a" * 200, 23),
        ("example.com", 23),
        ("Voir https://example.com/a.", 29),
        ("https://a.fr https://b.fr", 47),
        ("C’est « bon »\u00a0!", 15),
        ("C’est bon\u202f!", 12),
        ("etc.", 4),
        ("a@example.com", 13),
    ],
)
def test_x_weighs_text_by_its_own_table(text: str, count: int) -> None:
    assert length(text, "x_weighted") == count


def test_a_narrow_space_costs_one_more_than_a_full_one_on_x() -> None:
    text = "Quoi ? Non ! Si ; bon."
    narrow, full = french(text, narrow=NARROW), french(text, narrow=FULL)
    assert length(narrow, "x_weighted") == length(full, "x_weighted") + 3


@pytest.mark.parametrize(
    "piece", ["a.", "a.fr ", "1.", "@a ", "http://", "é.fr,", "a.b.c.d.e.f.g.h.i.j.fr ", "....", "😀"]
)
def test_x_counts_the_longest_text_without_delay(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    started = time.process_time()
    length(text, "x_weighted")
    assert time.process_time() - started < 3


def test_what_has_too_many_dots_to_be_a_link_is_weighed_sign_by_sign() -> None:
    assert length("a." * 50, "x_weighted") == 100
    assert length("Attendez" + "." * 30, "x_weighted") == 38


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("été", 3),
        ("e\u0301", 1),
        (FAMILY, 1),
        ("https://example.com/" + "a" * 100, 23),
        ("Voir https://a.fr.", 29),
        ("(https://a.fr)", 25),
        ("http://a.fr et https://b.fr", 50),
        ("example.com", 11),
        ("@nora@mastodon.social", 5),
        ("@nora", 5),
        ("a@b.fr", 6),
        ("Bonjour @nora@piaille.fr, merci", 20),
    ],
)
def test_mastodon_counts_signs_with_links_of_23_and_no_server_of_a_mention(text: str, count: int) -> None:
    assert length(text, "mastodon") == count


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("été", 3), ("😀", 4), ("a😀b", 6), (FAMILY, 18), ("🇫🇷", 8), ("1", 1), ("1️⃣", 7), ("…€", 2)],
)
def test_threads_counts_an_emoji_by_its_bytes(text: str, count: int) -> None:
    assert length(text, "threads") == count


@pytest.mark.parametrize(
    ("unit", "count"),
    [("code_points", 5), ("utf16", 8), ("characters", 8), ("utf8_bytes", 18), ("graphemes", 1), ("words", 1)],
)
def test_one_family_is_as_many_as_the_unit_says(unit: str, count: int) -> None:
    assert length(FAMILY, unit) == count


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("pain", 4), ("pain, levain", 10), ("pain au levain", 16), (" , ,pain ,", 4)]
)
def test_a_youtube_tag_of_several_words_costs_its_quotation_marks(text: str, count: int) -> None:
    assert length(text, "youtube_tags") == count


@pytest.mark.parametrize(
    ("cluster", "emoji"),
    [
        ("😀", True),
        (FAMILY, True),
        ("🇫🇷", True),
        ("1️⃣", True),
        ("❤️", True),
        ("1", False),
        ("a", False),
        ("é", False),
        ("#", False),
    ],
)
def test_an_emoji_is_told_from_a_letter(cluster: str, emoji: bool) -> None:
    assert is_emoji(cluster) is emoji


def test_a_unit_that_is_none_of_the_pages_is_an_error() -> None:
    with pytest.raises(KeyError):
        length("a", "furlongs")


def test_every_limit_of_a_text_can_be_counted(pages: Pages) -> None:
    for network in pages.networks.values():
        for kind in network.kinds.values():
            for limit in (kind.max, kind.max_bytes):
                if limit is not None:
                    assert length("Bonjour 😀", limit.unit) > 0


@given(st.text(max_size=80), st.sampled_from(UNITS))
def test_a_length_is_never_negative_and_nothing_has_none(text: str, unit: str) -> None:
    assert length(text, unit) >= 0
    assert length("", unit) == 0


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(ADDITIVE))
def test_two_texts_are_as_long_as_both(one: str, other: str, unit: str) -> None:
    assert length(one + other, unit) == length(one, unit) + length(other, unit)


@given(st.text(max_size=60), st.text(max_size=60))
def test_paragraphs_add_up_in_every_unit_of_a_post(one: str, other: str) -> None:
    one, other = " ".join(one.split()), " ".join(other.split())
    for unit in ("graphemes", "threads", "x_weighted", "mastodon"):
        assert length(f"{one}\n{other}", unit) == length(one, unit) + 1 + length(other, unit)


@given(st.text(max_size=100))
def test_signs_are_at_most_code_points_which_are_at_most_utf16_and_bytes(text: str) -> None:
    signs, points = length(text, "graphemes"), length(text, "code_points")
    assert signs <= points <= length(text, "utf16")
    assert points <= length(text, "utf8_bytes")
    assert "".join(clusters(text)) == text


KANA = "あいうえおかきくけこ"


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("http://test.co", ["http://test.co"]),
        ("voir example.com, et EXAMPLE.FR!", ["example.com", "EXAMPLE.FR"]),
        ("(https://a.fr/b_(c)) fin", ["https://a.fr/b_(c)"]),
        ("https://a.fr/b?c=d&e=f. Suite", ["https://a.fr/b?c=d&e=f"]),
        ("@example.com #example.com $example.com a@example.com", []),
        ("2.5 e.g. fin.Début v1.2", []),
        ("これはexample.com中国語", ["example.com"]),
        ("http://これは.com/あ", ["http://これは.com/"]),
        ("https://t.co/abc123/more", ["https://t.co/abc123"]),
        (f"https://t.co/{'a' * 41}", []),
        ("\u2066\u202ahttp://foobar.پاکستان/\u202c\u2069", ["http://foobar.پاکستان/"]),
        ("http://-a.com http://a-.com http://a_b.com", []),
        ("http://under_score.example.com:8080/x", ["http://under_score.example.com:8080/x"]),
        (f"{'a' * 64}.com {'a' * 63}.com", [f"{'a' * 63}.com"]),
        (f"http://{KANA * 5}あいう.com", []),
        (f"http://{KANA * 5}あい.com", [f"http://{KANA * 5}あい.com"]),
        ("xn--80ak6aa92e.com b.xn--p1ai", ["xn--80ak6aa92e.com", "b.xn--p1ai"]),
        ("a.museum, b.coffee; c.community", ["a.museum", "b.coffee", "c.community"]),
        ("ftp://a.com mailto:b@a.com", []),
        ("も。t.co x。b.fr", ["t.co", "b.fr"]),
        ("http://twitter_underscore.com http://a_b.c-d.com", ["http://a_b.c-d.com"]),
        ("x_日本t.co/]a.fr", []),
        ("http://xn--はじめよう.com/a", []),
        ("example.comてすとですtwitter.みんなです", ["example.com", "twitter.みんな"]),
        ("bıt.lyİ K.uK", ["bıt.ly"]),
        (f"http://a.com/{'a' * 4_076}", [f"http://a.com/{'a' * 4_076}"]),
        (f"http://a.com/{'a' * 4_077}", []),
        (f"{'日本語' * 3_000}!a.com日本", ["a.com"]),
    ],
)
def test_x_sees_links_where_its_own_library_does(text: str, links: list[str]) -> None:
    from bot.domain.x_links import links as seen

    assert [text[start:end] for start, end in seen(text)] == links


def test_every_emoji_of_unicode_weighs_two_on_x() -> None:
    from emoji import EMOJI_DATA

    assert [one for one, told in EMOJI_DATA.items() if told["status"] == 2 and length(one, "x_weighted") != 2] == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("🇫🇸🇮", 4),
        ("😀\ufe0f", 4),
        ("♿\ufe0f", 2),
        ("👨‍👩‍👧‍👦🏽", 4),
        ("⚕️\U000e0067", 4),
        ("🧚🏻‍♀", 2),
        ("a\u200d👍🏽", 4),
        ("2026 👍", 7),
    ],
)
def test_x_weighs_what_unicode_knows_as_one_emoji_as_one(text: str, count: int) -> None:
    assert length(text, "x_weighted") == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("voir https://example.com/long/path et @lea@mastodon.example", 5 + 23 + 4 + 4),
        ("example.com n’est pas un lien", 29),
        (f"{FAMILY}é", 2),
        ("httpbin.org", 11),
        ("https://a.fr/日本語/été?q=é.", 24),
        ("aahttp://a.fr", 13),
        ("@a@localhost, é@a@b.fr", 12),
        (f"@a@{'b' * 260}.fr", 266),
        (f"https://a.fr/?{'#foo?' * 1_000}", 5_014),
    ],
)
def test_mastodon_counts_links_and_remote_names_its_own_way(text: str, count: int) -> None:
    assert length(text, "mastodon") == count


@given(st.text(st.characters(codec=None, categories=None)), st.sampled_from(UNITS))
def test_no_string_of_unicode_stops_a_counter(text: str, unit: str) -> None:
    assert length(text, unit) >= 0


@given(st.text(max_size=120), st.integers(0, 60), st.sampled_from(UNITS))
def test_a_text_cut_to_a_limit_is_within_it(text: str, most: int, unit: str) -> None:
    kept = cut(text, most, unit)
    assert length(kept, unit) <= most
    assert text.startswith(kept)


@pytest.mark.parametrize(
    "evil",
    [
        "a." * 100_000,
        "日" * 200_000 + ".com",
        "http://" * 30_000,
        "a.com/" + "(" * 200_000,
        "日_.com" * 40_000,
        "a.b.日" * 40_000 + ".com",
        "xn--" * 50_000,
        "🇫" * 200_000,
        "@" + "a-" * 100_000,
    ],
)
def test_the_time_of_counting_grows_with_the_text_alone(evil: str) -> None:
    for unit in UNITS:
        started = time.perf_counter()
        length(evil, unit)
        assert time.perf_counter() - started < 5


@given(st.text(st.sampled_from("🇫🇷a\u0301\u200d😀\u0600\r\n"), max_size=400))
def test_signs_are_those_of_unicode_however_many_flags_stand_in_a_row(text: str) -> None:
    long = "🇫" * 131 + text + "🇷" * 200
    assert clusters(long) == regex.findall(r"\X", long)


@given(st.text(max_size=60), st.sampled_from([unit for unit in UNITS if unit != "youtube_tags"]))
def test_a_space_more_is_no_sign_less(text: str, unit: str) -> None:
    assert length(f"{text} .", unit) >= length(text, unit)
