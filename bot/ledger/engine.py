"""A database engine with the transactions that the ledger relies on.

SQLite reads before it writes here, so a write transaction takes its lock at once (BEGIN IMMEDIATE): with a deferred one,
944 of 1,000 concurrent presses failed. PostgreSQL locks the draft's row instead (`FOR UPDATE`, in `sql.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

BUSY_MS = 30_000


def address(home: Path, url: str) -> str:
    """The database's address for SQLAlchemy: the one set, or SQLite in the data folder."""
    if not url:
        return f"sqlite+aiosqlite:///{home / 'bonton.sqlite'}"
    known = make_url(url)
    driver = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "sqlite": "sqlite+aiosqlite"}
    return known.set(drivername=driver.get(known.drivername, known.drivername)).render_as_string(hide_password=False)


def connect(url: str) -> AsyncEngine:
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    engine = create_async_engine(url, pool_size=5, max_overflow=5)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that will not write: on SQLite it waits for nobody."""
    async with engine.connect() as bare:
        connection = await bare.execution_options(reading=True)
        async with connection.begin():
            yield connection
