"""What is made of a comment's probabilities, the words of danger in it, and its irony: one kind, severity, risks and subject. Pure.

The thresholds are where the labelled comments put them (`bench/triage`): a risk that is missed costs more than one too many, and
what may be grave is never placed among what is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from bot.domain.model import Value
from bot.domain.triage import Kind, Risk, Sentiment
from bot.triage.classifier import Reading
from bot.triage.irony import Reading as Ironic
from bot.triage.risks import Sign

SURE = 0.55
"""Probability of the kind from which nobody else need be asked."""
UP = 0.6
"""What is added to the severity that is expected before it is cut to a whole one."""
GRAVE = 0.3
"""Probability of the gravest severity from which a comment is not placed under 3."""
CALM, CALM_ENOUGH = ("praise", "question", "suggestion", "spam", "other"), 0.6
"""Kinds that by themselves wait for nothing, and how sure they must be."""
SPAM, SPAM_LIKE = 0.6, 0.3
IRONY, TURNED = 0.75, 0.15
"""Probability of irony without any of its marks; and of a complaint, from which praise beside irony is one."""
RISK, SPOKEN = 0.4, 0.03
"""Probability from which a risk is taken to be there; beside a word of danger, which in itself may be a turn of phrase, less."""
RISKS = {"safety": 0.3, "minors": 0.3, "employee": 0.35, "accusation": 0.6}
SURER = ("health", "legal", "data_leak", "discrimination")
"""Where a risk's own threshold is lower; and those that are told apart well enough for 0.5."""
IN_CALM = 0.2
"""More is asked where the comment by its kind waits for nothing."""


class Judged(Value):
    kind: Kind
    confidence: float
    sentiment: Sentiment
    severity: int
    risks: tuple[Risk, ...]
    irony: bool
    subject: str
    kinds: Mapping[str, float]
    sentiments: Mapping[str, float]

    @property
    def sure(self) -> bool:
        return self.confidence >= SURE


def judge(reading: Reading, found: Sequence[Sign], ironic: Ironic) -> Judged:
    guessed = reading["irony"]["irony"] >= IRONY and reading["kind"]["complaint"] >= TURNED
    irony = ironic.ironic or guessed
    kind, confidence = _kind(reading, irony)
    more = IN_CALM if _calm(kind, confidence) else 0.0
    asked = {risk: RISKS.get(risk, 0.5 if risk in SURER else RISK) + more for risk in reading["risks"]}
    risks = [risk for risk, share in reading["risks"].items() if share >= asked[risk]]
    risks += [sign.risk for sign in found if reading["risks"][sign.risk] >= SPOKEN]
    if kind == "spam":  # what an advert names is nobody's danger; distress is heard wherever it stands
        risks = [risk for risk in risks if risk == "self_harm"]
    tone, _ = reading.best("sentiment")
    if irony and tone == "positive":
        tone = "negative"
    return Judged(
        kind=cast("Kind", kind),
        confidence=round(confidence, 3),
        sentiment=cast("Sentiment", tone),
        severity=_severity(reading, kind, confidence, risks),
        risks=tuple(cast("Risk", risk) for risk in dict.fromkeys(risks)),
        irony=irony,
        subject=reading.best("subject")[0],
        kinds={name: round(share, 3) for name, share in reading["kind"].items()},
        sentiments={name: round(share, 3) for name, share in reading["sentiment"].items()},
    )


def _kind(reading: Reading, irony: bool) -> tuple[str, float]:
    kind, share = reading.best("kind")
    spam = reading["spam"]["spam"]
    if kind == "spam" and spam < SPAM_LIKE:
        others = [(name, one) for name, one in reading["kind"].items() if name != "spam"]
        kind, share = max(others, key=lambda pair: pair[1])
    elif kind != "spam" and spam >= SPAM and reading["kind"]["spam"] > 0.02:
        return "spam", spam
    if irony and kind == "praise":
        return "complaint", max(reading["kind"]["complaint"], 0.5)
    return kind, share


def _calm(kind: str, confidence: float) -> bool:
    return kind in CALM and confidence >= CALM_ENOUGH


def _severity(reading: Reading, kind: str, confidence: float, risks: Sequence[str]) -> int:
    """What is expected, rounded up rather than down; never under 3 where it may be grave."""
    steps = [reading["severity"][step] for step in ("2", "3", "4", "5")]
    if steps[3] < GRAVE and not risks and _calm(kind, confidence):
        return 1
    reached = [min(steps[: place + 1]) for place in range(len(steps))]
    severity = int(1 + sum(reached) + UP)
    return max(severity, 3) if steps[3] >= GRAVE else severity
