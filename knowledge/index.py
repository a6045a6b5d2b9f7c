"""What was learned, and its vectors: only what changed is embedded again, and a deleted document leaves.

Chroma is a rebuildable index; the truth is a manifest (SQLite, one transaction a learn): documents, their sections, the hash
of every window. Vectors go in first and the manifest last, so a crash leaves the old state, and the next learn completes. Under
stable ids an upsert replaces; where much leaves or the encoder changed, a new collection is built, swapped in (deleting and
adding in place loses recall: chroma#7758). After every learn the collection is asked for its own windows; one that does not find
them is scanned exactly instead of through its graph.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from knowledge.documents import Section, UnreadableDocument, read
from knowledge.embed import Encoder, Vectors
from knowledge.windows import Window, cut

BATCH = 20
"""Windows a write: Chroma holds the interpreter's lock for the whole of one (37 ms at 20, 154 ms at 300)."""
ENCODED = 100
"""Windows a call of the encoder: it is three times quicker on many than one by one."""
CHURN = 0.3
"""Share of windows leaving from which a new collection is built."""
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
"""Well above Chroma's defaults: guidelines repeat themselves, and near-twins hide each other in a sparse graph."""
FRESH_SECONDS = 2.0
"""For how long another process's learning may go unseen: reading the manifest at each search costs more than the search."""
TWIN = 1e-3
"""Distance under which another window says the same."""
AUDITED = 200

Progress = Callable[[int, int, str], None]

SCHEMA = """
CREATE TABLE IF NOT EXISTS brands (
    brand TEXT PRIMARY KEY, collection TEXT NOT NULL, encoder TEXT NOT NULL, dimensions INTEGER NOT NULL, version INTEGER NOT NULL,
    exact INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS documents (
    brand TEXT, root TEXT, document TEXT, hash TEXT, mtime REAL, size INTEGER, sections TEXT, windows TEXT,
    PRIMARY KEY (brand, root, document)
);
"""


class Failed(BaseModel):
    document: str
    reason: str
    """Names the sentence of the interface pages."""
    details: dict[str, Any] = {}


class LearnReport(BaseModel):
    new: list[str] = []
    changed: list[str] = []
    unchanged: int = 0
    deleted: list[str] = []
    failed: list[Failed] = []
    windows: int = 0
    embedded: int = 0


@dataclass(frozen=True)
class Known:
    """Everything searchable of one brand, at one version."""

    version: int
    sections: tuple[Section, ...]
    window_of: dict[str, int]
    """Window id → place of its section."""
    collection: str
    exact: bool
    """Its graph lost windows when it was audited: it is scanned whole instead."""


@dataclass
class _Entry:
    root: str
    document: str
    hash: str
    mtime: float
    size: int
    sections: list[Section]
    windows: list[Window]


