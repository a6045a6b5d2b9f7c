"""Made-up streams of mentions, for measuring an alarm: counts that scatter far more than chance, days and weeks, and bursts in the
shapes that people know. Every stream is a seed.

Ordinary time is not calm: small cascades come and go (`restless`), which nobody would call a crisis. What is one is said by the
scenario, with the moment it began.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Brand:
    """How a brand is spoken of on ordinary days."""

    hourly: float = 40.0
    """Median mentions an hour."""
    share: float = 0.12
    """Of them negative."""
    scatter: float = 6.0
    """Shape of the negative binomial a step's count is drawn from: smaller scatters more."""
    rhythm: float = 0.6
    """How much nights are quieter."""
    weekend: float = 0.7
    restless: float = 1.2
    """Small cascades a day; their sizes have a heavy tail."""
    loose: float = 40.0
    """Of the beta that a day-part's negative share is drawn from: smaller varies more."""


@dataclass
class Stream:
    step: timedelta
    times: list[datetime]
    counts: Numbers
    negatives: Numbers
    known: NDArray[np.bool_]
    crises: list[tuple[int, int]] = field(default_factory=list)
    """First and last step of what should be found."""
    harmless: list[tuple[int, int]] = field(default_factory=list)
    """First and last step of bursts that nobody should be alarmed by."""


Shape = Callable[[int, np.random.Generator], Numbers]


def sudden(hours: int, rng: np.random.Generator) -> Numbers:
    at = np.arange(hours * 12) / 12
    return np.minimum(1.0, (at + 0.1) / 0.5) * np.exp(-at / (hours / 3))  # type: ignore[no-any-return]


def slow(hours: int, rng: np.random.Generator) -> Numbers:
    at = np.arange(hours * 12) / 12
    return (at / (hours * 0.6)) * np.exp(1 - at / (hours * 0.6))  # type: ignore[no-any-return]


def sawtooth(hours: int, rng: np.random.Generator) -> Numbers:
    at = np.arange(hours * 12) / 12
    return (1 - (at % 4) / 5) * np.exp(-at / hours)  # type: ignore[no-any-return]


def plateau(hours: int, rng: np.random.Generator) -> Numbers:
    at = np.arange(hours * 12) / 12
    return np.minimum(1.0, (at + 0.05) / 0.25) * (at < hours * 0.8)  # type: ignore[no-any-return]


