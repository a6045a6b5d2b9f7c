"""Alerts on the ledger's database, and the inbox's comments counted for them. It judges nothing (`bot/watch.py`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    and_,
    case,
    cast,
    extract,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.alarm.episode import Around, Episode
from bot.domain.comment import Comment
from bot.domain.model import now
from bot.errors import Refused
from bot.ledger.comments import as_comment, comments
from bot.ledger.engine import BIGGEST, reading, writing
from bot.watch import STEP, Alert, Counted, State

metadata = MetaData()
alarms = Table(
    "alarms",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("brand", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("by", String(120), nullable=False),
    Column("episode", JSON, nullable=False),
    Column("last", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("alarms_by_time", "brand", "last"),
    sqlite_autoincrement=True,
)
_MOST_AUTHORS = 2_000
"""Authors of one episode that are looked at, the busiest first."""


def m_alarms(connection: Connection) -> None:
    """Episodes of a brand's mentions, and what people made of them."""
    metadata.create_all(connection)


class SqlAlarms:
    """Implements `bot.watch.Alarms`."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock
        self._written = func.coalesce(comments.c.at, comments.c.received_at)

    def _mentions(self, brand: str, since: datetime, until: datetime) -> ColumnElement[bool]:
        """Comments of that time, by when they were written. What a file tells no time of happened at no time that we know."""
        timed = or_(comments.c.at.is_not(None), comments.c.source.not_like("import:%"))
        within = and_(self._written >= since, self._written <= until)
        return and_(comments.c.brand == brand, comments.c.kind != "spam", timed, within)

    async def counted(self, brand: str, since: datetime, until: datetime) -> list[Counted]:
        seconds: ColumnElement[Any]
        if self._engine.dialect.name == "postgresql":
            seconds = func.floor(extract("epoch", self._written) / int(STEP.total_seconds()))
        else:
            seconds = cast(func.strftime("%s", self._written), Integer).op("/")(int(STEP.total_seconds()))
        slot = cast(seconds, Integer).label("slot")
        subject = comments.c.triage["situation"].as_string().label("subject")
        each = (
            select(slot, subject, comments.c.sentiment.label("sentiment"))
            .where(self._mentions(brand, since, until))
            .subquery()
        )
        negative = func.sum(case((each.c.sentiment == "negative", 1), else_=0))
        query = select(each.c.slot, each.c.subject, func.count(), negative).group_by(each.c.slot, each.c.subject)
        async with reading(self._engine) as connection:
            return [
                Counted(int(row[0]), row[1] or "", int(row[2]), int(row[3])) for row in await connection.execute(query)
            ]

    async def around(self, brand: str, since: datetime, until: datetime) -> Around:
        negative = and_(self._mentions(brand, since, until), comments.c.sentiment == "negative")
        subject = comments.c.triage["situation"].as_string().label("subject")
        subjects = select(subject).where(negative).subquery()
        by_subject = (
            select(subjects.c.subject, func.count())
            .group_by(subjects.c.subject)
            .order_by(func.count().desc(), subjects.c.subject)
            .limit(1)
        )
        by_author = (
            select(func.lower(comments.c.author), func.count())
            .where(negative, comments.c.author != "")
            .group_by(func.lower(comments.c.author))
            .order_by(func.count().desc())
            .limit(_MOST_AUTHORS)
        )
        async with reading(self._engine) as connection:
            count, reach = (
                await connection.execute(select(func.count(), func.max(comments.c.reach)).where(negative))
            ).one()
            top = (await connection.execute(by_subject)).first()
            each = [int(row[1]) for row in await connection.execute(by_author)]
        return Around(
            negatives=count,
            authors=len(each),
            signed=sum(each),
            busiest=sum(each[:3]),
            reach=reach or 0,
            subject=(top[0] or "") if top else "",
            of_subject=int(top[1]) if top else 0,
        )

    async def first(self, brand: str, since: datetime, most: int, *, negative: bool) -> list[Comment]:
        query = select(comments).where(self._mentions(brand, since, self._clock()))
        if negative:
            query = query.where(comments.c.sentiment == "negative")
        async with reading(self._engine) as connection:
            rows = await connection.execute(query.order_by(self._written, comments.c.id).limit(most))
            return [as_comment(row) for row in rows.mappings()]

    async def kept(self, brand: str, since: datetime) -> list[Alert]:
        query = select(alarms).where(alarms.c.brand == brand, alarms.c.last >= since).order_by(alarms.c.id.desc())
        async with reading(self._engine) as connection:
            return [_alert(row) for row in (await connection.execute(query)).mappings()]

    async def alert(self, number: int) -> Alert:
        async with reading(self._engine) as connection:
            query = select(alarms).where(alarms.c.id == (number if 0 < number <= BIGGEST else 0))
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise Refused("alarm.unknown", episode=number)
        return _alert(row)

    async def keep(self, alert: Alert, was: State | None) -> Alert | None:
        values = {
            "state": alert.state,
            "by": alert.by,
            "episode": alert.episode.model_dump(mode="json"),
            "last": alert.episode.last.astimezone(UTC),
            "changed_at": self._clock(),
        }
        async with writing(self._engine) as connection:
            if was is None:
                made = insert(alarms).values(brand=alert.brand, **values).returning(alarms.c.id)
                number = (await connection.execute(made)).scalar_one()
                return alert.model_copy(update={"id": number})
            same = and_(alarms.c.id == alert.id, alarms.c.state == was)
            moved = await connection.execute(update(alarms).where(same).values(**values))
            return alert if moved.rowcount else None


def _alert(row: RowMapping) -> Alert:
    kept = {name: row[name] for name in ("id", "brand", "state", "by")}
    return Alert(episode=Episode.model_validate(row["episode"]), **kept)
