"""Incidents on the ledger's database: what is open, its source of truth, its journal, and the freeze.

The freeze touches no draft: a draft may leave only when it is `cleared` for the brand's open incident, which the one that releases
tests in its own transaction, behind the same lock that opening takes (`held`). So opening costs the same with five drafts or five
thousand, and what it says about the moment is true. Who may do what is judged by the function that a change is handed.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    RowMapping,
    ScalarSelect,
    String,
    Table,
    Text,
    func,
    insert,
    inspect,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.comment import Comment
from bot.domain.incident import Change, Entry, Incident, Line, Opening, Share, Volume
from bot.domain.model import now
from bot.errors import Refused
from bot.ledger.comments import as_comment, comments
from bot.ledger.engine import BIGGEST, reading, utc, writing

metadata = MetaData()
incidents = Table(
    "incidents",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("brand", String(80), nullable=False),
    Column("title", String(200), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("situation", String(80), nullable=False),
    Column("level", Integer, nullable=False),
    Column("alert", Integer, nullable=False),
    Column("drill", String(80), nullable=False),
    Column("pace", Float, nullable=False),
    Column("by", String(120), nullable=False),
    Column("front", String(40), nullable=False),
    Column("place", String(200), nullable=False),
    Column("event", String(200), unique=True),
    Column("state", String(20), nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("froze", Integer, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("next_update", DateTime(timezone=True)),
    Column("closing_by", String(120), nullable=False),
    Column("closed_by", String(120), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Index("incidents_open", "brand", "state"),
    sqlite_autoincrement=True,
)
truth = Table(
    "truth",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("incident", Integer, nullable=False, index=True),
    Column("sort", String(20), nullable=False),
    Column("words", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("until", Integer),
    Column("replaces", Integer, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    sqlite_autoincrement=True,
)
entries = Table(
    "incident_entries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("incident", Integer, nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("who", String(120), nullable=False),
    Column("what", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("draft", Integer, nullable=False),
    Column("details", JSON, nullable=False),
    Column("once", String(200), unique=True),
    sqlite_autoincrement=True,
)
OPEN = ("open", "closing")
LEAVING = ("pending", "approved")
"""States of a draft that the freeze holds."""
LONGEST_WORDS = 500
Judge = Callable[[Incident, Change], str]
"""Gives the name of who asks, when they may; raises what is to be told them."""


def m_incidents(connection: Connection) -> None:
    """Crises; and of each draft for which of them it may leave, and in which it was written."""
    metadata.create_all(connection)
    known = {column["name"] for column in inspect(connection).get_columns("drafts")}
    for column in ("cleared", "incident"):
        if column not in known:
            connection.execute(text(f"ALTER TABLE drafts ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0"))


async def gate(connection: AsyncConnection, brand: str, *, closing: bool = False) -> None:
    """Releases of a brand wait for one that freezes it, and it for them. SQLite's writes stand in line as it is."""
    if connection.dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock" if closing else "pg_advisory_xact_lock_shared"
        await connection.execute(select(getattr(func, lock)(7254831, zlib.crc32(brand.encode()) - 2**31)))


def holding(brand: Any, cleared: Any) -> ScalarSelect[int]:
    """The incident that holds a draft of that brand and clearance, or 0: as a value, or of each row of drafts."""
    open_ = (incidents.c.brand == brand) & incidents.c.state.in_(OPEN) & (incidents.c.drill == "")
    found = func.coalesce(func.max(incidents.c.id), 0)
    return select(found).where(open_, incidents.c.id > cleared).scalar_subquery()


async def open_incident(connection: AsyncConnection, brand: str) -> int:
    """The brand's open incident, of a real crisis, or 0."""
    return int((await connection.execute(select(holding(brand, 0)))).scalar_one())


def drilled(incident: Any) -> ColumnElement[bool]:
    """Whether that incident, of each row of drafts, is a drill: what was written in one never leaves, whatever became of it."""
    return select(incidents.c.id).where(incidents.c.id == incident, incidents.c.drill != "").exists()


