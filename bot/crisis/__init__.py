"""Incidents: opening, the war room's acts, what is held, and everything that the journal and the report are made of.

Who may do what is in `rules.py`; what stops a draft, in the ledger (`bot/ledger/incidents.py`). Words are drafts like any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.crisis import drill, rules
from bot.domain.comment import Comment, NewComment, Received
from bot.domain.draft import Draft
from bot.domain.incident import (
    Change,
    Changed,
    Entry,
    Ground,
    Incident,
    Line,
    Opening,
    Played,
    Record,
    Room,
    Share,
    Story,
    Volume,
)
from bot.domain.model import Said, now
from bot.domain.promise import Promise, State
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.errors import Refused
from bot.inbox import Asked
from bot.pages import Pages
from knowledge.brand import Brand

LONGEST_LINE, LONGEST_TITLE = 500, 200
PUBLIC = ("holding", "update", "apology", "correction", "end")
"""Statements that are published; the others are for people."""
FIRST = 8
"""Comments that a record quotes."""
SHOWN = 50
"""Drafts of a war room that are read for its card; and, of those that opening stops, the latest, whose cards say so at once."""
VOICES = 3
"""Of a drill's chorus, as they are told."""


class Incidents(Protocol):
    """Where incidents are kept. Every method that writes is one transaction."""

    async def leaving(self, brand: str) -> int: ...
    async def open(self, opening: Opening) -> tuple[Incident, bool]: ...
    async def current(self, brand: str) -> Incident | None: ...
    async def listed(self, brand: str) -> list[Incident]: ...
    async def incident(self, number: int) -> Incident: ...
    async def truth(self, number: int) -> list[Line]: ...
    async def held(self, incident: Incident) -> list[int]: ...
    async def drafts(self, incident: Incident) -> list[int]: ...
    async def journal(self, incident: Incident) -> list[Entry]: ...
    async def received(self, incident: Incident) -> tuple[int, int]: ...
    async def volume(self, incident: Incident) -> list[Volume]: ...
    async def shares(self, incident: Incident) -> list[Share]: ...
    async def first(self, incident: Incident, most: int) -> list[Comment]: ...
    async def authors(self, incident: Incident) -> list[tuple[str, str, str, tuple[int, ...]]]: ...
    async def box_at(self, front: str, place: str) -> int: ...
    async def refs(self, incident: Incident) -> dict[str, int]: ...
    async def note(self, number: int, who: str, what: str, details: dict[str, Any], once: str) -> bool: ...
    async def change(
        self, change: Change, judge: Callable[[Incident, Change], str]
    ) -> tuple[Incident, bool, list[int]]: ...


class Promising(Protocol):
    """What was promised in a brand's name."""

    async def listed(self, brand: str, states: Sequence[State]) -> list[Promise]: ...


class Desk(Protocol):
    """What an incident needs of the rest."""

    def brand(self, slug: str) -> Brand: ...
    async def draft(self, number: int) -> Draft: ...
    @property
    def promises(self) -> Promising: ...
    async def handle(self, request: Request) -> Reply: ...
    @property
    def pages(self) -> Pages: ...


class Inbox(Protocol):
    """Where a drill's comments come in."""

    async def receive(self, brand: str, batch: Sequence[NewComment]) -> Received: ...


async def _nobody(_: str) -> None:
    """Nobody follows."""


