"""A diff loses no word of either text, and says « changed » only of what changed."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bot.voice.diff import pieces, unsigned, words

WORDS = st.lists(st.sampled_from("nous sommes désolés navrés vraiment ! . , 🥖 l’été C'est MP".split()), max_size=40)
TEXTS = st.one_of(WORDS.map(" ".join), st.text(max_size=200))


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_off_the_diff(before: str, after: str) -> None:
    found = pieces(before, after)
    assert [word for piece in found for word in words(piece.before)] == words(before)
    assert [word for piece in found for word in words(piece.after)] == words(after)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(piece.kept for piece in pieces(text, text))


@given(TEXTS, TEXTS)
def test_neighbouring_pieces_are_never_both_kept(before: str, after: str) -> None:
    found = pieces(before, after)
    assert not any(one.kept and other.kept for one, other in itertools.pairwise(found))


def test_a_replaced_word_is_one_piece() -> None:
    changed = [piece for piece in pieces("Nous sommes désolés !", "Nous sommes navrés.") if not piece.kept]
    assert [(piece.before, piece.after) for piece in changed] == [("désolés !", "navrés.")]


def test_a_signature_is_told_from_the_text() -> None:
    assert unsigned("Merci à vous. — L’équipe") == ("Merci à vous.", " — L’équipe")
    assert unsigned("Merci — vraiment. À bientôt.") == ("Merci — vraiment. À bientôt.", "")
