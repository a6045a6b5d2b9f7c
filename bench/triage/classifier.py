"""The local reading of a comment: probabilities of its kind, sentiment, severity, risks, irony and subject, without any model asked.

Two linear readings, learned by `bench/triage/train.py` from the labelled comments beside it; `docs/triage.md` is their card. The first
hears tone and advertising in meaning (the encoder's), pieces of words and manner (`features.py`); the second answers the other questions
from the same and from what the first heard, the words of danger and the marks of irony. They give probabilities: what is made of them is
`judgement.py`'s.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from bench.triage import features
from bot.domain.triage import Risk
from bot.triage.irony import irony
from bot.triage.risks import signs

Matrix = NDArray[np.float32]
WEIGHTS = Path(__file__).parent / "weights.npz"
MEANING, MANNER, TONE = 3.0, 0.35, 0.8
"""How much the encoder's numbers, the manner and what was heard weigh beside the pieces of words, whose row has length one."""
ENCODER = "use-multilingual"
"""The encoder that the weights know."""
RISKS = get_args(Risk)


@dataclass(frozen=True)
class Head:
    """One question, its answers and their columns. `exclusive`: one of them holds; else each on its own."""

    name: str
    answers: tuple[str, ...]
    exclusive: bool
    first: int


@dataclass(frozen=True)
class Reading:
    """Of one comment: question → answer → probability."""

    probabilities: dict[str, dict[str, float]]

    def __getitem__(self, question: str) -> dict[str, float]:
        return self.probabilities[question]

    def best(self, question: str) -> tuple[str, float]:
        return max(self.probabilities[question].items(), key=lambda pair: pair[1])


class Classifier:
    def __init__(self, file: Path = WEIGHTS) -> None:
        with np.load(file) as kept:
            self._rarity: Matrix = kept["rarity"].astype(np.float32)
            self._mean: Matrix = kept["mean"].astype(np.float32)
            self._spread: Matrix = kept["spread"].astype(np.float32)
            self._heard = _Layer.of(kept, "heard")
            self._asked = _Layer.of(kept, "asked")

    def read(self, texts: Sequence[str], meanings: Matrix, languages: Sequence[str]) -> list[Reading]:
        """`meanings`: the encoder's rows of the texts."""
        if not texts:
            return []
        manner = (features.manner(texts) - self._mean) / self._spread
        dense = np.hstack([meanings * MEANING, manner * MANNER]).astype(np.float32)
        words = [weighted(features.pieces(text), self._rarity) for text in texts]
        heard = self._heard.probabilities(self._heard.scores(dense, words))
        marked = np.hstack([dense, marks(texts, languages, heard)])
        asked = self._asked.probabilities(self._asked.scores(marked, words))
        return [Reading({**first, **second}) for first, second in zip(heard, asked, strict=True)]


@dataclass(frozen=True)
class _Layer:
    heads: tuple[Head, ...]
    dense: Matrix
    pieces: Matrix
    bias: Matrix

    @classmethod
    def of(cls, kept: Any, name: str) -> _Layer:
        told = json.loads(bytes(kept[f"{name}.heads"]).decode())
        heads = tuple(Head(one["name"], tuple(one["answers"]), one["exclusive"], one["first"]) for one in told)
        parts = (kept[f"{name}.{part}"].astype(np.float32) for part in ("dense", "pieces", "bias"))
        return cls(heads, *parts)

    def scores(self, dense: Matrix, words: Sequence[tuple[NDArray[np.int64], Matrix]]) -> Matrix:
        scores: Matrix = dense @ self.dense + self.bias
        for row, (buckets, values) in enumerate(words):
            scores[row] += values @ self.pieces[buckets]
        return scores

    def probabilities(self, scores: Matrix) -> list[dict[str, dict[str, float]]]:
        return [{head.name: _shares(head, row) for head in self.heads} for row in scores]


def _shares(head: Head, row: Matrix) -> dict[str, float]:
    score = row[head.first : head.first + len(head.answers)].astype(np.float64)
    if head.exclusive:
        powers = np.exp(score - score.max())
        shares = powers / powers.sum()
    else:
        shares = 1 / (1 + np.exp(-score))
    return dict(zip(head.answers, map(float, shares), strict=True))


def marks(texts: Sequence[str], languages: Sequence[str], heard: Sequence[Mapping[str, Mapping[str, float]]]) -> Matrix:
    """One row a text: what the first reading heard, the words of danger, the marks of irony."""
    rows = []
    for text, language, said in zip(texts, languages, heard, strict=True):
        found = {sign.risk for sign in signs(text)}
        ironic = irony(text, language)
        tone, advert = said["tone"], said["advert"]["advert"]
        row = [(share - 0.33) / 0.3 * TONE for share in tone.values()] + [(advert - 0.2) / 0.25 * TONE]
        row += [float(risk in found) for risk in RISKS] + [float(bool(found)), ironic.score]
        rows.append([*row, float(ironic.litotes == "positive"), float(ironic.litotes == "negative")])
    return np.array(rows, dtype=np.float32)


def weighted(found: dict[int, float], rarity: Matrix) -> tuple[NDArray[np.int64], Matrix]:
    """Buckets and their values: the rarer the more, the row of length one."""
    buckets = np.fromiter(found, dtype=np.int64, count=len(found))
    values = np.fromiter(found.values(), dtype=np.float32, count=len(found)) * rarity[buckets]
    return buckets, values / max(float(np.linalg.norm(values)), 1e-9)


@cache
def shared() -> Classifier:
    """The weights of the package, read once a process."""
    return Classifier()
