"""Runs every check on a draft's words and says how long they are. Adds no judgement of its own."""

from __future__ import annotations

from bot.checks.subject import Subject
from bot.discover import checks
from bot.domain.counters import length
from bot.domain.draft import Counter, Finding

_WORST = {"block": 0, "warn": 1, "note": 2}


def findings(subject: Subject) -> tuple[Finding, ...]:
    """What the draft breaks, the worst first."""
    found = [_ruled(finding, name) for name, check in checks().items() for finding in check(subject)]
    return tuple(sorted(found, key=lambda finding: _WORST[finding.level]))


def _ruled(finding: Finding, check: str) -> Finding:
    """With the page that states its rule: that of the check itself, where no other does."""
    return finding if finding.rule else finding.model_copy(update={"rule": f"docs/checks.md#{check}"})


def counter(subject: Subject) -> Counter:
    """The draft's length in the network's own unit, and its limit where there is one."""
    limit = subject.limit("max")
    unit = limit.unit if limit else "characters"
    return Counter(length=length(subject.measured, unit), limit=limit.value if limit else None, unit=unit)
