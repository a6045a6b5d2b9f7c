"""What was learned, and its vectors: only what changed is embedded again, and a deleted document leaves.

Chroma is a rebuildable index; the truth is the manifest (`manifest.py`). Vectors go in first and the manifest last, so a crash
leaves the old state, and the next learn completes. Under stable ids an upsert replaces; where much leaves or the encoder changed,
a new collection is built and swapped in (deleting and adding in place loses recall: chroma#7758). After every learn the collection
is asked for its own windows; one that does not find them is scanned exactly instead of through its graph.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import Section, UnreadableDocument, fetch
from knowledge.documents import sections as sections_of
from knowledge.embed import Encoder, Vectors
from knowledge.manifest import Entry, Held, Manifest
from knowledge.report import Failed, LearnReport
from knowledge.windows import cut

BATCH = 20
"""Windows a write: Chroma holds the interpreter's lock for the whole of one (37 ms at 20, 154 ms at 300). The encoder is given as
many: 100 at once was no quicker."""
CHURN = 0.3
"""Share of windows leaving from which a new collection is built."""
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
"""Well above Chroma's defaults: guidelines repeat themselves, and near-twins hide each other in a sparse graph."""
FRESH_SECONDS = 2.0
"""For how long another process's learning may go unseen: reading the manifest at each search costs more than the search."""
TWIN = 1e-3
"""Distance under which another window says the same."""
AUDITED = 200
NEVER = -1
"""The time of a file that could not be opened: a right given back leaves no trace in the file's own."""

Progress = Callable[[int, int, str], None]
Place = tuple[str, str]
"""Root and document."""


class Gone(Exception):
    """The collection cannot answer: another took its place since it was looked up, or Chroma lost it."""


@dataclass(frozen=True)
class Known:
    """Everything searchable of one brand, at one version."""

    version: int
    sections: tuple[Section, ...]
    window_of: dict[str, int]
    """Window id → place of its section."""
    windows: tuple[tuple[str, ...], ...]
    """The ids of each section's windows."""
    collection: str
    exact: bool
    """Its graph lost windows when it was audited: it is scanned whole instead."""


