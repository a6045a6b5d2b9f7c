"""Emoji: as the network takes them and the brand allows, and never beside an injury or in a grave answer."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.subject import Finding, Subject, doubt
from bot.domain.counters import clusters, is_emoji

MANY = 3
"""Of the policy « free »: more than this reads as decoration on any network."""


def check(subject: Subject) -> Iterator[Finding]:
    if not is_emoji(subject.text):
        return
    found = [cluster for cluster in clusters(subject.text) if not cluster.isascii() and is_emoji(cluster)]
    found = [cluster for cluster in found if cluster not in "©®™"]
    refused = subject.known.emoji
    if found and refused is not None and not refused.value:
        yield _finding("finding.emoji_refused", found, found[0], subject, doubt(refused))
    if not found or subject.brand is None:
        return
    rule = subject.brand.emoji
    if rule.policy == "none" or subject.network.name in rule.never_on:
        yield _finding("finding.emoji_never", found, found[0], subject)
    elif len(found) > (most := 1 if rule.policy == "few" else MANY):
        yield _finding("finding.emoji_many", found, found[most], subject)
    elif rule.policy == "few" and rule.allowed:
        foreign = [one for one in found if one not in rule.allowed]
        if foreign:
            yield _finding("finding.emoji_foreign", foreign, foreign[0], subject)


def _finding(key: str, found: list[str], excerpt: str, subject: Subject, confidence: str = "") -> Finding:
    details = {"count": len(found), "network": subject.network.title, "confidence": confidence}
    return Finding(check="emoji", level="warn", key=key, details=details, excerpt=excerpt)
