"""Words that a document's font can show: an emoji by its name, another script by how much of it there was, and nothing lost unnoticed.

« 😡😡 » becomes « [visage boudeur × 2] »: a report is printed and kept, and a box says nothing. The words themselves stay in the journal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Iterator
from itertools import groupby

import emoji

SCRIPTS = {
    "CJK": "cjk", "IDEOGRAPHIC": "cjk", "FULLWIDTH": "cjk", "HIRAGANA": "kana", "KATAKANA": "kana", "HANGUL": "hangul",
    "ARABIC": "arabic", "HEBREW": "hebrew",
}  # fmt: skip
"""First word of a sign's name in Unicode → what its script is called in the interface pages."""
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
NAMED = ("fr", "en")
SPACES = str.maketrans({"\u202f": "\u00a0", "\u2009": " ", "\u200a": " ", "\t": " "})
"""Narrow spaces are where a layout would break a line that must not break."""
SHOWN, EMOJI = "shown", "emoji"


class Glyphs:
    def __init__(self, known: Container[int], locale: str, script: Callable[[str, int], str]) -> None:
        """`known`: code points that the font has; `script` says a script's name and a number of signs in words."""
        self._known = known
        self._locale = locale if locale in NAMED else "en"
        self._script = script
        self.described = 0
        """Passages that the font could not show."""

    def legible(self, words: str) -> str:
        """The same words, with what cannot be shown described between brackets; line breaks stay."""
        plain = unicodedata.normalize("NFC", words.translate(SPACES))
        if all(self._has(sign) for sign in plain):
            return plain
        return "".join(self._told(kind, signs) for kind, signs in _joined(self._pieces(plain)))

    def _has(self, sign: str) -> bool:
        return sign == "\n" or ord(sign) in self._known

    def _pieces(self, words: str) -> Iterator[tuple[str, str]]:
        """Each sign, or each emoji of several, with what is to become of it."""
        for token in emoji.analyze(words, non_emoji=True, join_emoji=True):
            if isinstance(token.value, emoji.EmojiMatch) and not all(map(self._has, token.chars)):
                yield EMOJI, token.chars
            else:
                yield from ((self._kind(sign), sign) for sign in token.chars if self._visible(sign))

    def _visible(self, sign: str) -> bool:
        return self._has(sign) or unicodedata.category(sign) not in INVISIBLE

    def _kind(self, sign: str) -> str:
        if self._has(sign):
            return SHOWN
        return SCRIPTS.get(unicodedata.name(sign, "").split(" ")[0], "other")

    def _told(self, kind: str, signs: list[str]) -> str:
        if kind == SHOWN:
            return "".join(signs)
        self.described += 1
        if kind == EMOJI:
            return "".join(_named(sign, len(list(same)), self._locale) for sign, same in groupby(signs))
        return f"[{self._script(kind, sum(not sign.isspace() for sign in signs))}]"


def _joined(pieces: Iterator[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Runs of one kind; words of one script are one run, with the spaces between them."""
    runs = [(kind, [sign for _, sign in run]) for kind, run in groupby(pieces, lambda piece: piece[0])]
    merged: list[tuple[str, list[str]]] = []
    for kind, signs in runs:
        spaced = len(merged) > 1 and merged[-1][0] == SHOWN and not "".join(merged[-1][1]).strip(" ")
        if spaced and kind not in (SHOWN, EMOJI) and merged[-2][0] == kind:
            merged[-2][1].extend([*merged.pop()[1], *signs])
        else:
            merged.append((kind, signs))
    yield from merged


def _named(sign: str, times: int, locale: str) -> str:
    name = emoji.demojize(sign, language=locale, delimiters=("", "")).replace("_", " ")
    return f"[{name} × {times}]" if times > 1 else f"[{name}]"
