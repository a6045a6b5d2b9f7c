"""Keeps an open crisis before people's eyes: its card in every chat, what is due, who is called, whose drafts were stopped.

Part of the herald (`bot/herald.py`), asked at each of its beats and after each change. What is due is `bot/crisis/rhythm.py`'s to know;
the words are the war room's (`frontends/war_room.py`). It decides nothing, and what it told once it does not tell again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.crisis.rhythm import Due, due
from bot.desk import CrisisDesk
from bot.domain.draft import Draft
from bot.domain.incident import Entry, Incident, Room
from bot.domain.model import now
from bot.frontends.panel import Panel
from bot.frontends.war_room import WarRoom, card_key
from bot.logs import where
from bot.view import View
from knowledge.brand import Brand, Person

READ_AGAIN = timedelta(seconds=60)
"""The journal, which is long, is read this often for what is due."""
LATELY = timedelta(days=1)
"""A crisis that was lifted while nobody served still changes its card."""
BEAT = 20.0
"""Seconds between looks at the clock."""
CALM = timedelta(seconds=5)
"""Between two looks when nobody changed anything: a flood of comments wakes the herald without end."""
AT_ONCE = 200
"""Held drafts whose authors are looked up at one beat: five thousand must keep nobody waiting."""


log = structlog.get_logger()


class Chat(Protocol):
    """A front-end that can speak to a brand's people unasked."""

    name: str

    async def tell(self, brand: Brand, key: str, panel: Panel, place: str = "", under: str = "") -> None: ...

    async def reach(self, person: Person, key: str, panel: Panel) -> bool:
        """To that person alone; False when this chat does not know them."""
        ...


