"""The ledger of promises on each database: entered once, rung once, settled by the first press; and what left lately."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Index, inspect, text

from bot.domain.approval import Verdict
from bot.domain.decision import Decision
from bot.domain.draft import NewDraft
from bot.domain.model import Said, now
from bot.domain.promise import NewPromise
from bot.domain.request import Request
from bot.ledger import tables
from bot.ledger.engine import connect
from bot.ledger.promises import SqlPromises
from bot.ledger.sql import SqlLedger

DUE = now() - timedelta(minutes=1)


def promise(draft: int, words: str = "On vous rappelle demain.", brand: str = "moulin-dore") -> NewPromise:
    return NewPromise(
        brand=brand,
        draft=draft,
        revision=1,
        network="instagram",
        front="slack",
        place="C1/1.1",
        topic="callback",
        words=words,
        made_at=DUE,
        due=DUE,
        dated=True,
        ring_at=DUE,
    )


@pytest.fixture
async def opened(clients: Callable[[], SqlLedger], new_draft: Callable[..., NewDraft]) -> tuple[SqlLedger, int]:
    ledger = clients()
    await ledger.open()
    (draft,) = await ledger.submit([new_draft("r1")], Request(id="r1", text="Late!", brand="moulin-dore"))
    return ledger, draft.id


async def test_the_promises_of_a_text_are_entered_together_and_once(
    opened: tuple[SqlLedger, int], database: str
) -> None:
    _, draft = opened
    engine = connect(database)
    store = SqlPromises(engine)
    batch = [promise(draft), promise(draft, "Nous vous rembourserons.")]
    for _ in range(2):
        await store.enter(batch)
    found = await store.listed("moulin-dore", ("open",))
    assert [one.words for one in found] == [one.words for one in batch]
    assert (found[0].due, found[0].ring_at, found[0].place) == (DUE, DUE, "C1/1.1")
    assert await store.listed("another", ()) == []
    await engine.dispose()


async def test_a_reminder_rings_once_and_again_when_it_was_put_off(
    opened: tuple[SqlLedger, int], database: str
) -> None:
    _, draft = opened
    engine = connect(database)
    store = SqlPromises(engine)
    await store.enter([promise(draft)])
    (one,) = await store.ringing("moulin-dore", now())
    assert await store.rang(one.id, one.ring_at)
    assert not await store.rang(one.id, one.ring_at)
    assert await store.ringing("moulin-dore", now()) == []
    later = now() + timedelta(days=1)
    await store.later(one.id, later, "Ada")
    assert not await store.rang(one.id, one.ring_at)  # the reminder of yesterday says nothing of tomorrow's
    assert await store.ringing("moulin-dore", now()) == []
    assert [found.ring_at for found in await store.ringing("moulin-dore", later)] == [later]
    await engine.dispose()


async def test_the_first_of_many_presses_settles_it(opened: tuple[SqlLedger, int], database: str) -> None:
    ledger, draft = opened
    engine = connect(database)
    store = SqlPromises(engine)
    await store.enter([promise(draft)])
    (one,) = await store.listed("", ())
    came = await asyncio.gather(*(store.settle(one.id, "kept", f"P{number}") for number in range(8)))
    assert sum(applied for _, applied in came) == 1
    assert [event.what for event in await ledger.events(draft)].count("promise.kept") == 1
    await engine.dispose()


async def test_what_left_lately_is_given_newest_first_and_bounded(
    opened: tuple[SqlLedger, int], new_draft: Callable[..., NewDraft]
) -> None:
    ledger, first = opened
    (second,) = await ledger.submit(
        [new_draft("r2", text="We deliver to Belgium.", prompt="Belgium?")],
        Request(id="r2", text="Belgium?", brand="moulin-dore"),
    )

    for number in (first, second.id):
        verdict = Verdict(state="approved", by=("Ada",), said=Said(key="decide.approved"))
        await ledger.decide(Decision(draft=number, verb="approve", by="Ada"), lambda *_, said=verdict: said)
        await ledger.release(number, 1)
    since = now() - timedelta(days=30)
    found = await ledger.released("moulin-dore", since, 10)
    assert [one.draft for one in found] == [second.id, first]
    assert (found[0].text, found[0].prompt, found[0].language) == ("We deliver to Belgium.", "Belgium?", "en")
    assert [one.draft for one in await ledger.released("moulin-dore", since, 1)] == [second.id]
    assert await ledger.released("another", since, 10) == ()
    assert await ledger.released("moulin-dore", now() + timedelta(days=1), 10) == ()


async def test_a_database_of_before_gets_the_table_and_the_way_to_what_left(database: str) -> None:
    engine = connect(database)
    async with engine.begin() as connection:
        await connection.run_sync(tables.migrate)
        await connection.execute(text("DROP TABLE promises"))
        await connection.execute(text("DROP INDEX outcomes_by_time"))
        number = [migration.__name__ for migration in tables.MIGRATIONS].index("m_promises") + 1
        await connection.execute(text(f"DELETE FROM migrations WHERE number >= {number}"))
    async with engine.begin() as connection:
        await connection.run_sync(tables.migrate)
        there = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        indexes = await connection.run_sync(lambda sync: inspect(sync).get_indexes("outcomes"))
    assert "promises" in there
    assert "outcomes_by_time" in {index["name"] for index in indexes}
    assert isinstance(next(iter(tables.outcomes.indexes)), Index)
    await engine.dispose()
