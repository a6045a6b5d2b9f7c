"""What changed between two texts, word by word. Spaces are not words: a change of them alone is none."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from bot.domain.voice import Piece

_WORD = re.compile(r"\w+(?:[’'\-]\w+)*|[^\w\s]\ufe0f?")
ALIKE = 0.5
"""Share of words kept under which a text was written anew rather than corrected."""


_SIGNATURE = re.compile(r"\s+[—–][^.!?…\n]{1,40}$")


def words(text: str) -> list[str]:
    """Words and signs, in order."""
    return _WORD.findall(text)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts side by side: what was kept, replaced, removed and added, in order."""
    old, new = list(_WORD.finditer(before)), list(_WORD.finditer(after))
    matcher = SequenceMatcher(None, list(map(_same, old)), list(map(_same, new)))
    return tuple(
        Piece(before=_text(before, old[i:j]), after=_text(after, new[k:m]), kept=what == "equal")
        for what, i, j, k, m in matcher.get_opcodes()
    )


def corrected(changes: tuple[Piece, ...]) -> bool:
    """Whether the words are still mostly those that were shown."""
    kept = sum(len(words(piece.before)) for piece in changes if piece.kept)
    total = sum(max(len(words(piece.before)), len(words(piece.after))) for piece in changes)
    return kept >= ALIKE * max(total, 1)


def unsigned(text: str) -> tuple[str, str]:
    """The text without the signature that ends it (« — Nora »), and that signature with the space before it."""
    found = _SIGNATURE.search(text.rstrip())
    return (text[: found.start()], found.group()) if found else (text.rstrip(), "")


def _same(found: re.Match[str]) -> str:
    """A word as it is compared: a sentence that begins earlier changes no word."""
    return found.group().casefold().replace("’", "'")


def _text(text: str, found: list[re.Match[str]]) -> str:
    return text[found[0].start() : found[-1].end()] if found else ""
