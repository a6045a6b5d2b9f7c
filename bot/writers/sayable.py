"""Which sentence of the brand's guidelines truly answers a comment, and may be said as it stands.

A quoted line (`>`) of a guideline was written to be said. Where a brand has marked none in what was found, a plain
statement addressed to the customer may serve; instructions to staff never do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.checks.register import VOUS
from bot.steps.draft import Passage
from bot.triage.language import detect
from bot.triage.situations import Encoder
from bot.triage.text import fold
from bot.typography import typeset

MEANING, HEADING, PASSAGE, WORDS = 0.5, 0.3, 0.5, 0.5
"""What speaks for a sentence: its nearness to the comment and to the comment in its situation, its heading's, its passage's rank
by search, and the words it shares. Meaning alone found 84 fitting sentences at four right in five, all together 161 (259 comments of
`bench/quality.jsonl`, 2026-11-23)."""
CLOSE = 0.82
"""Score under which a sentence is not taken for an answer: above it, four in five are right on the same comments."""
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
        if len(line.split()) <= words and _speaks(line, language) and not (register == "tu" and VOUS.search(line))
    ]
    if not said:
        return None
    tails = [passages[index].heading.rpartition(" › ")[2] for index, _ in said]
    led = [f"{tail}. {line}" for tail, (_, line) in zip(tails, said, strict=True)]
    vectors = encoder.encode([comment, f"{comment} {seek}", *led, *tails])
    asked, sought, lines, headings = vectors[0], vectors[1], vectors[2 : 2 + len(said)], vectors[2 + len(said) :]
    shared = np.array([_shared(_roots(comment), _roots(line)) for line in led], dtype=np.float32)
    ranks = np.array([passages[index].score for index, _ in said], dtype=np.float32)
    near = MEANING * (lines @ asked + lines @ sought) + HEADING * (headings @ asked)
    scores = near + PASSAGE * ranks + WORDS * shared
    best = int(scores.argmax())
    if scores[best] < CLOSE:
        return None
    index, line = said[best]
    return Fact(typeset(line, language), index, round(float(scores[best]), 3))


@lru_cache(maxsize=8192)
def _roots(text: str) -> frozenset[str]:
    """The beginnings of a text's words, those of four letters or more: « livraisons » and « livrée » share theirs."""
    return frozenset(word[:5] for word in re.findall(r"\w{4,}", fold(text)))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Cosine of two sets: 0 when they share nothing, 1 when they are the same."""
    return len(one & other) / math.sqrt(len(one) * len(other)) if one and other else 0.0


@lru_cache(maxsize=8192)
def _speaks(line: str, language: str) -> bool:
    return detect(line, (language,))[0] == language


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
