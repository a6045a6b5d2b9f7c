"""Texts as pieces of words: what meaning alone misses (slang, spelling, set phrases). Hashed, so that no vocabulary is kept."""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.triage.text import fold

Matrix = NDArray[np.float32]
BUCKETS = 2**15
COARSE = 2**13
"""Buckets where few examples are known."""
SIZES = (3, 4, 5)
LONGEST = 1_500
"""Signs that are read: what a comment is shows long before."""
_ASIDE = re.compile(r"https?\S*|www\.\S+")
_NAMED = re.compile(r"@[\w.]+")
_TOKEN = re.compile(r"[\w']+|[^\w\s]")


def pieces(text: str) -> dict[int, float]:
    """Bucket → damped count of its words, signs, pairs of words and pieces of 2 to 5 letters."""
    words = _TOKEN.findall(fold(_NAMED.sub(" @ ", _ASIDE.sub(" http ", text[:LONGEST]))))
    found: Counter[int] = Counter()
    for word in words:
        found.update(_of(word))
    found.update(_bucket(f"{first} {second}") for first, second in itertools.pairwise(words))
    return {bucket: 1 + math.log(times) for bucket, times in found.items()}


@lru_cache(maxsize=50_000)
def _of(word: str) -> tuple[int, ...]:
    """A word's own bucket, twice, and those of its pieces."""
    whole, padded = _bucket(f"={word}"), f" {word} "
    pieces = (_bucket(padded[place : place + size]) for size in SIZES for place in range(len(padded) - size + 1))
    return (whole, whole, *pieces)


def _bucket(piece: str) -> int:
    return zlib.crc32(piece.encode()) % BUCKETS


def coarse(found: Sequence[dict[int, float]]) -> Matrix:
    """One dense row a text, of `COARSE` columns."""
    rows = np.zeros((len(found), COARSE), dtype=np.float32)
    for row, one in enumerate(found):
        np.add.at(
            rows[row], np.fromiter(one, dtype=np.int64, count=len(one)) % COARSE, np.fromiter(one.values(), float)
        )
    return rows


def rarity(rows: Matrix) -> Matrix:
    """How telling each bucket is: the rarer among the texts, the more."""
    weights: Matrix = (np.log((1 + len(rows)) / (1 + (rows > 0).sum(axis=0))) + 1).astype(np.float32)
    return weights


def weighted(rows: Matrix, weights: Matrix) -> Matrix:
    """`rows`, changed in place: rarer pieces weigh more, and every row is of length one."""
    rows *= weights
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows
