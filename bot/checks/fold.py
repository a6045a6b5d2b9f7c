"""The fold: what readers see before « more » should hold the point, so its first sentence ends before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject, doubt
from bot.domain.counters import length

_END = re.compile(r"[.!?…]+(?=[\s»”)\"]|$)|\n")


def check(subject: Subject) -> Iterator[Finding]:
    fold = subject.known.fold
    if fold is None or length(subject.text, fold.unit) <= fold.value:
        return
    end = _END.search(subject.text)
    opening = subject.text[: end.end()] if end else subject.text
    count = length(opening.strip(), fold.unit)
    if count > fold.value:
        details = {"count": count, "limit": fold.value, "network": subject.network.title, "confidence": doubt(fold)}
        yield Finding(
            check="fold",
            level="note",
            key="finding.fold",
            details=details,
            excerpt=opening[: fold.value][-40:],
            rule=subject.rule("fold"),
        )
