"""A history of mentions out of a CSV file: `time,count[,negative]`, one row a step (`bonton alarm --replay`).

A file that cannot be trusted is refused with one line that names what is wrong and where: nothing is guessed. Rows that are missing
in between are unknown, not zero.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

from bot.alarm.detector import LONGEST, SHORTEST, Step
from bot.errors import Refused

BIGGEST = 100 * 2**20
MOST_ROWS = 600_000
"""Five years and a half in steps of five minutes."""
MOST = 1e12
FURTHEST = timedelta(days=366 * 6)
_NAMES = {
    "time": ("time", "timestamp", "date", "datetime", "ds"),
    "count": ("count", "value", "mentions", "volume", "total"),
    "negative": ("negative", "negatives", "neg"),
}


def read(path: Path) -> tuple[list[Step], timedelta]:
    """The rows of a file and its step. Raises Refused."""
    if not path.is_file():
        raise Refused("alarm.no_file", file=path.name)
    if path.stat().st_size > BIGGEST:
        raise Refused("alarm.too_big", file=path.name, limit=BIGGEST // 2**20)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(_rows(csv.reader(file, strict=True), path.name))
    except (UnicodeDecodeError, csv.Error):
        raise Refused("alarm.no_csv", file=path.name) from None
    if len(rows) < 2:
        raise Refused("alarm.empty", file=path.name)
    return _stepped(rows, path.name)


def _rows(lines: Iterator[list[str]], file: str) -> Iterator[Step]:
    header = [name.strip().casefold() for name in next(lines, [])]
    places = {
        field: next((header.index(name) for name in names if name in header), None) for field, names in _NAMES.items()
    }
    if not header:
        raise Refused("alarm.empty", file=file)
    for field in ("time", "count"):
        if places[field] is None:
            raise Refused("alarm.no_column", file=file, column=field, known=", ".join(header)[:80] or "—")
    before: datetime | None = None
    zoned: bool | None = None
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if number > MOST_ROWS:
            raise Refused("alarm.too_many", file=file, limit=MOST_ROWS)
        time = _time(_cell(cells, places["time"]), file, number)
        if zoned is not None and zoned is not (time.tzinfo is not None):
            raise Refused("alarm.zones", file=file, line=number)
        zoned = time.tzinfo is not None
        time = time if time.tzinfo else time.replace(tzinfo=UTC)
        if before is not None and time <= before:
            raise Refused("alarm.twice" if time == before else "alarm.unsorted", file=file, line=number)
        before = time
        count = _number(_cell(cells, places["count"]), "count", file, number)
        cell = _cell(cells, places["negative"])
        negative = _number(cell, "negative", file, number) if cell else None
        if negative is not None and negative > count:
            raise Refused("alarm.more_negative", file=file, line=number)
        yield Step(time=time, count=count, negative=negative)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _time(cell: str, file: str, line: int) -> datetime:
    try:
        time: datetime | None = datetime.fromisoformat(cell[:40])
    except ValueError:
        time = None
    if time is None or not 1990 <= time.year <= 2200:
        raise Refused("alarm.bad_time", file=file, line=line, cell=cell[:40] or "—")
    return time


def _number(cell: str, column: str, file: str, line: int) -> float:
    try:
        number = float(cell[:40])
    except ValueError:
        number = math.nan
    if not 0 <= number <= MOST:
        raise Refused("alarm.bad_number", file=file, line=line, column=column, cell=cell[:40] or "—")
    return number


def _stepped(rows: list[Step], file: str) -> tuple[list[Step], timedelta]:
    """The rows in even steps: those that share a step are added up; the step is what most rows keep."""
    if rows[-1].time - rows[0].time > FURTHEST:
        raise Refused("alarm.too_long", file=file)
    seconds = round(median((after.time - before.time).total_seconds() for before, after in pairwise(rows)))
    step = max(SHORTEST, timedelta(seconds=seconds))
    if step > LONGEST:
        raise Refused("alarm.too_coarse", file=file)
    origin = rows[0].time
    together: dict[int, list[Step]] = {}
    for row in rows:
        together.setdefault(round((row.time - origin) / step), []).append(row)
    return [_sum(same) for same in together.values()], step


def _sum(rows: Sequence[Step]) -> Step:
    if len(rows) == 1:
        return rows[0]
    negatives = [row.negative for row in rows if row.negative is not None]
    return Step(
        time=rows[0].time,
        count=sum(row.count or 0.0 for row in rows),
        negative=sum(negatives) if len(negatives) == len(rows) else None,
    )
