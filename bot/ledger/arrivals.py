"""Events of chats, kept before they are acknowledged. On one machine in a file of their own: there they wait for nobody's lock.

Under load the ledger's writes held an acknowledgement up for 760 ms (95th percentile of 50 events a second while drafts are
written); apart from them it is a matter of milliseconds (`bench/slack.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import JSON, Boolean, Column, DateTime, Engine, Index, MetaData, String, Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.chat import Arrival
from bot.domain.model import now

REMEMBERED = timedelta(days=7)
"""How long a done arrival is known, so that a redelivery starts nothing: the last comes after an hour (Slack) or a day (Telegram)."""

T = TypeVar("T")
_metadata = MetaData()
arrivals = Table(
    "arrivals",
    _metadata,
    Column("id", String(200), primary_key=True),
    Column("front", String(40), nullable=False),
    Column("lane", String(200), nullable=False),
    Column("payload", JSON),  # empty once it is done: what people said is kept with the request alone
    Column("at", DateTime(timezone=True), nullable=False),
    Column("done", Boolean, nullable=False),
    Index("arrivals_to_do", "done", "at"),
)


class SqlArrivals:
    """Implements `bot.seams.Arrivals`. A thread of its own does each transaction whole: a step at a time would wait for the
    interpreter at every step while drafts are computed."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock
        self._insert = postgres_insert if engine.dialect.name == "postgresql" else sqlite_insert
        self._thread = ThreadPoolExecutor(1, "arrivals")

    async def open(self) -> None:
        """Makes the table, and forgets what was done long ago."""
        await self._do(self._open)

    async def close(self) -> None:
        await self._do(self._engine.dispose)
        self._thread.shutdown()

    async def arrive(self, batch: Sequence[Arrival]) -> set[str]:
        return await self._do(lambda: self._arrive(batch))

    async def waiting(self) -> list[Arrival]:
        return await self._do(self._waiting)

    async def done(self, batch: Sequence[str]) -> None:
        await self._do(lambda: self._done(batch))

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> None:
        old = self._clock() - REMEMBERED
        with self._engine.begin() as connection:
            _metadata.create_all(connection)
            connection.execute(delete(arrivals).where(arrivals.c.done.is_(True), arrivals.c.at < old))

    def _arrive(self, batch: Sequence[Arrival]) -> set[str]:
        rows = [
            {**one.model_dump(), "at": self._clock(), "done": False} for one in {one.id: one for one in batch}.values()
        ]
        with self._engine.begin() as connection:
            kept = connection.execute(
                self._insert(arrivals).values(rows).on_conflict_do_nothing().returning(arrivals.c.id)
            )
            return set(kept.scalars())

    def _waiting(self) -> list[Arrival]:
        query = select(arrivals).where(arrivals.c.done.is_(False)).order_by(arrivals.c.at, arrivals.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [Arrival(**{name: row[name] for name in Arrival.model_fields}) for row in rows]

    def _done(self, batch: Sequence[str]) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(arrivals).where(arrivals.c.id.in_(batch)).values(done=True, payload=None))
