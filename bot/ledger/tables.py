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
    LargeBinary,
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

from bot.ledger.alarms import m_alarms
from bot.ledger.comments import m_comments
from bot.ledger.incidents import m_incidents
from bot.ledger.spending import m_spending

metadata = MetaData()

requests = Table(
    "requests",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("brand", String(80), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("reply", Text),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("front", String(40), nullable=False, server_default=""),
    Column("place", String(200), nullable=False, server_default=""),
    Index("requests_by_place", "front", "place"),
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
    Column("cleared", Integer, nullable=False, server_default="0"),
    Column("incident", Integer, nullable=False, server_default="0"),
    UniqueConstraint("request", "network", name="one_draft_per_request_and_network"),
    Index("drafts_by_state", "state", "brand"),
    Index("drafts_by_place", "front", "place"),
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
    Index("outcomes_by_time", "released_at"),
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
posts = Table(
    "posts",
    metadata,
    Column("front", String(40), primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("draft", Integer, ForeignKey("drafts.id"), index=True),
    Column("place", String(200), nullable=False),
    Column("ref", String(200), nullable=False),
    Column("shown", String(80), nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("posts_unsettled", "front", "settled"),
)
choices = Table(
    "choices",
    metadata,
    Column("front", String(40), primary_key=True),
    Column("who", String(120), primary_key=True),
    Column("what", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)
edits = Table(
    "edits",
    metadata,
    Column("draft", Integer, ForeignKey("drafts.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("brand", String(80), nullable=False),
    Column("network", String(40), nullable=False),
    Column("language", String(10), nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("pieces", JSON, nullable=False),
    Column("habits", JSON, nullable=False),
    Index("edits_by_brand", "brand", "at"),
)
rules = Table(
    "rules",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("brand", String(80), nullable=False),
    Column("network", String(40), nullable=False),
    Column("once", String(64), nullable=False),
    Column("habit", JSON, nullable=False),
    Column("drafts", JSON, nullable=False),
    Column("draft", Integer, ForeignKey("drafts.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("brand", "network", "once", name="one_question_per_habit"),
    sqlite_autoincrement=True,
)
examples = Table(
    "examples",
    metadata,
    Column("draft", Integer, ForeignKey("drafts.id"), primary_key=True),
    Column("brand", String(80), nullable=False),
    Column("encoder", String(120), nullable=False),
    Column("example", JSON, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Index("examples_by_brand", "brand", "draft"),
)
promises = Table(
    "promises",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("draft", Integer, ForeignKey("drafts.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("place_in_text", Integer, nullable=False),
    Column("brand", String(80), nullable=False),
    Column("network", String(40), nullable=False),
    Column("front", String(40), nullable=False),
    Column("place", String(200), nullable=False),
    Column("topic", String(20), nullable=False),
    Column("words", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("due", DateTime(timezone=True), nullable=False),
    Column("dated", Boolean, nullable=False),
    Column("ring_at", DateTime(timezone=True), nullable=False),
    Column("rang", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    Column("by", String(120), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("draft", "revision", "place_in_text", name="one_promise_a_sentence"),
    Index("promises_to_ring", "brand", "state", "rang", "ring_at"),
    sqlite_autoincrement=True,
)
applied = Table("migrations", metadata, Column("number", Integer, primary_key=True))


def m001_the_first_tables(connection: Connection) -> None:
    metadata.create_all(connection)


def m002_chats(connection: Connection) -> None:
    """Where a request came from, and what a chat front-end remembers."""
    known = {column["name"] for column in inspect(connection).get_columns(requests.name)}
    for column in ("front", "place"):
        if column not in known:
            connection.execute(text(f"ALTER TABLE requests ADD COLUMN {column} VARCHAR(200) NOT NULL DEFAULT ''"))
    metadata.create_all(connection)
    for index in (*requests.indexes, *drafts.indexes):
        index.create(connection, checkfirst=True)


def m004_voice(connection: Connection) -> None:
    """What people's corrections teach: their diffs, the rules asked, and examples, which can be made again from the rest."""
    metadata.create_all(connection)


def m_promises(connection: Connection) -> None:
    """What was promised in a brand's name; and the way to what left lately."""
    metadata.create_all(connection)
    for index in outcomes.indexes:
        index.create(connection, checkfirst=True)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    m001_the_first_tables,
    m002_chats,
    m_spending,
    m004_voice,
    m_comments,
    m_promises,
    m_alarms,
    m_incidents,
)


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
