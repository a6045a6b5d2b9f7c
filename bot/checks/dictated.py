"""Dictation: a reply that says the comment's own words back, in a row or all in all, was dictated by it, or parrots it.

Naming what happened takes a few of the person's words. The comment is read through its disguises (`triage/orders.py`), so that
what it spells, encodes or reverses is found as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.subject import Finding, Subject
from bot.triage.orders import views
from bot.triage.text import fold

RUN = 7
"""Words of the comment in a row that a reply need never say."""
SHARE = 0.6
"""Of a reply's telling words: more of them from the comment is no answer any more."""
FEW = 2
"""Telling words under which a share says nothing."""
_WORD = re.compile(r"\w+")


def check(subject: Subject) -> Iterator[Finding]:
    if subject.skill != "reply" or not subject.prompt:
        return
    words = list(_WORD.finditer(subject.text))
    spoken = [fold(word.group()) for word in words]
    runs, said = _comment(subject.prompt)
    ours = _ours(subject.brand_facts)
    for start in range(len(words) - RUN + 1):
        if tuple(spoken[start : start + RUN]) in runs:
            excerpt = subject.text[words[start].start() : words[start + RUN - 1].end()]
            yield Finding(check="dictated", level="warn", key="finding.dictated", excerpt=excerpt)
            return
    telling = [word for word in spoken if len(word) > 3 and word not in ours]
    if len(telling) >= FEW and sum(word in said for word in telling) >= SHARE * len(telling):
        yield Finding(check="dictated", level="warn", key="finding.dictated", excerpt=subject.text[:80].rstrip())


@lru_cache(maxsize=64)
def _comment(prompt: str) -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    runs: set[tuple[str, ...]] = set()
    said: set[str] = set()
    for view in views(prompt):
        words = _WORD.findall(fold(view))
        said.update(words)
        runs.update(tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
    return frozenset(runs), frozenset(said)


@lru_cache(maxsize=64)
def _ours(facts: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(facts)))
