"""The local reading of a comment: probabilities of its kind, sentiment, severity, risks, irony and subject, without any model asked.

A linear reading of meaning (the encoder's), of pieces of words and of manner (`features.py`), learned by `bench/triage/train.py` from the
labelled comments beside it; `docs/triage.md` is its card. It gives probabilities: what is made of them is `judgement.py`'s.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.triage import features

Matrix = NDArray[np.float32]
WEIGHTS = Path(__file__).parent / "weights.npz"
MEANING, MANNER = 2.0, 0.25
"""How much the encoder's numbers and the manner weigh beside the pieces of words, whose row has length one."""
ENCODER = "use-multilingual"


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
            self._dense: Matrix = kept["dense"].astype(np.float32)
            self._pieces: Matrix = kept["pieces"].astype(np.float32)
            self._bias: Matrix = kept["bias"].astype(np.float32)
            self._mean: Matrix = kept["mean"].astype(np.float32)
            self._spread: Matrix = kept["spread"].astype(np.float32)
            told = json.loads(bytes(kept["heads"]).decode())
        self.heads = tuple(Head(one["name"], tuple(one["answers"]), one["exclusive"], one["first"]) for one in told)

    def read(self, texts: Sequence[str], meanings: Matrix) -> list[Reading]:
        """`meanings`: the encoder's rows of the texts."""
        if not texts:
            return []
        manner = (features.manner(texts) - self._mean) / self._spread
        scores = np.hstack([meanings * MEANING, manner * MANNER]) @ self._dense + self._bias
        for row, text in enumerate(texts):
            buckets, values = weighted(features.pieces(text), self._rarity)
            scores[row] += values @ self._pieces[buckets]
        return [self._reading(row) for row in scores]

    def _reading(self, row: Matrix) -> Reading:
        found = {}
        for head in self.heads:
            score = row[head.first : head.first + len(head.answers)].astype(np.float64)
            if head.exclusive:
                powers = np.exp(score - score.max())
                shares = powers / powers.sum()
            else:
                shares = 1 / (1 + np.exp(-score))
            found[head.name] = dict(zip(head.answers, map(float, shares), strict=True))
        return Reading(found)


def weighted(found: dict[int, float], rarity: Matrix) -> tuple[NDArray[np.int64], Matrix]:
    """Buckets and their values: the rarer the more, the row of length one."""
    buckets = np.fromiter(found, dtype=np.int64, count=len(found))
    values = np.fromiter(found.values(), dtype=np.float32, count=len(found)) * rarity[buckets]
    return buckets, values / max(float(np.linalg.norm(values)), 1e-9)


@cache
def shared() -> Classifier:
    """The weights of the package, read once a process."""
    return Classifier()
