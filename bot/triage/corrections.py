"""What a person's tap changes in a reading, and how a reading of a like comment follows it. Pure.

A correction says one thing (« this is irony », « not urgent »): the rest of the reading stays. It never takes a risk to a person
away: what may be a danger to somebody is corrected by answering it, not by a tap.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.comment import Correction
from bot.domain.model import Said, Value
from bot.domain.triage import Triage
from bot.pages import Playbook

PEOPLE_FIRST = frozenset({"self_harm", "safety", "health", "minors"})
ALIKE = 0.8
"""Cosine from which a correction of another comment holds for this one."""


class Taught(Value):
    """A correction that somebody made, and how the comment had been read."""

    text: str
    what: Correction
    was: Triage


def follow(reading: Triage, taught: Taught, playbooks: Mapping[str, Playbook]) -> Triage:
    """The reading of a comment like the corrected one: set right the same way where it was misread the same way, and where it
    bears no risk that the other did not."""
    alike = reading.kind == taught.was.kind and set(reading.risks) <= set(taught.was.risks)
    return apply(reading, taught.what, playbooks, "triage.taught") if alike else reading


def apply(
    reading: Triage, what: Correction, playbooks: Mapping[str, Playbook], why: str = "triage.corrected"
) -> Triage:
    """The reading as the person wants it."""
    said = Said(key=why, details={"what": what})
    changes: dict[str, object] = {"reasons": (said, *reading.reasons), "decided_by": "person", "unsure": False}
    if what == "urgent":
        changes["severity"] = max(4, reading.severity)
    elif what == "calm":
        endangered = PEOPLE_FIRST & set(reading.risks)
        changes["severity"] = reading.severity if endangered else min(2, reading.severity)
    elif what == "irony":
        page = playbooks["complaint"]
        changes |= {"irony": True, "kind": "complaint", "sentiment": "negative", "situation": page.name}
        changes["severity"] = max(page.severity, reading.severity)
    elif what == "sincere":
        changes |= {"irony": False, "kind": "praise", "sentiment": "positive", "situation": "praise", "severity": 1}
    else:
        page = playbooks[what]
        tone = {"praise": "positive", "complaint": "negative", "troll": "negative"}.get(what, "neutral")
        risks = tuple(risk for risk in reading.risks if risk in PEOPLE_FIRST or what == "complaint")
        least = reading.severity if PEOPLE_FIRST & set(risks) else page.severity
        changes |= {"kind": page.kind, "situation": page.name, "sentiment": tone, "risks": risks, "severity": least}
        changes["irony"] = False
    return reading.model_copy(update=changes)
