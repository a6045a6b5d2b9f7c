"""Arrivals, on each database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.chat import Arrival
from bot.domain.model import now
from bot.ledger.arrivals import SqlArrivals
from bot.ledger.engine import connect_sync


@pytest.fixture
async def arrivals(database: str) -> AsyncIterator[SqlArrivals]:
    kept = SqlArrivals(connect_sync(database))
    await kept.open()
    yield kept
    await kept.close()


async def test_an_arrival_is_new_once_even_when_deliveries_race(arrivals: SqlArrivals) -> None:
    batch = [Arrival(id=f"e{number}", front="slack", lane="C1", payload={"n": number}) for number in range(5)]
    new = await asyncio.gather(*(arrivals.arrive([*batch, *batch]) for _ in range(4)))
    assert sum(len(each) for each in new) == 5
    assert [one.payload for one in await arrivals.waiting()] == [one.payload for one in batch]
    await arrivals.done(["e0", "e3", "unknown"])
    assert [one.id for one in await arrivals.waiting()] == ["e1", "e2", "e4"]
    assert await arrivals.arrive(batch) == set()


async def test_done_arrivals_are_forgotten_after_a_week_and_waiting_ones_never(arrivals: SqlArrivals) -> None:
    await arrivals.arrive(
        [Arrival(id="done", front="slack", lane="C1"), Arrival(id="waiting", front="slack", lane="C1")]
    )
    await arrivals.done(["done"])
    await arrivals.open()
    assert await arrivals.arrive([Arrival(id="done", front="slack", lane="C1")]) == set()
    await SqlArrivals(arrivals._engine, lambda: now() + timedelta(days=8)).open()
    assert await arrivals.arrive([Arrival(id="done", front="slack", lane="C1")]) == {"done"}
    assert "waiting" in {one.id for one in await arrivals.waiting()}
