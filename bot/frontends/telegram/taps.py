"""What a button of a card holds: a verb, the draft and its revision, and nothing that lives in memory. 64 bytes at most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Verb = Literal[
    "approve", "override", "edit", "ask", "reject", "ignore", "posture", "why", "sources", "findings", "whole", "card"
]
LETTERS: dict[Verb, str] = {
    "approve": "a",
    "override": "o",
    "edit": "e",
    "ask": "k",
    "reject": "r",
    "why": "y",
    "ignore": "i",
    "posture": "p",
    "sources": "s",
    "findings": "f",
    "whole": "w",
    "card": "c",
}
MOST = 64
"""Bytes of callback data (core.telegram.org, Bot API 10.0)."""
_TAP = re.compile(r"1:([a-z]):([0-9a-z]{1,6}):([0-9a-z]{1,6})(?::([a-z]+))?")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Tap:
    verb: Verb
    draft: int
    revision: int
    more: str = ""
    """A posture, or the reason of a rejection."""

    @property
    def data(self) -> str:
        told = f"1:{LETTERS[self.verb]}:{_base36(self.draft)}:{_base36(self.revision)}"
        return f"{told}:{self.more}" if self.more else told


def tap(data: str) -> Tap | None:
    """None when it is no button of ours, or of another version."""
    found = _TAP.fullmatch(data)
    verb = next((verb for verb, letter in LETTERS.items() if found and letter == found[1]), None)
    if found is None or verb is None:
        return None
    return Tap(verb, int(found[2], 36), int(found[3], 36), found[4] or "")


def answer(question: str, value: str) -> str:
    """The data of a button under a question of ours; empty when the value is too long for one."""
    told = f"q:{question}:{value}"
    return told if len(told.encode()) <= MOST else ""


def _base36(number: int) -> str:
    told = ""
    while number:
        number, digit = divmod(number, 36)
        told = _DIGITS[digit] + told
    return told or "0"
