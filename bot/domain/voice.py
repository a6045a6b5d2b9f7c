"""What people teach by correcting: the change they made, the habit it shows, the rule it may become."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.domain.model import Said, Value

HabitKind = Literal[
    "replace", "remove", "open", "close", "add", "calm", "exclaim", "no_emoji", "emoji", "shorten", "lengthen"
]
RuleState = Literal["proposed", "accepted", "refused", "undone"]

SIGNS = ' .,;:!?…—–-()«»“”"\u00a0\u202f\n'
"""What may stand at the ends of words without being one."""


class Piece(Value):
    """A stretch of a text before and after; one side is empty where words were only added or removed."""

    before: str = ""
    after: str = ""
    kept: bool = False


class Habit(Value):
    """One thing that an edit did and another may do alike."""

    kind: HabitKind
    before: str = ""
    """The words replaced or removed."""
    after: str = ""
    """The words said instead, or added."""
    language: str = ""
    """Of the words; empty for signs and lengths, which belong to none."""
    words: int = 0
    """shorten: the words that were left; of a rule, the most there may be."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Equal for habits that are alike: case, the signs at the ends and the number of words left aside."""
        before, after = (text.casefold().strip(SIGNS) for text in (self.before, self.after))
        return (self.kind, before, after, self.language)

    @property
    def said(self) -> Said:
        return Said(key=f"rules.{self.kind}", details=self.model_dump(include={"before", "after", "words"}))


class Edit(Value):
    """What one person changed in one revision of one draft."""

    draft: int
    revision: int
    """The one that the person made; the revision before it is the one they were shown."""
    brand: str
    network: str
    language: str
    by: str
    at: datetime
    pieces: tuple[Piece, ...]
    habits: tuple[Habit, ...] = ()

    @property
    def changed(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if not piece.kept)


class Like(Value):
    """What an example should be near to."""

    skill: str
    network: str
    situation: str = ""
    language: str
    text: str


class Proposal(Value):
    """A habit that was seen often enough to ask whether it is a rule."""

    brand: str
    network: str
    """Empty: for every network."""
    habit: Habit
    drafts: tuple[int, ...]
    """The drafts that led there, the one where it is asked last."""
    draft: int
    revision: int


class Rule(Proposal):
    """A proposal that was put to people, and what they made of it."""

    id: int
    state: RuleState
    by: str = ""
    """Who accepted, refused or undid it."""
    at: datetime

    @property
    def asked(self) -> Said:
        """The question, for the front-end that asks it; `network` is to be shown by its title."""
        key = "rules.ask" if self.network else "rules.ask_all"
        return Said(key=key, details={"network": self.network, "count": len(self.drafts)})
