"""Tells people without being asked: an open crisis, an urgent comment, a burst and a promise that falls due at once, the digest each
morning; and reads the feeds meanwhile.

What it tells is told once: an urgent comment and a promise are marked, a digest bears its day as its message's key, an alert its
episode. Words are the flows' own (`frontends/flows`); where they are said, the chats'. It answers nobody and decides nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import structlog

from bot import crisis_watch
from bot.crisis_watch import CrisisWatch
from bot.domain.model import now
from bot.errors import BontonError
from bot.feeds import Feeds
from bot.frontends.flows.alarm import Alarm
from bot.frontends.flows.inbox import Inbox as Flow
from bot.frontends.flows.promises import reminder
from bot.frontends.panel import Panel
from bot.inbox import Inbox
from bot.logs import where
from bot.promises import Promises
from bot.triage.priority import URGENT
from bot.view import View
from bot.watch import Alert, Watch
from knowledge.brand import Brand

FEEDS_EVERY = 900.0
ALARM_EVERY = timedelta(minutes=2)
LATE = timedelta(hours=3)
FLOOD = 5
"""Urgent comments told one by one; when more come at once, the rest is told as one."""

log = structlog.get_logger()


class Chat(crisis_watch.Chat, Protocol):
    """A front-end that can speak to a brand's people unasked."""

    async def tell(self, brand: Brand, key: str, panel: Panel, place: str = "", under: str = "") -> None:
        """In `place` when it is given, else where the brand speaks, else to its leads; once a key. What belongs `under` the message
        of another key stands in its thread. Raises when it must be tried again."""
        ...


class Herald:
    def __init__(
        self,
        inbox: Inbox,
        flow: Flow,
        promises: Promises,
        brands: Callable[[], Sequence[Brand]],
        view: Callable[[str], View],
        watch: Watch,
        alarm: Alarm,
        crisis: CrisisWatch,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._inbox = inbox
        self._flow = flow
        self._promises = promises
        self._watched = watch
        self._alarm = alarm
        self._crisis = crisis
        self._brands = brands
        self._view = view
        self._clock = clock
        self._feeds = Feeds()
        self._chats: dict[str, Chat] = {}
        self._came = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._told: set[tuple[str, date]] = set()
        """Digests that need not be looked at again."""
        self._judged: dict[str, datetime] = {}
        """Brand → when its mentions were last judged."""
        self._untold: dict[int, Alert] = {}
        """Alerts that a chat did not take yet."""

    def open(self, chat: Chat) -> None:
        """From now on this chat is told, too."""
        self._chats[chat.name] = chat
        self._came.set()

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._read_feeds())]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def changed(self, brand: str) -> None:
        """A press changed the brand's crisis: every chat shows it at once."""
        self._crisis.changed(brand)
        self._came.set()

    async def drafted(self, _draft: int) -> None:
        """A draft was written, approved or let out: a crisis that is open tells it."""
        if self._crisis.changed():
            self._came.set()

    async def came(self, _brand: str) -> None:
        """Comments came in: somebody may have to be interrupted."""
        self._came.set()

    async def _watch(self) -> None:
        while True:
            self._came.clear()
            for brand in self._brands():
                try:
                    await self.look(brand)
                except Exception as error:  # a chat that is down now is told at the next beat
                    log.warning("herald.not_told", brand=brand.slug, error=where(error))
            try:
                async with asyncio.timeout(self._crisis.pace):
                    await self._came.wait()
            except TimeoutError:
                continue

    async def look(self, brand: Brand) -> None:
        """Tells what is to be told of one brand now."""
        if not self._chats:
            return
        await self._crisis.look(brand, self._chats)
        await self._urgent(brand)
        await self._due(brand)
        await self._bursts(brand)
        await self._digest(brand)

    async def _urgent(self, brand: Brand) -> None:
        waiting = await self._inbox.urgent(brand.slug, URGENT)
        view = self._view(brand.languages[0])
        for comment in waiting[:FLOOD]:
            await self._tell(brand, f"urgent:{comment.id}", self._flow.urgent(comment, brand, view))
            await self._inbox.told([comment.id])
        if rest := waiting[FLOOD:]:
            panel = self._flow.many_urgent(len(rest), brand, view)
            await self._tell(brand, f"urgent:{rest[0].id}-{rest[-1].id}", panel)
            await self._inbox.told([comment.id for comment in rest])

    async def _due(self, brand: Brand) -> None:
        """Each promise that falls due, once: in the thread that made it or, made elsewhere, where the brand speaks."""
        view = self._view(brand.languages[0])
        for promise in await self._promises.ringing(brand.slug):
            key = f"promise:{promise.id}:{promise.ring_at.astimezone(UTC):%Y%m%d%H%M}"
            panel = reminder(promise, brand, view)
            home = self._chats.get(promise.front) if promise.place else None
            if home is not None:
                await home.tell(brand, key, panel, promise.place)
            else:
                await self._tell(brand, key, panel)
            await self._promises.rang(promise)

    async def _bursts(self, brand: Brand) -> None:
        """One alert an episode: told when it begins, changed in place while it lasts."""
        moment = self._clock()
        if moment - self._judged.get(brand.slug, moment - ALARM_EVERY) >= ALARM_EVERY:
            self._judged[brand.slug] = moment
            self._untold |= {alert.id: alert for alert in await self._watched.look(brand.slug)}
        view = self._view(brand.languages[0])
        for alert in [alert for alert in self._untold.values() if alert.brand == brand.slug]:
            await self._tell(brand, f"alarm:{alert.id}", self._alarm.panel(alert, brand, view))
            self._untold.pop(alert.id, None)

    async def _digest(self, brand: Brand) -> None:
        """Each morning once, also when the start comes a little late; not at noon."""
        local = self._clock().astimezone(brand.zone)
        hour, minute = map(int, brand.inbox.digest.split(":"))
        due = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        day = (brand.slug, local.date())
        if day in self._told or not due <= local <= due + LATE:
            return
        panel = await self._flow.digest(brand, self._view(brand.languages[0]))
        if panel is not None:
            await self._tell(brand, f"digest:{brand.slug}:{local.date().isoformat()}", panel)
        self._told.add(day)

    async def _tell(self, brand: Brand, key: str, panel: Panel) -> None:
        for chat in self._chats.values():
            await chat.tell(brand, key, panel)

    async def _read_feeds(self) -> None:
        while True:
            for brand in self._brands():
                for address in brand.inbox.feeds:
                    try:
                        if comments := await self._feeds.read(brand.slug, address):
                            await self._inbox.receive(brand.slug, comments)
                    except BontonError as error:
                        log.warning("herald.feed_not_kept", brand=brand.slug, error=str(error)[:100])
                    except Exception as error:
                        log.warning("herald.feed_not_kept", brand=brand.slug, error=where(error))
            await asyncio.sleep(FEEDS_EVERY)
