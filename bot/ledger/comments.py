"""The inbox's comments, on the ledger's database: each once, with its state, its history, and what people corrected.

It reads no comment and weighs none (`bot/inbox.py`, `bot/triage/`). An import's place in its file moves in the transaction that
stores its comments, so that a kill loses nothing and stores nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.comment import OPEN, Act, Acted, Comment, Correction, Counts, Deed, NewComment, Received, State, Verb
from bot.domain.model import Said, now
from bot.domain.triage import Triage
from bot.errors import Refused
from bot.inbox import Corrected, Import, Read
from bot.ledger.engine import BIGGEST, reading, utc, writing
from bot.triage import sameness

metadata = MetaData()
comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("brand", String(80), nullable=False),
    Column("once", String(40), nullable=False),
    Column("words", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("network", String(40), nullable=False),
    Column("ref", String(200), nullable=False),
    Column("author", String(200), nullable=False),
    Column("url", String(2000), nullable=False),
    Column("post", String(300), nullable=False),
    Column("rating", Integer),
    Column("reach", Integer, nullable=False),
    Column("at", DateTime(timezone=True)),
    Column("source", String(120), nullable=False),
    Column("state", String(20), nullable=False),
    Column("assignee", String(120), nullable=False),
    Column("by", String(120), nullable=False),
    Column("seen", Integer, nullable=False),
    Column("draft", Integer),
    Column("priority", Integer, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("sentiment", String(20), nullable=False),
    Column("triage", JSON, nullable=False),
    Column("told", Integer, nullable=False, server_default="0"),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("brand", "once", name="one_comment_per_name"),
    Index("comments_by_words", "brand", "words"),
    Index("comments_by_priority", "brand", "state", "priority"),
    Index("comments_by_draft", "draft"),
    Index("comments_by_arrival", "brand", "received_at"),
    sqlite_autoincrement=True,
)
deeds = Table(
    "comment_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("comment", Integer, nullable=False, index=True),
    Column("what", String(60), nullable=False),
    Column("who", String(120), nullable=False),
    Column("details", JSON, nullable=False),
)
answers = Table(
    "comment_drafts",
    metadata,
    Column("draft", Integer, primary_key=True),
    Column("comment", Integer, nullable=False, index=True),
    Column("batch", String(120), nullable=False, index=True),
)
corrections = Table(
    "corrections",
    metadata,
    Column("comment", Integer, primary_key=True),
    Column("what", String(20), primary_key=True),
    Column("brand", String(80), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("was", JSON, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
imports = Table(
    "imports",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("brand", String(80), nullable=False),
    Column("file", String(200), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("stored", Integer, nullable=False),
    Column("duplicates", Integer, nullable=False),
    Column("refused", JSON, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
_KEPT = ("brand", "text", "network", "ref", "author", "url", "post", "rating", "reach", "at", "source")
_MOVES: dict[Verb, tuple[State, str]] = {
    "ignore": ("ignored", "comment.ignored"),
    "hide": ("hidden", "comment.hidden"),
    "escalate": ("escalated", "comment.escalated"),
    "reopen": ("new", "comment.reopened"),
    "answered": ("answered", "comment.answered"),
}
HELD = timedelta(hours=4)
"""For so long a colleague who took a comment, or drafts for it, is asked before somebody else does."""


def m_comments(connection: Connection) -> None:
    """What the public wrote."""
    metadata.create_all(connection)


class SqlComments:
    """Implements `bot.inbox.Comments`."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock
        self._insert = postgres_insert if engine.dialect.name == "postgresql" else sqlite_insert

    async def known(self, batch: Sequence[NewComment]) -> list[int | None]:
        async with reading(self._engine) as connection:
            return await self._known(connection, batch)

    async def add(self, batch: Sequence[Read], progress: Import | None = None) -> Received:
        async with writing(self._engine) as connection:
            there = await self._known(connection, [read.comment for read in batch])
            again = [number for number in there if number is not None]
            fresh = [read for read, number in zip(batch, there, strict=True) if number is None]
            stored = await self._store(connection, fresh)
            duplicates = len(batch) - len(stored)
            if again:
                seen = update(comments).where(comments.c.id == bindparam("number")).values(seen=comments.c.seen + 1)
                await connection.execute(seen, [{"number": number} for number in again])
            if progress is not None:
                progress = progress.model_copy(
                    update={
                        "stored": progress.stored + len(stored),
                        "duplicates": progress.duplicates + duplicates,
                    }
                )
                await self._keep(connection, progress)
        return Received(stored=tuple(stored), duplicates=duplicates)

    async def _known(self, connection: AsyncConnection, batch: Sequence[NewComment]) -> list[int | None]:
        """The comments that these are, by name; by words where one of the two has no name of the network's."""
        if not batch:
            return []
        names = [sameness.once(comment) for comment in batch]
        words = [sameness.words(comment) for comment in batch]
        columns = (comments.c.id, comments.c.brand, comments.c.once, comments.c.words, comments.c.ref)
        brands = {comment.brand for comment in batch}
        by_name: dict[tuple[str, str], int] = {}
        by_words: dict[tuple[str, str], list[tuple[int, bool]]] = {}
        query = select(*columns).where(comments.c.brand.in_(brands))
        for row in await connection.execute(query.where(comments.c.once.in_(set(names)))):
            by_name[row.brand, row.once] = row.id
        for row in await connection.execute(query.where(comments.c.words.in_(set(words)))):
            by_words.setdefault((row.brand, row.words), []).append((row.id, bool(row.ref)))
        found: list[int | None] = []
        for comment, name, said in zip(batch, names, words, strict=True):
            alike = by_words.get((comment.brand, said), ())
            same = next((number for number, has_ref in alike if not (comment.ref and has_ref)), None)
            found.append(by_name.get((comment.brand, name), same))
        return found

    async def _store(self, connection: AsyncConnection, batch: Sequence[Read]) -> list[int]:
        at = self._clock()
        rows, names = [], set()
        for read in batch:
            one, name = read.comment, sameness.once(read.comment)
            said = sameness.words(one)
            if (one.brand, name) in names or (one.brand, said) in names:
                continue
            names |= {(one.brand, name)} | (set() if one.ref else {(one.brand, said)})
            rows.append(
                {
                    **one.model_dump(include=set(_KEPT)),
                    "at": one.at.astimezone(UTC) if one.at else None,  # SQLite keeps no zone
                    "once": name,
                    "words": said,
                    "state": "new",
                    "assignee": "",
                    "by": "",
                    "seen": 1,
                    "priority": read.priority,
                    "reasons": [reason.model_dump() for reason in read.reasons],
                    "kind": read.triage.kind,
                    "severity": read.triage.severity,
                    "sentiment": read.triage.sentiment,
                    "triage": read.triage.model_dump(mode="json"),
                    "received_at": at,
                    "changed_at": at,
                }
            )
        if not rows:
            return []
        made = await connection.execute(
            self._insert(comments).values(rows).on_conflict_do_nothing().returning(comments.c.id)
        )
        return sorted(made.scalars().all())

    async def comment(self, number: int) -> Comment:
        async with reading(self._engine) as connection:
            return await self._comment(connection, number)

    async def _comment(self, connection: AsyncConnection, number: int, *, lock: bool = False) -> Comment:
        query = select(comments).where(comments.c.id == (number if 0 < number <= BIGGEST else 0))
        row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
        if row is None:
            raise Refused("inbox.unknown", comment=number)
        return as_comment(row)

    async def listed(
        self,
        brand: str,
        *,
        states: Sequence[State] = OPEN,
        kinds: Sequence[str] = (),
        most: int = 50,
        since: datetime | None = None,
    ) -> list[Comment]:
        query = select(comments).where(comments.c.brand == brand, comments.c.state.in_(list(states)))
        if kinds:
            query = query.where(comments.c.kind.in_(list(kinds)))
        if since is not None:
            query = query.where(comments.c.received_at >= since)
        async with reading(self._engine) as connection:
            rows = await connection.execute(
                query.order_by(comments.c.priority.desc(), comments.c.received_at, comments.c.id).limit(most)
            )
            return [as_comment(row) for row in rows.mappings()]

    async def counts(self, brand: str, since: datetime) -> Counts:
        by_state = select(comments.c.state, func.count()).where(comments.c.brand == brand).group_by(comments.c.state)
        lately = (
            select(comments.c.sentiment, func.count())
            .where(comments.c.brand == brand, comments.c.received_at >= since)
            .group_by(comments.c.sentiment)
        )
        async with reading(self._engine) as connection:
            states = {row[0]: row[1] for row in await connection.execute(by_state)}
            today = {row[0]: row[1] for row in await connection.execute(lately)}
        return Counts(states=states, today=sum(today.values()), negative=today.get("negative", 0))

    async def act(self, act: Act) -> Acted:
        async with writing(self._engine) as connection:
            comment = await self._comment(connection, act.comment, lock=True)
            if not act.force and (held := self._held(comment, act.by)):
                return Acted(comment=comment, said=held, applied=False)
            values: dict[str, Any]
            if act.verb == "take":
                values, what = {"assignee": act.by}, "comment.taken"
            elif act.verb == "drop":
                values, what = {"assignee": ""}, "comment.dropped"
            else:
                state, what = _MOVES[act.verb]
                if comment.state == state:
                    said = Said(key=f"inbox.already_{state}", details={"comment": comment.id, "who": comment.by})
                    return Acted(comment=comment, said=said, applied=False)
                values = {"state": state}
            await self._move(connection, comment.id, {**values, "by": act.by})
            await self._note(connection, comment.id, what, act.by, {"front": act.front})
            moved = await self._comment(connection, comment.id)
        return Acted(
            comment=moved,
            said=Said(key=f"inbox.{act.verb}", details={"comment": moved.id, "who": act.by}),
            applied=True,
        )

    def _held(self, comment: Comment, by: str) -> Said | None:
        """The colleague who is at it, to be told to whoever comes second."""
        if not comment.assignee or comment.assignee == by or self._clock() - comment.changed_at > HELD:
            return None
        return Said(key="inbox.held", details={"comment": comment.id, "who": comment.assignee})

    async def claim(self, number: int, by: str, *, force: bool = False) -> Acted:
        """Somebody is about to answer: the comment is theirs, unless a colleague is at it."""
        return await self.act(Act(comment=number, verb="take", by=by, force=force))

    async def answered_by(self, drafts: Sequence[tuple[int, int]], batch: str = "") -> None:
        """Notes which drafts answer which comments: pairs of draft and comment. A comment that waits is then drafted."""
        if not drafts:
            return
        async with writing(self._engine) as connection:
            rows = [{"draft": draft, "comment": comment, "batch": batch} for draft, comment in drafts]
            made = await connection.execute(
                self._insert(answers)
                .values(rows)
                .on_conflict_do_nothing()
                .returning(answers.c.draft, answers.c.comment)
            )
            for draft, comment in made.all():
                await connection.execute(
                    update(comments).where(comments.c.id == comment).values(draft=draft, changed_at=self._clock())
                )
                waits = update(comments).where(comments.c.id == comment, comments.c.state.in_(["new", "escalated"]))
                await connection.execute(waits.values(state="drafted"))
                await self._note(connection, comment, "comment.drafted", "", {"draft": draft})

    async def batch(self, name: str) -> list[int]:
        """The drafts of a batch, in their order."""
        query = select(answers.c.draft).where(answers.c.batch == name).order_by(answers.c.draft)
        async with reading(self._engine) as connection:
            return list((await connection.execute(query)).scalars()) if name else []

    async def settled(self, draft: int, state: str, by: str) -> int | None:
        """A draft was decided: its comment is answered, ignored, or waits again. The comment's number, when it moved."""
        goes: State = {"released": "answered", "ignored": "ignored"}.get(state, "new")  # type: ignore[assignment]
        async with writing(self._engine) as connection:
            number = await connection.scalar(select(answers.c.comment).where(answers.c.draft == draft))
            if number is None:
                return None
            from_: tuple[State, ...] = ("new", "drafted", "escalated") if goes != "new" else ("drafted",)
            moved = await connection.execute(
                update(comments)
                .where(and_(comments.c.id == number, comments.c.state.in_(from_)))
                .values(state=goes, by=by, changed_at=self._clock())
            )
            if not moved.rowcount:
                return None
            await self._note(
                connection, number, f"comment.{'reopened' if goes == 'new' else goes}", by, {"draft": draft}
            )
        return int(number)

    async def undecided(self) -> list[int]:
        """Drafts that answer comments which still read as drafted: what a crash may have left behind."""
        query = select(answers.c.draft).join(comments, comments.c.id == answers.c.comment)
        async with reading(self._engine) as connection:
            return list((await connection.execute(query.where(comments.c.state == "drafted"))).scalars())

    async def history(self, number: int) -> list[Deed]:
        async with reading(self._engine) as connection:
            rows = await connection.execute(select(deeds).where(deeds.c.comment == number).order_by(deeds.c.id))
            return [
                Deed(at=utc(row["at"]), **{name: row[name] for name in ("comment", "what", "who", "details")})
                for row in rows.mappings()
            ]

    async def urgent(self, brand: str, least: int) -> list[Comment]:
        """Comments of that priority that nobody was told of yet; once told of, they are not told again."""
        at_least = (comments.c.brand == brand, comments.c.told == 0, comments.c.priority >= least)
        async with reading(self._engine) as connection:
            rows = await connection.execute(
                select(comments).where(*at_least, comments.c.state == "new").order_by(comments.c.id).limit(200)
            )
            return [as_comment(row) for row in rows.mappings()]

    async def told(self, numbers: Sequence[int]) -> None:
        async with writing(self._engine) as connection:
            await connection.execute(update(comments).where(comments.c.id.in_(list(numbers))).values(told=1))

    async def correct(self, number: int, what: Correction, by: str, read: Read) -> Comment:
        async with writing(self._engine) as connection:
            comment = await self._comment(connection, number, lock=True)
            row = {
                "comment": number,
                "what": what,
                "brand": comment.brand,
                "text": comment.text,
                "was": comment.triage.model_dump(mode="json", exclude={"reasons"}),
                "by": by,
                "at": self._clock(),
            }
            await connection.execute(self._insert(corrections).values(row).on_conflict_do_nothing())
            values = {
                "triage": read.triage.model_dump(mode="json"),
                "kind": read.triage.kind,
                "severity": read.triage.severity,
                "sentiment": read.triage.sentiment,
                "priority": read.priority,
                "reasons": [reason.model_dump() for reason in read.reasons],
            }
            await connection.execute(update(comments).where(comments.c.id == number).values(**values))
            await self._note(connection, number, "comment.corrected", by, {"what": what})
            return await self._comment(connection, number)

    async def corrections(self, brand: str, most: int = 1000) -> list[Corrected]:
        query = select(corrections).where(corrections.c.brand == brand).order_by(corrections.c.at.desc()).limit(most)
        async with reading(self._engine) as connection:
            return [
                Corrected(
                    text=row["text"],
                    what=row["what"],
                    was=Triage.model_validate(row["was"]),
                    by=row["by"],
                    at=utc(row["at"]),
                )
                for row in (await connection.execute(query)).mappings()
            ]

    async def import_(self, name: str, brand: str, file: str) -> Import:
        """Where the import of that name stands; at its beginning when it is new."""
        async with writing(self._engine) as connection:
            fresh = Import(id=name, brand=brand, file=file)
            values = {**fresh.model_dump(), "at": self._clock()}
            await connection.execute(self._insert(imports).values(values).on_conflict_do_nothing())
            row = (await connection.execute(select(imports).where(imports.c.id == name))).mappings().one()
            return Import(**{key: value for key, value in row.items() if key != "at"})

    async def _keep(self, connection: AsyncConnection, progress: Import) -> None:
        values = progress.model_dump(exclude={"id"})
        await connection.execute(update(imports).where(imports.c.id == progress.id).values(**values, at=self._clock()))

    async def _move(self, connection: AsyncConnection, number: int, values: dict[str, Any]) -> None:
        await connection.execute(
            update(comments).where(comments.c.id == number).values(**values, changed_at=self._clock())
        )

    async def _note(
        self, connection: AsyncConnection, number: int, what: str, who: str, details: dict[str, Any]
    ) -> None:
        await connection.execute(
            insert(deeds).values(at=self._clock(), comment=number, what=what, who=who, details=details)
        )


def as_comment(row: RowMapping) -> Comment:
    same = {name: row[name] for name in (*_KEPT, "id", "state", "assignee", "by", "seen", "draft", "priority")}
    return Comment.model_validate(
        {
            **same,
            "at": utc(row["at"]) if row["at"] else None,
            "reasons": row["reasons"],
            "triage": row["triage"],
            "received_at": utc(row["received_at"]),
            "changed_at": utc(row["changed_at"]),
        }
    )
