"""The freeze, on both databases: releases that race it either left before its moment or do not leave at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.domain.decision import Outcome
from bot.domain.incident import Change, Opening
from bot.errors import Refused
from bot.ledger.engine import connect
from bot.ledger.incidents import SqlIncidents
from bot.ledger.sql import SqlLedger

from .conftest import Desk

RACING = 24


async def test_no_release_is_later_than_the_moment_of_the_freeze(
    desk: Desk, database: str, clients: Callable[[], SqlLedger]
) -> None:
    drafts = [await desk.submit(f"event-{number}") for number in range(RACING)]
    for draft in drafts:
        await desk.press("approve", draft.id, "Ada")
    others, incidents = [clients() for _ in range(3)], SqlIncidents(connect(database))
    opening = Opening(brand=drafts[0].brand, title="Rumour", by="Ada", event="press-1")

    async def release(place: int) -> Outcome | None:
        await asyncio.sleep(place / 2_000)
        try:
            return await others[place % 3].release(drafts[place].id, 1)
        except Refused as refusal:
            assert refusal.key == "crisis.said.held"
            return None

    async def freeze() -> None:
        await asyncio.sleep(RACING / 4_000)
        await incidents.open(opening)

    *outcomes, _ = await asyncio.gather(*(release(place) for place in range(RACING)), freeze())
    incident = await incidents.current(drafts[0].brand)
    assert incident is not None
    assert [one.released_at for one in outcomes if one and one.released_at > incident.opened_at] == []
    held = await incidents.held(incident)
    assert held == [draft.id for draft, one in zip(drafts, outcomes, strict=True) if one is None]
    assert incident.froze == len(held)
    assert (await incidents.open(opening))[1] is False

    thawed = Change(incident=incident.id, verb="thaw_all", by="Ada")
    _, applied, free = await incidents.change(thawed, lambda *_: "Ada")
    assert (applied, free) == (bool(held), held)
    for number in free:
        assert (await desk.ledger.release(number, 1)).draft == number
    late = await desk.submit("late")
    assert (late.held, late.incident) == (0, incident.id)


async def test_each_press_in_a_crisis_is_heard_once_and_written_down(desk: Desk, database: str) -> None:
    draft = await desk.submit()
    incidents = SqlIncidents(connect(database))
    incident, _ = await incidents.open(Opening(brand=draft.brand, title="Rumour", by="Ada"))
    change = Change(
        incident=incident.id, verb="add", sort="confirmed", words="Batch 12 is recalled", by="Ada", event="e1"
    )
    came = await asyncio.gather(*(incidents.change(change, lambda *_: "Ada") for _ in range(6)))
    assert [applied for _, applied, _ in came].count(True) == 1
    assert [(line.words, line.version, line.until) for line in await incidents.truth(incident.id)] == [
        ("Batch 12 is recalled", 1, None)
    ]
    line = (await incidents.truth(incident.id))[0]
    swap = Change(incident=incident.id, verb="replace", line=line.id, words="Batches 12 and 13 are recalled", by="Ada")
    await incidents.change(swap, lambda *_: "Ada")
    lines = await incidents.truth(incident.id)
    assert [(one.words, one.version, one.until) for one in lines] == [
        ("Batch 12 is recalled", 1, 2),
        ("Batches 12 and 13 are recalled", 2, None),
    ]
    told = [(entry.what, entry.version) for entry in await incidents.journal(incident)]
    assert told == [("incident.opened", 0), ("truth.added", 1), ("truth.replaced", 2)]
    assert await incidents.leaving(draft.brand) == 1
