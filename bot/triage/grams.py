"""Texts as weighted pieces of words: what meaning alone misses (slang, spelling, set phrases). Hashed, so that no vocabulary is kept."""

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
BUCKETS = 2**13
SIZES = (3, 4, 5)


def counted(texts: Sequence[str]) -> Matrix:
    """One row a text: damped counts of its words, pairs of words and pieces of 3 to 5 letters."""
    rows = np.zeros((len(texts), BUCKETS), dtype=np.float32)
    for row, text in enumerate(texts):
        for piece, times in _pieces(text).items():
            rows[row, zlib.crc32(piece.encode()) % BUCKETS] += 1 + math.log(times)
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


def _pieces(text: str) -> Counter[str]:
    words = re.sub(r"[^\w']+", " ", fold(text)).split()
    pieces: Counter[str] = Counter()
    for word in words:
        pieces[f"={word}"] += 2
        padded = f" {word} "
        for size in SIZES:
            pieces.update(padded[place : place + size] for place in range(len(padded) - size + 1))
    pieces.update(f"{first} {second}" for first, second in itertools.pairwise(words))
    return pieces
