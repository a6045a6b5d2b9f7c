"""Which playbook suits a comment: the nearest examples by meaning, and the cues by word.

Examples and cues are the playbook pages' own, in both languages. Their vectors are computed once and kept beside the
index, under the digest of the pages and the encoder's name.
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

from bot.triage.text import cue, fold

Vectors = NDArray[np.float32]
NEAREST = 3
"""Examples that vote for a situation: one is an accident, many dilute a page that covers several sub-cases."""
CUE = 0.07
CUES_AT_MOST = 3


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
    """Cosine of the nearest examples plus what the cues add; above 0.55 it is usually right."""
    example: str
    cues: tuple[str, ...]


class Nearest:
    """Names ranked for a text. Built once; `rank` costs one encoding and one product."""

    def __init__(self, labelled: Sequence[Labelled], encoder: Encoder, cache: Path | None = None) -> None:
        self._encoder = encoder
        self._names = [entry.name for entry in labelled]
        self._examples = [(index, text) for index, entry in enumerate(labelled) for text in entry.examples]
        self._owner = np.array([index for index, _ in self._examples], dtype=np.int64)
        self._cues = [[(word, cue(word)) for word in dict.fromkeys(entry.cues) if word.strip()] for entry in labelled]
        self._vectors = self._load(cache)

    def rank(self, text: str) -> list[Match]:
        """Every name, best first."""
        closeness = self._vectors @ self._encoder.encode([text])[0]
        folded = fold(text)
        matches = []
        for index, name in enumerate(self._names):
            mine = np.flatnonzero(self._owner == index)
            found = tuple(word for word, pattern in self._cues[index] if pattern.search(folded))
            if mine.size:
                order = mine[np.argsort(closeness[mine])[::-1][:NEAREST]]
                near, example = float(closeness[order].mean()), self._examples[int(order[0])][1]
            else:
                near, example = 0.0, ""
            matches.append(Match(name, near + CUE * min(len(found), CUES_AT_MOST), example, found))
        return sorted(matches, key=lambda match: -match.score)

    def _load(self, cache: Path | None) -> Vectors:
        texts = [text for _, text in self._examples]
        if cache is not None and cache.is_file():
            with contextlib.suppress(OSError, ValueError, EOFError):
                kept: Vectors = np.load(cache)
                if kept.shape[0] == len(texts):
                    return kept
        vectors = self._encoder.encode(texts)
        if cache is not None:
            cache.parent.mkdir(parents=True, exist_ok=True)
            half = cache.with_suffix(f".{os.getpid()}.tmp")
            with half.open("wb") as file:
                np.save(file, vectors)
            half.replace(cache)
        return vectors
