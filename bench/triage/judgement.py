"""What is made of a comment's probabilities, the words of danger in it, and its irony: one kind, severity, risks and subject. Pure.

Words of danger are plain code and stand whatever the probabilities say; the thresholds are where the labelled comments put them
(`bench/triage`): a risk that is missed costs more than one too many, and what may be grave is never placed among what is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from bench.triage.classifier import Reading
from bot.domain.model import Value
from bot.domain.triage import Kind, Risk, Sentiment
from bot.triage.irony import Reading as Ironic
from bot.triage.risks import Sign

SURE = 0.55
"""Probability of the kind from which nobody else need be asked."""
RISK = 0.42
THRESHOLDS: dict[str, float] = {"self_harm": 0.35, "minors": 0.4, "data_leak": 0.4, "accusation": 0.5, "employee": 0.45}
"""Where a risk's own differs."""
STEP = 0.5
GRAVE = 0.3
"""Probability of severity 4 or more from which a comment is not placed under 3."""
SPAM, SPAM_LIKE = 0.8, 0.4
IRONY = 0.5


class Judged(Value):
    kind: Kind
    confidence: float
    sentiment: Sentiment
    sentiments: dict[str, float]
    severity: int
    risks: tuple[Risk, ...]
    irony: bool
    subject: str

    @property
    def sure(self) -> bool:
        return self.confidence >= SURE


def judge(reading: Reading, found: Sequence[Sign], ironic: Ironic) -> Judged:
    irony = ironic.ironic or reading["irony"]["irony"] >= IRONY
    kind, confidence = _kind(reading, irony)
    risks = [risk for risk, share in reading["risks"].items() if share >= THRESHOLDS.get(risk, RISK)]
    risks += [sign.risk for sign in found if reading["risks"].get(sign.risk, 0) >= _doubt(kind)]
    severity = _severity(reading, kind, [sign for sign in found if sign.risk in risks])
    tone, _ = reading.best("sentiment")
    if irony and tone == "positive":
        tone = "negative"
    return Judged(
        kind=cast("Kind", kind),
        confidence=round(confidence, 3),
        sentiment=cast("Sentiment", tone),
        sentiments={name: round(share, 3) for name, share in reading["sentiment"].items()},
        severity=severity,
        risks=tuple(cast("Risk", risk) for risk in dict.fromkeys(risks)),
        irony=irony,
        subject=reading.best("subject")[0],
    )


def _doubt(kind: str) -> float:
    """What a word of danger needs beside itself: in praise or in a question it may well be a turn of phrase."""
    return 0.12 if kind in ("praise", "question", "suggestion", "other", "spam") else 0.05


def _kind(reading: Reading, irony: bool) -> tuple[str, float]:
    kind, share = reading.best("kind")
    spam = reading["spam"]["spam"]
    if kind == "spam" and spam < SPAM_LIKE:
        kind, share = max(
            ((name, one) for name, one in reading["kind"].items() if name != "spam"), key=lambda pair: pair[1]
        )
    elif kind != "spam" and spam >= SPAM and reading["kind"]["spam"] > 0.2:
        return "spam", spam
    if irony and kind == "praise":
        return "complaint", max(reading["kind"]["complaint"], 0.5)
    return kind, share


def _severity(reading: Reading, kind: str, signs: Sequence[Sign]) -> int:
    steps = reading["severity"]
    severity = 1
    for step in ("2", "3", "4", "5"):
        if steps[step] < STEP:
            break
        severity = int(step)
    if steps["4"] >= GRAVE or steps["5"] >= GRAVE:
        severity = max(severity, 3)
    if kind not in ("praise", "spam"):
        severity = max([severity, *(sign.severity - 1 for sign in signs)])
    return severity
