"""Counting things in a draft against a limit of the network page: shared by the checks of hashtags, mentions and links."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.subject import Finding, Subject, doubt, over


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
        )
