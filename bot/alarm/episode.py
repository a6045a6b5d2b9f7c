"""What the alarm finds: an episode, its level, and the reasons that a person can weigh."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime, Field

from bot.domain.model import Said, Value

Level = Literal[1, 2, 3, 4]
"""1 worth a look (volume alone, or a handful of authors) · 2 bad buzz begins · 3 a crisis is likely · 4 a major crisis."""
Certainty = Literal["low", "medium", "high"]
Why = Literal[
    "rise", "share", "volume_only", "short_history", "subject", "few_authors", "many_authors", "reach", "learned"
]


Values = dict[str, float | int | str]


class Reason(Value):
    """One thing that speaks for the alert, or against taking it for more than it is."""

    why: Why
    values: Values = {}

    @property
    def said(self) -> Said:
        return Said(key=f"alarm.{self.why}", details=dict(self.values))


class Episode(Value):
    """One burst from its alert to its end, however often it swells in between."""

    start: AwareDatetime
    """The step that raised the alert."""
    last: AwareDatetime
    """The last step that was out of the ordinary."""
    over: bool = False
    level: Level
    """The highest so far."""
    score: float
    """The strongest evidence so far, in bars: 1 just raises the alert."""
    negative: bool
    """Whether the share of negative mentions backs it; else it is volume alone."""
    confidence: float = Field(ge=0, le=1)
    reasons: tuple[Reason, ...]
    subject: str = ""

    @property
    def certainty(self) -> Certainty:
        return "low" if self.confidence < 0.5 else "medium" if self.confidence < 0.75 else "high"


class Around(Value):
    """What is known of the mentions behind an episode besides their number; zero where the source does not tell."""

    negatives: int = 0
    authors: int = 0
    """Different authors of those negatives whose author is known."""
    signed: int = 0
    """Negatives whose author is known."""
    busiest: int = 0
    """Negatives by the three authors who wrote most."""
    reach: int = 0
    subject: str = ""
    """What most of the negatives are about."""
    of_subject: int = 0


FEW = 0.6
"""Three authors who write that much of it are a few, however loud."""
SIGNED = 6
"""Fewer mentions with an author tell nothing about authors."""


def weighed(episode: Episode, around: Around) -> Episode:
    """The episode with what is known of who speaks, to how many, and of what. A few authors alone are no crisis."""
    reasons, level, confidence = list(episode.reasons), episode.level, episode.confidence
    if around.subject and around.of_subject * 2 > around.negatives:
        values: Values = {"subject": around.subject, "count": around.of_subject, "of": around.negatives}
        reasons.append(Reason(why="subject", values=values))
    if around.signed >= SIGNED:
        few = around.busiest >= FEW * around.signed
        signed: Values = {"authors": around.authors, "count": around.signed}
        reasons.append(Reason(why="few_authors" if few else "many_authors", values=signed))
        confidence += -0.25 if few else 0.05
        level = min(level, 2) if few else level
    if around.reach:
        reasons.append(Reason(why="reach", values={"reach": around.reach}))
    told = {"reasons": tuple(reasons), "level": level, "confidence": min(0.99, max(0.05, confidence))}
    return episode.model_copy(update=told)


def level_of(*, negative: bool, ratio: float, share: float, score: float) -> Level:
    """How grave: by how many times the usual, and how much of it is negative.

    Volume alone never says more than that somebody should look; very much of it says so louder.
    """
    if not negative:
        return 2 if ratio >= 10 and score >= 3 else 1
    if ratio >= 15 and share >= 0.4 and score >= 4:
        return 4
    return 3 if ratio >= 5 and share >= 0.3 and score >= 2 else 2


def confidence_of(*, negative: bool, score: float, days: float) -> float:
    """From 0 to 1: volume alone stays under one half; a short history takes a little off."""
    strength = 1 - math.exp(-max(0.0, score) / 2)
    sure = 0.45 + 0.5 * strength if negative else 0.2 + 0.25 * strength
    return round(max(0.05, sure - (0.1 if days < 14 else 0)), 2)


def joins(last: datetime, moment: datetime, quiet: timedelta) -> bool:
    """Whether a moment still belongs to what was last hot then."""
    return moment - last <= quiet
