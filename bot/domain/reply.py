"""What Bonton answers to a request: drafts to approve, passages, a question back, or why not."""

from __future__ import annotations

from bot.domain.draft import NewDraft, Source
from bot.domain.model import Said, Value
from bot.domain.request import Clarify


class Told(Value):
    """An answer to a teammate's question about the guidelines: for them, not for the public, so nobody approves it."""

    sources: tuple[Source, ...]


class Prepared(Value):
    """The outcome of thinking, before anything is kept."""

    drafts: tuple[NewDraft, ...] = ()
    told: Told | None = None
    clarify: Clarify | None = None
    refused: Said | None = None
    words: str = ""
    """What a model said to the teammate, beside what it made."""
    changed: tuple[int, ...] = ()
    """Drafts that have a new revision."""


class Reply(Value):
    request: str
    drafts: tuple[int, ...] = ()
    told: Told | None = None
    clarify: Clarify | None = None
    refused: Said | None = None
    words: str = ""
