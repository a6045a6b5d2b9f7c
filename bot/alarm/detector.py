"""The alarm over a series of steps: `Alarm.step` as they come, `replay` over a history; both are the same code.

Each step looks at the last quarter of an hour, the last hour and the last three (what the step allows), against the same hours of
the past four weeks. Two kinds of evidence:

- *negative*: more negative mentions than usual **and** a higher share of them than usual, by a bound that small numbers cannot fool.
  A burst of joy has neither. Where shares are known, nothing else raises an alert.
- *volume alone*, where no share is known: a weak hint, told at a low level.

How far above the usual is far depends on the brand: the bar is what its own days have reached (a quantile of their highest scores),
so that a brand whose counts jump every day is not cried over every day. Nothing is judged before a few days are known.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.alarm.episode import Episode, Reason, Values, confidence_of, level_of
from bot.alarm.usual import Numbers, Usual, least_share, looseness, usual, usual_share
from bot.domain.model import Value

DAY = timedelta(days=1)
HISTORY = 28
"""Days that are looked back on."""
ENOUGH_DAYS, ENOUGH_SAMPLES, SETTLED_DAYS = 4, 8, 14
SHORTEST, LONGEST = timedelta(minutes=5), DAY
QUIET = timedelta(hours=12)
"""So long without anything unusual ends an episode: a night does not."""
LULL, ANEW = timedelta(hours=2), 1.5
"""After such a lull a wave of so many times the evidence is another story, unless the first was a crisis already."""
HOT = 0.5
"""Of a bar: what keeps an episode alive."""


class Step(Value):
    """What was counted from `time` until the next step. `negative` is None where nobody knows."""

    time: datetime
    count: float | None
    negative: float | None = None


@dataclass(frozen=True)
class Rule:
    """When a kind of evidence counts."""

    spans: tuple[timedelta, ...]
    least_z: float
    least_ratio: float
    least_excess: float
    """Mentions above the usual: fewer are nothing, whatever the statistics."""
    quantile: float
    """Of the brand's own daily maxima: how high its bar is."""


VOLUME = Rule(
    spans=(timedelta(hours=1), timedelta(hours=3)), least_z=6.0, least_ratio=2.0, least_excess=10.0, quantile=0.75
)
NEGATIVE = Rule(
    spans=(timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3)),
    least_z=4.5,
    least_ratio=2.0,
    least_excess=4.0,
    quantile=0.9,
)
LIFT, LIFT_RATIO = 0.06, 1.25
"""How much the share's lower bound must be above the usual share: points, and times."""


@dataclass(frozen=True)
class Seen:
    """The evidence of one step, in bars."""

    score: float = 0.0
    negative: bool = False
    count: float = 0.0
    usual: float = 0.0
    ratio: float = 0.0
    share: float = 0.0
    usual_share: float = 0.0
    span: timedelta = timedelta(0)


@dataclass
class _Window:
    """One rule over one span."""

    rule: Rule
    steps: int
    top: float = 0.0
    """Of today."""
    tops: deque[float] = field(default_factory=lambda: deque(maxlen=HISTORY))
    bar: float = 0.0
    known: Usual | None = None
    known_negative: Usual | None = None
    share: float = 0.0

    def day_ends(self) -> None:
        self.tops.append(self.top)
        self.top = 0.0
        self.bar = max(self.rule.least_z, float(np.quantile(self.tops, self.rule.quantile)))