def ordinary(brand: Brand, weeks: int, rng: np.random.Generator, trend: float = 1.0) -> tuple[Numbers, Numbers]:
    """What is expected at each five minutes, and the negative share then. `trend`: the last day against the first."""
    steps = weeks * 7 * 288
    hour = np.arange(steps) / 12
    of_day = 1 + brand.rhythm * np.sin((hour % 24 - 9) / 24 * 2 * np.pi)
    week = np.where((hour // 24) % 7 >= 5, brand.weekend, 1.0)
    drift = trend ** (np.arange(steps) / steps)
    wander = np.exp(_wander(steps, rng, 0.25, 36))
    rate = brand.hourly / 12 * of_day * week * drift * wander
    for _ in range(rng.poisson(brand.restless * weeks * 7)):
        begin, lasts = rng.integers(0, steps - 40), int(rng.integers(4, 36))
        size = brand.hourly / 12 * min(12.0, 0.6 * (rng.pareto(1.6) + 0.5))
        rate[begin : begin + lasts] += size * np.exp(-np.arange(lasts) / (lasts / 2))[: steps - begin]
    parts = rng.beta(brand.share * brand.loose, (1 - brand.share) * brand.loose, steps // 36 + 1)
    return rate, np.repeat(parts, 36)[:steps]


def _wander(steps: int, rng: np.random.Generator, size: float, memory: int) -> Numbers:
    noise, keep = rng.normal(0, size * np.sqrt(1 - np.exp(-2 / memory)), steps), np.exp(-1 / memory)
    out = np.empty(steps)
    value = 0.0
    for place, one in enumerate(noise):
        value = value * keep + one
        out[place] = value
    return out


@dataclass(frozen=True)
class Burst:
    """A burst on top of ordinary time."""

    shape: Shape
    hours: int
    times: float
    """The burst's highest rate against the brand's usual."""
    share: float
    crisis: bool
    at_hour: int | None = None
    weekend: bool = False
    late: float = 0.0
    """Hours during which its share is still the usual one."""


@dataclass(frozen=True)
class Scenario:
    name: str
    burst: Burst | None
    gaps: bool = False
    trend: float = 1.0
    outage: bool = False
    """Hours in which nothing was counted, and all that was missed at once afterwards."""


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("sudden", Burst(sudden, 12, 8, 0.6, True)),
    Scenario("sudden, small", Burst(sudden, 8, 3, 0.55, True)),
    Scenario("slow", Burst(slow, 30, 6, 0.5, True)),
    Scenario("sawtooth", Burst(sawtooth, 36, 6, 0.5, True)),
    Scenario("night start", Burst(sudden, 14, 6, 0.6, True, at_hour=1)),
    Scenario("weekend", Burst(sudden, 18, 6, 0.55, True, weekend=True)),
    Scenario("service outage", Burst(plateau, 5, 10, 0.75, True)),
    Scenario("bad joke turns", Burst(slow, 24, 8, 0.55, True, late=3)),
    Scenario("with gaps", Burst(sudden, 12, 7, 0.55, True), gaps=True),
    Scenario("growing brand", Burst(sudden, 12, 6, 0.55, True), trend=2.0),
    Scenario("giveaway of joy", Burst(plateau, 20, 15, 0.02, False)),
    Scenario("product launch", Burst(sudden, 30, 10, 0.12, False)),
    Scenario("viral, neutral", Burst(slow, 24, 12, 0.10, False)),
    Scenario("ordinary", None),
    Scenario("ordinary, growing", None, trend=3.0),
    Scenario("ordinary, gaps", None, gaps=True),
    Scenario("counted late", None, outage=True),
)


def stream(scenario: Scenario, brand: Brand, seed: int, weeks: int = 5, every: int = 1) -> Stream:
    """One stream in steps of `every` × 5 minutes, its burst somewhere in the last week."""
    rng = np.random.default_rng(seed)
    rate, share = ordinary(brand, weeks, rng, scenario.trend)
    steps, crises, harmless = len(rate), [], []
    extra, extra_share = np.zeros(steps), np.zeros(steps)
    if (burst := scenario.burst) is not None:
        shape = burst.shape(burst.hours, rng)
        day = int(rng.integers(5, 7)) if burst.weekend else int(rng.integers(0, 5))
        hour = burst.at_hour if burst.at_hour is not None else int(rng.integers(7, 21))
        begin = ((weeks - 1) * 7 + day) * 288 + hour * 12 + int(rng.integers(0, 12))
        shape = shape[: steps - begin]
        level = brand.hourly / 12 * (scenario.trend if scenario.trend > 1 else 1.0)
        extra[begin : begin + len(shape)] = level * burst.times * shape * np.exp(_wander(len(shape), rng, 0.3, 12))
        shares = np.where(np.arange(len(shape)) < burst.late * 12, brand.share, burst.share)
        extra_share[begin : begin + len(shape)] = shares
        (crises if burst.crisis else harmless).append((begin // every, (begin + len(shape)) // every))
    usual = rng.negative_binomial(brand.scatter, brand.scatter / (brand.scatter + rate))
    burst_counts = rng.negative_binomial(brand.scatter, brand.scatter / (brand.scatter + extra + 1e-9))
    counts = (usual + burst_counts).astype(float)
    negatives = (rng.binomial(usual, share) + rng.binomial(burst_counts, extra_share)).astype(float)
    if scenario.outage:
        begin = int(rng.integers((weeks - 1) * 2016, steps - 300))
        for told in (counts, negatives):
            told[begin + 24] += told[begin : begin + 24].sum()
            told[begin : begin + 24] = 0
    known = np.ones(steps, dtype=bool)
    if scenario.gaps:
        for _ in range(weeks * 2):
            begin = int(rng.integers(0, steps - 200))
            if not any(first * every - 40 < begin + 60 and begin < first * every + 60 for first, _ in crises):
                known[begin : begin + int(rng.integers(3, 60))] = False
    length = steps // every
    gather = [told[: length * every].reshape(length, every).sum(axis=1) for told in (counts, negatives)]
    step = timedelta(minutes=5 * every)
    return Stream(
        step,
        [MONDAY + step * place for place in range(length)],
        *gather,
        known[: length * every].reshape(length, every).all(axis=1),
        crises,
        harmless,
    )
