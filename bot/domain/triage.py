"""What a comment is, as read before anything is written."""

from __future__ import annotations

from typing import Literal, get_args

from bot.domain.model import Said, Value

Kind = Literal["complaint", "question", "praise", "suggestion", "troll", "spam", "crisis", "other"]
Sentiment = Literal["negative", "neutral", "positive"]
Risk = Literal[
    "safety",
    "health",
    "discrimination",
    "legal",
    "compensation",
    "data_leak",
    "press",
    "employee",
    "minors",
    "self_harm",
    "boycott",
    "accusation",
]
Posture = Literal["sober", "empathetic", "firm"]
POSTURES: tuple[Posture, ...] = get_args(Posture)


class Triage(Value):
    language: str
    kind: Kind
    sentiment: Sentiment
    severity: int
    """1 (nothing) to 5 (someone is in danger)."""
    risks: tuple[Risk, ...] = ()
    situation: str
    """The playbook's name."""
    irony: bool = False
    confidence: float = 1.0
    """Of the situation, 0 to 1."""
    subject: str = ""
    """What it is about: product, delivery, service, price … (`bench/triage`); empty where nothing tells."""
    probabilities: dict[str, float] = {}
    """Of each kind, and of each sentiment."""
    unsure: bool = False
    """A model may be asked."""
    decided_by: Literal["classifier", "model", "person"] = "classifier"
    reasons: tuple[Said, ...] = ()
