"""Comments out of files: CSV and JSON as the usual tools export them, read row by row, so that a file of any size fits.

Columns are guessed by their names, else by what they hold, and shown before anything is stored. It stores nothing itself
(`bot/inbox.py` does).
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import ijson
from dateutil import parser as dates
from pydantic import ValidationError

from bot.domain.comment import NewComment
from bot.domain.model import Value
from bot.domain.request import LONGEST
from bot.errors import Refused
from bot.pages import Pages
from bot.triage.text import clean, fold

Row = Mapping[str, Any]
LOOKED_AT = 200
"""Rows read to guess the columns."""
SHOWN = 3
BIGGEST_CELL = 1_000_000
LONGEST_LINE = 1_000_000
_NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "comment text", "comment", "message", "body", "content", "review", "review text", "caption", "tweet", "snippet",
        "commentaire", "texte", "avis", "contenu", "texte de l'avis", "texte du commentaire", "contenu du message", "full text",
        "textoriginal", "textdisplay", "comment message", "original text", "mention", "verbatim",
    ),
    "author": (
        "author", "author name", "user", "username", "screen name", "from", "name", "reviewer", "auteur", "utilisateur", "pseudo",
        "nom", "authordisplayname", "profile", "profil", "consumer", "customer", "client", "handle", "sender",
    ),
    "ref": (
        "comment id", "id", "message id", "tweet id", "review id", "mention id", "external id", "identifiant", "post id", "native id",
        "commentid", "uuid", "guid",
    ),
    "at": (
        "date", "created at", "created", "created time", "timestamp", "time", "published", "published at", "publishedat", "posted",
        "review date", "date de publication", "horodatage", "date de creation", "date (utc)", "datetime",
    ),
    "url": ("url", "link", "permalink", "permalink url", "lien", "comment url", "message url", "post url", "review url"),
    "network": ("network", "platform", "source", "channel", "social network", "reseau", "reseau social", "plateforme", "site"),
    "post": ("post", "post text", "post title", "video title", "parent", "publication", "in reply to", "page", "location", "lieu"),
    "rating": ("rating", "stars", "star rating", "score", "note", "etoiles"),
    "reach": ("followers", "reach", "followers count", "abonnes", "portee", "likes", "like count", "likecount", "impressions"),
}  # fmt: skip
FIELDS = tuple(_NAMES)
_STARS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5}


class Look(Value):
    """What a file seems to hold, before anything is stored."""

    file: str
    columns: dict[str, str]
    """Field of a comment → column of the file."""
    other: tuple[str, ...]
    """Columns that are left aside."""
    rows: tuple[dict[str, str], ...]
    """The first rows, as comments."""


def look(path: Path, pages: Pages, columns: Mapping[str, str] | None = None) -> Look:
    """Reads the beginning of a file. `columns` say some fields' columns, over the guess. Raises Refused for a file that holds none."""
    with rows(path) as found:
        first = list(itertools.islice(found, LOOKED_AT))
    if not first:
        raise Refused("import.empty", file=path.name)
    named = list(dict.fromkeys(name for row in first for name in row))
    wanted = dict(columns or {})
    for field, name in wanted.items():
        if field not in FIELDS or name not in named:
            raise Refused("import.no_column", column=f"{field}={name}", known=", ".join(named)[:300])
    guessed = {**guess(named, first), **wanted}
    if "text" not in guessed:
        raise Refused("import.no_text", file=path.name, known=", ".join(named)[:300])
    shown = []
    for row in first[:SHOWN]:
        try:
            one = comment(row, guessed, pages, brand="", network="", source="").model_dump(mode="json")
            shown.append({field: str(one[field]) for field in FIELDS if one[field] not in (None, "", 0)})
        except Refused as refusal:
            shown.append({"error": refusal.key})
    left = tuple(name for name in named if name not in guessed.values())
    return Look(file=path.name, columns=guessed, other=left, rows=tuple(shown))


def guess(named: Sequence[str], first: Sequence[Row]) -> dict[str, str]:
    """Field → column: by name, the surest names first; the text, failing a name, is the longest column of words."""
    plain = {
        name: re.sub(r"[\s_.\-/]+", " ", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))).strip() for name in named
    }
    found: dict[str, str] = {}
    for field, known in _NAMES.items():
        ranked = [
            (known.index(said), name) for name, said in plain.items() if said in known and name not in found.values()
        ]
        squeezed = [
            (len(known), name)
            for name, said in plain.items()
            if said.replace(" ", "") in known and name not in found.values()
        ]
        if ranked or squeezed:
            found[field] = min(ranked or squeezed)[1]
    if "text" not in found:
        weight = {
            name: sum(len(str(row.get(name) or "")) for row in first if " " in str(row.get(name) or ""))
            for name in named
            if name not in found.values()
        }
        best = max(weight, key=lambda name: weight[name], default=None)
        if best is not None and weight[best]:
            found["text"] = best
    return found


