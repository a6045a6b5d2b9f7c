"""What people mean by words typed to a war room: « fait : … », "never: …", « prochain point 14:00 », « niveau 3 ».

It only names the intention; the word lists are in `war_room_said.toml`, one for both languages. What a line may say is not judged.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Literal

from bot.domain.incident import SORTS, Level, Sort
from bot.triage.text import fold

LEVELS: tuple[Level, ...] = (1, 2, 3, 4)
Act = Literal["line", "promise", "level", "shift", "lift", "number", "none"]
LONGEST = 500
"""Characters of a line of the source of truth: longer is two."""
AT_ONCE = 200
"""Characters of which an order consists at most: more is a text."""
_LISTS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_WORDS = {name: tuple(map(fold, words)) for name, words in _LISTS.items()}
_NUMBERED = re.compile(r"(.{1,40}?) (?:n ?° ?|no ?|#)?(\d{1,9})", re.DOTALL)
_SPAN = re.compile(
    r"(?:\+|dans|in|d'ici) ?(?:(\d{1,2}) ?h(?:eures?|ours?|rs?)?)? ?(?:(\d{1,3}) ?(?:m(?:in(?:ute)?s?)?)?)?"
)
_CLOCK = re.compile(r"(\d{1,2})(?: ?[h:.] ?(\d{2})?)?(?: ?heures?)? ?(am|pm)?")


@dataclass(frozen=True)
class Meant:
    act: Act
    words: str = ""
    sort: Sort | None = None
    line: int = 0
    """The line that these words replace; of `number`, the incident."""
    level: Level | None = None


def meant(said: str) -> Meant:
    """The intention of what follows « crise », or stands alone in the war room; `none` when the words are something else."""
    head, colon, rest = said.partition(":")
    if colon and (sort := _line(head)) is not None and rest.strip():
        return Meant("line", words=rest.strip(), sort=sort[0], line=sort[1])
    folded = fold(said[:AT_ONCE]).rstrip(" ?!.")
    if folded.lstrip("#").isdigit() and len(folded) < 12:
        return Meant("number", line=int(folded.lstrip("#")))
    return _order(folded) or Meant("none", words=said.strip())


def _order(folded: str) -> Meant | None:
    for level in LEVELS:
        if folded in {f"{word} {level}" for word in _WORDS["level"]}:
            return Meant("level", level=level)
    if folded in (*_WORDS["shift"], *_WORDS["lift"]):
        return Meant("shift" if folded in _WORDS["shift"] else "lift")
    for word in _WORDS["promise"]:
        rest = folded.removeprefix(word)
        if rest != folded and rest[:1] in (" ", ":") and _timed(when := rest.strip(" :")):
            return Meant("promise", words=when)
    return None


def _line(head: str) -> tuple[Sort, int] | None:
    """« fait 12 » → what sort of line it is, and which one it replaces."""
    if len(head) > 60:
        return None
    folded, number = fold(head), 0
    if (found := _NUMBERED.fullmatch(folded)) is not None:
        folded, number = found[1], int(found[2])
    return next(((sort, number) for sort in SORTS if folded in _WORDS[sort]), None)


def _timed(folded: str) -> bool:
    return moment(folded, datetime(2000, 1, 1)) is not None  # noqa: DTZ001 - only whether it can be read


def moment(said: str, at: datetime) -> datetime | None:
    """« 14:00 », "2 pm", « demain 9 h », « dans 45 min », said at `at` (its zone is the reader's); None when it is no time.

    An hour that is past is tomorrow's: what is promised lies ahead.
    """
    folded = fold(said[:AT_ONCE])
    span = _SPAN.fullmatch(folded)
    if span is not None and (span[1] or span[2]):
        return at + timedelta(hours=int(span[1] or 0), minutes=int(span[2] or 0))
    tomorrow = any(folded.startswith(word) for word in _WORDS["tomorrow"])
    for word in _WORDS["tomorrow"]:
        folded = folded.removeprefix(word).strip(" ,")
    folded = re.sub(r"^(?:a|at|vers|around) ", "", folded)
    clock = _clock(folded)
    if clock is None:
        return None
    found = datetime.combine(at.date(), clock, at.tzinfo)
    return found + timedelta(days=1) if tomorrow or found <= at else found


def _clock(folded: str) -> time | None:
    if folded in _WORDS["noon"]:
        return time(12)
    if folded in _WORDS["midnight"]:
        return time(0)
    found = _CLOCK.fullmatch(folded)
    if found is None or folded.isdigit():
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
