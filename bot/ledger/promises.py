"""The promises that left in a brand's name, on the ledger's database. Each change is one transaction with its line of the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.model import now
from bot.domain.promise import NewPromise, Promise, State
from bot.errors import Refused
from bot.ledger.engine import BIGGEST, reading, utc, writing
from bot.ledger.tables import events, promises

LISTED = 1_000


class SqlPromises:
    """Implements `bot.promises.Store`."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    async def enter(self, batch: Sequence[NewPromise]) -> None:
        """Those of one released text, together; nothing when they stand already."""
        if not batch:
            return
        first = batch[0]
        async with writing(self._engine) as connection:
            same = (promises.c.draft == first.draft) & (promises.c.revision == first.revision)
            if await connection.scalar(select(promises.c.id).where(same).limit(1)) is not None:
                return
            for place, one in enumerate(batch):
                row = {**one.model_dump(), "place_in_text": place, "state": "open", "by": "", "rang": False}
                made = await connection.execute(insert(promises).values(**row, changed_at=self._clock()))
                number = made.inserted_primary_key[0]  # type: ignore[index]
                await self._note(connection, one, number, "promise.made", "", f"promise.made:{one.draft}:{place}")

    async def promise(self, number: int) -> Promise:
        async with reading(self._engine) as connection:
            return await self._one(connection, number)

    async def listed(self, brand: str, states: Sequence[State]) -> list[Promise]:
        query = select(promises).order_by(promises.c.due, promises.c.id).limit(LISTED)
        if brand:
            query = query.where(promises.c.brand == brand)
        if states:
            query = query.where(promises.c.state.in_(states))
        async with reading(self._engine) as connection:
            return [_promise(row) for row in (await connection.execute(query)).mappings()]

    async def ringing(self, brand: str, at: datetime) -> list[Promise]:
        query = (
            select(promises)
            .where(
                promises.c.brand == brand,
                promises.c.state == "open",
                promises.c.rang.is_(False),
                promises.c.ring_at <= at,
            )
            .order_by(promises.c.ring_at, promises.c.id)
            .limit(LISTED)
        )
        async with reading(self._engine) as connection:
            return [_promise(row) for row in (await connection.execute(query)).mappings()]

    async def rang(self, number: int, ring_at: datetime) -> bool:
        """The reminder of that moment was told; False when it was noted before, or put off meanwhile."""
        async with writing(self._engine) as connection:
            known = await self._one(connection, number, lock=True)
            if known.rang or known.ring_at != ring_at:
                return False
            await connection.execute(update(promises).where(promises.c.id == number).values(rang=True))
            await self._note(connection, known, number, "promise.reminded", "")
            return True

    async def settle(self, number: int, state: State, by: str) -> tuple[Promise, bool]:
        return await self._change(number, f"promise.{state}", by, state=state)

    async def later(self, number: int, ring_at: datetime, by: str) -> tuple[Promise, bool]:
        return await self._change(number, "promise.put_off", by, ring_at=ring_at, rang=False)

    async def _change(self, number: int, what: str, by: str, **values: Any) -> tuple[Promise, bool]:
        """Of an open promise alone: the first press wins."""
        async with writing(self._engine) as connection:
            known = await self._one(connection, number, lock=True)
            if known.state != "open":
                return known, False
            await connection.execute(
                update(promises).where(promises.c.id == known.id).values(**values, by=by, changed_at=self._clock())
            )
            await self._note(connection, known, known.id, what, by)
            return await self._one(connection, known.id), True

    async def _one(self, connection: AsyncConnection, number: int, *, lock: bool = False) -> Promise:
        query = select(promises).where(promises.c.id == (number if 0 < number <= BIGGEST else 0))
        row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
        if row is None:
            raise Refused("promise.none", promise=number)
        return _promise(row)

    async def _note(
        self,
        connection: AsyncConnection,
        promise: NewPromise,
        number: int,
        what: str,
        who: str,
        once: str | None = None,
    ) -> None:
        line = {"draft": promise.draft, "revision": promise.revision, "details": {"promise": number}}
        await connection.execute(insert(events).values(at=self._clock(), what=what, who=who, once=once, **line))


def _promise(row: RowMapping) -> Promise:
    told = {name: row[name] for name in Promise.model_fields}
    moments = {name: utc(row[name]) for name in ("made_at", "due", "ring_at", "changed_at")}
    return Promise(**told | moments)
