"""The local reading of a comment: probabilities of its kind, sentiment, severity, risks, irony and subject, without any model asked.

Linear readings learned by `bench/triage/train.py` from the labelled comments beside it; `docs/triage.md` is their card. A first layer hears
tone and advertising in meaning (the encoder's), pieces of words and manner; a second answers the other questions from the same and from
what the first heard, the words of danger and the marks of irony. Sentiment is heard a second time in French and in English, by nearness to
texts whose tone is known. It gives probabilities: what is made of them is `judgement.py`'s.
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

from bot.domain.triage import Risk
from bot.triage.grams import BUCKETS, Matrix
from bot.triage.irony import Reading as Ironic
from bot.triage.manner import manner
from bot.triage.risks import Sign

WEIGHTS = Path(__file__).parent / "weights.npz"
ENCODER = "use-multilingual"
"""The encoder that the weights know."""
MEANING, MANNER, HEARD = 3.0, 0.35, 0.8
"""How much the encoder's numbers, the manner and what was heard weigh beside the pieces of words, whose row has length one."""
NEAR_MEANING, NEAR_MANNER, WIDTH = 2.2, 0.12, 0.5
"""The same for nearness, and how fast that falls."""
NEAR = ("fr", "en")
"""Languages in which sentiment is heard by nearness, too."""
RISKS = get_args(Risk)
Probabilities = Mapping[str, float]


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

    probabilities: Mapping[str, Probabilities]

    def __getitem__(self, question: str) -> Probabilities:
        return self.probabilities[question]

    def best(self, question: str) -> tuple[str, float]:
        return max(self.probabilities[question].items(), key=lambda pair: pair[1])


@dataclass(frozen=True)
class Seen:
    """A comment as the classifier is shown it."""

    text: str
    language: str
    pieces: dict[int, float]
    signs: tuple[Sign, ...]
    irony: Ironic


class Classifier:
    def __init__(self, file: Path = WEIGHTS) -> None:
        with np.load(file) as kept:
            self._rarity: Matrix = kept["rarity"].astype(np.float32)
            self._mean: Matrix = kept["mean"].astype(np.float32)
            self._spread: Matrix = kept["spread"].astype(np.float32)
            self._heard = Layer.of(kept, "heard")
            self._asked = Layer.of(kept, "asked")
            self._near = Nearness.of(kept)

    def read(self, seen: Sequence[Seen], meanings: Matrix) -> list[Reading]:
        """`meanings`: the encoder's rows of the texts."""
        if not seen:
            return []
        ways = (manner([one.text for one in seen]) - self._mean) / self._spread
        dense = np.hstack([meanings * MEANING, ways * MANNER]).astype(np.float32)
        words = [weighted(one.pieces, self._rarity) for one in seen]
        heard = self._heard.probabilities(self._heard.scores(dense, words))
        near = self._near.sentiment(meanings, ways, [one.language for one in seen])
        for said, second in zip(heard, near, strict=True):
            if second:
                said["sentiment"] = {name: (share + second[name]) / 2 for name, share in said["sentiment"].items()}
        marked = np.hstack([dense, marks(seen, heard)])
        asked = self._asked.probabilities(self._asked.scores(marked, words))
        return [Reading({**first, **second}) for first, second in zip(heard, asked, strict=True)]


@dataclass(frozen=True)
class Layer:
    """Questions answered by one product: a column of weights an answer."""

    heads: tuple[Head, ...]
    dense: Matrix
    pieces: Matrix
    bias: Matrix

    @classmethod
    def of(cls, kept: Any, name: str) -> Layer:
        told = json.loads(bytes(kept[f"{name}.heads"]).decode())
        heads = tuple(Head(one["name"], tuple(one["answers"]), one["exclusive"], one["first"]) for one in told)
        return cls(heads, *(kept[f"{name}.{part}"].astype(np.float32) for part in ("dense", "pieces", "bias")))

    def scores(self, dense: Matrix, words: Sequence[tuple[NDArray[np.int64], Matrix]]) -> Matrix:
        scores: Matrix = dense @ self.dense + self.bias
        for row, (buckets, values) in enumerate(words):
            scores[row] += values @ self.pieces[buckets]
        return scores

    def probabilities(self, scores: Matrix) -> list[dict[str, Probabilities]]:
        return probabilities(self.heads, scores)


