"""What a person pressed, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from bot.domain.draft import Draft
from bot.domain.model import Said, Value
from bot.domain.voice import Rule

Verb = Literal["approve", "edit", "ask", "reject", "ignore"]


class Decision(Value):
    draft: int
    revision: int | None = None
    """The revision on the card that was pressed; None means whatever is current (command line)."""
    verb: Verb
    by: str
    text: str = ""
    """The new words (edit), the wish (ask), the reason (reject)."""
    override: str = ""
    """The reason for approving in spite of a `block` finding."""
    front: str = "terminal"
    event: str = ""
    """The front-end's own name of the press: heard again after a crash, it decides nothing more."""


class Event(Value):
    """One line of the audit trail."""

    at: datetime
    draft: int
    revision: int
    what: str
    """draft.submitted, draft.approved, draft.released …"""
    who: str
    details: dict[str, Any] = {}


class Outcome(Value):
    """An approved text that may leave. Made only by the ledger, from an approved draft."""

    draft: int
    revision: int
    text: str
    hash: str
    approved_by: tuple[str, ...]
    released_at: datetime


class Ruling(Value):
    """The answer to a decision: what the draft is now, and what to tell the person."""

    draft: Draft
    said: Said
    applied: bool
    """False: the press changed nothing (stale card, second press)."""
    asks: Rule | None = None
    """A question this edit gave rise to, asked this once: make it a rule? Shown by `View.asked`, answered at the desk."""
