"""The ledger of promises: what released texts promise, when it falls due, and what people made of it.

Reads the promises out of a text when it leaves (`checks/promises.py` finds them), dates them on the brand's clock, and lets people
mark them kept, dropped, or to be reminded tomorrow. Nothing is marked kept but by a person: no later text proves that a refund
arrived or that somebody called. Who is reminded where is the front-ends' affair (`herald.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from bot.checks.folded import Folded
from bot.checks.numbers import NUMBER, value
from bot.checks.promises import promises, unquoted
from bot.domain.approval import unknown
from bot.domain.decision import Outcome
from bot.domain.draft import Draft
from bot.domain.model import Said, now
from bot.domain.promise import NewPromise, Promise, Settled, State
from bot.triage.days import WEEKDAYS
from knowledge.brand import Brand

UNDATED = frozenset({"refund", "replace", "callback"})
"""Topics that bind without a date. « Nous garantissons … » has no day on which it is kept, and « plus jamais » none either."""
CLOSE, NOON, NIGHT, MORNING = time(17), time(12), time(20), time(9)
"""When « demain », « demain matin » and « ce soir » end; the last is when « remind me tomorrow » rings."""
LEAD = timedelta(hours=1)
"""A reminder comes this long before the promise falls due: on the hour itself nobody could keep it any more."""
LONGEST = 1_000
"""Of whatever the words count: a promise of a thousand months is a date that exists."""
_SENTENCE = re.compile(r"[^.!?;…\n]+[.!?;…]*")
_PERSONAL = re.compile(
    r"\b(?:nous|on|je|vous|tu|te|votre|vos|ton|ta|tes|we|i|you|your|me)\b|\b(?:[tj]'|we'|i'|you')", re.IGNORECASE
)
"""Said to somebody or in our name; « un retour est remboursé sous 5 jours » is a rule."""
_SPAN = re.compile(
    rf"\b(?:sous|d'ici|d'ici a|dans(?: les| un delai de)?|en moins de|within|in(?: the next| under| less than)?|inside) "
    rf"(?P<number>une?|an?|{NUMBER}) ?(?:petite?s? |prochaine?s? |good )?(?P<working>working |business )?"
    r"(?P<unit>h\b|heure|minute|jour|semaine|mois|hour|hr|day|week|month)\w*(?P<ouvres> ouvres?)?"
)
_HOUR = re.compile(r"\bdans l'heure\b|\bwithin the hour\b")
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?: ?h ?(?P<minute>\d{2})?| heures?)(?!\w)"
    r"|\b(?P<twelve>\d{1,2})(?:[:.](?P<past>\d{2}))? ?(?P<half>am|pm)\b"
)
_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})\b")
_NEXT_WEEK = re.compile(r"\bla semaine prochaine\b|\bnext week\b")
_WEEK = re.compile(r"\b(?:cette|de la|dans la|la) semaine\b|\b(?:this|the) week\b|\bweek[- ]?end\b")
_MOMENTS: tuple[tuple[re.Pattern[str], int, time], ...] = (
    (re.compile(r"\bapres-demain\b|\bday after tomorrow\b"), 2, CLOSE),
    (re.compile(r"\bdemain (?:matin|midi)\b|\btomorrow (?:morning|noon)\b"), 1, NOON),
    (re.compile(r"\bdemain soir\b|\btomorrow (?:night|evening)\b"), 1, NIGHT),
    (re.compile(r"\bdemain\b|\btomorrow\b"), 1, CLOSE),
    (re.compile(r"\bce soir\b|\btonight\b|\bthis evening\b|\bdans la soiree\b"), 0, NIGHT),
    (
        re.compile(r"\bce (?:matin|midi)\b|\bavant midi\b|\bdans la matinee\b|\bthis morning\b|\b(?:by|before) noon\b"),
        0,
        NOON,
    ),
    (
        re.compile(
            r"\baujourd'hui\b|\bdans la journee\b|\b(?:cet|dans l')(?: |')?apres-midi\b|\btoday\b|\bthis afternoon\b"
        ),
        0,
        CLOSE,
    ),
)


class Store(Protocol):
    """Where promises are kept. Every method is one transaction, and safe to repeat."""

    async def enter(self, batch: Sequence[NewPromise]) -> None: ...

    async def promise(self, number: int) -> Promise:
        """Raises Refused when there is none."""
        ...

    async def listed(self, brand: str, states: Sequence[State]) -> list[Promise]:
        """Of one brand, or of all when `brand` is empty; the first due first."""
        ...

    async def ringing(self, brand: str, at: datetime) -> list[Promise]:
        """Open promises whose reminder's time has come and was not told."""
        ...

    async def rang(self, number: int, ring_at: datetime) -> bool: ...

    async def settle(self, number: int, state: State, by: str) -> tuple[Promise, bool]:
        """False when it was settled before."""
        ...

    async def later(self, number: int, ring_at: datetime, by: str) -> tuple[Promise, bool]: ...


