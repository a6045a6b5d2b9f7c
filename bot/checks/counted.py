"""Counting things in a draft against a limit of the network page: shared by the checks of hashtags, cashtags, mentions, links."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.subject import Finding, Subject, doubt, over
from bot.domain.counters import length


def too_many(subject: Subject, name: str, found: list[str]) -> Iterator[Finding]:
    limit = subject.limit(name)
    if limit is not None and len(found) > limit.value:
        yield Finding(
            check=name,
            level=over(limit),
            key=f"finding.{name}",
            details={
                "count": len(found),
                "limit": limit.value,
                "network": subject.network.title,
                "confidence": doubt(limit),
            },
            excerpt=found[limit.value],
            rule=subject.rule(name),
        )


def too_wide(subject: Subject, found: list[str]) -> Iterator[Finding]:
    """Those of the tags that are longer than the network takes."""
    limit = subject.known.tag_length
    for tag in dict.fromkeys(found) if limit is not None else ():
        if limit is not None and (count := length(tag, limit.unit)) > limit.value:
            details = {
                "length": count,
                "limit": limit.value,
                "network": subject.network.title,
                "confidence": doubt(limit),
            }
            yield Finding(
                check="hashtags",
                level=over(limit),
                key="finding.tag_length",
                details=details,
                excerpt=tag[:40],
                rule=subject.rule("tag_length"),
            )