class SqlIncidents:
    """Implements `bot.crisis.Incidents`."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    async def open(self, opening: Opening) -> tuple[Incident, bool]:
        """The incident, and whether this opened it: a press that is heard again, and a second person, come to the same."""
        from bot.ledger.tables import drafts

        drill = incidents.c.drill != "" if opening.drill else incidents.c.drill == ""
        async with writing(self._engine) as connection:
            await gate(connection, opening.brand, closing=True)
            there = (incidents.c.brand == opening.brand) & incidents.c.state.in_(OPEN) & drill
            same = or_(there, incidents.c.event == opening.event) if opening.event else there
            row = (await connection.execute(select(incidents).where(same))).mappings().first()
            if row is not None:
                return _incident(row), False
            if opening.drill and await open_incident(connection, opening.brand):
                raise Refused("crisis.said.no_drill_now")
            leaving = (drafts.c.brand == opening.brand) & drafts.c.state.in_(LEAVING) & ~drilled(drafts.c.incident)
            froze = 0 if opening.drill else await connection.scalar(select(func.count()).where(leaving))
            if not opening.drill:
                await self._end_drill(connection, opening)
            values = opening.model_dump(exclude={"event"})
            made = await connection.execute(
                insert(incidents)
                .values(
                    **values,
                    event=opening.event[:200] or None,
                    state="open",
                    opened_at=self._clock(),
                    froze=froze,
                    roles={},
                    version=0,
                    closing_by="",
                    closed_by="",
                )
                .returning(incidents.c.id)
            )
            number = int(made.scalar_one())
            incident = await self._incident(connection, number)
            told = {"level": opening.level, "froze": froze, "alert": opening.alert, "drill": opening.drill}
            await self._note(connection, incident, opening.by, "incident.opened", {**told, "title": opening.title})
            return incident, True

    async def _end_drill(self, connection: AsyncConnection, opening: Opening) -> None:
        """A real crisis ends the brand's drill."""
        drill = (incidents.c.brand == opening.brand) & incidents.c.state.in_(OPEN) & (incidents.c.drill != "")
        for number in (await connection.execute(select(incidents.c.id).where(drill))).scalars().all():
            values = {"state": "closed", "closed_by": opening.by, "closed_at": self._clock()}
            await connection.execute(update(incidents).where(incidents.c.id == number).values(**values))
            ended = await self._incident(connection, number)
            await self._note(connection, ended, opening.by, "drill.ended", {})

    async def box_at(self, front: str, place: str) -> int:
        """The open drill that is held in that place, or 0."""
        query = select(func.max(incidents.c.id)).where(
            incidents.c.front == front,
            incidents.c.place == place,
            incidents.c.drill != "",
            incidents.c.state.in_(OPEN),
        )
        async with reading(self._engine) as connection:
            return int(await connection.scalar(query) or 0) if place else 0

    async def refs(self, incident: Incident) -> dict[str, int]:
        """The network's name of each comment in its inbox → the comment."""
        query = select(comments.c.ref, comments.c.id).where(*_of(incident))
        async with reading(self._engine) as connection:
            return {row.ref: row.id for row in await connection.execute(query)}

    async def leaving(self, brand: str) -> int:
        """Drafts of the brand that wait or are about to leave."""
        from bot.ledger.tables import drafts

        query = select(func.count()).where(
            drafts.c.brand == brand, drafts.c.state.in_(LEAVING), ~drilled(drafts.c.incident)
        )
        async with reading(self._engine) as connection:
            return int((await connection.execute(query)).scalar_one())

    async def current(self, brand: str) -> Incident | None:
        query = select(incidents).where(incidents.c.brand == brand, incidents.c.state.in_(OPEN))
        async with reading(self._engine) as connection:
            rows = [_incident(row) for row in (await connection.execute(query.order_by(incidents.c.id))).mappings()]
        return next((one for one in rows if one.real), rows[0] if rows else None)

    async def listed(self, brand: str) -> list[Incident]:
        query = select(incidents).order_by(incidents.c.id.desc()).limit(200)
        if brand:
            query = query.where(incidents.c.brand == brand)
        async with reading(self._engine) as connection:
            return [_incident(row) for row in (await connection.execute(query)).mappings()]

    async def incident(self, number: int) -> Incident:
        async with reading(self._engine) as connection:
            return await self._incident(connection, number)

    async def truth(self, number: int) -> list[Line]:
        """Every version of every line, the oldest first."""
        async with reading(self._engine) as connection:
            rows = await connection.execute(select(truth).where(truth.c.incident == number).order_by(truth.c.id))
            return [Line.model_validate({**row, "at": utc(row["at"])}) for row in rows.mappings()]

    async def held(self, incident: Incident) -> list[int]:
        """Drafts that the freeze holds still."""
        from bot.ledger.tables import drafts

        if not incident.real or incident.state == "closed":
            return []
        query = select(drafts.c.id).where(
            drafts.c.brand == incident.brand,
            drafts.c.state.in_(LEAVING),
            drafts.c.cleared < incident.id,
            ~drilled(drafts.c.incident),
        )
        async with reading(self._engine) as connection:
            return [int(number) for number in (await connection.execute(query.order_by(drafts.c.id))).scalars()]

    async def drafts(self, incident: Incident) -> list[int]:
        """Drafts that were asked for during the incident."""
        from bot.ledger.tables import drafts

        async with reading(self._engine) as connection:
            query = select(drafts.c.id).where(drafts.c.incident == incident.id).order_by(drafts.c.id)
            return [int(number) for number in (await connection.execute(query)).scalars()]

    async def journal(self, incident: Incident) -> list[Entry]:
        """What was done in it, and to its brand's drafts meanwhile, in the order of time."""
        from bot.ledger.tables import drafts, events

        until = incident.closed_at or self._clock()
        held = drafts.c.incident == incident.id
        if incident.real:
            held = or_(held, (drafts.c.brand == incident.brand) & ~drilled(drafts.c.incident))
        acted = (
            select(events, drafts.c.network)
            .join(drafts, drafts.c.id == events.c.draft)
            .where(held, events.c.at >= incident.opened_at, events.c.at <= until)
            .order_by(events.c.id)
        )
        async with reading(self._engine) as connection:
            own = await connection.execute(select(entries).where(entries.c.incident == incident.id))
            told = [
                Entry.model_validate(
                    {key: row[key] for key in Entry.model_fields if key in row} | {"at": utc(row["at"])}
                )
                for row in own.mappings()
            ]
            versions = sorted((entry.at, entry.version) for entry in told)
            for row in (await connection.execute(acted)).mappings():
                at = utc(row["at"])
                version = max((number for moment, number in versions if moment <= at), default=0)
                details = {**row["details"], "revision": row["revision"], "network": row["network"]}
                told.append(
                    Entry(
                        id=0, incident=incident.id, at=at, who=row["who"], what=row["what"], version=version,
                        draft=row["draft"], details=details,
                    )
                )  # fmt: skip
        return sorted(told, key=lambda entry: (entry.at, entry.id))

    async def change(self, change: Change, judge: Judge) -> tuple[Incident, bool, list[int]]:
        """One press, in one transaction with its line of the journal: the incident, whether it changed, the drafts it thawed."""
        async with writing(self._engine) as connection:
            brand = (await self._incident(connection, change.incident)).brand
            await gate(connection, brand, closing=True)
            incident = await self._incident(connection, change.incident)
            once = f"{change.event}"[:200] or None
            if once and await connection.scalar(select(entries.c.id).where(entries.c.once == once)) is not None:
                return incident, False, []
            who = judge(incident, change)
            what, details, values = _asked(incident, change, who, self._clock())
            thawed: list[int] = []
            if change.verb in ("add", "replace", "withdraw"):
                values = {"version": incident.version + 1}
                await self._line(connection, incident, change, who)
            elif change.verb in ("thaw", "thaw_all"):
                thawed = await self._thaw(connection, incident, change.draft if change.verb == "thaw" else 0)
                if not thawed:
                    return incident, False, []
                details["drafts"] = thawed[:200]
                details["count"] = len(thawed)
            elif change.verb == "agree":
                thawed = await self._thaw(connection, incident, 0)
                details["count"] = len(thawed)
            elif not what:
                return incident, False, []
            if values:
                await connection.execute(update(incidents).where(incidents.c.id == incident.id).values(**values))
            after = await self._incident(connection, incident.id)
            await self._note(connection, after, who, what, details, draft=change.draft, once=once)
            return after, True, thawed

    async def note(self, number: int, who: str, what: str, details: dict[str, Any], once: str) -> bool:
        """Something that was told or came due, once under that name."""
        async with writing(self._engine) as connection:
            if await connection.scalar(select(entries.c.id).where(entries.c.once == once[:200])) is not None:
                return False
            incident = await self._incident(connection, number)
            await self._note(connection, incident, who, what, details, once=once[:200])
            return True

    async def authors(self, incident: Incident) -> list[tuple[str, str, str, tuple[int, ...]]]:
        """Chat, place, author, and the drafts of theirs that the freeze stopped: each is told once."""
        from bot.ledger.tables import drafts, revisions

        query = (
            select(drafts.c.front, drafts.c.place, revisions.c.author, drafts.c.id)
            .join(revisions, (revisions.c.draft == drafts.c.id) & (revisions.c.revision == drafts.c.revision))
            .where(drafts.c.brand == incident.brand, drafts.c.state.in_(LEAVING), drafts.c.cleared < incident.id)
            .where(~drilled(drafts.c.incident))
            .order_by(drafts.c.id)
        )
        found: dict[tuple[str, str, str], list[int]] = {}
        async with reading(self._engine) as connection:
            for front, place, author, number in await connection.execute(query):
                found.setdefault((front, place, author), []).append(int(number))
        return [(*key, tuple(numbers)) for key, numbers in found.items()]

    async def volume(self, incident: Incident) -> list[Volume]:
        """Comments of the brand by its stretches, from an hour before it opened."""
        written = func.coalesce(comments.c.at, comments.c.received_at)
        since, until = incident.opened_at - timedelta(hours=1), incident.closed_at or self._clock()
        within = [*_of(incident), written >= since, written <= until]
        seconds = int(incident.step.total_seconds())
        counted: dict[int, tuple[int, int]] = {}
        async with reading(self._engine) as connection:
            for at, sentiment in await connection.execute(select(written, comments.c.sentiment).where(*within)):
                slot = int(utc(at).timestamp()) // seconds
                count, negative = counted.get(slot, (0, 0))
                counted[slot] = (count + 1, negative + (sentiment == "negative"))
        zone = incident.opened_at.tzinfo
        return [
            Volume(at=datetime.fromtimestamp(slot * seconds, zone), comments=count, negative=negative)
            for slot, (count, negative) in sorted(counted.items())
        ]

    async def received(self, incident: Incident) -> tuple[int, int]:
        """Comments that came since it was opened, and those of them that still wait."""
        written = func.coalesce(comments.c.at, comments.c.received_at)
        since = [*_of(incident), written >= incident.opened_at]
        if incident.closed_at is not None:
            since.append(written <= incident.closed_at)
        waits = func.count().filter(comments.c.state.in_(("new", "escalated", "drafted")))
        async with reading(self._engine) as connection:
            row = (await connection.execute(select(func.count(), waits).where(*since))).one()
        return int(row[0]), int(row[1])

    async def shares(self, incident: Incident) -> list[Share]:
        """Comments that came in while it was open, by situation, the biggest first."""
        written = func.coalesce(comments.c.at, comments.c.received_at)
        until = incident.closed_at or self._clock()
        query = select(comments.c.triage, comments.c.sentiment, comments.c.state).where(
            *_of(incident), written >= incident.opened_at, written <= until
        )
        counted: dict[str, tuple[int, int, int]] = {}
        async with reading(self._engine) as connection:
            for triage, sentiment, state in await connection.execute(query):
                situation = str(triage.get("situation", ""))
                received, answered, negative = counted.get(situation, (0, 0, 0))
                counted[situation] = (
                    received + 1,
                    answered + (state == "answered"),
                    negative + (sentiment == "negative"),
                )
        rows = sorted(counted.items(), key=lambda row: -row[1][0])
        return [Share(situation=name, received=one, answered=two, negative=three) for name, (one, two, three) in rows]

    async def first(self, incident: Incident, most: int) -> list[Comment]:
        """The first negative comments, from an hour before it opened."""
        written = func.coalesce(comments.c.at, comments.c.received_at)
        since, until = incident.opened_at - timedelta(hours=1), incident.closed_at or self._clock()
        within = [*_of(incident), comments.c.sentiment == "negative", written >= since, written <= until]
        async with reading(self._engine) as connection:
            rows = await connection.execute(
                select(comments).where(*within).order_by(written, comments.c.id).limit(most)
            )
            return [as_comment(row) for row in rows.mappings()]

    async def _thaw(self, connection: AsyncConnection, incident: Incident, draft: int) -> list[int]:
        from bot.ledger.tables import drafts

        held = (drafts.c.brand == incident.brand) & drafts.c.state.in_(LEAVING) & (drafts.c.cleared < incident.id)
        held &= ~drilled(drafts.c.incident)
        if draft:
            held &= drafts.c.id == min(draft, BIGGEST)
        if not incident.real:
            return []
        thawed = await connection.execute(update(drafts).where(held).values(cleared=incident.id).returning(drafts.c.id))
        return sorted(int(number) for number in thawed.scalars())

    async def _line(self, connection: AsyncConnection, incident: Incident, change: Change, who: str) -> None:
        version = incident.version + 1
        if change.verb in ("replace", "withdraw"):
            stands = (truth.c.id == change.line) & (truth.c.incident == incident.id) & truth.c.until.is_(None)
            row = (await connection.execute(select(truth).where(stands))).mappings().first()
            if row is None:
                raise Refused("crisis.said.no_line")
            await connection.execute(update(truth).where(truth.c.id == row["id"]).values(until=version))
            if change.verb == "withdraw":
                return
            sort = change.sort or row["sort"]
        else:
            sort = change.sort
        await connection.execute(
            insert(truth).values(
                incident=incident.id,
                sort=sort,
                words=change.words.strip(),
                version=version,
                replaces=change.line if change.verb == "replace" else 0,
                by=who,
                at=self._clock(),
            )
        )

    async def _incident(self, connection: AsyncConnection, number: int) -> Incident:
        known = number if 0 < number <= BIGGEST else 0
        row = (await connection.execute(select(incidents).where(incidents.c.id == known))).mappings().first()
        if row is None:
            raise Refused("crisis.said.unknown", incident=number)
        return _incident(row)

    async def _note(
        self,
        connection: AsyncConnection,
        incident: Incident,
        who: str,
        what: str,
        details: dict[str, Any],
        *,
        draft: int = 0,
        once: str | None = None,
    ) -> None:
        await connection.execute(
            insert(entries).values(
                incident=incident.id,
                at=self._clock(),
                who=who.replace("\0", "")[:120],
                what=what,
                version=incident.version,
                draft=draft,
                details=details,
                once=once,
            )
        )