class Promises:
    def __init__(self, store: Store, brand: Callable[[str], Brand], clock: Callable[[], datetime] = now) -> None:
        self._store = store
        self._brand = brand
        self._clock = clock

    async def enter(self, draft: Draft, outcome: Outcome) -> None:
        """What a text that left promises, once. Safe to repeat."""
        found = made(draft, outcome, self._brand(draft.brand))
        if found:
            await self._store.enter(found)

    async def listed(self, brand: str, states: Sequence[State]) -> list[Promise]:
        """The first due first; of every brand when `brand` is empty."""
        return await self._store.listed(self._brand(brand).slug if brand else "", states)

    async def promise(self, number: int) -> Promise:
        """Raises Refused when there is none."""
        return await self._store.promise(number)

    async def ringing(self, brand: str) -> list[Promise]:
        return await self._store.ringing(brand, self._clock())

    async def rang(self, promise: Promise) -> None:
        await self._store.rang(promise.id, promise.ring_at)

    async def keep(self, number: int, by: str) -> Settled:
        """It was kept: a colleague of the brand says so. Raises NotAllowed, Refused."""
        return await self._settle(number, "kept", by)

    async def drop(self, number: int, by: str) -> Settled:
        """It will not be kept, or binds nobody any more."""
        return await self._settle(number, "dropped", by)

    async def later(self, number: int, by: str) -> Settled:
        """Reminds again tomorrow morning, on the brand's clock."""
        known = await self._store.promise(number)
        brand, name = self._named(known, by)
        tomorrow = self._clock().astimezone(brand.zone).date() + timedelta(days=1)
        ring_at = datetime.combine(tomorrow, MORNING, brand.zone).astimezone(UTC)
        promise, applied = await self._store.later(number, ring_at, name)
        said = Said(key="promise.later" if applied else f"promise.already_{promise.state}", details=_told(promise))
        return Settled(promise=promise, said=said, applied=applied)

    async def _settle(self, number: int, state: State, by: str) -> Settled:
        known = await self._store.promise(number)
        _, name = self._named(known, by)
        promise, applied = await self._store.settle(number, state, name)
        said = Said(key=f"promise.{'' if applied else 'already_'}{promise.state}", details=_told(promise))
        return Settled(promise=promise, said=said, applied=applied)

    def _named(self, promise: Promise, by: str) -> tuple[Brand, str]:
        brand = self._brand(promise.brand)
        person = brand.person(by)
        if person is None:
            raise unknown(by, brand)
        return brand, person.name


def made(draft: Draft, outcome: Outcome, brand: Brand) -> list[NewPromise]:
    """The promises of a released text, a sentence each, in its order."""
    found: dict[str, NewPromise] = {}
    at = outcome.released_at.astimezone(brand.zone)
    for sentence, folded, topics in _promising(outcome.text):
        when = due(folded, at)
        topic = next((topic for topic in topics if when is not None or topic in UNDATED), "")
        if not topic or not _PERSONAL.search(folded):
            continue
        moment = when or at + timedelta(hours=brand.promises.due_hours)
        found.setdefault(
            sentence,
            NewPromise(
                brand=draft.brand,
                draft=draft.id,
                revision=outcome.revision,
                network=draft.network,
                front=draft.front,
                place=draft.place,
                topic=topic,
                words=sentence,
                made_at=outcome.released_at,
                due=moment.astimezone(UTC),
                dated=when is not None,
                ring_at=max(moment - LEAD, at + (moment - at) / 2).astimezone(UTC),
            ),
        )
    return list(found.values())


def _promising(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Each sentence that promises, as written and folded, with its topics."""
    for match in _SENTENCE.finditer(unquoted(text)):
        folded = Folded.of(match.group().strip()).text
        topics = [one.topic for one in promises(folded) if one.topic not in ("admission", "never")]
        if topics:
            yield text[match.start() : match.end()].strip(), folded, topics


def due(folded: str, at: datetime) -> datetime | None:
    """When folded words fall due, said at `at` (its zone is the brand's); None when they name no moment.

    A day ends at the close of business: « demain » is tomorrow at 17:00. What would be over already is given two hours.
    """
    clock = _clock(folded)
    span = _SPAN.search(folded)
    if _HOUR.search(folded):
        return at + timedelta(hours=1)
    if span:
        return _after(span, at)
    day = _day(folded, at)
    if day is not None:
        date, end = day
        moment = datetime.combine(date, clock or end, at.tzinfo)
    elif clock is not None:
        moment = datetime.combine(at.date(), clock, at.tzinfo)
    else:
        return None
    return moment if moment > at else at + timedelta(hours=2)


def _day(folded: str, at: datetime) -> tuple[datetime, time] | None:
    for pattern, days, end in _MOMENTS:
        if pattern.search(folded):
            return at + timedelta(days=days), end
    named = _WEEKDAY.search(folded)
    if named:
        ahead = (WEEKDAYS[named[1]] - at.weekday()) % 7 or 7
        return at + timedelta(days=ahead), NOON if re.search(
            rf"{named[1]} (?:matin|midi|morning|noon)", folded
        ) else CLOSE
    if _NEXT_WEEK.search(folded):
        return at + timedelta(days=11 - at.weekday()), CLOSE
    if _WEEK.search(folded):
        return at + timedelta(days=(4 - at.weekday()) % 7), CLOSE
    return None


def _after(span: re.Match[str], at: datetime) -> datetime:
    number, unit = min(value(span["number"]), LONGEST), span["unit"]
    if unit.startswith("minute"):
        return at + timedelta(minutes=number)
    if unit in ("h", "heure", "hour", "hr"):
        return at + timedelta(hours=number)
    if unit in ("jour", "day") and (span["working"] or span["ouvres"]):
        moment, left = at, int(number)
        while left > 0:
            moment += timedelta(days=1)
            left -= moment.weekday() < 5
        return moment
    days = {"jour": 1, "day": 1, "semaine": 7, "week": 7, "mois": 30, "month": 30}[unit]
    return at + timedelta(days=number * days)


def _clock(folded: str) -> time | None:
    match = _CLOCK.search(_SPAN.sub(" ", folded))
    if match is None:
        return None
    afternoon = 12 if match["half"] == "pm" else 0
    hour = int(match["twelve"]) % 12 + afternoon if match["half"] else int(match["hour"])
    minute = int(match["minute"] or match["past"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _told(promise: Promise) -> dict[str, object]:
    return {"promise": promise.id, "who": promise.by}
