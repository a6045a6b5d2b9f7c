"""What is usual at this hour: median and spread of the same hours of the past weeks, sturdy against past bursts and small numbers."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
NORMAL = 1.4826
"""From half of a normal distribution's middle half to its standard deviation."""
RELATIVE = 0.12
"""Nothing that people do is steadier than that."""
Z = 2.0
"""Of the bound on the negative share: one-sided 2.3 %."""


class Usual(NamedTuple):
    middle: float
    spread: float
    """Never under what chance alone does to a count of that size."""

    def z(self, count: float) -> float:
        return (count - self.middle) / self.spread

    def ratio(self, count: float) -> float:
        """Against at least one mention, so that a second one after none is no explosion."""
        return count / max(self.middle, 1.0)


def usual(samples: Numbers, level: float = 1.0) -> Usual:
    """Of counts at the same hours; `level` scales them to what the last week is to the past weeks."""
    ranked = np.sort(samples) * level
    low, middle, high = (_ranked(ranked, place) for place in (0.25, 0.5, 0.75))
    scatter = NORMAL * max(high - middle, (high - low) / 2)
    chance = max(middle, 0.0) + 1.0
    return Usual(middle, math.sqrt(scatter**2 + chance + (RELATIVE * middle) ** 2))


def _ranked(ranked: Numbers, quantile: float) -> float:
    """As `np.quantile`, of numbers that are sorted already: this is asked thousands of times."""
    place = quantile * (len(ranked) - 1)
    below = int(place)
    above = min(below + 1, len(ranked) - 1)
    return float(ranked[below] + (ranked[above] - ranked[below]) * (place - below))


def least_share(negatives: float, count: float, loose: float = 1.0) -> float:
    """The lowest share that these mentions leave likely (Wilson's bound). `loose` ≥ 1: how much shares vary beyond chance."""
    if count <= 0:
        return 0.0
    share = min(1.0, negatives / count)
    size, square = count / loose, Z * Z
    centre = share * size + square / 2
    width = Z * math.sqrt(share * (1 - share) * size + square / 4)
    return max(0.0, (centre - width) / (size + square))


def usual_share(negatives: Numbers, counts: Numbers) -> float:
    """The share over many stretches, without the tenth of them that was most negative; a few mentions say little."""
    order = np.argsort(negatives, kind="stable")
    kept = order[: max(1, math.ceil(len(order) * 0.9))]
    return float((negatives[kept].sum() + 0.5) / (counts[kept].sum() + 5.0))


def looseness(negatives: Numbers, counts: Numbers) -> float:
    """How much more shares vary from stretch to stretch than coin tosses would (1: not more), past bursts left out."""
    known = counts >= 2
    if known.sum() < 10:
        return 1.0
    k, n = negatives[known], counts[known]
    share = min(0.95, max(0.02, float(k.sum() / n.sum())))
    squares = np.sort((k - n * share) ** 2 / (n * share * (1 - share)))
    return max(1.0, float(squares[: max(1, math.ceil(len(squares) * 0.95))].mean()))
