"""A comment: what the public wrote, as it lies in the brand's inbox until somebody has dealt with it.

`NewComment` is what a source brought (a paste, a file, a webhook, a feed, a watched chat); `Comment` is what the inbox keeps of
it. What makes two of them one is `sameness.py`; how urgent one is, `bot/triage/priority.py`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args

from pydantic import Field

from bot.domain.model import Said, Value
from bot.domain.request import LONGEST
from bot.domain.triage import Triage

State = Literal["new", "drafted", "answered", "ignored", "hidden", "escalated"]
STATES: tuple[State, ...] = get_args(State)
OPEN: tuple[State, ...] = ("new", "drafted", "escalated")
"""States of a comment that still waits for somebody."""
Verb = Literal["take", "drop", "ignore", "hide", "escalate", "reopen", "answered"]
VERBS: tuple[Verb, ...] = get_args(Verb)
Correction = Literal[
    "irony", "sincere", "urgent", "calm", "complaint", "question", "praise", "suggestion", "troll", "spam", "other"
]
"""What a person may say that the reading got wrong, in one tap."""
CORRECTIONS: tuple[Correction, ...] = get_args(Correction)


class NewComment(Value):
    """A comment on its way into the inbox. Its text is cleaned and holds at least one sign."""

    brand: str
    text: str = Field(min_length=1, max_length=LONGEST)
    network: str = ""
    """As on the network pages; empty where the source does not tell."""
    ref: str = Field(default="", max_length=200)
    """The network's own id of the comment."""
    author: str = Field(default="", max_length=200)
    url: str = Field(default="", max_length=2_000)
    post: str = Field(default="", max_length=300)
    """What it was written under, as the source names it."""
    rating: int | None = Field(default=None, ge=1, le=5)
    reach: int = Field(default=0, ge=0)
    """People who follow its author, or who liked it: whichever the source tells."""
    at: datetime | None = None
    """When it was written, where the source tells."""
    source: str = Field(default="paste", max_length=120)
    """`paste`, `import:<file>`, `webhook`, `feed:<host>`, `watch:<front>`."""


class Comment(NewComment):
    id: int
    state: State = "new"
    assignee: str = ""
    by: str = ""
    """Who last moved it."""
    seen: int = 1
    """How often it came in."""
    draft: int | None = None
    """The last draft that answers it."""
    priority: int
    """0 (nothing waits) to 100 (now)."""
    reasons: tuple[Said, ...] = ()
    """Why that priority."""
    triage: Triage
    received_at: datetime
    changed_at: datetime


class Act(Value):
    """What a person does to a comment."""

    comment: int
    verb: Verb
    by: str
    """A name from the brand's people."""
    front: str = "terminal"
    force: bool = False
    """In spite of a colleague who has it."""


class Acted(Value):
    comment: Comment
    said: Said
    applied: bool


class Deed(Value):
    """A line of a comment's history."""

    at: datetime
    comment: int
    what: str
    who: str
    details: dict[str, Any] = {}


class Counts(Value):
    """How many comments of a brand are in each state, and how many came in lately."""

    states: dict[str, int] = {}
    today: int = 0
    negative: int = 0
    """Of today's."""

    @property
    def open(self) -> int:
        return sum(self.states.get(state, 0) for state in OPEN)


class Received(Value):
    """What became of comments that were brought in together."""

    stored: tuple[int, ...] = ()
    duplicates: int = 0
    refused: dict[str, int] = {}
    """How many, by the key of the reason."""


class Group(Value):
    """Comments that ask for the same thing."""

    comments: tuple[int, ...]
    """The one that speaks for all first."""
    title: str
    """The words that speak for all."""


class Box(Value):
    """A brand's inbox at a glance."""

    brand: str
    counts: Counts
    first: tuple[Comment, ...]
    """The few that matter most, the most urgent first."""
    groups: tuple[Group, ...] = ()
    """The biggest first."""
    praise: int = 0
    """Open thanks and praise without a risk: what can be answered together."""