class CrisisWatch:
    def __init__(
        self,
        crisis: CrisisDesk,
        draft: Callable[[int], Awaitable[Draft]],
        view: Callable[[str], View],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._crisis = crisis
        self._draft = draft
        self._view = view
        self._clock = clock
        self._drills: set[str] = set()
        """Brands whose drill runs."""
        self._open: dict[str, int] = {}
        """Brand → the crisis whose card was last shown open; 0: none is."""
        self._entries: dict[int, tuple[datetime, Sequence[Entry]]] = {}
        self._told: set[tuple[int, str]] = set()
        self._looked: dict[str, datetime] = {}
        """Brand → when its crisis was last looked at."""
        self._unread: dict[int, list[int]] = {}
        """Crisis → held drafts whose authors are not known yet."""
        self._stopped: dict[int, dict[str, list[int]]] = {}
        """Crisis → author → drafts."""

    @property
    def pace(self) -> float:
        """Seconds until it should look again of its own accord: a drill's story does not wait."""
        return CALM.total_seconds() if self._drills else BEAT

    def changed(self, brand: str = "") -> bool:
        """The brand's crisis, or some draft of any, is not what it was: the next look does not wait. False when none is open."""
        if brand:
            self._looked.pop(brand, None)
        elif any(self._open.values()):
            self._looked.clear()
        return bool(brand) or any(self._open.values())

    async def look(self, brand: Brand, chats: Mapping[str, Chat]) -> None:
        """Shows and tells what is to be shown and told of one brand's crisis now; while comments pour in, every few seconds."""
        moment = self._clock()
        if moment - self._looked.get(brand.slug, moment - CALM) < CALM:
            return
        self._looked[brand.slug] = moment
        incident = await self._crisis.current(brand.slug)
        await self._ended(brand, incident, chats)
        self._drills.discard(brand.slug)
        if incident is None:
            return
        self._open[brand.slug] = incident.id
        if not incident.real:
            self._drills.add(brand.slug)
        room = await self._crisis.room(incident.id)
        panels = WarRoom(room, brand, self._view(brand.languages[0]), self._clock())
        await self._show(brand, panels, chats)
        for one in due(room, await self._journal(incident), brand, self._clock()):
            if (incident.id, one.key) not in self._told and await self._say(brand, panels, one, chats):
                self._told.add((incident.id, one.key))
        if incident.real:
            await self._authors(brand, room, panels, chats)
        else:
            await self._play(brand, panels, chats)

    async def _play(self, brand: Brand, panels: WarRoom, chats: Mapping[str, Chat]) -> None:
        """A drill's story goes on: each turn below its card, once; a chorus when it begins and when it is whole, for a chat takes only
        so many messages a minute."""
        story, key = await self._crisis.play(panels.incident.id), card_key(panels.incident)
        turns = [(f"{key}:turn:{one.place}", f"{one.whole}", panels.turn(one)) for one in story.played]
        turns += [(f"{key}:over", "", panels.story_over())] if story.over else []
        for name, state, panel in turns:
            once = (panels.incident.id, f"{name}:{state}")
            if once not in self._told and await self._tell(brand, panels.incident, name, panel, chats, key):
                self._told.add(once)

    async def _ended(self, brand: Brand, current: Incident | None, chats: Mapping[str, Chat]) -> None:
        """The card of one that was lifted says so."""
        known = self._open.get(brand.slug)
        if known is None and current is None:
            latest = next(iter(await self._crisis.incidents(brand.slug)), None)
            recent = latest and latest.closed_at and latest.closed_at > self._clock() - LATELY
            known = latest.id if latest and recent else 0
        if known and (current is None or current.id != known):
            panels = WarRoom(await self._crisis.room(known), brand, self._view(brand.languages[0]), self._clock())
            await self._show(brand, panels, chats)
            self._entries.pop(known, None)
        if current is None:
            self._open[brand.slug] = 0

    async def _show(self, brand: Brand, panels: WarRoom, chats: Mapping[str, Chat]) -> None:
        await self._tell(brand, panels.incident, card_key(panels.incident), panels.card(), chats)

    async def _say(self, brand: Brand, panels: WarRoom, one: Due, chats: Mapping[str, Chat]) -> bool:
        """In the room, and to each of those who are asked alone: a phone rings for a direct message. False: it is tried again."""
        incident, panel = panels.incident, panels.due(one)
        key = f"{card_key(incident)}:due:{one.key}"
        told = await self._tell(brand, incident, key, panel, chats, card_key(incident))
        return (not incident.real or await self._reach(brand, key, panel, one.to, chats)) and told

    async def _tell(
        self, brand: Brand, incident: Incident, key: str, panel: Panel, chats: Mapping[str, Chat], under: str = ""
    ) -> bool:
        """In every chat; a drill only where it is held. A chat that is down keeps the others from nothing."""
        told = True
        for chat in chats.values():
            if not incident.real and chat.name != incident.front:
                continue
            place = "" if incident.real else incident.place.split("/")[0]
            try:
                await chat.tell(brand, key, panel, place, under)
            except Exception as error:
                log.warning("crisis.not_told", chat=chat.name, incident=incident.id, error=where(error))
                told = False
        return told

    async def _reach(self, brand: Brand, key: str, panel: Panel, to: Sequence[str], chats: Mapping[str, Chat]) -> bool:
        told = True
        for person in [person for name in to if (person := brand.person(name)) is not None]:
            for chat in chats.values():
                try:
                    await chat.reach(person, key, panel)
                except Exception as error:
                    log.warning("crisis.not_reached", chat=chat.name, error=where(error))
                    told = False
        return told

    async def _journal(self, incident: Incident) -> Sequence[Entry]:
        moment = self._clock()
        known = self._entries.get(incident.id)
        if known is None or moment - known[0] >= READ_AGAIN:
            known = moment, (await self._crisis.record(incident.id)).entries
            self._entries[incident.id] = known
        return known[1]

    async def _authors(self, brand: Brand, room: Room, panels: WarRoom, chats: Mapping[str, Chat]) -> None:
        """Each author once: which of their drafts the crisis stopped."""
        number = room.incident.id
        unread = self._unread.setdefault(number, list(room.held))
        stopped = self._stopped.setdefault(number, {})
        for draft in [await self._draft(one) for one in unread[:AT_ONCE]]:
            for author in draft.authors[-1:]:
                stopped.setdefault(author, []).append(draft.id)
        del unread[:AT_ONCE]
        if unread:
            return
        for author in list(stopped):
            panel = panels.frozen(stopped[author])
            if await self._reach(brand, f"{card_key(room.incident)}:frozen", panel, (author,), chats):
                del stopped[author]
