"""Capitals: a brand does not shout. Acronyms and hashtags are not shouting."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject

RUN = 3
"""Words in capitals in a row that read as shouting."""


def check(subject: Subject) -> Iterator[Finding]:
    words = re.sub(r"[#@]\w+|https?://\S+", " ", subject.text).split()
    run: list[str] = []
    for word in [*words, ""]:
        letters = [sign for sign in word if sign.isalpha()]
        if len(letters) >= 2 and all(sign.isupper() for sign in letters):
            run.append(word)
            continue
        if len(run) >= RUN:
            yield Finding(check="capitals", level="warn", key="finding.capitals", excerpt=" ".join(run))
        run = []