def comment(row: Row, columns: Mapping[str, str], pages: Pages, *, brand: str, network: str, source: str) -> NewComment:
    """The row as a comment. Raises Refused with the reason: nothing in it, or more than a network would take."""
    told = {field: row.get(name) for field, name in columns.items()}
    text = clean(str(told.get("text") or ""))
    if not text:
        raise Refused("import.row_empty")
    if len(text) > LONGEST:
        raise Refused("import.row_too_long")
    named = pages.network(str(told.get("network") or "")) if told.get("network") else None
    try:
        return NewComment(
            brand=brand,
            text=text,
            network=named.name if named else network,
            ref=str(told.get("ref") or "").strip()[:200],
            author=clean(str(told.get("author") or ""))[:200],
            url=_url(str(told.get("url") or "")),
            post=clean(str(told.get("post") or ""))[:300],
            rating=_rating(told.get("rating")),
            reach=_count(told.get("reach")),
            at=_date(told.get("at")),
            source=source,
        )
    except ValidationError:
        raise Refused("import.row_wrong") from None


def digest(path: Path, brand: str, columns: Mapping[str, str]) -> str:
    """The name of an import: the same file, brand and columns go on where they were."""
    with path.open("rb") as file:
        read = hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(json.dumps([read, brand, sorted(columns.items())]).encode()).hexdigest()[:40]


def count(path: Path) -> int:
    """Rows of a file."""
    with rows(path) as found:
        return sum(1 for _ in found)


@contextmanager
def rows(path: Path) -> Iterator[Iterator[Row]]:
    """The rows of a CSV or JSON file, one at a time. Raises Refused when it is neither."""
    try:
        with path.open("rb") as raw:
            start = raw.read(65_536)
    except OSError as error:
        raise Refused("import.unreadable", file=path.name, reason=error.strerror or "") from None
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("import.not_text", file=path.name)
    begins = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    try:
        if begins in (b"{", b"["):
            with path.open("rb") as file:
                yield _json(file, begins)
        else:
            with path.open(encoding=_encoding(path, start), errors="replace", newline="") as words:
                yield _csv(words)
    except (ijson.JSONError, ValueError, csv.Error) as error:
        raise Refused("import.broken", file=path.name, reason=type(error).__name__) from None


def _json(file: Any, begins: bytes) -> Iterator[Row]:
    """A list of objects, JSON Lines, or an object that holds one list of them."""
    first = file.readline(LONGEST_LINE)
    file.seek(0)
    if begins == b"{" and _is_line(first):
        return (_flat(json.loads(line)) for line in file if line.strip())
    path = "item" if begins == b"[" else _list_in(file)
    file.seek(0)
    return (_flat(one) for one in ijson.items(file, path, use_float=True) if isinstance(one, dict))


def _is_line(line: bytes) -> bool:
    """Whether the document's first line is a comment of its own, and not the whole document."""
    try:
        one = json.loads(line)
    except ValueError:
        return False
    return not any(isinstance(held, list) and held and isinstance(held[0], dict) for held in one.values())


def _list_in(file: Any) -> str:
    """The path of the first list of objects in the document."""
    for path, event, _ in ijson.parse(file):
        if event == "start_array":
            return f"{path}.item" if path else "item"
    return "item"


def _flat(one: Mapping[str, Any]) -> dict[str, Any]:
    """Nested objects as columns of their own: « snippet.textDisplay » goes by its last name where that is free."""
    flat: dict[str, Any] = {}
    for name, value in one.items():
        if isinstance(value, Mapping):
            for inner, held in _flat(value).items():
                flat.setdefault(inner, held)
        elif not isinstance(value, list):
            flat[name] = value
    return flat


def _csv(words: TextIO) -> Iterator[Row]:
    csv.field_size_limit(BIGGEST_CELL)
    sample = words.read(65_536)
    words.seek(0)
    if sample.startswith("\ufeff"):
        words.read(1)
    head = sample.lstrip("\ufeff").splitlines()[0] if sample.strip() else ""
    mark = max(",;\t|", key=head.count)
    reader = csv.DictReader(words, delimiter=mark if head.count(mark) else ",", restkey="+")
    return ({name or "?": value for name, value in row.items() if not isinstance(value, list)} for row in reader)


def _encoding(path: Path, start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        with path.open("rb") as file:
            decoder = io.TextIOWrapper(file, encoding="utf-8")
            while decoder.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"  # what a French or English spreadsheet writes
    return "utf-8"


def _date(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    if isinstance(value, int | float) or re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d+)?", str(value)):
        number = float(value)
        try:
            return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        except (OverflowError, OSError, ValueError):
            return None
    said = str(value).strip()[:40]
    try:
        found: datetime = dates.parse(said, dayfirst=bool(re.match(r"\d{1,2}/\d{1,2}/\d{4}", said)))
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _rating(value: Any) -> int | None:
    said = fold(str(value or ""))
    number = re.match(r"[1-5](?=\D|$)", said)
    return int(number[0]) if number else _STARS.get(said.split(" ", maxsplit=1)[0] if said else "")


def _count(value: Any) -> int:
    digits = re.sub(r"[\s,.\u202f\u00a0](?=\d{3}\b)", "", str(value or ""))
    found = re.match(r"\d{1,12}", digits)
    return int(found[0]) if found else 0


def _url(value: str) -> str:
    said = value.strip()
    return said[:2_000] if re.match(r"https?://", said) else ""


def batches(found: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in lists of `size`, the last one shorter."""
    walking = iter(found)
    while batch := list(itertools.islice(walking, size)):
        yield batch
