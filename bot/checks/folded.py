"""A draft folded for matching that remembers where each letter stood, so that a finding shows the draft's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.triage.text import fold


@dataclass(frozen=True)
class Folded:
    """`text` is what `triage.text.fold` makes of `written`, sign by sign; `places` is where each of its signs came from."""

    text: str
    places: Sequence[int]
    written: str

    @classmethod
    @lru_cache(maxsize=256)
    def of(cls, written: str) -> Folded:
        signs = [_fold(sign) for sign in written]
        whole = "".join(signs)
        if len(whole) == len(written) and "" not in signs and "  " not in whole and whole[:1] != " ":
            return cls(whole, range(len(whole)), written)
        text: list[str] = []
        places: list[int] = []
        for place, folded in enumerate(signs):
            if folded == " " and (not text or text[-1] == " "):
                continue
            text += folded
            places += [place] * len(folded)
        return cls("".join(text), places, written)

    def excerpt(self, match: re.Match[str]) -> str:
        """The words of the draft that a match on the folded text stands for."""
        return self.written[self.places[match.start()] : self.places[match.end() - 1] + 1].strip()


@lru_cache(maxsize=2_048)
def folded_page(page: str) -> str:
    """A page that many drafts are held against, folded once."""
    return fold(page)


@cache
def _fold(sign: str) -> str:
    if sign.isspace() and (sign in "\t\n\r " or sign > "\x9f"):
        return " "
    return fold(sign)