def _of(incident: Incident) -> list[ColumnElement[bool]]:
    """Comments of its inbox."""
    return [comments.c.brand == incident.box]


def _asked(
    incident: Incident, change: Change, who: str, moment: datetime
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The journal's word, its details, and the new values of the incident's row; no word where nothing changes."""
    came: tuple[str, dict[str, Any], dict[str, Any]] = ("", {}, {})
    verb, roles = change.verb, dict(incident.roles)
    if verb in ("take", "give") and change.role:
        holder = who if verb == "take" else change.to
        told = {"role": change.role, "to": holder, "from": roles.get(change.role, "")}
        what = "role.taken" if verb == "take" else "role.given"
        came = (what, told, {"roles": {**roles, change.role: holder}}) if told["from"] != holder else came
    elif verb == "shift":
        handed = [role for role, name in roles.items() if name == who]
        told = {"to": change.to, "roles": ", ".join(handed)}
        came = ("shift.handed", told, {"roles": {**roles, **dict.fromkeys(handed, change.to)}})
    elif verb == "level" and change.level != incident.level:
        came = ("level.set", {"from": incident.level, "to": change.level}, {"level": change.level})
    elif verb == "promise" and change.due:
        came = ("update.promised", {"due": change.due.isoformat()}, {"next_update": change.due})
    elif verb == "close" and incident.state == "open":
        came = ("closing.asked", {}, {"state": "closing", "closing_by": who})
    elif verb == "reopen" and incident.state == "closing":
        came = ("closing.refused", {}, {"state": "open", "closing_by": ""})
    elif verb == "agree":
        came = ("incident.closed", {}, {"state": "closed", "closed_by": who, "closed_at": moment})
    elif verb in _NAMES:
        came = (_NAMES[verb], {"sort": change.sort, "words": change.words, "line": change.line}, {})
    return came


_NAMES = {
    "add": "truth.added",
    "replace": "truth.replaced",
    "withdraw": "truth.withdrawn",
    "thaw": "draft.thawed",
    "thaw_all": "drafts.thawed",
}


def _incident(row: RowMapping) -> Incident:
    told = {key: row[key] for key in Incident.model_fields if key in row}
    times = {key: utc(row[key]) for key in ("opened_at", "closed_at", "next_update") if row[key] is not None}
    return Incident.model_validate({**told, **times, "event": row["event"] or ""})


__all__ = ["SqlIncidents", "drilled", "gate", "holding", "incidents", "m_incidents", "open_incident"]
