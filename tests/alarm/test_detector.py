"""The detector: crises found once, joy let be, nothing judged on nothing, and never an exception."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.alarm.detector import Alarm, Step, replay
from bot.alarm.episode import Around, Episode, Reason, weighed
from bot.alarm.usual import least_share, usual

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEKS = 4


def rows(
    times: float = 1.0,
    share: float = 0.1,
    *,
    lasts: int = 8,
    level: float = 40,
    step: timedelta = HOUR,
    shares: bool = True,
    seed: int = 7,
    at: float = 24.6,
) -> list[Step]:
    """Four weeks, with a burst of so many times the usual on the 25th day."""
    rng = np.random.default_rng(seed)
    made = []
    for place in range(int(WEEKS * 7 * timedelta(days=1) / step)):
        time = START + place * step
        usually = level * (step / HOUR) * (1 + 0.5 * np.sin((time.hour - 9) / 24 * 2 * np.pi))
        burst = at <= (place * step) / timedelta(days=1) < at + lasts / 24
        count = int(rng.negative_binomial(5, 5 / (5 + usually * (times if burst else 1))))
        negative = int(rng.binomial(count, share if burst else 0.1))
        made.append(Step(time=time, count=count, negative=negative if shares else None))
    return made


BURST = START + timedelta(days=24.6)


@pytest.mark.parametrize("step", [timedelta(minutes=5), timedelta(minutes=15), HOUR])
@pytest.mark.parametrize("level", [4, 40, 4000])
def test_a_negative_burst_is_one_episode_soon_found(step: timedelta, level: float) -> None:
    alarm = replay(rows(10, 0.6, step=step, level=level), step)
    found = [episode for episode in alarm.all if episode.start >= BURST]
    assert len(found) == 1
    assert found[0].start - BURST <= HOUR
    assert found[0].negative
    assert found[0].level >= 3
    assert [reason.why for reason in found[0].reasons] == ["rise", "share"]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1])
@pytest.mark.parametrize("seed", range(3))
def test_a_burst_of_joy_is_no_crisis(share: float, seed: int) -> None:
    alarm = replay(rows(15, share, lasts=20, seed=seed), HOUR)
    assert not [episode for episode in alarm.all if episode.start >= BURST]


def test_volume_alone_is_found_and_told_as_the_weak_hint_that_it_is() -> None:
    alarm = replay(rows(10, shares=False), HOUR)
    (found,) = [episode for episode in alarm.all if episode.start >= BURST]
    assert found.start - BURST <= 2 * HOUR
    assert not found.negative
    assert (found.level <= 2, found.certainty) == (True, "low")
    assert "volume_only" in [reason.why for reason in found.reasons]


def test_a_rise_of_the_share_without_more_mentions_is_found_when_it_is_great() -> None:
    alarm = replay(rows(1, 0.8, level=200), HOUR)
    assert [episode for episode in alarm.all if BURST <= episode.start <= BURST + 3 * HOUR]


def test_nothing_is_judged_before_a_few_days_are_known() -> None:
    alarm = replay(rows()[:60], HOUR)
    for place in range(5):
        alarm.step(Step(time=START + (60 + place) * HOUR, count=5000, negative=4000))
    assert alarm.judged_from is None
    assert alarm.all == []


def test_a_gap_is_unknown_not_silence() -> None:
    made = rows()
    kept = [row for row in made if not 20 * 24 <= (row.time - START) / HOUR < 21 * 24]
    assert [episode.start for episode in replay(kept, HOUR).all if episode.start > START + timedelta(days=20)] == []


def test_a_gap_of_years_costs_nothing() -> None:
    alarm = replay(rows(), HOUR)
    alarm.step(Step(time=START + timedelta(days=5000), count=3, negative=1))
    assert alarm.episode is None


def test_a_second_burst_days_later_is_another_episode() -> None:
    made = rows(10, 0.6, at=20.5)
    more = rows(10, 0.6, at=24.6)
    joined = made[: 23 * 24] + more[23 * 24 :]
    assert len([episode for episode in replay(joined, HOUR).all if episode.start >= START + timedelta(days=20)]) == 2


def test_the_past_is_not_rewritten() -> None:
    alarm = replay(rows()[:10], HOUR)
    with pytest.raises(ValueError, match="order"):
        alarm.step(Step(time=START, count=1))


@pytest.mark.parametrize("step", [timedelta(minutes=1), timedelta(days=2)])
def test_steps_are_five_minutes_to_a_day(step: timedelta) -> None:
    with pytest.raises(ValueError, match="5 minutes"):
        Alarm(step)


def test_big_counts_may_be_scaled() -> None:
    small = rows(10, 0.6, level=2000)
    assert all(row.count is not None and row.negative is not None for row in small)
    big = [Step(time=row.time, count=row.count * 8, negative=row.negative * 8) for row in small]  # type: ignore[operator]
    first, second = replay(small, HOUR), replay(big, HOUR)
    assert [e.start for e in first.all] == [e.start for e in second.all]


def test_a_shift_by_whole_weeks_changes_nothing() -> None:
    made = rows(10, 0.6)
    later = [row.model_copy(update={"time": row.time + timedelta(weeks=9)}) for row in made]
    moved = [episode.start - timedelta(weeks=9) for episode in replay(later, HOUR).all]
    assert moved == [episode.start for episode in replay(made, HOUR).all]


numbers = some.one_of(some.none(), some.integers(0, 10**9), some.floats(0, 1e12))


@settings(max_examples=40, deadline=None)
@given(
    some.lists(some.tuples(some.integers(1, 400), numbers, some.one_of(some.none(), some.floats(0, 1))), max_size=120),
    some.sampled_from([timedelta(minutes=5), timedelta(minutes=7), HOUR, timedelta(days=1)]),
)
def test_whatever_comes_it_answers_with_episodes_in_their_order(
    came: list[tuple[int, float | None, float | None]], step: timedelta
) -> None:
    alarm, time = Alarm(step), START
    for skip, count, share in came:
        time += skip * step
        negative = count * share if count is not None and share is not None else None
        alarm.step(Step(time=time, count=count, negative=negative))
    starts = [episode.start for episode in alarm.all]
    assert starts == sorted(set(starts))
    assert all(episode.start <= episode.last for episode in alarm.all)
    assert all(one.last < other.start for one, other in zip(alarm.all, alarm.all[1:], strict=False))


@given(some.floats(0, 1), some.floats(0, 1e6), some.floats(1, 50))
def test_the_least_share_is_never_above_the_share(share: float, count: float, loose: float) -> None:
    assert 0 <= least_share(share * count, count, loose) <= share + 1e-9


def test_three_angry_mentions_prove_nothing() -> None:
    assert least_share(3, 3) < 0.45
    assert least_share(300, 300) > 0.95


def test_past_bursts_do_not_raise_what_is_usual() -> None:
    calm = usual(np.array([10.0, 12, 9, 11, 10, 13, 10, 12]))
    shaken = usual(np.array([10.0, 12, 9, 11, 10, 13, 10, 900]))
    assert shaken.middle == pytest.approx(calm.middle, abs=1.5)
    assert shaken.z(200) > 20


def episode(level: int = 4) -> Episode:
    told = {"start": START, "last": START, "level": level, "score": 5.0, "negative": True, "confidence": 0.9}
    return Episode.model_validate({**told, "reasons": (Reason(why="rise"),)})


def test_a_few_authors_are_no_crisis_however_loud() -> None:
    few = weighed(episode(), Around(negatives=40, authors=4, signed=40, busiest=38))
    many = weighed(episode(), Around(negatives=40, authors=35, signed=40, busiest=5, reach=9000))
    assert (few.level, many.level) == (2, 4)
    assert few.confidence < many.confidence
    assert [reason.why for reason in few.reasons] == ["rise", "few_authors"]
    assert [reason.why for reason in many.reasons] == ["rise", "many_authors", "reach"]