class Crisis:
    """Implements `bot.desk.CrisisDesk`."""

    def __init__(
        self,
        incidents: Incidents,
        desk: Desk,
        moved: Callable[[Sequence[int]], Awaitable[None]],
        inbox: Callable[[], Inbox],
        clock: Callable[[], datetime] = now,
    ) -> None:
        """`moved`: shows drafts that were stopped or thawed as they are now, and takes up the releases of those that may leave."""
        self._incidents = incidents
        self._desk = desk
        self._moved = moved
        self._inbox = inbox
        self._clock = clock
        self._told: Callable[[str], Awaitable[None]] = _nobody

    def follow(self, changed: Callable[[str], Awaitable[None]]) -> None:
        """Whom to tell that a brand's incident changed."""
        self._told = changed

    async def stops(self, brand: str) -> int:
        """Drafts that opening would stop."""
        return await self._incidents.leaving(self._desk.brand(brand).slug)

    async def open(self, opening: Opening) -> Changed:
        """Opens an incident: from its moment on nothing that waited may leave. A second press comes to the one that is open.

        Raises NotAllowed for a stranger, Refused without a title.
        """
        brand = self._desk.brand(opening.brand)
        person = rules.may_open(brand, opening.by)
        title = " ".join(opening.title.split())[:LONGEST_TITLE]
        if opening.drill and opening.drill not in self._desk.pages.drills:
            raise Refused("crisis.said.no_scenario", name=opening.drill[:40])
        if not title:
            raise Refused("crisis.said.title")
        asked = opening.model_copy(update={"brand": brand.slug, "by": person.name, "title": title})
        incident, fresh = await self._incidents.open(asked)
        if fresh and incident.froze:
            await self._moved((await self._incidents.held(incident))[-SHOWN:])
        await self._told(incident.brand)
        key = "crisis.said.opened" if fresh else "crisis.said.open_already"
        said = Said(key=key, details={"incident": incident.id, "title": incident.title, "froze": incident.froze})
        return Changed(incident=incident, said=said, applied=fresh)

    async def play(self, incident: int) -> Story:
        """A drill's story up to now; the comments that have come are in its inbox, each once, whatever was killed meanwhile."""
        known = await self._incidents.incident(incident)
        scenario = self._desk.pages.drills.get(known.drill)
        if scenario is None:
            raise Refused("crisis.said.no_scenario", name=known.drill[:40])
        moment = min(self._clock(), known.closed_at or self._clock())
        brand = self._desk.brand(known.brand)
        beats = drill.come(scenario, known, brand.name, brand.languages[0], moment)
        there = await self._incidents.refs(known)
        fresh = [comment for beat in beats for comment in beat.comments if comment.ref not in there]
        if fresh and known.state != "closed":
            await self._inbox().receive(known.box, fresh)
            there = await self._incidents.refs(known)
        for beat in beats:
            if beat.turn.news:
                await self.note(incident, "drill.news", {"words": beat.words}, drill.ref(known, beat.place, 0))
        played = tuple(_played(beat, there) for beat in beats)
        return Story(incident=known, played=played, over=drill.over(scenario, known, moment))

    async def drill_in(self, front: str, place: str) -> int:
        """The open drill of that place, or 0: whatever is asked for there is part of it."""
        return await self._incidents.box_at(front, place)

    async def current(self, brand: str) -> Incident | None:
        """The open incident of the brand, a real one before a drill."""
        return await self._incidents.current(self._desk.brand(brand).slug)

    async def ground(self, brand: str) -> Ground | None:
        """What the brand's open incident lays down for its drafts; None in peace, and in a drill."""
        incident = await self._incidents.current(brand)
        return await self.ground_of(incident.id) if incident is not None and incident.real else None

    async def ground_of(self, number: int) -> Ground | None:
        """What an incident lays down while it is open; a drill's for its own statements alone."""
        incident = await self._incidents.incident(number)
        if incident.state == "closed":
            return None
        lines = tuple(line for line in await self._incidents.truth(number) if line.until is None)
        zone = self._desk.brand(incident.brand).zone
        times = [incident.next_update.astimezone(zone)] if incident.next_update else []
        due = tuple(spoken for at in times for spoken in (f"{at:%H h %M}", f"{at:%H:%M}"))
        return Ground(incident=incident, truth=lines, due=due)

    async def incidents(self, brand: str) -> list[Incident]:
        """The latest first; of all brands when `brand` is empty."""
        return await self._incidents.listed(self._desk.brand(brand).slug if brand else "")

    async def room(self, incident: int) -> Room:
        known = await self._incidents.incident(incident)
        drafts = [await self._desk.draft(number) for number in (await self._incidents.drafts(known))[-SHOWN:]]
        journal = await self._incidents.journal(known)
        statements = {draft.id for draft in drafts if draft.body.statement in PUBLIC}
        spoken = "draft.released" if known.real else "draft.approved"
        left = [entry.at for entry in journal if entry.what == spoken and entry.draft in statements]
        _, waiting = await self._incidents.received(known)
        return Room(
            incident=known,
            truth=tuple(line for line in await self._incidents.truth(incident) if line.until is None),
            held=tuple(await self._incidents.held(known)),
            waiting=tuple(draft for draft in drafts if draft.state == "pending"),
            open_comments=waiting,
            first_words_at=left[0] if left else None,
            last_words_at=left[-1] if left else None,
        )

    async def change(self, change: Change) -> Changed:
        """One press. Raises NotAllowed for who, Refused for what."""
        known = await self._incidents.incident(change.incident)
        brand = self._desk.brand(known.brand)
        change = self._whole(change, brand)
        incident, applied, thawed = await self._incidents.change(
            change, lambda current, asked: rules.judge(current, asked, brand).name
        )
        if thawed:
            await self._moved(thawed)
        await self._told(incident.brand)
        key = f"crisis.said.{change.verb}" if applied else "crisis.said.nothing_new"
        details = {
            "incident": incident.id,
            "who": incident.closing_by or change.by,
            "to": change.to,
            "count": len(thawed),
        }
        return Changed(
            incident=incident,
            said=Said(key=key, details={**details, "level": incident.level, "draft": change.draft}),
            applied=applied,
            drafts=tuple(thawed),
        )

    def _whole(self, change: Change, brand: Brand) -> Change:
        """The press with everything that its verb needs. Raises Refused where something lacks."""
        words = " ".join(change.words.split())
        if change.verb in ("add", "replace") and (not words or len(words) > LONGEST_LINE):
            raise Refused("crisis.said.words", limit=LONGEST_LINE)
        lacks = {
            "take": change.role is None,
            "give": change.role is None or not change.to,
            "shift": not change.to,
            "level": change.level is None,
            "add": change.sort is None,
            "promise": change.due is None,
        }
        if lacks.get(change.verb, False):
            raise Refused("crisis.said.incomplete")
        if change.verb == "promise" and change.due is not None:
            moment = self._clock()
            if not moment < change.due <= moment + timedelta(days=7):
                raise Refused("crisis.said.due")
        named = brand.person(change.to) if change.to else None
        return change.model_copy(update={"words": words, "to": named.name if named else change.to})

    async def statement(self, incident: int, wanted: str, asked: Asked) -> Reply:
        """Drafts of a statement, one a network of the brand; one alone where it is for no network (staff, partners, the press)."""
        known = await self._incidents.incident(incident)
        brand = self._desk.brand(known.brand)
        person = rules.may_open(brand, asked.by)
        if known.state == "closed":
            raise Refused("crisis.said.over", incident=incident)
        request = Request(
            id=f"statement:{asked.event or uuid.uuid4().hex}"[:200],
            text=known.title,
            brand=brand.slug,
            skill="crisis",
            kind=wanted,
            networks=brand.networks if wanted in PUBLIC else brand.networks[:1],
            language=brand.languages[0],
            author=person.name,
            user=asked.user,
            locale=asked.locale,
            front=asked.front,
            place=asked.place,
            incident=known.id,
        )
        return await self._desk.handle(request)

    async def record(self, incident: int) -> Record:
        """Everything that is known of it."""
        known = await self._incidents.incident(incident)
        drafts = [await self._desk.draft(number) for number in await self._incidents.drafts(known)]
        entries = await self._incidents.journal(known)
        volume = await self._incidents.volume(known)
        until = known.closed_at or self._clock()
        left = "released" if known.real else "approved"
        made = [one for one in await self._desk.promises.listed(known.brand, ()) if one.made_at <= until]
        commitments = [one for one in made if known.real and one.made_at >= known.opened_at]
        return Record(
            incident=known,
            brand=self._desk.brand(known.brand).name,
            entries=tuple(entries),
            truth=tuple(await self._incidents.truth(incident)),
            drafts=tuple(drafts),
            released={entry.draft: entry.at for entry in entries if entry.what == "draft.released"},
            volume=tuple(volume),
            answered=sum(1 for draft in drafts if draft.skill == "reply" and draft.state == left),
            received=(await self._incidents.received(known))[0],
            first=tuple(await self._incidents.first(known, FIRST)),
            promises=tuple(one.words for one in commitments),
            commitments=tuple(commitments),
            shares=tuple(await self._incidents.shares(known)),
        )

    async def stopped(self, incident: Incident) -> list[tuple[str, str, str, tuple[int, ...]]]:
        """Whom the freeze stopped: chat, place, author, drafts."""
        return await self._incidents.authors(incident)

    async def note(self, incident: int, what: str, details: dict[str, Any], once: str) -> bool:
        """Something that was told, once under that name; False when it was."""
        return await self._incidents.note(incident, "", what, details, once)


def _played(beat: drill.Beat, there: Mapping[str, int]) -> Played:
    turn, first = beat.turn, next(iter(beat.comments), None)
    words = "\n".join(comment.text for comment in beat.comments[-VOICES:]) if turn.chorus else beat.words
    return Played(
        place=beat.place,
        minute=turn.at,
        network=turn.network,
        author=turn.author,
        words=words,
        voices=len(beat.comments) if turn.chorus else 0,
        whole=len(beat.comments) >= turn.chorus,
        news=turn.news,
        comment=there.get(first.ref, 0) if first else 0,
    )
