"""Capitals: a brand does not shout. Acronyms and hashtags are not shouting."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject

RUN = 3
"""Words in capitals in a row that read as shouting."""
CRIED, LONG = 2, 4
"""Fewer will do when they are cried out, « TROP TARD ! », and long enough to be no acronyms."""


def check(subject: Subject) -> Iterator[Finding]:
    text = re.sub(r"[#@]\w+|https?://\S+", lambda aside: " " * len(aside.group()), subject.text)
    run: list[re.Match[str]] = []
    for word in re.finditer(r"\S+|$", text):
        letters = [sign for sign in word.group() if sign.isalpha()] if word.group().isupper() else []
        if len(letters) >= 2 and all(sign.isupper() for sign in letters):
            run.append(word)
            continue
        if run and (len(run) >= RUN or _cried(run, word)):
            excerpt = subject.text[run[0].start() : run[-1].end()]
            yield Finding(check="capitals", level="warn", key="finding.capitals", excerpt=excerpt)
        run = []


def _cried(run: list[re.Match[str]], after: re.Match[str]) -> bool:
    """Whether a short run ends on an exclamation mark, its own or the one set apart behind it."""
    long = sum(len(word.group().strip("!?,.;:…")) >= LONG for word in run)
    return long >= CRIED and (run[-1].group().endswith("!") or after.group().startswith("!"))