class Index:
    def __init__(self, place: Path | str, encoder: Encoder, *, manifest: Path | None = None) -> None:
        """`place` is a folder (embedded) or a Chroma server's address; then `manifest` is the folder for the manifest."""
        self.encoder = encoder
        self._place = place
        self._manifest = Manifest(manifest or (place if isinstance(place, Path) else Path()))
        self._learning = threading.Lock()
        self._opening = threading.Lock()
        self._client: Any = None
        self._known: dict[str, Known] = {}
        self._looked: dict[str, float] = {}
        self._scanned: dict[str, tuple[NDArray[np.int64], Vectors]] = {}

    def learn(
        self,
        brand: str,
        paths: Sequence[Path],
        *,
        root: Path | None = None,
        own: bool = False,
        on_progress: Progress | None = None,
    ) -> LearnReport:
        """Learns folders and files; what is no longer in a folder learned before leaves the index.

        Documents are named under the folder given (a file: by its name), or under `root`. `own` says that the first path is the
        brand's own folder: what was learned as such from another place leaves. Searches go on meanwhile, on the old state.
        """
        with self._learning:
            return self._learn(brand, paths, root and root.resolve(), own, on_progress or (lambda *_: None))

    def fresh(self, brand: str, root: Path, *, own: bool = False) -> bool:
        """Whether a folder stands in the index as it is on disk, by names, sizes and times."""
        held = self._manifest.held(brand)
        root = root.resolve()
        if held is None:
            return not root.is_dir()
        if not self._made_by_us(held) or (own and held.own != str(root)):
            return False
        return self._manifest.stamps(brand, root) == {name: _stamp(file) for name, file in _files(root)}

    def known(self, brand: str) -> Known | None:
        """What is searchable of a brand; None when nothing was learned."""
        cached = self._known.get(brand)
        if cached and time.monotonic() - self._looked.get(brand, -FRESH_SECONDS) < FRESH_SECONDS:
            return cached
        self._looked[brand] = time.monotonic()
        held = self._manifest.held(brand)
        if held is None or (cached and (cached.version, cached.collection) == (held.version, held.collection)):
            return cached if held else None
        held, entries = self._manifest.read(brand)
        assert held is not None
        sections: list[Section] = []
        windows: list[list[str]] = []
        for entry in entries:
            start = len(sections)
            sections += entry.sections
            windows += [[] for _ in entry.sections]
            for window in entry.windows:
                windows[start + window.section].append(window.id)
        window_of = {name: place for place, names in enumerate(windows) for name in names}
        self._known[brand] = Known(
            held.version, tuple(sections), window_of, tuple(map(tuple, windows)), held.collection, held.exact
        )
        return self._known[brand]

    def nearest(self, known: Known, vector: Vectors, count: int, also: Iterable[int] = ()) -> dict[int, float]:
        """Section place → cosine of its best window: of the `count` nearest windows, and of the sections in `also`.

        Raises Gone when the collection is no longer there.
        """
        best = self._scan(known, vector, count) if known.exact else self._ask(known, vector, count)
        missing = [name for place in also if place not in best for name in known.windows[place]]
        for name, held in self._vectors(known.collection, missing).items():
            place = known.window_of[name]
            best[place] = max(best.get(place, -1.0), float(held @ vector))
        return best

    def _ask(self, known: Known, vector: Vectors, count: int) -> dict[int, float]:
        wanted = min(count, max(len(known.window_of), 1))
        with _or_gone():
            collection = self._collection(known.collection)
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
        held = self._scanned.get(key)
        if held is None:
            kept = self._vectors(known.collection, list(known.window_of))
            if len(kept) < len(known.window_of):
                raise Gone(known.collection)
            places = np.array([known.window_of[name] for name in kept], dtype=np.int64)
            held = (places, np.stack(list(kept.values())))
            self._scanned = {key: held}
        places, vectors = held
        best = np.full(len(known.sections), -1.0, dtype=np.float32)
        np.maximum.at(best, places, vectors @ vector)
        nearest = np.argsort(best)[::-1][:count]
        return {int(place): float(best[place]) for place in nearest}

    def _learn(
        self, brand: str, paths: Sequence[Path], root: Path | None, own: bool, progress: Progress
    ) -> LearnReport:
        report = LearnReport()
        held, entries = self._manifest.read(brand)
        before = {entry.key: entry for entry in entries}
        after = dict(before)
        mine = str(paths[0].resolve()) if own else held.own if held else ""
        if own and held and held.own and held.own != mine:
            _leave(after, report, held.own)
        if own and not paths[0].is_dir():
            _leave(after, report, mine)
            paths = ()
        for path in paths:
            self._look(path, root, before, after, report)

        old = {window.id: window.hash for entry in before.values() for window in entry.windows}
        new = {window.id: window for entry in after.values() for window in entry.windows}
        report.windows = len(new)
        left, torn = self._manifest.unfinished(brand)
        if held is None or left != held.collection:
            self._drop(left)
            torn = frozenset()
        same = held is not None and self._made_by_us(held) and self._there(held.collection)
        wanted = [name for name, window in new.items() if not same or name in torn or old.get(name) != window.hash]
        leaving = [name for name in old.keys() | torn if name not in new]
        rebuild = not same or len(leaving) > CHURN * max(len(old), 1)

        if held and same and not wanted and not leaving:
            if (after, mine) != (before, held.own):
                version = held.version + (_seen(after) != _seen(before))
                self._keep(brand, replace(held, version=version, own=mine), after.values())
            return report

        version = held.version + 1 if held else 1
        collection = self._name(brand, version) if rebuild or held is None else held.collection
        donors = {old[name]: name for name in old if name not in torn} if same else {}
        given = {name: donors[new[name].hash] for name in (new if rebuild else wanted) if new[name].hash in donors}
        vectors = self._vectors(held.collection, list(given.values())) if held and given else {}
        self._manifest.begin(brand, collection, () if rebuild else [*wanted, *leaving])
        if rebuild:
            self._drop(collection)
        target = self._chroma().get_or_create_collection(
            collection, embedding_function=None, configuration={"hnsw": HNSW}
        )
        carried = {name: vectors[donor] for name, donor in given.items() if donor in vectors}
        _put(target, carried)
        missing = [name for name in (new if rebuild else wanted) if name not in carried]
        documents = {window.id: entry.document for entry in after.values() for window in entry.windows}
        for part in _batches(missing):
            _put(target, dict(zip(part, self.encoder.encode([new[name].text for name in part]), strict=True)))
            report.embedded += len(part)
            progress(report.embedded, len(missing), documents[part[-1]])
        if not rebuild and leaving:
            target.delete(ids=leaving)
        made = Held(
            collection, self.encoder.name, self.encoder.dimensions, version, not _sound(target, list(new)), mine
        )
        self._keep(brand, made, after.values())
        if held and held.collection != collection:
            self._drop(held.collection)
        return report

    def _look(
        self, path: Path, root: Path | None, before: dict[Place, Entry], after: dict[Place, Entry], report: LearnReport
    ) -> None:
        """Reads a folder or a file into `after`, by what changed since `before`."""
        folder = path.resolve() if path.is_dir() else None
        file = folder or path.parent.resolve() / path.name
        base = root or folder or file.parent
        if not file.is_relative_to(base):
            report.failed.append(Failed(document=path.name, reason="outside"))
            return
        under = "" if file == base else file.relative_to(base).as_posix()
        if not path.exists():
            if after.pop((str(base), under), None):
                report.deleted.append(under)
            else:
                report.failed.append(Failed(document=path.name, reason="missing"))
            return
        there = [(under, file)]
        if folder:
            there = [(f"{under}/{name}".lstrip("/"), found) for name, found in _files(folder)]
            _leave(after, report, str(base), under, {document for document, _ in there})
        looked: set[Place] = set()
        for document, found in there:
            key = (str(base), document)
            entry = after[key] = _read(found, base, document, before.get(key))
            looked.add(key)
            if entry.reason:
                report.failed.append(Failed(document=document, reason=entry.reason, details=entry.details))
            elif key not in before or before[key].reason:
                report.new.append(document)
            elif before[key].hash == entry.hash:
                report.unchanged += 1
            else:
                report.changed.append(document)
        # A file stands in the index once, under the name it was last learned by: a second copy would not follow its changes.
        files = {after[key].file for key in looked}
        for key in [key for key in after if key not in looked and key[0] != str(base) and after[key].file in files]:
            del after[key]

    def _keep(self, brand: str, held: Held, entries: Iterable[Entry]) -> None:
        self._manifest.keep(brand, held, entries)
        self.look_again(brand)  # after the commit: a search between the two would hold on to the old state

    def look_again(self, brand: str) -> None:
        """What is known of a brand is read anew at the next search."""
        self._looked.pop(brand, None)

    def _made_by_us(self, held: Held) -> bool:
        return (held.encoder, held.dimensions) == (self.encoder.name, self.encoder.dimensions)

    def _name(self, brand: str, version: int) -> str:
        return f"b{hashlib.sha256(brand.encode()).hexdigest()[:16]}-{self._manifest.home()}-{version}"

    def _vectors(self, collection: str, names: Sequence[str]) -> dict[str, Vectors]:
        """The vectors that windows already have."""
        if not names:
            return {}
        vectors: dict[str, Vectors] = {}
        with _or_gone():
            source = self._collection(collection)
            for part in _batches(list(dict.fromkeys(names)), 500):
                found = source.get(ids=part, include=["embeddings"])
                for name, vector in zip(found["ids"], found["embeddings"], strict=True):
                    vectors[name] = np.asarray(vector, dtype=np.float32)
        return vectors

    def _collection(self, name: str) -> Any:
        return self._chroma().get_collection(name, embedding_function=None)

    def _there(self, name: str) -> bool:
        try:
            with _or_gone():
                self._collection(name)
        except Gone:
            return False
        return True

    def _drop(self, name: str) -> None:
        if name and self._there(name):
            self._chroma().delete_collection(name)

    def _chroma(self) -> Any:
        with self._opening:
            if self._client is None:
                self._client = _connect(self._place)
        return self._client


