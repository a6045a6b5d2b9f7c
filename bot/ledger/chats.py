"""What chat front-ends remember, on the ledger's database: posts, talks and choices. It knows no chat's rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.chat import Post, Talk
from bot.domain.model import now
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.ledger.engine import reading, writing
from bot.ledger.tables import choices, drafts, posts, requests

BEFORE = timedelta(seconds=10)
"""Messages kept at about the same time may have been sent in another order."""
REMEMBERED = 500


class SqlChats:
    """Implements `bot.seams.Chats`."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock
        self._insert = postgres_insert if engine.dialect.name == "postgresql" else sqlite_insert

    async def post(self, front: str, key: str) -> Post | None:
        found = await self._posts(select(posts).where(posts.c.front == front, posts.c.key == key))
        return found[0] if found else None

    async def posts(self, front: str, draft: int) -> list[Post]:
        return await self._posts(select(posts).where(posts.c.front == front, posts.c.draft == draft))

    async def unsettled(self, front: str) -> list[int]:
        found = await self._posts(
            select(posts).where(posts.c.front == front, posts.c.settled.is_(False), posts.c.draft.is_not(None))
        )
        return sorted({post.draft for post in found if post.draft is not None})

    async def keep(self, post: Post) -> None:
        values = post.model_dump()
        changed = {name: values[name] for name in ("place", "ref", "shown", "settled")}
        async with writing(self._engine) as connection:
            await connection.execute(
                self._insert(posts)
                .values(**values, at=self._clock())
                .on_conflict_do_update(index_elements=["front", "key"], set_=changed)
            )

    async def posted(self, front: str, place: str, ref: str = "") -> list[Post]:
        query = select(posts).where(_there(posts, front, place), posts.c.ref != "")
        return await self._posts(query.where(posts.c.ref == ref) if ref else query)

    async def around(self, front: str, key: str) -> tuple[list[Post], list[Post]]:
        mine = select(posts.c.at).where(posts.c.front == front, posts.c.key == key)
        sent = select(posts).where(posts.c.front == front, posts.c.ref != "")
        async with reading(self._engine) as connection:
            at = (await connection.execute(mine)).scalar()
        if at is None:
            return [], []
        before = sent.where(posts.c.at < at - BEFORE).order_by(posts.c.at.desc()).limit(REMEMBERED)
        return await self._posts(before), await self._posts(sent.where(posts.c.at >= at - BEFORE))

    async def talk(self, front: str, place: str) -> Talk | None:
        asked = select(requests.c.payload, requests.c.reply).where(_there(requests, front, place))
        drafted = select(drafts.c.id).where(_there(drafts, front, place))
        async with reading(self._engine) as connection:
            row = (await connection.execute(asked.order_by(requests.c.received_at.desc()).limit(1))).first()
            draft = (await connection.execute(drafted.order_by(drafts.c.id.desc()).limit(1))).scalar()
        if row is None:
            return None
        reply = Reply.model_validate_json(row.reply) if row.reply else None
        return Talk(request=Request.model_validate(row.payload), reply=reply, draft=draft)

    async def choice(self, front: str, who: str, what: str) -> str:
        mine = (choices.c.front == front) & (choices.c.who == who) & (choices.c.what == what)
        async with reading(self._engine) as connection:
            return (await connection.execute(select(choices.c.value).where(mine))).scalar() or ""

    async def choose(self, front: str, who: str, what: str, value: str) -> None:
        async with writing(self._engine) as connection:
            await connection.execute(
                self._insert(choices)
                .values(front=front, who=who, what=what, value=value)
                .on_conflict_do_update(index_elements=["front", "who", "what"], set_={"value": value})
            )

    async def _posts(self, query: Select[Any]) -> list[Post]:
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [Post(**{name: row[name] for name in Post.model_fields}) for row in rows]


def _there(table: Table, front: str, place: str) -> ColumnElement[bool]:
    """In the place itself or, when it ends in `/`, anywhere below it."""
    column = table.c.place
    below = column.startswith(place, autoescape=True)
    return (table.c.front == front) & (below if place.endswith("/") else column == place)
