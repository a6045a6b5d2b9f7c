"""What an open crisis asks of whom at a moment: first words, the update that was promised, a lead who does not answer, a shift.

Pure: a room, the lines of its journal, its brand and a moment in; what is due out. Quiet hours are not looked at: a crisis has none.
Each thing due has a key, so that who tells it tells it once; where and in what words is `bot/crisis_watch.py`'s affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.domain.approval import could
from bot.domain.incident import Entry, Incident, Room
from bot.domain.model import Value
from knowledge.brand import Brand

What = Literal[
    "called",
    "no_lead",
    "first_words",
    "update_soon",
    "update_due",
    "update_late",
    "nothing_promised",
    "lead_silent",
    "waiting",
    "closing",
    "shift",
]
LOOKS_ONLY = 1
"""The level at which somebody looks and nothing is published."""


class Due(Value):
    what: What
    to: tuple[str, ...]
    """People of the brand who are asked, first of all."""
    since: datetime
    """From when it is due; of an update, the time that was promised."""
    turn: int = 0
    """It is told again this many times."""
    details: dict[str, Any] = {}

    @property
    def key(self) -> str:
        """Once told under this name, it is not told again."""
        return f"{self.what}:{int(self.since.timestamp())}:{self.turn}"


def due(room: Room, entries: Sequence[Entry], brand: Brand, moment: datetime) -> list[Due]:
    """What is due at `moment`, the gravest first."""
    if room.incident.state == "closed":
        return []
    found = [*_called(room.incident, brand), *_led(room, entries, brand, moment)]
    if room.incident.level > LOOKS_ONLY:
        found += _words(room, brand, moment)
    return [*found, *_waiting(room, brand, moment), *_ending(room.incident, entries, brand, moment)]


def owed(room: Room, brand: Brand) -> datetime | None:
    """The update that the public still waits for; None when none was promised, or words left at its time."""
    promised, spoke = room.incident.next_update, room.last_words_at
    if promised is None or (spoke is not None and spoke >= promised - _minutes(brand.crisis.ahead_minutes)):
        return None
    return promised


def chain(incident: Incident, brand: Brand) -> list[str]:
    """Who is called when nobody leads, one after the other: crisis leads as the brand file lists them, then leads."""
    able = [person.name for person in brand.people if "crisis_lead" in person.roles]
    able += [person.name for person in brand.people if person.leads and person.name not in able]
    return [name for name in able if name != incident.roles.get("lead")]


def _called(incident: Incident, brand: Brand) -> Iterator[Due]:
    """At the opening, everybody who may lead it."""
    if incident.real and (to := tuple(name for name in chain(incident, brand) if name != incident.by)):
        yield Due(what="called", to=to, since=incident.opened_at, details={"who": incident.by})


def _led(room: Room, entries: Sequence[Entry], brand: Brand, moment: datetime) -> Iterator[Due]:
    """Nobody leads, or who leads does not answer while something is late: the next in the chain, one at a time."""
    incident, wait = room.incident, _minutes(brand.crisis.lead_minutes)
    lead = incident.roles.get("lead")
    late = None if lead is None else _late(room, brand, moment)
    if lead is not None and late is None:
        return
    heard = max((entry.at for entry in entries if entry.who == lead), default=incident.opened_at) if lead else None
    since = max(filter(None, (late, heard)), default=incident.opened_at)
    place = int((moment - since) / wait) - 1
    able = chain(incident, brand)
    if place < 0 or not able:
        return
    turn = min(place, len(able) - 1)
    what: What = "lead_silent" if lead else "no_lead"
    details = {"who": lead or "", "to": able[turn], "minutes": int(wait.total_seconds() // 60) * (turn + 1)}
    yield Due(what=what, to=(able[turn],), since=since, turn=turn, details=details)


def _late(room: Room, brand: Brand, moment: datetime) -> datetime | None:
    """Since when something that only words can mend is late."""
    incident = room.incident
    times = [owed(room, brand)]
    if room.first_words_at is None and incident.level > LOOKS_ONLY:
        times.append(incident.opened_at + _minutes(brand.crisis.first_words_minutes))
    return min((time for time in times if time is not None and time <= moment), default=None)


def _words(room: Room, brand: Brand, moment: datetime) -> Iterator[Due]:
    """First words, then the update that was promised, then that one is promised at all."""
    incident, rules = room.incident, brand.crisis
    to = _speakers(incident, brand)
    again = _minutes(rules.remind_minutes)
    promised = owed(room, brand)
    if room.first_words_at is None:
        since = incident.opened_at + _minutes(rules.first_words_minutes)
        if moment >= since:
            yield Due(what="first_words", to=to, since=since, turn=int((moment - since) / again))
    elif promised is None and room.last_words_at is not None:
        since = room.last_words_at + _minutes(rules.silence_minutes)
        if moment >= since:
            yield Due(what="nothing_promised", to=to, since=since, turn=int((moment - since) / (3 * again)))
    if promised is None or moment < promised - _minutes(rules.ahead_minutes):
        return
    if moment < promised:
        yield Due(what="update_soon", to=to, since=promised)
    elif moment < promised + again:
        yield Due(what="update_due", to=to, since=promised)
    else:
        yield Due(what="update_late", to=to, since=promised, turn=int((moment - promised) / again))


def _speakers(incident: Incident, brand: Brand) -> tuple[str, ...]:
    """Who speaks for the brand now: the spokesperson and the lead, else those who may lead."""
    named = [incident.roles[role] for role in ("spokesperson", "lead") if role in incident.roles]
    return tuple(dict.fromkeys(named)) or tuple(chain(incident, brand))


def _waiting(room: Room, brand: Brand, moment: datetime) -> Iterator[Due]:
    """Statements that nobody approves: those whose press would bring them further."""
    again = _minutes(brand.crisis.remind_minutes)
    for draft in room.waiting:
        turn = int((moment - draft.created_at) / again)
        if turn > 0 and (to := tuple(person.name for person in could(draft, brand))):
            yield Due(what="waiting", to=to, since=draft.created_at, turn=turn, details={"draft": draft.id})


def _ending(incident: Incident, entries: Sequence[Entry], brand: Brand, moment: datetime) -> Iterator[Due]:
    """A lift that waits for its second person; a lead who has led for long."""
    rules = brand.crisis
    if incident.state == "closing":
        asked = max((entry.at for entry in entries if entry.who == incident.closing_by), default=moment)
        turn = int((moment - asked) / _minutes(rules.remind_minutes))
        to = tuple(person.name for person in brand.people if person.leads and person.name != incident.closing_by)
        if turn > 0 and to:
            yield Due(what="closing", to=to, since=asked, turn=turn, details={"who": incident.closing_by})
    lead = incident.roles.get("lead")
    taken = [entry.at for entry in entries if entry.details.get("role") == "lead"]
    since = max(taken, default=incident.opened_at)
    turn = int((moment - since) / timedelta(hours=rules.shift_hours))
    if lead and turn > 0:
        yield Due(
            what="shift",
            to=(lead,),
            since=since,
            turn=turn,
            details={"who": lead, "hours": int(turn * rules.shift_hours)},
        )


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
