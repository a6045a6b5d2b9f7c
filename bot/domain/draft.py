"""A draft: our text until a person approves it, with everything that person needs to judge it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Literal

from bot.domain.model import Value
from bot.domain.spending import Usage
from bot.domain.triage import Posture, Risk, Triage

State = Literal["pending", "approved", "released", "rejected", "expired", "superseded"]
Level = Literal["block", "warn", "note"]


class Variant(Value):
    posture: Posture
    text: str


class Source(Value):
    document: str
    heading: str
    text: str
    score: float
    used: bool = False
    """The draft says something from this passage; the others are for the approver to read."""


class Finding(Value):
    check: str
    level: Level
    key: str
    """Of its sentence in the interface pages."""
    details: dict[str, Any] = {}
    excerpt: str = ""
    """The words of the draft that broke the rule."""
    rule: str = ""
    """The page that states it: `networks/instagram.md#kinds.caption.hashtags`, `brand.toml#avoid`, `docs/checks.md#promises`."""
    part: str = ""
    """The part of the publication that breaks it, where it has several: « title », « post »."""
    place: int = 0
    """Its number among the parts of that name."""
    risks: tuple[Risk, ...] = ()
    """What sending these words all the same puts at stake: `approval.needed` counts them with the comment's own."""


class Counter(Value):
    length: int
    limit: int | None
    unit: str


class Approvals(Value):
    needed: int
    lead: bool = False
    """One of them must be a lead."""
    crisis_lead: bool = False
    not_author: bool = False
    """None of them may have written this revision or asked for it."""
    given: int = 0
    by: tuple[str, ...] = ()


class Body(Value):
    """What one revision says, and what was found about it."""

    text: str
    posture: Posture | None = None
    variants: tuple[Variant, ...] = ()
    sources: tuple[Source, ...] = ()
    findings: tuple[Finding, ...] = ()
    triage: Triage | None = None
    counter: Counter | None = None
    approvals: Approvals
    language: str
    writer: str
    why: str = ""
    """Why this writer and not the model that was set: `why.*` of the interface pages; empty when it is the one set."""
    usage: Usage | None = None
    """What the words cost; None when no model was asked."""
    author: str = ""
    """Who asked for or wrote these words."""
    statement: str = ""
    """Of a crisis: which of `prompts/crisis/` it says."""

    @property
    def blocked(self) -> bool:
        return any(finding.level == "block" for finding in self.findings)


class NewDraft(Value):
    """A draft on its way to the ledger: one per request and network."""

    request: str
    brand: str
    skill: str
    network: str
    kind: str
    prompt: str
    """The comment answered, or the brief."""
    body: Body


class Released(Value):
    """A text that left, as a later draft is held against it."""

    draft: int
    at: datetime
    text: str
    language: str = ""
    prompt: str = ""


class Draft(NewDraft):
    id: int
    revision: int
    state: State
    hash: str
    created_at: datetime
    front: str = ""
    place: str = ""
    authors: tuple[str, ...] = ()
    """Everybody who asked for or wrote any revision so far."""
    held: int = 0
    """The incident whose freeze stops it; 0: none does."""
    cleared: int = 0
    """The latest incident under whose rules it may leave."""
    incident: int = 0
    """The incident during which it was asked for."""
    drill: bool = False
    """That incident is a drill: whatever is approved, this never leaves."""


def text_hash(text: str) -> str:
    """SHA-256 of the exact characters: what an approval is bound to."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
