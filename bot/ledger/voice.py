"""What people teach, on the ledger's database: their edits, the rules asked, and the examples made of what was released.

It reads no habit and judges no right: `bot/voice/` and `bot/memory.py` do. Examples are an index: a row that is missing, or of
another encoder, is made again from the outcomes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import RowMapping, Select, and_, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.draft import Body
from bot.domain.model import Said, now
from bot.domain.voice import Edit, Habit, Proposal, Rule, RuleState
from bot.errors import Refused
from bot.ledger.engine import BIGGEST, reading, utc, writing
from bot.ledger.tables import drafts, edits, events, examples, outcomes, revisions, rules
from bot.memory import Kept, Lesson, Vectors

EDITS_READ = 500
"""Of a brand, back from the last: habits of long ago are no longer how it speaks."""
EXAMPLES_READ = 2_000
"""Of a brand, back from the last: 4 MB of vectors, scanned in a millisecond."""


class SqlVoice:
    """Implements `bot.memory.Notes`."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock
        self._insert = postgres_insert if engine.dialect.name == "postgresql" else sqlite_insert

    async def edits(self, brand: str) -> list[Edit]:
        query = select(edits).where(edits.c.brand == brand).order_by(edits.c.at.desc(), edits.c.revision.desc())
        return (await self._edits(query.limit(EDITS_READ)))[::-1]

    async def changes(self, draft: int | None = None, limit: int = 1000) -> list[Edit]:
        query = select(edits).order_by(edits.c.at.desc(), edits.c.revision.desc()).limit(limit)
        if draft is not None:
            query = query.where(edits.c.draft == (draft if 0 < draft <= BIGGEST else 0))
        return (await self._edits(query))[::-1]

    async def rules(self, brand: str | None = None) -> list[Rule]:
        query = select(rules).order_by(rules.c.id)
        async with reading(self._engine) as connection:
            rows = await connection.execute(query.where(rules.c.brand == brand) if brand is not None else query)
            return [_rule(row) for row in rows.mappings()]

    async def rule(self, number: int) -> Rule:
        query = select(rules).where(rules.c.id == (number if 0 < number <= BIGGEST else 0))
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise Refused("rules.unknown", rule=number)
        return _rule(row)

    async def propose(self, proposal: Proposal) -> Rule | None:
        values = proposal.model_dump(include={"brand", "network", "draft", "revision"})
        async with writing(self._engine) as connection:
            made = await connection.execute(
                self._insert(rules)
                .values(
                    **values,
                    once=_once(proposal.habit),
                    habit=proposal.habit.model_dump(exclude_defaults=True),
                    drafts=list(proposal.drafts),
                    state="proposed",
                    by="",
                    at=self._clock(),
                )
                .on_conflict_do_nothing()
                .returning(rules)
            )
            row = made.mappings().first()
            if row is None:
                return None
            rule = _rule(row)
            await connection.execute(self._noted(rule, "rule.proposed"))
        return rule

    async def settle(self, number: int, state: RuleState, by: str, of: Collection[RuleState]) -> Rule | Said:
        before = await self.rule(number)
        async with writing(self._engine) as connection:
            moved = await connection.execute(
                update(rules)
                .where(rules.c.id == before.id, rules.c.state.in_(list(of)))
                .values(state=state, by=by, at=self._clock())
                .returning(rules)
            )
            row = moved.mappings().first()
            if row is not None:
                rule = _rule(row)
                await connection.execute(self._noted(rule, f"rule.{state}"))
                return rule
        now_ = await self.rule(number)
        return Said(key=f"rules.already_{now_.state}", details={"rule": number, "who": now_.by})

    async def unlearned(self, brand: str, encoder: str, limit: int) -> list[Lesson]:
        query = (
            select(
                drafts.c.id, drafts.c.brand, drafts.c.skill, drafts.c.network, drafts.c.prompt, revisions.c.body,
                edits.c.pieces,
            )
            .join(outcomes, outcomes.c.draft == drafts.c.id)
            .join(revisions, and_(revisions.c.draft == drafts.c.id, revisions.c.revision == outcomes.c.revision))
            .outerjoin(edits, and_(edits.c.draft == drafts.c.id, edits.c.revision == outcomes.c.revision))
            .outerjoin(examples, examples.c.draft == drafts.c.id)
            .where(drafts.c.brand == brand, or_(examples.c.draft.is_(None), examples.c.encoder != encoder))
            .order_by(drafts.c.id.desc())
            .limit(limit)
        )  # fmt: skip
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [
            Lesson(
                draft=row.id,
                brand=row.brand,
                skill=row.skill,
                network=row.network,
                prompt=row.prompt,
                body=Body.model_validate(row.body),
                edited=row.pieces is not None,
            )
            for row in rows
        ]

    async def learn(self, kept: Sequence[tuple[Kept, Vectors]], encoder: str) -> None:
        async with writing(self._engine) as connection:
            for one, vector in kept:
                values = {
                    "brand": one.brand,
                    "encoder": encoder,
                    "example": one.model_dump(mode="json", exclude={"draft", "brand"}),
                    "vector": np.asarray(vector, dtype="<f4").tobytes(),
                }
                await connection.execute(
                    self._insert(examples)
                    .values(draft=one.draft, **values)
                    .on_conflict_do_update(index_elements=["draft"], set_=values)
                )

    async def examples(self, brand: str, encoder: str) -> list[tuple[Kept, Vectors]]:
        query = (
            select(examples)
            .where(examples.c.brand == brand, examples.c.encoder == encoder)
            .order_by(examples.c.draft.desc())
            .limit(EXAMPLES_READ)
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            (Kept(draft=row["draft"], brand=row["brand"], **row["example"]), np.frombuffer(row["vector"], dtype="<f4"))
            for row in rows
        ]

    async def _edits(self, query: Select[Any]) -> list[Edit]:
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [Edit(**{**row, "at": utc(row["at"])}) for row in rows]

    def _noted(self, rule: Rule, what: str) -> Any:
        """Its line of the audit trail, under the draft where it was asked."""
        return insert(events).values(
            at=self._clock(),
            draft=rule.draft,
            revision=rule.revision,
            what=what,
            who=rule.by,
            details={"rule": rule.id},
        )


def _rule(row: RowMapping) -> Rule:
    return Rule(**{name: row[name] for name in Rule.model_fields if name != "at"}, at=utc(row["at"]))


def _once(habit: Habit) -> str:
    return hashlib.sha256(json.dumps(habit.key).encode()).hexdigest()
