"""Cashtags ($BTN): how many the network takes. A price is none: a cashtag has letters right after its sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.counted import too_many
from bot.checks.subject import Finding, Subject

_CASHTAG = re.compile(r"(?<![\w$@#/])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")


def check(subject: Subject) -> Iterator[Finding]:
    yield from too_many(subject, "cashtags", _CASHTAG.findall(subject.text))
