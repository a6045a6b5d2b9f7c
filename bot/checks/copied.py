"""Copies: a third reply in a row with nearly the words of the two before it shows everybody that nobody reads.

Compared with what left last under other comments of the brand on this network (`Subject.said`), greeting, signature and the order of
words aside. A text that the brand pre-approved is meant to be said again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.subject import Finding, Subject
from bot.triage.text import fold

LAST, TWINS = 4, 2
"""Of the last four texts, two that say the same: the draft would be the third."""
SAME = 0.85
"""Share of words in common from which two replies read as one (Dice)."""
FEW = 4
"""Words under which a reply may resemble another by chance: « Merci beaucoup ! »."""
_SIGNED = re.compile(r"\s[—–-] ?[^—–\n]{1,40}$")
_WORD = re.compile(r"\w+")


def check(subject: Subject) -> Iterator[Finding]:
    if subject.skill != "reply" or not subject.said:
        return
    approved = subject.brand.approved.texts if subject.brand else ()
    words = _words(subject.text)
    if words.total() < FEW or any(_words(text) == words for text in approved):
        return
    twins = [text for text in subject.said[:LAST] if _alike(words, _words(text)) >= SAME]
    if len(twins) >= TWINS:
        yield Finding(check="copied", level="warn", key="tact.copied", excerpt=twins[0])


def _alike(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


@lru_cache(maxsize=256)
def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(fold(_SIGNED.sub("", text.strip()))))