def probabilities(heads: Sequence[Head], scores: Matrix) -> list[dict[str, Probabilities]]:
    """One a row of scores."""
    told: list[dict[str, Probabilities]] = [{} for _ in scores]
    for head in heads:
        part = scores[:, head.first : head.first + len(head.answers)].astype(np.float64)
        shares = shared_out(part) if head.exclusive else 1 / (1 + np.exp(-part))
        for one, row in zip(told, shares.tolist(), strict=True):
            one[head.name] = dict(zip(head.answers, row, strict=True))
    return told


def shared_out(scores: Any) -> Any:
    """Rows of scores as probabilities of which one holds."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class Nearness:
    """Sentiment by nearness to texts of known tone, which are kept as numbers alone."""

    known: Matrix
    weights: Matrix
    """Of each, for each answer."""
    bias: Matrix
    answers: tuple[str, ...]

    @classmethod
    def of(cls, kept: Any) -> Nearness:
        known, weights, bias = (kept[f"near.{part}"].astype(np.float32) for part in ("known", "weights", "bias"))
        return cls(known, weights, bias, tuple(json.loads(bytes(kept["near.answers"]).decode())))

    def sentiment(self, meanings: Matrix, ways: Matrix, languages: Sequence[str]) -> list[dict[str, float]]:
        """Empty for a language in which it knows too little."""
        told: list[dict[str, float]] = [{} for _ in languages]
        rows = [row for row, language in enumerate(languages) if language in NEAR]
        if rows:
            table = near_table(meanings[rows], ways[rows])
            away = (table**2).sum(axis=1)[:, None] + (self.known**2).sum(axis=1) - 2 * table @ self.known.T
            scores = np.exp(-WIDTH * away) @ self.weights + self.bias
            for row, shares in zip(rows, shared_out(scores * SHARPER).tolist(), strict=True):
                told[row] = dict(zip(self.answers, shares, strict=True))
        return told


SHARPER = 1.2
"""From distances to a margin, as learned, to probabilities."""


def near_table(meanings: Matrix, ways: Matrix) -> Matrix:
    table: Matrix = np.hstack([meanings * NEAR_MEANING, ways * NEAR_MANNER]).astype(np.float32)
    return table


def marks(seen: Sequence[Seen], heard: Sequence[Mapping[str, Probabilities]]) -> Matrix:
    """One row a text: what the first layer heard, the words of danger, the marks of irony."""
    rows = []
    for one, said in zip(seen, heard, strict=True):
        found = {sign.risk for sign in one.signs}
        row = [(share - 0.33) / 0.3 * HEARD for share in said["tone"].values()]
        row += [(said["advert"]["advert"] - 0.2) / 0.25 * HEARD]
        row += [float(risk in found) for risk in RISKS] + [float(bool(found)), one.irony.score]
        rows.append([*row, float(one.irony.litotes == "positive"), float(one.irony.litotes == "negative")])
    return np.array(rows, dtype=np.float32)


def weighted(found: Mapping[int, float], rarity: Matrix) -> tuple[NDArray[np.int64], Matrix]:
    """Buckets and their values: the rarer the more, the row of length one."""
    buckets = np.fromiter(found, dtype=np.int64, count=len(found))
    values = np.fromiter(found.values(), dtype=np.float32, count=len(found)) * rarity[buckets]
    return buckets, values / max(float(np.linalg.norm(values)), 1e-9)


@cache
def shared() -> Classifier:
    """The weights of the package, read once a process."""
    return Classifier()


__all__ = [
    "BUCKETS",
    "ENCODER",
    "Classifier",
    "Head",
    "Layer",
    "Reading",
    "Seen",
    "marks",
    "probabilities",
    "shared",
    "weighted",
]
