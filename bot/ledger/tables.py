"""The tables, and the migrations that make them: numbered functions, applied once, in order."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    inspect,
    select,
    text,
)

metadata = MetaData()

requests = Table(
    "requests",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("brand", String(80), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("reply", Text),
    Column("received_at", DateTime(timezone=True), nullable=False),
)
drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("request", String(200), ForeignKey("requests.id"), nullable=False),
    Column("brand", String(80), nullable=False),
    Column("skill", String(40), nullable=False),
    Column("network", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("prompt", Text, nullable=False),
    Column("prompt_hash", String(64), nullable=False),
    Column("front", String(40), nullable=False),
    Column("place", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("request", "network", name="one_draft_per_request_and_network"),
    Index("drafts_by_state", "state", "brand"),
    sqlite_autoincrement=True,
)
revisions = Table(
    "revisions",
    metadata,
    Column("draft", Integer, ForeignKey("drafts.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("author", String(120), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
approvals = Table(
    "approvals",
    metadata,
    Column("draft", Integer, ForeignKey("drafts.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("person", String(120), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("overrides", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
outcomes = Table(
    "outcomes",
    metadata,
    Column("draft", Integer, ForeignKey("drafts.id"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("approved_by", JSON, nullable=False),
    Column("released_at", DateTime(timezone=True), nullable=False),
)
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("draft", Integer, ForeignKey("drafts.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("what", String(60), nullable=False),
    Column("who", String(120), nullable=False),
    Column("details", JSON, nullable=False),
    Column("once", String(200), unique=True),
    sqlite_autoincrement=True,
)
applied = Table("migrations", metadata, Column("number", Integer, primary_key=True))


def m001_the_first_tables(connection: Connection) -> None:
    metadata.create_all(connection)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (m001_the_first_tables,)


def migrate(connection: Connection) -> None:
    """Brings the database to this version. Several processes may start at once: PostgreSQL takes an advisory lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7254830)"))
    done = 0
    if inspect(connection).has_table(applied.name):
        done = connection.scalar(select(func.max(applied.c.number))) or 0
    for number, migration in enumerate(MIGRATIONS, 1):
        if number > done:
            migration(connection)
            connection.execute(insert(applied).values(number=number))
