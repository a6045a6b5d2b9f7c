"""The truth of what was learned, in SQLite beside the vectors: documents, their sections, the hash of every window.

It is kept apart from Chroma because a search needs the texts in the very state that one learn left, and only one transaction gives
that. It also notes what a learn is about to write, so that the next one knows what a crash may have left half done. No vectors here.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.documents import Section
from knowledge.windows import Window

LAYOUT = 2
"""Of the tables below. Another layout is dropped: all it holds can be learned again."""
TABLES = ("home", "brands", "documents", "unfinished")
SCHEMA = """
CREATE TABLE home (id TEXT NOT NULL);
INSERT INTO home VALUES (lower(hex(randomblob(4))));
CREATE TABLE brands (
    brand TEXT PRIMARY KEY, collection TEXT NOT NULL, encoder TEXT NOT NULL, dimensions INTEGER NOT NULL,
    version INTEGER NOT NULL, exact INTEGER NOT NULL, own TEXT NOT NULL
);
CREATE TABLE documents (
    brand TEXT, root TEXT, document TEXT, hash TEXT, mtime INTEGER, size INTEGER, sections TEXT, windows TEXT,
    reason TEXT, details TEXT, PRIMARY KEY (brand, root, document)
);
CREATE TABLE unfinished (brand TEXT PRIMARY KEY, collection TEXT NOT NULL, windows TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Entry:
    """A document as it was when it was learned, or the reason why it could not be read."""

    root: str
    document: str
    hash: str
    mtime: int
    size: int
    sections: tuple[Section, ...] = ()
    windows: tuple[Window, ...] = ()
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.root, self.document

    @property
    def file(self) -> Path:
        return Path(self.root) / self.document


@dataclass(frozen=True)
class Held:
    """Where a brand's vectors are, and what made them."""

    collection: str
    encoder: str
    dimensions: int
    version: int
    """Grows with every change that a search could see."""
    exact: bool
    """Whether the collection is scanned, its graph having failed to find its own windows."""
    own: str = ""
    """The brand's own guidelines folder, once it was learned as such."""


class Manifest:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def home(self) -> str:
        """Tells the collections of this data folder from those of another that shares a Chroma server."""
        with self._open() as manifest:
            return str(manifest.execute("SELECT id FROM home").fetchone()[0])

    def held(self, brand: str) -> Held | None:
        with self._open() as manifest:
            row = manifest.execute(
                "SELECT collection, encoder, dimensions, version, exact, own FROM brands WHERE brand=?", (brand,)
            ).fetchone()
        return _held(row) if row else None

    def read(self, brand: str) -> tuple[Held | None, list[Entry]]:
        """A brand's row and its documents, of one moment."""
        with self._open() as manifest:
            manifest.execute("BEGIN")
            row = manifest.execute(
                "SELECT collection, encoder, dimensions, version, exact, own FROM brands WHERE brand=?", (brand,)
            ).fetchone()
            rows = manifest.execute(
                "SELECT root, document, hash, mtime, size, sections, windows, reason, details FROM documents WHERE brand=?"
                " ORDER BY root, document",
                (brand,),
            ).fetchall()
        return (_held(row) if row else None), [_entry(*one) for one in rows]

    def stamps(self, brand: str, root: Path) -> dict[str, tuple[int, int]]:
        """Document → (time, size) of everything learned under a folder."""
        with self._open() as manifest:
            rows = manifest.execute(
                "SELECT document, mtime, size FROM documents WHERE brand=? AND root=?", (brand, str(root))
            ).fetchall()
        return {document: (mtime, size) for document, mtime, size in rows}

    def begin(self, brand: str, collection: str, windows: Iterable[str]) -> None:
        """Notes what is about to be written, before any of it is."""
        with self._open() as manifest:
            manifest.execute(
                "INSERT OR REPLACE INTO unfinished VALUES (?,?,?)", (brand, collection, json.dumps(list(windows)))
            )

    def unfinished(self, brand: str) -> tuple[str, frozenset[str]]:
        """The collection and the windows that a learn began to write and never finished; empty when all did."""
        with self._open() as manifest:
            row = manifest.execute("SELECT collection, windows FROM unfinished WHERE brand=?", (brand,)).fetchone()
        return (row[0], frozenset(json.loads(row[1]))) if row else ("", frozenset())

    def keep(self, brand: str, held: Held, entries: Iterable[Entry]) -> None:
        """The state that a learn leaves, in one transaction."""
        with self._open() as manifest:
            manifest.execute("DELETE FROM documents WHERE brand=?", (brand,))
            manifest.executemany(
                "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?)", [_row(brand, entry) for entry in entries]
            )
            manifest.execute(
                "INSERT OR REPLACE INTO brands VALUES (?,?,?,?,?,?,?)",
                (brand, held.collection, held.encoder, held.dimensions, held.version, int(held.exact), held.own),
            )
            manifest.execute("DELETE FROM unfinished WHERE brand=?", (brand,))

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction."""
        self._folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._folder / "manifest.sqlite", timeout=30)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] != LAYOUT:
                _lay_out(connection)
            with connection:
                yield connection
        finally:
            connection.close()


def _lay_out(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    old = "".join(f"DROP TABLE IF EXISTS {table};" for table in TABLES)
    connection.executescript(f"BEGIN IMMEDIATE;{old}{SCHEMA}PRAGMA user_version={LAYOUT};COMMIT;")


def _held(row: tuple[str, str, int, int, int, str]) -> Held:
    collection, encoder, dimensions, version, exact, own = row
    return Held(collection, encoder, dimensions, version, bool(exact), own)


def _row(brand: str, entry: Entry) -> tuple[Any, ...]:
    sections = [[section.heading, section.text, section.sayable] for section in entry.sections]
    windows = [[window.id, window.section, window.text, window.hash] for window in entry.windows]
    return (
        *(brand, entry.root, entry.document, entry.hash, entry.mtime, entry.size),
        *(json.dumps(sections), json.dumps(windows), entry.reason, json.dumps(entry.details)),
    )


def _entry(
    root: str, document: str, digest: str, mtime: int, size: int, sections: str, windows: str, reason: str, details: str
) -> Entry:
    return Entry(
        *(root, document, digest, mtime, size),
        sections=tuple(
            Section(document, heading, text, tuple(sayable)) for heading, text, sayable in json.loads(sections)
        ),
        windows=tuple(Window(*window) for window in json.loads(windows)),
        reason=reason,
        details=json.loads(details),
    )
