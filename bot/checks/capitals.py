"""Capitals: a brand does not shout. Acronyms and hashtags are not shouting."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject

RUN = 3
"""Words in capitals in a row that read as shouting."""


def check(subject: Subject) -> Iterator[Finding]:
    text = re.sub(r"[#@]\w+|https?://\S+", lambda aside: " " * len(aside.group()), subject.text)
    run: list[re.Match[str]] = []
    for word in re.finditer(r"\S+|$", text):
        letters = [sign for sign in word.group() if sign.isalpha()]
        if len(letters) >= 2 and all(sign.isupper() for sign in letters):
            run.append(word)
            continue
        if len(run) >= RUN:
            excerpt = subject.text[run[0].start() : run[-1].end()]
            yield Finding(check="capitals", level="warn", key="finding.capitals", excerpt=excerpt)
        run = []
