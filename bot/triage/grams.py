"""Texts as pieces of words: what meaning alone misses (slang, spelling, set phrases). Hashed, so that no vocabulary is kept."""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence

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
    found: Counter[str] = Counter()
    for word in words:
        found[f"={word}"] += 2
        padded = f" {word} "
        for size in SIZES:
            found.update(padded[place : place + size] for place in range(len(padded) - size + 1))
    found.update(f"{first} {second}" for first, second in itertools.pairwise(words))
    rows: dict[int, float] = {}
    for piece, times in found.items():
        bucket = zlib.crc32(piece.encode()) % BUCKETS
        rows[bucket] = rows.get(bucket, 0.0) + 1 + math.log(times)
    return rows


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
