"""What a chat front-end remembers: events that arrived, messages that were posted, and what a thread is about."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from bot.domain.model import Value
from bot.domain.reply import Reply
from bot.domain.request import Request


class Arrival(Value):
    """One event of a chat, kept before it is acknowledged. What it holds is the front-end's own affair."""

    id: str = Field(min_length=1, max_length=200)
    """The chat's own name of the event: a redelivery carries the same."""
    front: str
    lane: str = Field(max_length=200)
    """What arrives in one lane is heard in its order: a thread, a chat."""
    payload: dict[str, Any] = {}


class Post(Value):
    """A message of ours in a chat: a draft's card, or an answer."""

    front: str
    key: str
    """What it says: `card:<draft>@<place>`, `answer:<request>`. One message a key."""
    place: str
    draft: int | None = None
    ref: str = ""
    """The chat's own name of the message; empty while it is being sent."""
    shown: str = ""
    """The version of the draft that it shows."""
    settled: bool = False
    """Nothing will change on it any more."""


class Turn(Value):
    """What was said in a thread, and what came of it, in a line."""

    said: str
    came: str


class Talk(Value):
    """What was last asked in one place of a chat, and the draft that is open there."""

    request: Request
    reply: Reply | None = None
    draft: int | None = None