def _connect(place: Path | str) -> Any:
    import chromadb
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        return chromadb.PersistentClient(str(place), settings=quiet)
    from urllib.parse import urlsplit

    url = urlsplit(place)
    secure = url.scheme == "https"
    return chromadb.HttpClient(
        host=url.hostname or "localhost", port=url.port or (443 if secure else 8000), ssl=secure, settings=quiet
    )


@contextlib.contextmanager
def _or_gone() -> Iterator[None]:
    """Chroma's own errors as Gone; a server that does not answer stays what it is."""
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise Gone(str(error)) from error


def _put(target: Any, vectors: dict[str, Vectors]) -> None:
    for part in _batches(list(vectors)):
        target.upsert(ids=part, embeddings=[vectors[name] for name in part])
        time.sleep(0)  # lets the event loop's thread in


def _sound(target: Any, names: Sequence[str]) -> bool:
    """Whether every window sampled finds itself, or one just as near: texts that repeat can tear the graph apart."""
    sample = names[:: max(1, len(names) // AUDITED)][:AUDITED]
    for part in _batches(sample):
        held = target.get(ids=list(part), include=["embeddings"])
        if len(held["ids"]) < len(part):
            return False
        found = target.query(query_embeddings=held["embeddings"], n_results=min(5, len(names)), include=["distances"])
        for name, near, distances in zip(held["ids"], found["ids"], found["distances"], strict=True):
            if name not in near and not (distances and distances[0] < TWIN):
                return False
    return True


def _batches(names: Sequence[str], size: int = BATCH) -> Iterator[list[str]]:
    for start in range(0, len(names), size):
        yield list(names[start : start + size])


def _files(root: Path) -> list[tuple[str, Path]]:
    """(path under root, file) of every visible file, in order."""
    found = []
    for file in sorted(root.rglob("*")):
        inside = file.relative_to(root)
        hidden = any(
            part.startswith((".", "~$")) for part in inside.parts
        )  # ~$: what Word leaves while a document is open
        if not hidden and file.is_file():
            found.append((inside.as_posix(), file))
    return found


def _stamp(file: Path) -> tuple[int, int]:
    try:
        known = file.stat()
    except OSError:
        return NEVER, 0
    return known.st_mtime_ns, known.st_size


def _read(file: Path, root: Path, document: str, known: Entry | None) -> Entry:
    """The document as it is now; what is `known` of it when its bytes are the same."""
    mtime, size = _stamp(file)
    digest = ""
    try:
        raw = fetch(file, document, root)
        digest = hashlib.sha256(raw).hexdigest()
        if known and known.hash == digest:
            return replace(known, mtime=mtime, size=size)
        found = sections_of(raw, document)
    except UnreadableDocument as error:
        shut = NEVER if error.reason == "no_permission" else mtime
        return Entry(str(root), document, digest, shut, size, reason=error.reason, details=error.details)
    return Entry(str(root), document, digest, mtime, size, tuple(found), tuple(cut(found, str(root))))


def _leave(after: dict[Place, Entry], report: LearnReport, root: str, under: str = "", but: Iterable[str] = ()) -> None:
    """Takes out what was learned from a folder, `but` what is still there."""
    stay = set(but)
    for key in [
        key for key in after if key[0] == root and key[1].startswith(under and f"{under}/") and key[1] not in stay
    ]:
        if not after.pop(key).reason:
            report.deleted.append(key[1])


def _seen(entries: dict[Place, Entry]) -> list[tuple[Section, ...]]:
    """What a search could see of them."""
    return [entries[key].sections for key in sorted(entries)]
