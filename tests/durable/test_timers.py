"""Approvals do not lapse into yes or no: they remind, then escalate, then expire; a decision in between stops it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.assistant import Assistant
from bot.domain.decision import Decision
from bot.domain.draft import Draft
from bot.domain.request import Request
from bot.durable import Durable
from bot.ledger.engine import address, connect
from bot.ledger.sql import SqlLedger
from bot.pages import shared
from bot.steps import triage
from bot.triage.situations import Nearest
from knowledge.brand import Brand
from tests.fakes.parts import FakeLibrary, FakeWriter, HashEncoder
from tests.fakes.people import brand

SECOND = 1 / 3600


def quick() -> Brand:
    """A brand whose drafts are reminded, escalated and expired within seconds."""
    return brand(
        escalation={"remind_hours": 0.1 * SECOND, "escalate_hours": 0.2 * SECOND, "expire_hours": 0.4 * SECOND},
    )


@asynccontextmanager
async def running(home: Path, known: Brand) -> AsyncIterator[tuple[Assistant, list[tuple[int, str]]]]:
    ledger = SqlLedger(connect(address(home, "")))
    await ledger.open()
    nearest = Nearest(triage.labelled({"complaint": shared().playbooks["complaint"]}), HashEncoder())
    assistant = Assistant(
        pages=shared(),
        brand=lambda _: known,
        library=FakeLibrary(),
        ledger=ledger,
        writer=FakeWriter(),
        situations=lambda: nearest,
        skills=lambda: nearest,
    )
    rang: list[tuple[int, str]] = []

    async def ring(draft: int, what: str) -> None:
        rang.append((draft, what))

    work = Durable(f"sqlite:///{home / 'work.sqlite'}", poll_seconds=0.05)
    assistant.work = work
    await work.open(assistant, ring)
    try:
        yield assistant, rang
    finally:
        await work.close()
        await ledger.close()


async def ask(assistant: Assistant, number: str = "r1") -> Draft:
    request = Request(
        id=number, text="Trois semaines !", brand="b", skill="reply", networks=("instagram",), author="Fay"
    )
    return await assistant.ledger.draft((await assistant.handle(request)).drafts[0])


async def until(assistant: Assistant, draft: int, state: str) -> None:
    for _ in range(400):
        if (await assistant.ledger.draft(draft)).state == state:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"draft {draft} never became {state}")


async def test_a_draft_nobody_decides_is_reminded_then_escalated_then_expires(tmp_path: Path) -> None:
    async with running(tmp_path, quick()) as (assistant, rang):
        draft = await ask(assistant)
        await until(assistant, draft.id, "expired")
        events = [event.what for event in await assistant.ledger.events(draft.id)]
    assert events == ["draft.submitted", "draft.reminded", "draft.escalated", "draft.expired"]
    assert [what for _, what in rang] == ["draft.reminded", "draft.escalated", "draft.expired"]


async def test_a_decision_stops_the_reminders(tmp_path: Path) -> None:
    async with running(tmp_path, quick()) as (assistant, rang):
        draft = await ask(assistant)
        await assistant.decide(Decision(draft=draft.id, verb="approve", by="Ada"))
        await asyncio.sleep(1.2)
        assert (await assistant.ledger.draft(draft.id)).state == "released"
    assert rang == []


async def test_an_edit_starts_the_clock_again(tmp_path: Path) -> None:
    async with running(tmp_path, quick()) as (assistant, _):
        draft = await ask(assistant)
        await assistant.decide(Decision(draft=draft.id, verb="edit", by="Ada", text="Merci, nous regardons."))
        await until(assistant, draft.id, "expired")
        events = [(event.revision, event.what) for event in await assistant.ledger.events(draft.id)]
    assert (1, "draft.expired") not in events
    assert events[-1] == (2, "draft.expired")


async def test_timers_survive_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path, quick()) as (assistant, _):
        draft = await ask(assistant)
    async with running(tmp_path, quick()) as (assistant, _):
        await until(assistant, draft.id, "expired")


async def test_a_redelivered_request_starts_nothing_twice(tmp_path: Path) -> None:
    async with running(tmp_path, brand()) as (assistant, _):
        drafts = await asyncio.gather(*(ask(assistant) for _ in range(10)))
        assert {draft.id for draft in drafts} == {drafts[0].id}
        assert len(await assistant.ledger.pending()) == 1


async def test_what_is_closed_leaves_the_process_its_threads(tmp_path: Path) -> None:
    async with running(tmp_path, quick()):
        pass
    assert await asyncio.to_thread(lambda: "still there") == "still there"
