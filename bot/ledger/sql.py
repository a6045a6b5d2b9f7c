"""The ledger on SQLAlchemy Core: the same code on SQLite and PostgreSQL.

Every decision is one transaction that ends in a compare-and-set on the draft's row, with its line of the audit trail. The
ledger knows no rule: who may approve is judged by the function it is handed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.approval import Verdict
from bot.domain.chat import Turn
from bot.domain.decision import Decision, Event, Outcome, Ruling
from bot.domain.draft import Body, Draft, NewDraft, Released, text_hash
from bot.domain.model import Said, now
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.errors import Refused
from bot.ledger import tables
from bot.ledger.engine import BIGGEST, reading, utc, writing
from bot.ledger.incidents import drilled, gate, holding, open_incident
from bot.ledger.tables import approvals, drafts, edits, events, outcomes, requests, revisions
from bot.voice.diff import pieces
from bot.voice.habits import habits

TEXTS_REMEMBERED = 500
OPENINGS_REMEMBERED = 20
"""Drafts back in which an opening may not be said again: about one screen of a comment thread."""
REPLIES_IN_SIGHT = 10
"""Of one network: what a reader of the page sees above a new reply."""
_HELD = holding(drafts.c.brand, drafts.c.cleared).label("held")
_DRILL = drilled(drafts.c.incident).label("drill")
LONGEST_NAME = 120
"""Of the column: a refused stranger may call themselves anything."""


class SqlLedger:
    """Implements `bot.seams.Ledger`."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    async def open(self) -> None:
        async with writing(self._engine) as connection:
            await connection.run_sync(tables.migrate)

    async def close(self) -> None:
        await self._engine.dispose()

    async def accept(self, request: Request) -> bool:
        try:
            async with writing(self._engine) as connection:
                await connection.execute(
                    insert(requests).values(
                        id=request.id,
                        brand=request.brand,
                        payload=request.model_dump(mode="json"),
                        received_at=request.received_at,
                        front=request.front,
                        place=request.place,
                    )
                )
        except IntegrityError:
            return False
        return True

    async def request(self, number: str) -> Request | None:
        async with reading(self._engine) as connection:
            row = (await connection.execute(select(requests.c.payload).where(requests.c.id == number))).first()
        return Request.model_validate(row[0]) if row else None

    async def answer(self, request: str, reply: str) -> None:
        async with writing(self._engine) as connection:
            await connection.execute(update(requests).where(requests.c.id == request).values(reply=reply))

    async def turns(self, request: Request, most: int) -> list[Turn]:
        here = (requests.c.front == request.front) & (requests.c.place == request.place) & (requests.c.id != request.id)
        asked = select(requests.c.id, requests.c.payload, requests.c.reply).where(here)
        if not request.place:
            return []
        async with reading(self._engine) as connection:
            rows = (await connection.execute(asked.order_by(requests.c.received_at.desc()).limit(most))).all()
            made = await connection.execute(
                select(drafts.c.request, drafts.c.id, drafts.c.skill, drafts.c.network, drafts.c.state)
                .where(drafts.c.request.in_([row.id for row in rows]))
                .order_by(drafts.c.id)
            )
            came: dict[str, list[str]] = {}
            for one in made:
                came.setdefault(one.request, []).append(f"draft {one.id} ({one.skill}, {one.network}, {one.state})")
        turns = []
        for row in reversed(rows):
            words = Reply.model_validate_json(row.reply).words if row.reply else ""
            told = "; ".join([*came.get(row.id, ()), *([words] if words else [])])
            turns.append(
                Turn(said=Request.model_validate(row.payload).text, came=told or "an answer or a question of ours")
            )
        return turns

    async def submit(self, drafts_: Sequence[NewDraft], request: Request) -> list[Draft]:
        await self.accept(request)
        submitted = []
        for new in drafts_:
            number = await self._submitted(new, request)
            submitted.append(await self.draft(number))
        return submitted

    async def _submitted(self, new: NewDraft, request: Request) -> int:
        same = (drafts.c.request == new.request) & (drafts.c.network == new.network)
        try:
            async with writing(self._engine) as connection:
                there = await connection.scalar(select(drafts.c.id).where(same))
                if there is not None:
                    return int(there)
                await gate(connection, new.brand)
                return await self._insert(connection, new, request)
        except IntegrityError:  # PostgreSQL: another worker was first
            async with reading(self._engine) as connection:
                return int((await connection.execute(select(drafts.c.id).where(same))).scalar_one())

    async def _insert(self, connection: AsyncConnection, new: NewDraft, request: Request) -> int:
        incident = await open_incident(connection, new.brand)
        made = await connection.execute(
            insert(drafts)
            .values(
                request=new.request,
                brand=new.brand,
                skill=new.skill,
                network=new.network,
                kind=new.kind,
                prompt=new.prompt,
                prompt_hash=_prompt_hash(new.prompt),
                front=request.front,
                place=request.place,
                state="pending",
                revision=1,
                created_at=self._clock(),
                cleared=incident,
                incident=request.incident or incident,
            )
            .returning(drafts.c.id)
        )
        number = int(made.scalar_one())
        await self._revision(connection, number, 1, new.body)
        await self._note(connection, number, 1, "draft.submitted", new.body.author, {"writer": new.body.writer})
        return number

    async def draft(self, number: int) -> Draft:
        async with reading(self._engine) as connection:
            return await self._draft(connection, number)

    async def pending(self, brand: str | None = None) -> list[Draft]:
        waits = (drafts.c.state == "pending") & ~drilled(drafts.c.incident)
        query = select(drafts.c.id).where(waits).order_by(drafts.c.id)
        if brand is not None:
            query = query.where(drafts.c.brand == brand)
        async with reading(self._engine) as connection:
            numbers = (await connection.execute(query)).scalars().all()
            return [await self._draft(connection, number) for number in numbers]

    async def decide(self, decision: Decision, judge: Callable[[Draft, Decision], Verdict]) -> Ruling:
        try:
            async with writing(self._engine) as connection:
                await self._gate(connection, decision.draft)
                draft = await self._draft(connection, decision.draft, lock=True)
                if await self._heard(connection, decision):
                    return Ruling(draft=draft, said=Said(key="decide.heard"), applied=True)
                if stale := _stale(draft, decision):
                    return Ruling(draft=draft, said=stale, applied=False)
                if decision.verb == "approve" and draft.held:
                    raise Refused("crisis.said.held", draft=draft.id, incident=draft.held)
                if decision.verb == "approve" and _named(decision.by, draft.body.approvals.by):
                    said = Said(key="decide.twice", details={"who": decision.by})
                    return Ruling(draft=draft, said=said, applied=False)
                verdict = judge(draft, decision)
                await self._apply(connection, draft, decision, verdict)
                return Ruling(draft=await self._draft(connection, draft.id), said=verdict.said, applied=True)
        except Refused as refusal:
            await self._refused(decision, refusal)
            raise

    async def _apply(self, connection: AsyncConnection, draft: Draft, decision: Decision, verdict: Verdict) -> None:
        if decision.verb == "approve":
            await connection.execute(
                insert(approvals).values(
                    draft=draft.id,
                    revision=draft.revision,
                    person=verdict.by[-1],
                    hash=draft.hash,
                    overrides=draft.body.blocked,
                    at=self._clock(),
                )
            )
        if verdict.state != "pending":
            moved = await connection.execute(
                update(drafts)
                .where(drafts.c.id == draft.id, drafts.c.state == "pending", drafts.c.revision == draft.revision)
                .values(state=verdict.state)
            )
            if moved.rowcount != 1:
                raise RuntimeError(f"draft {draft.id} moved under its own lock")
        what = {"approve": "draft.approved", "reject": "draft.rejected", "ignore": "draft.ignored"}[decision.verb]
        if decision.verb == "approve" and verdict.state == "pending":
            what = "draft.approval_given"
        details: dict[str, Any] = {"front": decision.front, "hash": draft.hash}
        if decision.text:
            details["reason"] = decision.text
        if decision.override and draft.body.blocked:
            details["override"] = decision.override
        who = verdict.by[-1] if decision.verb == "approve" else decision.by
        await self._note(connection, draft.id, draft.revision, what, who, details, once=_once(decision))

    async def _heard(self, connection: AsyncConnection, decision: Decision) -> bool:
        """Whether this very press was applied already."""
        once = _once(decision)
        return once is not None and bool(
            (await connection.execute(select(events.c.id).where(events.c.once == once))).first()
        )

    async def _refused(self, decision: Decision, refusal: Refused) -> None:
        if refusal.key == "draft.unknown":
            return
        async with writing(self._engine) as connection:
            draft = await self._draft(connection, decision.draft)
            details = {"verb": decision.verb, "why": refusal.key, "front": decision.front}
            await self._note(connection, draft.id, draft.revision, "decision.refused", decision.by, details)

    async def revise(self, draft: int, revision: int, body: Body, decision: Decision) -> Ruling:
        async with writing(self._engine) as connection:
            current = await self._draft(connection, draft, lock=True)
            if await self._heard(connection, decision):
                return Ruling(draft=current, said=Said(key="decide.heard"), applied=True)
            expected = decision.model_copy(update={"revision": revision})
            if stale := _stale(current, expected):
                return Ruling(draft=current, said=stale, applied=False)
            await connection.execute(
                update(drafts)
                .where(drafts.c.id == draft, drafts.c.state == "pending", drafts.c.revision == revision)
                .values(revision=revision + 1)
            )
            await self._revision(connection, draft, revision + 1, body)
            what = "draft.edited" if decision.verb == "edit" else "draft.changed"
            details = {"front": decision.front, **({"wish": decision.text} if decision.verb == "ask" else {})}
            await self._note(connection, draft, revision + 1, what, decision.by, details, once=_once(decision))
            if decision.verb == "edit" and not current.drill:
                await self._edited(connection, current, body, decision.by)
            said = Said(key="decide.revised", details={"draft": draft, "revision": revision + 1})
            return Ruling(draft=await self._draft(connection, draft), said=said, applied=True)

    async def _edited(self, connection: AsyncConnection, shown: Draft, body: Body, who: str) -> None:
        """Keeps what a person changed, beside the revision that they made."""
        changes = pieces(shown.body.text, body.text)
        comment = shown.prompt if shown.skill == "reply" else ""
        found = habits(shown.body.text, body.text, changes, body.language, comment)
        await connection.execute(
            insert(edits).values(
                draft=shown.id,
                revision=shown.revision + 1,
                brand=shown.brand,
                network=shown.network,
                language=body.language,
                by=who.replace("\0", "")[:LONGEST_NAME],
                at=self._clock(),
                pieces=[piece.model_dump(exclude_defaults=True) for piece in changes],
                habits=[habit.model_dump(exclude_defaults=True) for habit in found],
            )
        )

    async def expire(self, draft: int, revision: int) -> bool:
        async with writing(self._engine) as connection:
            moved = await connection.execute(
                update(drafts)
                .where(
                    drafts.c.id == _number(draft), drafts.c.state == "pending", drafts.c.revision == _number(revision)
                )
                .values(state="expired")
            )
            if moved.rowcount:
                await self._note(connection, draft, revision, "draft.expired", "")
            return bool(moved.rowcount)

    async def nudge(self, draft: int, revision: int, what: str, who: str = "") -> bool:
        try:
            async with writing(self._engine) as connection:
                current = await self._draft(connection, draft, lock=True)
                if current.state != "pending" or current.revision != revision or current.drill:
                    return False
                once = f"{what}:{draft}:{revision}"
                await self._note(connection, draft, revision, what, who, once=once)
        except IntegrityError:
            return False
        return True

    async def rung(self) -> list[tuple[int, str]]:
        current = (drafts.c.id == events.c.draft) & (drafts.c.revision == events.c.revision)
        query = (
            select(events.c.draft, events.c.what)
            .join(drafts, current)
            .where(drafts.c.state == "pending", events.c.what.in_(("draft.reminded", "draft.escalated")))
            .order_by(events.c.id)
        )
        async with reading(self._engine) as connection:
            return [(row.draft, row.what) for row in await connection.execute(query)]

    async def _gate(self, connection: AsyncConnection, draft: int) -> None:
        brand = await connection.scalar(select(drafts.c.brand).where(drafts.c.id == _number(draft)))
        if brand is not None:
            await gate(connection, brand)

    async def release(self, draft: int, revision: int) -> Outcome:
        async with writing(self._engine) as connection:
            await self._gate(connection, draft)
            approved = (drafts.c.state == "approved") & (drafts.c.revision == _number(revision))
            mine = select(drafts, _HELD, _DRILL).where(drafts.c.id == _number(draft), approved)
            row = (await connection.execute(mine)).mappings().first()
            if row is not None and row["drill"]:
                raise Refused("crisis.said.drill", draft=draft)
            if row is not None and row["held"]:
                raise Refused("crisis.said.held", draft=draft, incident=row["held"])
            moved = await connection.execute(
                update(drafts).where(drafts.c.id == _number(draft), approved).values(state="released")
            )
            if moved.rowcount:
                current = await self._draft(connection, draft)
                await self._signed(connection, current)
                await connection.execute(
                    insert(outcomes).values(
                        draft=draft,
                        revision=revision,
                        text=current.body.text,
                        hash=current.hash,
                        approved_by=list(current.body.approvals.by),
                        released_at=self._clock(),
                    )
                )
                await self._note(connection, draft, revision, "draft.released", "", {"hash": current.hash})
            query = select(outcomes).where(outcomes.c.draft == _number(draft), outcomes.c.revision == _number(revision))
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise Refused("decide.not_approved", draft=draft)
        return Outcome(**{**row, "approved_by": tuple(row["approved_by"]), "released_at": utc(row["released_at"])})

    async def _signed(self, connection: AsyncConnection, draft: Draft) -> None:
        """Raises Refused unless every approval was given to these exact characters."""
        query = select(approvals.c.hash).where(approvals.c.draft == draft.id, approvals.c.revision == draft.revision)
        if {*(await connection.execute(query)).scalars()} != {text_hash(draft.body.text)}:
            raise Refused("decide.not_approved", draft=draft.id)

    async def unreleased(self) -> list[tuple[int, int, int]]:
        async with reading(self._engine) as connection:
            rows = await connection.execute(
                select(drafts.c.id, drafts.c.revision, drafts.c.cleared, _HELD)
                .where(drafts.c.state == "approved", ~drilled(drafts.c.incident))
                .order_by(drafts.c.id)
            )
            return [(row.id, row.revision, row.cleared) for row in rows if not row.held]

    async def events(self, draft: int | None = None, limit: int = 1000) -> list[Event]:
        query: Select[Any] = select(events).order_by(events.c.id.desc()).limit(limit)
        if draft is not None:
            query = query.where(events.c.draft == _number(draft))
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        shown = ("draft", "revision", "what", "who", "details")
        return [Event(at=utc(row["at"]), **{name: row[name] for name in shown}) for row in reversed(rows)]

    async def taken(self, brand: str, prompt: str, skill: str = "reply") -> frozenset[str]:
        query = (
            select(revisions.c.body)
            .join(drafts, drafts.c.id == revisions.c.draft)
            .where(drafts.c.brand == brand, drafts.c.skill == skill, drafts.c.prompt_hash != _prompt_hash(prompt))
            .order_by(drafts.c.id.desc())
            .limit(TEXTS_REMEMBERED)
        )
        async with reading(self._engine) as connection:
            texts = [body["text"] for body in (await connection.execute(query)).scalars()]
        return frozenset(texts) | {text.split(". ")[0] for text in texts[:OPENINGS_REMEMBERED]}

    async def said(self, brand: str, network: str, prompt: str) -> tuple[str, ...]:
        query = (
            select(outcomes.c.text)
            .join(drafts, drafts.c.id == outcomes.c.draft)
            .where(
                drafts.c.brand == brand,
                drafts.c.network == network,
                drafts.c.skill == "reply",
                drafts.c.prompt_hash != _prompt_hash(prompt),
            )
            .order_by(outcomes.c.released_at.desc(), outcomes.c.draft.desc())
            .limit(REPLIES_IN_SIGHT)
        )
        async with reading(self._engine) as connection:
            return tuple((await connection.execute(query)).scalars())

    async def released(self, brand: str, since: datetime, most: int) -> tuple[Released, ...]:
        query = (
            select(outcomes.c.draft, outcomes.c.text, outcomes.c.released_at, drafts.c.prompt, revisions.c.body)
            .join(drafts, drafts.c.id == outcomes.c.draft)
            .join(revisions, (revisions.c.draft == outcomes.c.draft) & (revisions.c.revision == outcomes.c.revision))
            .where(drafts.c.brand == brand, outcomes.c.released_at >= since)
            .order_by(outcomes.c.released_at.desc(), outcomes.c.draft.desc())
            .limit(most)
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return tuple(
            Released(
                draft=row.draft,
                at=utc(row.released_at),
                text=row.text,
                language=row.body["language"],
                prompt=row.prompt,
            )
            for row in rows
        )

    async def recent(self, brand: str, since: datetime) -> list[Draft]:
        query = select(drafts.c.id).where(drafts.c.brand == brand, ~drilled(drafts.c.incident)).order_by(drafts.c.id)
        touched = select(events.c.draft).where(events.c.at >= since)
        async with reading(self._engine) as connection:
            numbers = (await connection.execute(query.where(drafts.c.id.in_(touched)))).scalars().all()
            return [await self._draft(connection, number) for number in numbers]

    async def _draft(self, connection: AsyncConnection, number: int, *, lock: bool = False) -> Draft:
        query = select(drafts, _HELD, _DRILL).where(drafts.c.id == _number(number))
        row = (await connection.execute(query.with_for_update(of=drafts) if lock else query)).mappings().first()
        if row is None:
            raise Refused("draft.unknown", draft=number)
        told = await connection.execute(
            select(revisions).where(revisions.c.draft == number).order_by(revisions.c.revision)
        )
        all_revisions = told.mappings().all()
        current: RowMapping = all_revisions[row["revision"] - 1]
        given = await connection.execute(
            select(approvals.c.person)
            .where(approvals.c.draft == number, approvals.c.revision == row["revision"])
            .order_by(approvals.c.at)
        )
        by = tuple(given.scalars())
        body = Body.model_validate(current["body"])
        rule = body.approvals.model_copy(update={"by": by, "given": len(by)})
        kept = ("id", "request", "brand", "skill", "network", "kind", "prompt", "state", "revision", "front", "place")
        waits = row["state"] in ("pending", "approved")
        return Draft(
            **{name: row[name] for name in kept},
            body=body.model_copy(update={"approvals": rule}),
            hash=current["hash"],
            created_at=utc(row["created_at"]),
            held=row["held"] if waits and not row["drill"] else 0,
            cleared=row["cleared"],
            incident=row["incident"],
            drill=bool(row["drill"]),
            authors=tuple(dict.fromkeys(each["author"] for each in all_revisions if each["author"])),
        )

    async def _revision(self, connection: AsyncConnection, draft: int, revision: int, body: Body) -> None:
        await connection.execute(
            insert(revisions).values(
                draft=draft,
                revision=revision,
                body=body.model_dump(mode="json"),
                hash=text_hash(body.text),
                author=body.author,
                created_at=self._clock(),
            )
        )

    async def _note(
        self,
        connection: AsyncConnection,
        draft: int,
        revision: int,
        what: str,
        who: str,
        details: dict[str, Any] | None = None,
        *,
        once: str | None = None,
    ) -> None:
        await connection.execute(
            insert(events).values(
                at=self._clock(),
                draft=draft,
                revision=revision,
                what=what,
                who=who.replace("\0", "")[:LONGEST_NAME],
                details=details or {},
                once=once,
            )
        )


def _stale(draft: Draft, decision: Decision) -> Said | None:
    """What to say to a press that comes too late, or None."""
    if draft.state != "pending":
        by = ", ".join(draft.body.approvals.by)
        return Said(key=f"decide.already_{draft.state}", details={"draft": draft.id, "who": by})
    if decision.revision is not None and decision.revision != draft.revision:
        return Said(key="decide.stale", details={"draft": draft.id, "revision": draft.revision})
    return None


def _once(decision: Decision) -> str | None:
    return f"press:{decision.event}"[:200] if decision.event else None


def _named(name: str, people: Sequence[str]) -> bool:
    """Whether `name` is one of these people, as a brand file knows its own: case aside."""
    return name.strip().casefold() in {person.casefold() for person in people}


def _number(number: int) -> int:
    """Draft numbers fit the column; a larger one names no draft."""
    return number if 0 < number <= BIGGEST else 0


def _prompt_hash(prompt: str) -> str:
    return hashlib.sha256(prompt.strip().encode()).hexdigest()
