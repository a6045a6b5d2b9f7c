"""What the alarm finds, how late, and how often it cries for nothing, beside a plain z-score on volume: `python -m bench.alarm`.

Streams are made up (`bench/streams.py`); each row says its seeds. « False » counts alerts a brand and week outside the crises, with
95 % intervals (Poisson); « found » is with Wilson's. Of a harmless burst (joy, a launch, what is viral and neutral) « found » counts
alerts too: there it should be 0.
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from bench.streams import SCENARIOS, Brand, Scenario, Stream, stream
from bot.alarm.detector import QUIET, Step, replay

BRANDS = {
    "corner shop": Brand(hourly=2.5, share=0.15, scatter=1.5, restless=0.6),
    "regional": Brand(hourly=40),
    "national": Brand(hourly=400, share=0.2, scatter=4, loose=25),
    "restless": Brand(hourly=60, scatter=1.2, restless=4, loose=15, share=0.25),
}
LATEST = timedelta(hours=24)
JUDGED = 14
"""Days after which alerts are counted."""


@dataclass
class Outcome:
    found: bool | None
    """A crisis, or a harmless burst that raised an alert all the same; None where there is neither."""
    delay: float
    false: int
    weeks: float


def ours(made: Stream, *, shares: bool) -> list[datetime]:
    rows = [
        Step(time=time, count=count if known else None, negative=negative if shares and known else None)
        for time, count, negative, known in zip(
            made.times, made.counts.tolist(), made.negatives.tolist(), made.known, strict=True
        )
    ]
    return [episode.start for episode in replay(rows, made.step).all]


def plain(made: Stream) -> list[datetime]:
    """The last hour's volume against mean and deviation of all hours of the past week: z ≥ 3, merged within twelve hours."""
    hour = max(1, int(timedelta(hours=1) / made.step))
    total = np.concatenate([[0.0], np.cumsum(np.where(made.known, made.counts, 0.0))])
    rolling = total[hour:] - total[:-hour]
    week = 7 * 24 * hour
    sums = np.concatenate([[0.0], np.cumsum(rolling)])
    squares = np.concatenate([[0.0], np.cumsum(rolling**2)])
    alerts: list[datetime] = []
    last = datetime.min.replace(tzinfo=made.times[0].tzinfo)
    for place in range(week, len(rolling)):
        mean = (sums[place] - sums[place - week]) / week
        deviation = math.sqrt(max(1.0, (squares[place] - squares[place - week]) / week - mean**2))
        if rolling[place] > mean + 3 * deviation:
            now = made.times[place + hour - 1]
            if now - last > QUIET:
                alerts.append(now)
            last = now
    return alerts


def judge(made: Stream, alerts: Sequence[datetime]) -> Outcome:
    judged = made.times[0] + timedelta(days=JUDGED)
    spans = [
        (made.times[first], made.times[min(last, len(made.times) - 1)]) for first, last in made.crises or made.harmless
    ]
    hits = [moment for moment in alerts for first, last in spans if first <= moment <= min(last, first + LATEST)]
    crises = spans if made.crises else []
    inside = [moment for moment in alerts if any(first <= moment <= last + QUIET for first, last in crises)]
    false = sum(1 for moment in alerts if moment >= judged and moment not in inside)
    delay = (min(hits) + made.step - spans[0][0]) / timedelta(minutes=1) if hits else math.nan
    return Outcome(bool(hits) if spans else None, delay, false, (made.times[-1] - judged) / timedelta(days=7))


def _one(task: tuple[Scenario, Brand, int, int]) -> tuple[Outcome, Outcome, Outcome]:
    scenario, brand, seed, every = task
    made = stream(scenario, brand, seed, every=every)
    return judge(made, ours(made, shares=True)), judge(made, ours(made, shares=False)), judge(made, plain(made))


def wilson(found: int, of: int) -> tuple[float, float]:
    z, share = 1.96, found / of
    centre, square = share + z * z / (2 * of), 1 + z * z / of
    width = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (centre - width) / square, (centre + width) / square


def poisson(count: int, weeks: float) -> tuple[float, float]:
    """Exact enough at any count: the square root of a count scatters by one half."""
    low = max(0.0, math.sqrt(count) - 0.98) ** 2
    return low / weeks, (math.sqrt(count + 1) + 0.98) ** 2 / weeks


def row(name: str, outcomes: Sequence[Outcome]) -> str:
    crises = [outcome for outcome in outcomes if outcome.found is not None]
    false, weeks = sum(outcome.false for outcome in outcomes), sum(outcome.weeks for outcome in outcomes)
    low, high = poisson(false, weeks)
    told = f"{false / weeks:5.2f} [{low:.2f}, {high:.2f}]"
    if not crises:
        return f"{name:<34} {'—':>24} {'—':>12} {told:>22}"
    found = sum(bool(outcome.found) for outcome in crises)
    least, most = wilson(found, len(crises))
    late = [outcome.delay for outcome in crises if outcome.found]
    delay = f"{statistics.median(late):.0f} min" if late else "—"
    return f"{name:<34} {f'{found}/{len(crises)} [{least:.2f}, {most:.2f}]':>24} {delay:>12} {told:>22}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--first", type=int, default=1000)
    options.add_argument("--every", type=int, default=1, help="× 5 minutes a step")
    options.add_argument("--by-brand", action="store_true")
    asked = options.parse_args()
    tasks = [
        (scenario, brand, asked.first + place, asked.every)
        for scenario in SCENARIOS
        for brand in BRANDS.values()
        for place in range(asked.seeds)
    ]
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(_one, tasks, chunksize=4))
    names = ("alarm, with shares", "alarm, volume only", "plain z-score")
    print(
        f"seeds {asked.first}…{asked.first + asked.seeds - 1}, {len(BRANDS)} brands, steps of {5 * asked.every} minutes"
    )
    print(f"{'scenario':<34} {'found [95 %]':>24} {'median delay':>12} {'false a week [95 %]':>22}")
    groups = list(BRANDS.values()) if asked.by_brand else [None]
    for scenario in SCENARIOS:
        for group in groups:
            picked = [
                result
                for task, result in zip(tasks, results, strict=True)
                if task[0] is scenario and (group is None or task[1] is group)
            ]
            label = next((name for name, brand in BRANDS.items() if brand is group), "")
            print(f"{scenario.name} {label}".strip())
            for place, name in enumerate(names):
                print(row(f"  {name}", [result[place] for result in picked]))
    for title, of_crisis in (("every crisis", True), ("every other stream", False)):
        print(title)
        picked = [
            result
            for task, result in zip(tasks, results, strict=True)
            if bool(task[0].burst and task[0].burst.crisis) is of_crisis
        ]
        for place, name in enumerate(names):
            print(row(f"  {name}", [result[place] for result in picked]))


if __name__ == "__main__":
    main()
