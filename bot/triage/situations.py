"""Which playbook (or skill) suits a text: a linear reading of its meaning and its words, the nearest examples, and the cues.

All three learn from the pages' own examples and cues, in both languages; nothing is downloaded. On `bench/quality.jsonl` (374 labelled
comments apart from the examples, 31 situations): nearest examples and cues alone .66, with the linear reading .73 (2026-11-23). What
was learned is kept beside the index, under the digest of the pages and the encoder's name.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.triage import grams
from bot.triage.cues import Cues
from bot.triage.text import fold

Vectors = NDArray[np.float32]
NEAREST = 3
"""Examples that vote for a name: one is an accident, many dilute a page that covers several sub-cases."""
NEARNESS, CUE, CUES_AT_MOST = 0.6, 0.08, 3
RIDGE = 3.0
"""Held in the linear reading, per example, as its classes are small (10 to 60 examples)."""


class Encoder(Protocol):
    name: str

    def encode(self, texts: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True)
class Labelled:
    """A name with the examples and cues that speak for it: a playbook, or a skill."""

    name: str
    examples: tuple[str, ...]
    cues: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    name: str
    score: float
    """Comparable within one text; see `UNSURE` in `steps/triage.py` for what it is worth."""
    example: str
    """The nearest example."""
    cues: tuple[str, ...]


@dataclass(frozen=True)
class _Learned:
    vectors: Vectors
    """Of the examples."""
    meaning: Vectors
    words: Vectors
    rarity: Vectors


class Nearest:
    """Names ranked for a text. Built once; `rank` costs one encoding and three products."""

    def __init__(self, labelled: Sequence[Labelled], encoder: Encoder, cache: Path | None = None) -> None:
        self.encoder = encoder
        self._names = [entry.name for entry in labelled]
        self._examples = [(index, text) for index, entry in enumerate(labelled) for text in entry.examples]
        self._owner = np.array([index for index, _ in self._examples], dtype=np.int64)
        self._words = [
            (index, word) for index, entry in enumerate(labelled) for word in dict.fromkeys(entry.cues) if word.strip()
        ]
        self._cues = Cues([word for _, word in self._words])
        self._learned = self._load(cache)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._names)

    def rank(self, text: str) -> list[Match]:
        """Every name, best first."""
        return self.rank_all([text], self.encoder.encode([text]), [grams.pieces(text)])[0]

    def rank_all(self, texts: Sequence[str], vectors: Vectors, found: Sequence[dict[int, float]]) -> list[list[Match]]:
        """The same of many texts, whose meanings and pieces of words are known already."""
        known = self._learned
        linear = vectors @ known.meaning + grams.weighted(grams.coarse(found), known.rarity) @ known.words
        closeness = vectors @ known.vectors.T
        near = np.zeros_like(linear)
        nearest = np.full(linear.shape, -1)
        for index in range(len(self._names)):
            mine = np.flatnonzero(self._owner == index)
            if mine.size:
                close = closeness[:, mine]
                nearest[:, index] = mine[close.argmax(axis=1)]
                most = min(NEAREST, mine.size)
                near[:, index] = np.partition(close, mine.size - most, axis=1)[:, -most:].mean(axis=1)
        scores = linear + NEARNESS * near
        return [self._matches(text, scores[row], nearest[row]) for row, text in enumerate(texts)]

    def _matches(self, text: str, scores: Vectors, nearest: NDArray[np.int64]) -> list[Match]:
        cues: dict[int, list[str]] = {}
        for place in self._cues.found(fold(text)):
            index, word = self._words[place]
            cues.setdefault(index, []).append(word)
        matches = []
        for index, name in enumerate(self._names):
            found = tuple(cues.get(index, ()))
            example = self._examples[nearest[index]][1] if nearest[index] >= 0 else ""
            score = float(scores[index]) + CUE * min(len(found), CUES_AT_MOST)
            matches.append(Match(name, score, example, found))
        return sorted(matches, key=lambda match: -match.score)

    def _load(self, cache: Path | None) -> _Learned:
        if cache is not None and cache.is_file():
            with contextlib.suppress(OSError, ValueError, KeyError, EOFError), np.load(cache) as kept:
                learned = _Learned(**{name: kept[name] for name in ("vectors", "meaning", "words", "rarity")})
                if learned.vectors.shape[0] == len(self._examples):
                    return learned
        learned = self._learn()
        if cache is not None:
            cache.parent.mkdir(parents=True, exist_ok=True)
            half = cache.with_suffix(f".{os.getpid()}.tmp")
            with half.open("wb") as file:
                np.savez(file, **vars(learned))
            half.replace(cache)
        return learned

    def _learn(self) -> _Learned:
        """Ridge regression on both readings at once (in the dual: there are fewer examples than pieces of words)."""
        texts = [text for _, text in self._examples]
        vectors = self.encoder.encode(texts)
        counts = grams.coarse([grams.pieces(text) for text in texts])
        rarity = grams.rarity(counts)
        pieces = grams.weighted(counts, rarity)
        sizes = np.bincount(self._owner, minlength=len(self._names))
        belongs = np.eye(len(self._names))[self._owner]
        strength = len(texts) / (len(self._names) * sizes[self._owner])
        kernel = vectors @ vectors.T + pieces @ pieces.T + RIDGE * np.diag(1 / strength)
        weights = np.linalg.solve(kernel, belongs - belongs.mean(axis=0)).astype(np.float32)
        return _Learned(vectors, vectors.T @ weights, pieces.T @ weights, rarity)
