"""What models cost, on each database: by draft, by brand and by day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot.domain.spending import Spent, Usage
from bot.ledger.engine import connect
from bot.ledger.spending import SqlSpending
from bot.ledger.sql import SqlLedger

MONDAY = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 0, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def spending(database: str, clock: Clock) -> AsyncIterator[SqlSpending]:
    ledger = SqlLedger(connect(database))
    await ledger.open()
    yield SqlSpending(ledger._engine, clock)
    await ledger.close()


def spent(request: str = "r1", brand: str = "a", network: str = "x", cost: float = 0.1) -> Spent:
    usage = Usage(model="m", calls=1, input_tokens=1_000, output_tokens=100, cost=cost)
    return Spent(request=request, brand=brand, network=network, usage=usage)


async def test_a_draft_a_brand_and_a_day_have_their_sums(spending: SqlSpending, clock: Clock) -> None:
    await spending.spend(spent())
    await spending.spend(spent(network="google", cost=0.2))
    await spending.spend(spent("r2", "b"))
    clock.now = TUESDAY
    await spending.spend(spent(cost=0.4))
    assert (await spending.of("r1", "x")).cost == 0.5
    assert (await spending.of("r1", "google")).calls == 1
    assert (await spending.on(date(2026, 11, 23))).cost == 0.4
    assert (await spending.on(date(2026, 11, 23), "a")).input_tokens == 2_000
    assert await spending.today() == Usage(calls=1, input_tokens=1_000, output_tokens=100, cost=0.4)
    assert await spending.today("b") == Usage()


async def test_many_drafts_at_once_are_all_counted(spending: SqlSpending) -> None:
    await asyncio.gather(*(spending.spend(spent(f"r{number}", cost=0.000001)) for number in range(60)))
    assert await spending.today() == Usage(calls=60, input_tokens=60_000, output_tokens=6_000, cost=0.00006)
