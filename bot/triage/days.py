"""Days of the week and months by their folded French and English names."""

from __future__ import annotations

_WEEK = (
    "lundi monday, mardi tuesday, mercredi wednesday, jeudi thursday, vendredi friday, samedi saturday, dimanche sunday"
)
_YEAR = (
    "janvier january, fevrier february, mars march, avril april, mai may, juin june, juillet july, aout august, "
    "septembre september, octobre october, novembre november, decembre december"
)


def _numbered(names: str, first: int) -> dict[str, int]:
    return {name: number for number, both in enumerate(names.split(", "), first) for name in both.split()}


WEEKDAYS = _numbered(_WEEK, 0)
"""0 is Monday, as `datetime.weekday` counts."""
MONTHS = _numbered(_YEAR, 1)


def month(written: str) -> int | None:
    """The month that a folded name or its beginning means: « juil », "sept"; None for any other word, or « jui » and « ma »."""
    known = {number for name, number in MONTHS.items() if name.startswith(written)}
    return known.pop() if len(written) > 2 and len(known) == 1 else None