class Alarm:
    """One brand, or one subject of it. Not thread-safe; a few tens of microseconds a step.

    `step` is what lies between two rows (5 minutes to a day); steps that did not come are unknown, not zero.
    """

    def __init__(self, step: timedelta) -> None:
        if not SHORTEST <= step <= LONGEST:
            raise ValueError("a step lasts from 5 minutes to a day")
        self._step = step
        self._day = max(1, round(DAY / step))
        self._around = int(timedelta(hours=1) / step)
        self._size = 0
        self._sums = np.zeros((5, 1024))
        """Running totals: mentions, steps known, negatives, mentions whose share is known, steps whose share is known."""
        self._windows = [
            _Window(rule, length, bar=rule.least_z)
            for rule in (VOLUME, NEGATIVE)
            for length in sorted({max(1, round(span / step)) for span in rule.spans})
        ]
        self._looked = self._measured = -math.inf
        self._loose = 1.0
        self._level = 1.0
        self._share = 0.0
        self._origin: datetime | None = None
        self._quiet = max(QUIET, 2 * step)
        self._before = 0.0
        """The evidence of the open episode's earlier waves; 0 while it is in its first."""
        self.episode: Episode | None = None
        """The one that is open."""
        self.episodes: list[Episode] = []
        """Those that are over."""
        self.judged_from: datetime | None = None
        """Since when there was enough to judge; None: never yet."""

    @property
    def all(self) -> list[Episode]:
        return [*self.episodes, *([self.episode] if self.episode else [])]

    def step(self, row: Step) -> Episode | None:
        """Takes the next step; the episode that it raised or changed. Raises ValueError for a step in the past."""
        moment = row.time.astimezone(UTC)  # between two times of one zone Python counts hours of the wall clock
        if self._origin is None:
            self._origin = moment
        place = round((moment - self._origin) / self._step)
        if place < self._size:
            raise ValueError("steps come in their order, each once")
        self._skip(place - self._size)
        self._append(row.count, row.negative)
        seen = self._look(row.time)
        return self._told(row.time, seen)

    # --- the series ---

    def _skip(self, steps: int) -> None:
        """Unknown steps; of a gap longer than all that is looked back on, the rest is forgotten."""
        for _ in range(steps):
            self._append(None, None)

    def _append(self, count: float | None, negative: float | None) -> None:
        if self._size + 1 >= self._sums.shape[1]:
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)], axis=1)
        known, rated = count is not None, count is not None and negative is not None
        more = (
            count or 0.0,
            float(known),
            (negative or 0.0) if rated else 0.0,
            (count or 0.0) if rated else 0.0,
            float(rated),
        )
        self._sums[:, self._size + 1] = self._sums[:, self._size] + more
        self._size += 1
        if self._size % self._day == 0:
            for window in self._windows:
                window.day_ends()

    def _over(self, end: int, steps: int) -> tuple[float, ...]:
        """The five totals of the stretch of so many steps that ends there."""
        begin = max(0, end - steps)
        return tuple((self._sums[:, end] - self._sums[:, begin]).tolist())

    def _past(self, steps: int, days: Sequence[int]) -> Numbers:
        """The five totals of the same hours, one hour more or less, so many days ago; a row each, none that is mostly unknown."""
        ends = (
            self._size
            - self._day * np.array(days, dtype=np.int64)[:, None]
            + np.arange(-self._around, self._around + 1)[None, :]
        )
        ends = ends[(ends >= steps) & (ends <= self._size - steps)]
        totals = (self._sums[:, ends] - self._sums[:, ends - steps]).T
        return totals[totals[:, 1] * 2 >= steps]

    # --- what is usual ---

    def _learn(self, now: datetime) -> None:
        """What is usual from now on, for a while: the hour until this is asked again changes little, the day less."""
        if self._size - self._measured >= self._day:
            self._measured = self._size
            self._level = self._trend()
        self._looked = self._size
        days = self._days(now)
        pasts = {steps: self._past(steps, days) for steps in {window.steps for window in self._windows}}
        for window in self._windows:
            past = pasts[window.steps]
            enough = len(days) >= ENOUGH_DAYS and len(past) >= ENOUGH_SAMPLES
            window.known = usual(past[:, 0] * window.steps / past[:, 1], self._level) if enough else None
            window.known_negative = None
            if window.rule is not NEGATIVE or not enough:
                continue
            rated = past[past[:, 4] * 2 >= window.steps]
            if len(rated) >= ENOUGH_SAMPLES:
                window.known_negative = usual(rated[:, 2] * window.steps / rated[:, 4], self._level)
                window.share = max(usual_share(rated[:, 2], rated[:, 3]), self._share)
        if self.judged_from is None and any(window.known for window in self._windows):
            self.judged_from = now

    def _days(self, now: datetime) -> list[int]:
        """How many days ago: days of the same kind (week, week-end) where there are enough of them, else all."""
        known = min(HISTORY, self._size // self._day)
        every = list(range(1, known + 1))
        weekend = now.weekday() >= 5
        alike = [days for days in every if ((now.weekday() - days) % 7 >= 5) == weekend]
        return alike if len(alike) >= ENOUGH_DAYS else every

    def _trend(self) -> float:
        """The last week against the past weeks: a brand that grows is not an alarm each day. Also learns how shares vary."""
        hour = max(1, self._around)
        begin = max(0, self._size - HISTORY * self._day)
        ends = np.arange(self._size, begin + hour - 1, -hour)
        if len(ends) < 2:
            self._share = 0.0
            return 1.0
        totals = (self._sums[:, ends] - self._sums[:, ends - hour]).T
        rated = totals[totals[:, 3] > 0]
        self._loose = looseness(rated[:, 2], rated[:, 3]) if len(rated) else 1.0
        self._share = usual_share(rated[:, 2], rated[:, 3]) if len(rated) else 0.0
        counts = totals[totals[:, 1] > 0][:, 0]
        week = max(1, 7 * self._day // hour)
        if len(counts) <= week:
            return 1.0
        then, lately = float(np.median(counts)), float(np.median(counts[:week]))
        return min(2.0, max(0.7, (lately + 1) / (then + 1)))

    # --- what is seen ---

    def _look(self, now: datetime) -> Seen:
        if self._size - self._looked >= max(1, self._around):
            self._learn(now)
        best = Seen()
        for window in self._windows:
            if window.known is None or self._size < window.steps:
                continue
            count, known, negative, rated, shares = self._over(self._size, window.steps)
            if known * 2 < window.steps:
                continue
            count *= window.steps / known
            shared = window.known_negative is not None and shares * 2 >= window.steps
            if window.rule is NEGATIVE and shared:
                seen = self._negative(
                    window, count, negative * window.steps / shares, rated / max(known, 1.0) * window.steps
                )
            elif window.rule is VOLUME:
                seen = self._volume(window, count)
                if shares > 0:  # where shares are known, volume alone is noise
                    continue
            else:
                continue
            if seen.score > best.score:
                best = seen
        return best

    def _volume(self, window: _Window, count: float) -> Seen:
        known = window.known
        assert known is not None
        rule, z, ratio = window.rule, known.z(count), known.ratio(count)
        if ratio < 1.5 or count - known.middle < rule.least_excess / 2:
            return Seen()
        window.top = max(window.top, z)
        enough = ratio >= rule.least_ratio and count - known.middle >= rule.least_excess
        score = z / window.bar
        return Seen(
            score=score if enough else min(score, 0.99),
            count=count,
            usual=known.middle,
            ratio=ratio,
            span=self._step * window.steps,
        )

    def _negative(self, window: _Window, count: float, negative: float, rated: float) -> Seen:
        known, usually = window.known, window.known_negative
        assert known is not None
        assert usually is not None
        rule, z, ratio = window.rule, usually.z(negative), usually.ratio(negative)
        if negative - usually.middle < rule.least_excess / 2:
            return Seen()
        least = least_share(negative, rated, self._loose)
        if least < max(window.share + LIFT, window.share * LIFT_RATIO):
            return Seen()
        window.top = max(window.top, z)
        louder = count >= 1.3 * known.middle or z >= 2 * window.bar
        enough = louder and ratio >= rule.least_ratio and negative - usually.middle >= rule.least_excess
        score = z / window.bar
        return Seen(
            score=score if enough else min(score, 0.99),
            negative=True,
            count=count,
            usual=known.middle,
            ratio=max(known.ratio(count), 1.0),
            share=negative / max(rated, 1.0),
            usual_share=window.share,
            span=self._step * window.steps,
        )

    # --- what is told ---

    def _told(self, now: datetime, seen: Seen) -> Episode | None:
        open_ = self.episode
        if open_ is not None and seen.score >= HOT:
            lull = now - open_.last
            if lull >= LULL:
                self._before = open_.score  # a wave begins: what it is like those before it shows as it rises
            if lull > self._quiet or (open_.level <= 2 and 0 < ANEW * self._before <= seen.score):
                self._close()
                open_ = None
        elif open_ is not None and now - open_.last > self._quiet:
            self._close()
            open_ = None
        if open_ is None:
            if seen.score < 1:
                return None
            self._before = 0.0
            self.episode = self._episode(now, seen)
            return self.episode
        if seen.score < HOT:
            return None
        if seen.score > open_.score:
            grown = self._episode(open_.start, seen).model_copy(update={"last": now})
            self.episode = grown.model_copy(update={"level": max(open_.level, grown.level)})
        else:
            self.episode = open_.model_copy(update={"last": now})
        return self.episode

    def _close(self) -> None:
        if self.episode is not None:
            self.episodes.append(self.episode.model_copy(update={"over": True}))
            self.episode = None

    def quiet_until(self, now: datetime) -> None:
        """Nothing more comes for now: an episode that has been calm for long enough is over."""
        if self.episode is not None and now - self.episode.last > self._quiet:
            self._close()

    def _episode(self, now: datetime, seen: Seen) -> Episode:
        days = self._size / self._day
        rise: Values = {
            "count": round(seen.count),
            "usual": round(seen.usual, 1),
            "ratio": round(seen.ratio, 1),
            "minutes": round(seen.span / timedelta(minutes=1)),
        }
        reasons = [Reason(why="rise", values=rise)]
        if seen.negative:
            shares: Values = {"share": round(100 * seen.share), "usual": round(100 * seen.usual_share)}
            reasons.append(Reason(why="share", values=shares))
        else:
            reasons.append(Reason(why="volume_only"))
        if days < SETTLED_DAYS:
            reasons.append(Reason(why="short_history", values={"days": int(days)}))
        return Episode(
            start=now,
            last=now,
            level=level_of(negative=seen.negative, ratio=seen.ratio, share=seen.share, score=seen.score),
            score=round(seen.score, 3),
            negative=seen.negative,
            confidence=confidence_of(negative=seen.negative, score=seen.score, days=days),
            reasons=tuple(reasons),
        )


def replay(rows: Iterable[Step], step: timedelta) -> Alarm:
    """The alarm after all of a history."""
    alarm = Alarm(step)
    for row in rows:
        alarm.step(row)
    return alarm
