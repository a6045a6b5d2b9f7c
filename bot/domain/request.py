"""What a teammate asked for, whatever the front-end it came through."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from bot.domain.model import Said, Value, now
from bot.domain.triage import Posture

LONGEST = 20_000
"""Characters of one request: twice the longest comment any network takes (YouTube and Reddit: 10,000)."""


class Request(Value):
    id: str = Field(min_length=1, max_length=200)
    """The front-end's event id: a redelivery carries the same one and starts nothing twice."""
    text: str
    brand: str
    skill: str | None = None
    """Only when the person named it (a command); else the route step finds it."""
    networks: tuple[str, ...] = ()
    kind: str | None = None
    """Content kind on the network page; None is the page's own kind for a reply or a post."""
    language: str | None = None
    """Of the text to write, when asked for; else the comment's."""
    posture: Posture | None = None
    author: str = ""
    """The teammate's name as the front-end knows it; empty when it cannot tell."""
    user: str = ""
    """Their identity in the front-end: the brand's file says who that is."""
    locale: str = "en"
    """The language the teammate reads."""
    front: str = "terminal"
    place: str = ""
    """Where in the front-end the answer goes: a chat, a thread."""
    comment: int | None = None
    """The comment of the inbox that is to be answered, where it is one."""
    incident: int = 0
    """The incident that it belongs to: asked in its war room, or in answer to its comments."""
    received_at: datetime = Field(default_factory=now)


class Clarify(Value):
    """Bonton is not sure, and asks instead of guessing."""

    question: Said
    options: tuple[str, ...] = ()
