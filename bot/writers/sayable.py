"""Which sentence of the brand's guidelines truly answers a comment, and may be said as it stands.

A quoted line (`>`) of a guideline was written to be said. Where a brand has marked none in what was found, a plain
statement addressed to the customer may serve; instructions to staff never do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.checks.register import VOUS
from bot.steps.draft import Passage
from bot.triage.language import detect
from bot.triage.situations import Encoder
from bot.typography import typeset

CLOSE = 0.42
"""Nearness under which a sentence is not taken for an answer; set with `bench/quality.py`."""
_STAFF = re.compile(
    r"(?i)\b(ne jamais|toujours|répondre|demander|transmettre|escalader|valider|validation|l’équipe doit|le cm|community manager"
    r"|never|always|ask the|escalate|sign.?off|approve|the team must|staff must|internal|interne)\b"
)
_ADDRESSED = {
    "fr": re.compile(r"(?i)\b(vous|votre|vos)\b"),
    "en": re.compile(r"(?i)\b(you|your)\b"),
}


@dataclass(frozen=True)
class Fact:
    text: str
    passage: int
    """Its place among the passages."""
    score: float


def choose(
    comment: str,
    seek: str,
    passages: Sequence[Passage],
    language: str,
    encoder: Encoder,
    *,
    words: int,
    register: str = "vous",
) -> Fact | None:
    """The sentence that answers the comment best, of at most `words` words; None when none truly does."""
    said = [
        (index, line.strip())
        for index, passage in enumerate(passages)
        for line in _lines(passage)
        if len(line.split()) <= words
        and detect(line, (language,))[0] == language
        and not (register == "tu" and VOUS.search(line))
    ]
    if not said:
        return None
    tails = [passages[index].heading.rpartition(" › ")[2] for index, _ in said]
    asked, sought, *vectors = encoder.encode(
        [comment, f"{comment} {seek}", *(f"{tail}. {line}" for tail, (_, line) in zip(tails, said, strict=True))]
    )
    scores = [0.5 * float(vector @ asked) + 0.5 * float(vector @ sought) for vector in vectors]
    best = max(range(len(said)), key=lambda place: scores[place])
    if scores[best] < CLOSE:
        return None
    index, line = said[best]
    return Fact(typeset(line, language), index, round(scores[best], 3))


def _lines(passage: Passage) -> Sequence[str]:
    if passage.sayable:
        return passage.sayable
    return [sentence for sentence in re.split(r"(?<=[.!?])\s+", passage.text) if _plain(sentence)]


def _plain(sentence: str) -> bool:
    """A statement addressed to the customer, as a help page has it."""
    if not sentence[:1].isupper() or sentence[-1:] not in ".!" or _STAFF.search(sentence):
        return False
    language = detect(sentence)[0]
    return language in _ADDRESSED and bool(_ADDRESSED[language].search(sentence)) and len(sentence.split()) >= 6