class Index:
    def __init__(self, place: Path | str, encoder: Encoder, *, manifest: Path | None = None) -> None:
        """`place` is a folder (embedded) or a Chroma server's address; then `manifest` is the folder for the manifest."""
        self.encoder = encoder
        self._place = place
        self._folder = manifest or (place if isinstance(place, Path) else Path())
        self._lock = threading.RLock()
        self._client: Any = None
        self._known: dict[str, Known] = {}
        self._looked: dict[str, float] = {}
        self._scanned: dict[str, tuple[NDArray[np.int64], Vectors]] = {}

    def learn(self, brand: str, paths: Sequence[Path], *, on_progress: Progress | None = None) -> LearnReport:
        """Learns folders and files; what is no longer in a folder learned before leaves the index."""
        with self._lock:
            return self._learn(brand, paths, on_progress or (lambda *_: None))

    def fresh(self, brand: str, root: Path) -> bool:
        """Whether a folder stands in the index as it is on disk, by names, sizes and times."""
        with self._lock, self._manifest() as manifest:
            rows = manifest.execute(
                "SELECT document, mtime, size FROM documents WHERE brand=? AND root=?", (brand, str(root))
            ).fetchall()
            row = manifest.execute("SELECT encoder, dimensions FROM brands WHERE brand=?", (brand,)).fetchone()
        if row != (self.encoder.name, self.encoder.dimensions):
            return False
        there = {name: (stat.st_mtime, stat.st_size) for name, file in _files(root) if (stat := file.stat())}
        return {name: (mtime, size) for name, mtime, size in rows} == there

    def known(self, brand: str) -> Known | None:
        """What is searchable of a brand; None when nothing was learned."""
        cached = self._known.get(brand)
        if cached and time.monotonic() - self._looked.get(brand, 0.0) < FRESH_SECONDS:
            return cached
        with self._lock, self._manifest() as manifest:
            self._looked[brand] = time.monotonic()
            row = manifest.execute("SELECT version, collection, exact FROM brands WHERE brand=?", (brand,)).fetchone()
            if row is None:
                return None
            if cached and cached.version == row[0]:
                return cached
            entries = _entries(manifest, brand)
        sections: list[Section] = []
        window_of: dict[str, int] = {}
        for entry in entries:
            for window in entry.windows:
                window_of[_key(entry, window)] = len(sections) + window.section
            sections += entry.sections
        self._known[brand] = Known(row[0], tuple(sections), window_of, row[1], bool(row[2]))
        return self._known[brand]

    def nearest(self, known: Known, vector: Vectors, count: int) -> dict[int, float]:
        """Section place → cosine of its best window, among the `count` nearest windows."""
        with self._lock:
            return self._scan(known, vector, count) if known.exact else self._ask(known, vector, count)

    def _ask(self, known: Known, vector: Vectors, count: int) -> dict[int, float]:
        collection = self._chroma().get_collection(known.collection, embedding_function=None)
        wanted = min(count, max(len(known.window_of), 1))
        found = collection.query(query_embeddings=[vector], n_results=wanted, include=["distances"])
        best: dict[int, float] = {}
        for name, distance in zip(found["ids"][0], found["distances"][0], strict=True):
            place = known.window_of.get(name)
            if place is not None:
                best[place] = max(best.get(place, -1.0), 1.0 - float(distance))
        return best

    def _scan(self, known: Known, vector: Vectors, count: int) -> dict[int, float]:
        """The same, exactly: every window's cosine."""
        key = f"{known.collection}:{known.version}"
        if key not in self._scanned:
            kept = self._vectors(known.collection, list(known.window_of))
            places = np.array([known.window_of[name] for name in kept], dtype=np.int64)
            self._scanned = {key: (places, np.stack(list(kept.values())))}
        places, vectors = self._scanned[key]
        best = np.full(len(known.sections), -1.0, dtype=np.float32)
        np.maximum.at(best, places, vectors @ vector)
        nearest = np.argsort(best)[::-1][:count]
        return {int(place): float(best[place]) for place in nearest}

    def _learn(self, brand: str, paths: Sequence[Path], progress: Progress) -> LearnReport:
        report = LearnReport()
        with self._manifest() as manifest:
            row = manifest.execute(
                "SELECT collection, encoder, dimensions, version FROM brands WHERE brand=?", (brand,)
            ).fetchone()
            before = {(entry.root, entry.document): entry for entry in _entries(manifest, brand)}
        after = dict(before)
        for path in paths:
            self._look(path, before, after, report)
        old = {_key(entry, window): window.hash for entry in before.values() for window in entry.windows}
        new = {_key(entry, window): window for entry in after.values() for window in entry.windows}
        report.windows = len(new)
        same = row is not None and row[1:3] == (self.encoder.name, self.encoder.dimensions)
        wanted = [name for name, window in new.items() if not same or old.get(name) != window.hash]
        leaving = [name for name in old if name not in new]
        rebuild = not same or len(leaving) > CHURN * max(len(old), 1)
        if not wanted and not leaving and before.keys() == after.keys() and same:
            self._touch(brand, after)
            return report
        version = (row[3] if row else 0) + 1
        collection = _collection(brand, version) if rebuild else row[0]
        vectors = self._vectors(row[0], [name for name in new if name not in set(wanted)]) if rebuild and same else {}
        target = self._write(collection, new, wanted, vectors, report, progress, fresh=rebuild)
        if not rebuild and leaving:
            target.delete(ids=leaving)
        self._keep(brand, collection, version, after, exact=not self._sound(target, new))
        if rebuild and row is not None and row[0] != collection:
            with contextlib.suppress(Exception):
                self._chroma().delete_collection(row[0])
        return report

    def _look(
        self,
        path: Path,
        before: dict[tuple[str, str], _Entry],
        after: dict[tuple[str, str], _Entry],
        report: LearnReport,
    ) -> None:
        """Reads a folder or a file into `after`, by what changed since `before`."""
        root = path if path.is_dir() else path.parent
        there = list(_files(path)) if path.is_dir() else [(path.name, path)]
        if not path.exists():
            report.failed.append(Failed(document=path.name, reason="missing"))
            return
        for document, file in there:
            key = (str(root), document)
            known = before.get(key)
            try:
                stat = file.stat()
                digest = hashlib.sha256(file.read_bytes()).hexdigest() if stat.st_size < 10**9 else ""
                if known and known.hash == digest:
                    after[key] = _Entry(*key, digest, stat.st_mtime, stat.st_size, known.sections, known.windows)
                    report.unchanged += 1
                    continue
                sections = read(file, document, root)
            except UnreadableDocument as error:
                report.failed.append(Failed(document=document, reason=error.reason, details=error.details))
                after.pop(key, None)
                continue
            except OSError:
                report.failed.append(Failed(document=document, reason="no_permission"))
                continue
            (report.changed if known else report.new).append(document)
            after[key] = _Entry(*key, digest, stat.st_mtime, stat.st_size, sections, list(cut(sections)))
        if path.is_dir():
            names = {document for document, _ in there}
            for key in [key for key in after if key[0] == str(root) and key[1] not in names]:
                report.deleted.append(key[1])
                del after[key]

    def _write(
        self,
        collection: str,
        new: dict[str, Window],
        wanted: Sequence[str],
        vectors: dict[str, Vectors],
        report: LearnReport,
        progress: Progress,
        *,
        fresh: bool,
    ) -> Any:
        client = self._chroma()
        if fresh:
            with contextlib.suppress(Exception):
                client.delete_collection(collection)
        target = client.get_or_create_collection(collection, embedding_function=None, configuration={"hnsw": HNSW})
        kept = list(vectors)
        for start in range(0, len(kept), BATCH):
            part = kept[start : start + BATCH]
            target.upsert(ids=part, embeddings=[vectors[name] for name in part])
        missing = [name for name in new if fresh and name not in vectors] if fresh else list(wanted)
        for start in range(0, len(missing), ENCODED):
            part = missing[start : start + ENCODED]
            fresh_vectors = self.encoder.encode([new[name].text for name in part])
            for place in range(0, len(part), BATCH):
                target.upsert(ids=part[place : place + BATCH], embeddings=list(fresh_vectors[place : place + BATCH]))
                time.sleep(0)  # lets the event loop's thread in
            report.embedded += len(part)
            progress(report.embedded, len(missing), new[part[-1]].text.split(".")[0])
        return target

    def _sound(self, target: Any, new: dict[str, Window]) -> bool:
        """Whether every window sampled finds itself, or one just as near: texts that repeat can tear the graph apart."""
        names = list(new)[:: max(1, len(new) // AUDITED)][:AUDITED]
        if not names:
            return True
        vectors = self.encoder.encode([new[name].text for name in names])
        found = target.query(query_embeddings=list(vectors), n_results=min(5, len(new)), include=["distances"])
        return all(
            name in ids or (distances and distances[0] < TWIN)
            for name, ids, distances in zip(names, found["ids"], found["distances"], strict=True)
        )

    def _vectors(self, collection: str, names: Sequence[str]) -> dict[str, Vectors]:
        """The vectors that an unchanged window already has."""
        if not names:
            return {}
        source = self._chroma().get_collection(collection, embedding_function=None)
        vectors: dict[str, Vectors] = {}
        for start in range(0, len(names), 500):
            found = source.get(ids=list(names[start : start + 500]), include=["embeddings"])
            for name, vector in zip(found["ids"], found["embeddings"], strict=True):
                vectors[name] = np.asarray(vector, dtype=np.float32)
        return vectors

    def _keep(
        self, brand: str, collection: str, version: int, entries: dict[tuple[str, str], _Entry], *, exact: bool
    ) -> None:
        self._looked.pop(brand, None)
        with self._manifest() as manifest:
            manifest.execute("DELETE FROM documents WHERE brand=?", (brand,))
            manifest.executemany(
                "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?)", [_row(brand, entry) for entry in entries.values()]
            )
            manifest.execute(
                "INSERT OR REPLACE INTO brands VALUES (?,?,?,?,?,?)",
                (brand, collection, self.encoder.name, self.encoder.dimensions, version, int(exact)),
            )

    def _touch(self, brand: str, entries: dict[tuple[str, str], _Entry]) -> None:
        with self._manifest() as manifest:
            manifest.executemany(
                "UPDATE documents SET mtime=?, size=? WHERE brand=? AND root=? AND document=?",
                [(entry.mtime, entry.size, brand, entry.root, entry.document) for entry in entries.values()],
            )

    @contextlib.contextmanager
    def _manifest(self) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction."""
        self._folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._folder / "manifest.sqlite", timeout=30)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(SCHEMA)
            with connection:
                yield connection
        finally:
            connection.close()

    def _chroma(self) -> Any:
        if self._client is None:
            import chromadb
            from chromadb.config import Settings

            quiet = Settings(anonymized_telemetry=False)
            if isinstance(self._place, Path):
                self._client = chromadb.PersistentClient(str(self._place), settings=quiet)
            else:
                from urllib.parse import urlsplit

                url = urlsplit(self._place)
                self._client = chromadb.HttpClient(
                    host=url.hostname or "localhost", port=url.port or 8000, ssl=url.scheme == "https", settings=quiet
                )
        return self._client


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """(path under root, file) of every visible file, in order."""
    for file in sorted(root.rglob("*")):
        inside = file.relative_to(root)
        if file.is_file() and not any(part.startswith(".") for part in inside.parts):
            yield inside.as_posix(), file


def _key(entry: _Entry, window: Window) -> str:
    return f"{hashlib.sha256(entry.root.encode()).hexdigest()[:8]}-{window.id}"


def _collection(brand: str, version: int) -> str:
    return f"b{hashlib.sha256(brand.encode()).hexdigest()[:16]}-{version}"


def _row(brand: str, entry: _Entry) -> tuple[Any, ...]:
    sections = json.dumps([[section.heading, section.text, list(section.sayable)] for section in entry.sections])
    windows = json.dumps([[window.id, window.section, window.text, window.hash] for window in entry.windows])
    return brand, entry.root, entry.document, entry.hash, entry.mtime, entry.size, sections, windows


def _entries(manifest: sqlite3.Connection, brand: str) -> list[_Entry]:
    rows = manifest.execute(
        "SELECT root, document, hash, mtime, size, sections, windows FROM documents WHERE brand=? ORDER BY root, document",
        (brand,),
    )
    return [
        _Entry(
            root,
            document,
            digest,
            mtime,
            size,
            [Section(document, heading, text, tuple(sayable)) for heading, text, sayable in json.loads(sections)],
            [Window(*window) for window in json.loads(windows)],
        )
        for root, document, digest, mtime, size, sections, windows in rows
    ]
