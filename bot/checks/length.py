"""Length, by the network's own counting, against every limit its page holds for this kind."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.subject import Finding, Subject, doubt, over
from bot.domain.counters import length


def check(subject: Subject) -> Iterator[Finding]:
    for name in ("max", "max_bytes"):
        limit = subject.limit(name)
        if limit is None:
            continue
        count = length(subject.measured, limit.unit)
        if count > limit.value:
            yield Finding(
                check="length",
                level=over(limit),
                key="finding.too_long" if not doubt(limit) else "finding.too_long_perhaps",
                details={
                    "length": count,
                    "limit": limit.value,
                    "over": count - limit.value,
                    "network": subject.network.title,
                    "confidence": doubt(limit),
                },
                excerpt=subject.text[-40:],
                rule=subject.rule(name),
            )
