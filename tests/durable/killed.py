"""A process that works on one request and is killed at a chosen point: started by `test_killed.py`.

It accepts request `r1`, has its draft approved by Ada, and sends itself SIGKILL when it comes to POINT. With `recover` it is never
killed, and notes first what starting alone brought back of the work of a crash.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.domain.decision import Decision
from bot.domain.request import Request
from bot.durable import Durable
from bot.ledger.engine import address, connect, reading
from bot.ledger.sql import SqlLedger
from bot.pages import shared
from bot.steps import triage
from bot.triage.situations import Nearest
from tests.fakes.parts import FakeLibrary, FakeWriter, HashEncoder
from tests.fakes.people import brand

POINTS = [
    "before prepare",
    "after prepare",
    "before submit",
    "in submit: before draft",
    "in submit: after draft, before commit",
    "after submit",
    "before decide",
    "in decide: before commit",
    "after decide",
    "before release",
    "in release: before commit",
    "after release",
]


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def around(owner: Any, name: str, before: str, after: str, point: str) -> None:
    """Kills before or after the first call of a method."""
    call: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def wrapped(*arguments: Any, **named: Any) -> Any:
        if point == before:
            kill()
        value = await call(*arguments, **named)
        if point == after:
            kill()
        return value

    setattr(owner, name, wrapped)


async def work(home: Path, point: str) -> None:
    ledger = SqlLedger(connect(address(home, "")))
    await ledger.open()
    pages, encoder = shared(), HashEncoder()
    nearest = Nearest(triage.labelled({"complaint": pages.playbooks["complaint"]}), encoder)
    assistant = Assistant(
        pages=pages,
        brand=lambda _: brand(),
        library=FakeLibrary(),
        ledger=ledger,
        writer=FakeWriter(),
        situations=lambda: nearest,
        skills=lambda: nearest,
    )
    around(assistant, "prepare", "before prepare", "after prepare", point)
    around(assistant, "submit", "before submit", "after submit", point)
    around(ledger, "_insert", "in submit: before draft", "in submit: after draft, before commit", point)
    around(ledger, "decide", "before decide", "after decide", point)
    around(ledger, "_apply", "", "in decide: before commit", point)
    around(ledger, "release", "before release", "after release", point)
    if point == "in release: before commit":
        note = ledger._note

        async def released(*arguments: Any, **named: Any) -> None:
            await note(*arguments, **named)
            if "draft.released" in arguments:
                kill()

        ledger._note = released  # type: ignore[method-assign]
    durable = Durable(f"sqlite:///{home / 'work.sqlite'}")
    assistant.work = durable
    await durable.open(assistant)
    if point == "recover":
        (home / "recovered.json").write_text(json.dumps(await found(ledger)))
    request = Request(id="r1", text="Trois semaines de retard !", brand="b", skill="reply", networks=("instagram",))
    reply = await assistant.handle(request)
    draft = await ledger.draft(reply.drafts[0])
    await assistant.decide(Decision(draft=draft.id, revision=draft.revision, verb="approve", by="Ada"))
    (home / "told.json").write_text(json.dumps(await found(ledger)))
    await durable.close()
    await ledger.close()


async def found(ledger: SqlLedger) -> dict[str, Any]:
    drafts = [await ledger.draft(number) for number in await numbers(ledger)]
    return {
        "drafts": [[draft.id, draft.state] for draft in drafts],
        "events": [event.what for event in await ledger.events()],
        "outcomes": await outcomes(ledger),
    }


async def numbers(ledger: SqlLedger) -> list[int]:
    from sqlalchemy import select

    from bot.ledger.tables import drafts

    async with reading(ledger._engine) as connection:
        return [int(number) for number in (await connection.execute(select(drafts.c.id))).scalars()]


async def outcomes(ledger: SqlLedger) -> int:
    from sqlalchemy import func, select

    from bot.ledger.tables import outcomes as table

    async with reading(ledger._engine) as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


def main(home: Path, point: str) -> None:
    asyncio.run(work(home, point))
