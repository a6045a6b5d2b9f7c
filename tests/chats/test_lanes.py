"""The lanes: kept before it is acknowledged, heard once in its order, tried again, and left for the next start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import bot.lanes
from bot.domain.chat import Arrival
from bot.lanes import Lanes
from bot.ledger.arrivals import SqlArrivals
from bot.ledger.engine import address, connect, connect_sync


@pytest.fixture
async def arrivals(home: Path) -> AsyncIterator[SqlArrivals]:
    kept = SqlArrivals(connect_sync(address(home, "")))
    await kept.open()
    yield kept
    await kept.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.lanes, "PAUSES", (0.01, 0.01))


def arrived(number: int | str, lane: str = "C1/1") -> Arrival:
    return Arrival(id=f"slack:{number}", front="slack", lane=lane, payload={"text": f"said {number}"})


class Ear:
    """Hears, and remembers in which order; fails or waits where it is told to."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.deaf: dict[str, int] = {}
        self.slow: dict[str, asyncio.Event] = {}

    async def hear(self, arrival: Arrival) -> None:
        if arrival.id in self.slow:
            await self.slow[arrival.id].wait()
        if self.deaf.get(arrival.id, 0) > 0:
            self.deaf[arrival.id] -= 1
            raise ConnectionError("the chat does not answer")
        self.heard.append(arrival.id)


async def until(true: object) -> None:
    for _ in range(400):
        if true():  # type: ignore[operator]
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen in four seconds")


async def test_what_is_kept_is_heard_once_however_often_it_is_delivered(arrivals: SqlArrivals) -> None:
    ear, lanes = Ear(), Lanes(arrivals)
    await lanes.open("slack", ear.hear)
    kept = await asyncio.gather(*(lanes.keep(arrived(number % 20, f"C{number % 20}")) for number in range(60)))
    assert sum(kept) == 20
    await until(lambda: len(ear.heard) == 20)
    await lanes.close(1)
    assert len(set(ear.heard)) == 20
    assert await arrivals.waiting() == []


async def test_a_lane_keeps_its_order_and_does_not_hold_up_another(arrivals: SqlArrivals) -> None:
    ear, lanes = Ear(), Lanes(arrivals)
    ear.slow["slack:1"] = asyncio.Event()
    await lanes.open("slack", ear.hear)
    for number, lane in ((1, "a"), (2, "a"), (3, "b")):
        await lanes.keep(arrived(number, lane))
    await until(lambda: ear.heard == ["slack:3"])
    ear.slow["slack:1"].set()
    await until(lambda: ear.heard == ["slack:3", "slack:1", "slack:2"])
    await lanes.close(1)


async def test_what_fails_is_tried_again_and_then_left_for_the_next_start(arrivals: SqlArrivals) -> None:
    ear, lanes = Ear(), Lanes(arrivals)
    ear.deaf = {"slack:1": 2, "slack:2": 99}
    await lanes.open("slack", ear.hear)
    await lanes.keep(arrived(1, "a"))
    await lanes.keep(arrived(2, "b"))
    await until(lambda: ear.heard == ["slack:1"])
    await until(lambda: ear.deaf["slack:2"] == 96)
    await lanes.close(1)
    assert [one.id for one in await arrivals.waiting()] == ["slack:2"]


async def test_what_a_stop_or_a_crash_left_is_heard_at_the_next_start(arrivals: SqlArrivals) -> None:
    ear, lanes = Ear(), Lanes(arrivals)
    ear.slow["slack:1"] = asyncio.Event()
    await lanes.open("slack", ear.hear)
    await lanes.keep(arrived(1))
    await lanes.keep(arrived(2))
    await lanes.close(0.05)
    assert ear.heard == []

    again, later = Ear(), Lanes(arrivals)
    await later.open("slack", again.hear)
    await until(lambda: again.heard == ["slack:1", "slack:2"])
    assert not await later.keep(arrived(1))
    await later.close(1)


async def test_what_people_said_is_forgotten_once_it_is_done(arrivals: SqlArrivals, home: Path) -> None:
    ear, lanes = Ear(), Lanes(arrivals)
    await lanes.open("slack", ear.hear)
    await lanes.keep(arrived(1))
    await until(lambda: ear.heard)
    await lanes.close(1)
    engine = connect(address(home, ""))
    async with engine.connect() as connection:
        rows = (await connection.exec_driver_sql("select done, payload from arrivals")).all()
    await engine.dispose()
    assert [(bool(done), payload in (None, "null")) for done, payload in rows] == [(True, True)]


async def test_a_database_that_fails_is_told_to_who_delivers(
    arrivals: SqlArrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_batch: object) -> set[str]:
        raise OSError("no space left on device")

    lanes = Lanes(arrivals)
    monkeypatch.setattr(arrivals, "arrive", full)
    with pytest.raises(OSError, match="no space"):
        await lanes.keep(arrived(1))
    await lanes.close(1)
