"""A comment is cleaned of what nobody can see or store, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.triage.text import clean, fold


def test_what_cannot_be_seen_goes() -> None:
    assert clean("\u202eBonjour\u200b \x00tout\ud800 le monde\r\n") == "Bonjour tout? le monde"


def test_folding_forgets_case_accents_and_spaces() -> None:
    assert fold("  Œuvre  D’ÉTÉ ") == "oeuvre d'ete"


@given(st.text())
def test_cleaning_twice_changes_nothing_more_and_can_be_stored(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")
