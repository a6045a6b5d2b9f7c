"""What models cost, on the ledger's database: one row a writing, so that a draft, a brand and a day each have their sum."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.model import now
from bot.domain.spending import Spent, Usage
from bot.ledger.engine import reading, writing

metadata = MetaData()
spending = Table(
    "spending",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("day", String(10), nullable=False),
    Column("request", String(200), nullable=False),
    Column("brand", String(80), nullable=False),
    Column("network", String(40), nullable=False),
    Column("model", String(200), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("cost", Float, nullable=False),
    Index("spending_by_day", "day", "brand"),
    Index("spending_by_draft", "request", "network"),
)
_SUMS = ("calls", "input_tokens", "output_tokens", "cost")


def m_spending(connection: Connection) -> None:
    """What the words of models cost."""
    metadata.create_all(connection)


class SqlSpending:
    """Implements `bot.seams.Spending`. A day is a day in UTC, for every machine that shares the database."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    async def spend(self, spent: Spent) -> None:
        at = self._clock().astimezone(UTC)
        row = {
            **spent.usage.model_dump(),
            **spent.model_dump(exclude={"usage"}),
            "at": at,
            "day": at.date().isoformat(),
        }
        async with writing(self._engine) as connection:
            await connection.execute(insert(spending).values(row))

    async def today(self, brand: str = "") -> Usage:
        return await self.on(self._clock().astimezone(UTC).date(), brand)

    async def on(self, day: date, brand: str = "") -> Usage:
        where = [spending.c.day == day.isoformat(), *([spending.c.brand == brand] if brand else [])]
        return await self._sum(*where)

    async def of(self, request: str, network: str) -> Usage:
        """Of one draft, all its revisions together."""
        return await self._sum(spending.c.request == request, spending.c.network == network)

    async def _sum(self, *where: object) -> Usage:
        sums = [func.coalesce(func.sum(spending.c[name]), 0).label(name) for name in _SUMS]
        async with reading(self._engine) as connection:
            row = (await connection.execute(select(*sums).where(*where))).mappings().one()  # type: ignore[arg-type]
        return Usage(
            calls=row["calls"],
            input_tokens=row["input_tokens"],
            output_tokens=row["output_tokens"],
            cost=round(row["cost"], 6),
        )
