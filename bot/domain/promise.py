"""A promise that left in our name: its words, where it was made, when it falls due, and whether it was kept."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.domain.model import Said, Value

State = Literal["open", "kept", "dropped"]
STATES: tuple[State, ...] = ("open", "kept", "dropped")


class NewPromise(Value):
    """As it is read in a released text."""

    brand: str
    draft: int
    revision: int
    network: str
    front: str = ""
    place: str = ""
    """The chat and the thread that asked for the draft."""
    topic: str
    """One of `checks.promises.TOPICS`."""
    words: str
    """The sentence, as it left."""
    made_at: datetime
    due: datetime
    dated: bool
    """The words name the moment; else it is the brand's own (`Brand.promises`)."""
    ring_at: datetime
    """When the thread is reminded."""


class Promise(NewPromise):
    id: int
    state: State = "open"
    by: str = ""
    """Who last touched it."""
    changed_at: datetime
    rang: bool = False
    """It was reminded at `ring_at`."""


class Settled(Value):
    """What came of a press: the promise as it is now, and what to tell the person."""

    promise: Promise
    said: Said
    applied: bool
