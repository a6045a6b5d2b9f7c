"""What chat front-ends remember, on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.chat import Post
from bot.domain.draft import NewDraft
from bot.domain.model import now
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.ledger.chats import SqlChats
from bot.ledger.engine import connect
from bot.ledger.sql import SqlLedger


@pytest.fixture
async def chats(database: str) -> AsyncIterator[SqlChats]:
    engine = connect(database)
    await SqlLedger(engine).open()
    yield SqlChats(engine)
    await engine.dispose()


def asked(number: str, place: str, minute: int = 0, **more: str) -> Request:
    return Request(
        id=number,
        text="Late!",
        brand="b",
        front="slack",
        place=place,
        received_at=now() + timedelta(minutes=minute),
        **more,
    )


async def test_a_post_is_kept_under_its_key_and_found_by_its_draft(
    chats: SqlChats, new_draft: Callable[..., NewDraft]
) -> None:
    ledger = SqlLedger(chats._engine)
    draft = (await ledger.submit([new_draft("r1")], asked("r1", "C1/1")))[0]
    post = Post(front="slack", key="card:1@C1", place="C1", draft=draft.id)
    await chats.keep(post)
    assert await chats.unsettled("slack") == [draft.id]
    sent = post.model_copy(update={"ref": "17.1", "shown": "1.pending.0"})
    await chats.keep(sent)
    assert await chats.posts("slack", draft.id) == [sent]
    assert await chats.posts("telegram", draft.id) == []
    await chats.keep(sent.model_copy(update={"settled": True}))
    assert await chats.unsettled("slack") == []
    assert await chats.post("slack", "card:2@C1") is None


async def test_a_place_is_about_what_was_last_asked_there(chats: SqlChats, new_draft: Callable[..., NewDraft]) -> None:
    ledger = SqlLedger(chats._engine)
    assert await chats.talk("slack", "D1/1") is None
    draft = (await ledger.submit([new_draft("r1")], asked("r1", "D1/1")))[0]
    await ledger.accept(asked("r2", "D1/1", minute=1))
    await ledger.answer("r2", Reply(request="r2").model_dump_json())
    await ledger.accept(asked("r3", "D1/2", minute=2))
    talk = await chats.talk("slack", "D1/1")
    assert talk is not None
    assert (talk.request.id, talk.reply, talk.draft) == ("r2", Reply(request="r2"), draft.id)
    anywhere = await chats.talk("slack", "D1/")
    assert anywhere is not None
    assert (anywhere.request.id, anywhere.draft) == ("r3", draft.id)
    assert await chats.talk("slack", "D/") is None
    assert await chats.talk("telegram", "D1/1") is None


async def test_a_choice_is_a_persons_own(chats: SqlChats) -> None:
    await chats.choose("slack", "U1", "brand", "a")
    await chats.choose("slack", "U1", "brand", "b")
    assert await chats.choice("slack", "U1", "brand") == "b"
    assert await chats.choice("slack", "U2", "brand") == ""


async def test_a_database_of_the_first_version_is_brought_to_this_one(database: str) -> None:
    engine = connect(database)
    ledger = SqlLedger(engine)
    await ledger.open()
    await ledger.accept(asked("old", ""))
    async with engine.begin() as connection:
        for column in ("front", "place"):
            if engine.dialect.name == "sqlite":
                await connection.execute(text("DROP INDEX IF EXISTS requests_by_place"))
            await connection.execute(text(f"ALTER TABLE requests DROP COLUMN {column}"))
        for table in ("posts", "choices"):
            await connection.execute(text(f"DROP TABLE {table}"))
        await connection.execute(text("DELETE FROM migrations WHERE number >= 2"))
    await ledger.open()
    assert await ledger.request("old") is not None
    assert await ledger.accept(asked("new", "C1/1"))
    assert await SqlChats(engine).talk("slack", "C1/1") is not None
    await engine.dispose()
