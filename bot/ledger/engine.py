"""A database engine with the transactions that the ledger relies on.

SQLite reads before it writes here, so a write transaction takes its lock at once (BEGIN IMMEDIATE): with a deferred one,
944 of 1,000 concurrent presses failed. PostgreSQL locks the draft's row instead (`FOR UPDATE`, in `sql.py`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

BUSY_MS = 30_000
FIRST_TRIES = 100
BIGGEST = 2**31 - 1
"""Of a row's number."""

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Lock]] = WeakKeyDictionary()
"""Of each event loop, whose turn it is to write to a file."""


def address(home: Path, url: str, file: str = "bonton.sqlite") -> str:
    """The database's address for SQLAlchemy: the one set, or SQLite in the data folder."""
    if not url:
        return f"sqlite+aiosqlite:///{home / file}"
    known = make_url(url)
    driver = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "sqlite": "sqlite+aiosqlite"}
    return known.set(drivername=driver.get(known.drivername, known.drivername)).render_as_string(hide_password=False)


def connect(url: str) -> AsyncEngine:
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    engine = create_async_engine(url, pool_size=5, max_overflow=5)
    _prepare(engine.sync_engine)
    return engine


def connect_sync(url: str) -> Engine:
    """The same, for one thread that does whole transactions."""
    known = make_url(url)
    if known.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=1, pool_pre_ping=True)
    engine = create_engine(known.set(drivername="sqlite"), connect_args={"check_same_thread": False})
    _prepare(engine)
    return engine


def _prepare(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={BUSY_MS}", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        _write_ahead(cursor)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        is_reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _write_ahead(cursor: Any) -> None:
    """WAL is a property of the file: the first to come sets it, and SQLite does not wait where two come at once."""
    for _ in range(FIRST_TRIES):
        cursor.execute("PRAGMA journal_mode")
        if cursor.fetchone()[0] == "wal":
            return
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except Exception as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.05)
    cursor.execute("PRAGMA journal_mode=WAL")


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that will not write: on SQLite it waits for nobody."""
    async with engine.connect() as bare:
        connection = await bare.execution_options(reading=True)
        async with connection.begin():
            yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that writes. On SQLite those of one process go in the order in which they came: left to its own retries, which wait
    longer each time, the one that everything waits for came last (`bench/freeze.py`)."""
    if engine.dialect.name != "sqlite":
        async with engine.begin() as connection:
            yield connection
        return
    turns = _turns.setdefault(asyncio.get_running_loop(), {})
    async with turns.setdefault(str(engine.url), asyncio.Lock()), engine.begin() as connection:
        yield connection


def utc(moment: datetime) -> datetime:
    """SQLite gives times back without their zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
