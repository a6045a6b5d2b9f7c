"""A comment is cleaned of what nobody can see or store, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.triage.text import clean, fold


def test_what_cannot_be_seen_goes() -> None:
    assert clean("\u202eBonjour\u200b \x00tout\ud800 le monde\r\n") == "Bonjour tout? le monde"


def test_nothing_can_be_written_between_the_lines() -> None:
    """Each of these has carried a hidden message: selectors, tags, fillers, annotation marks, signs of direction."""
    hidden = "\U000e0141\U000e0061\ufe03\u061c\u034f\u180e\u17b5\u2063\u206a\ufff9\ufffb\U0001d173\u00ad"
    assert clean("".join(f"{letter}{hidden}" for letter in "Bonjour 🌼")) == "Bonjour 🌼"
    assert clean("un\u3164mot\u2800blanc\u2028ligne") == "un mot blanc\nligne"
    assert clean("e\u200b\u0301t\u034fe\ufe0f\u0301") == "été"


def test_emoji_and_typography_stay() -> None:
    for seen in ("❤️ ⚠️ 1️⃣ ©️ 🇫🇷 👍🏽", "Vraiment\u202f? «\u00a0oui\u00a0»", "مرحبا", "日本語 한국어"):
        assert clean(seen) == seen


def test_folding_forgets_case_accents_and_spaces() -> None:
    assert fold("  Œuvre  D’ÉTÉ ") == "oeuvre d'ete"


@given(st.text())
def test_cleaning_twice_changes_nothing_more_and_can_be_stored(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")
