"""Brings every change of a draft to its cards, in every chat, until each shows it.

A change that a chat cannot take now is tried again until it can; at a start, every card is compared with its draft, and what
rang meanwhile is told. So a front-end that was down catches up, and a decision in one chat closes the card in all others. It
never decides anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.errors import Refused
from bot.logs import where
from bot.seams import Chats, Frontend

PAUSES = (0.5, 1, 2, 5, 10, 30)
"""Seconds between tries; the last one goes on."""

SHOW = "show"

log = structlog.get_logger()


class Courier:
    def __init__(
        self,
        chats: Chats,
        pending: Callable[[], Awaitable[Sequence[int]]],
        rung: Callable[[], Awaitable[Sequence[tuple[int, str]]]],
    ) -> None:
        self._chats = chats
        self._pending = pending
        self._rung = rung
        self._fronts: dict[str, Frontend] = {}
        self._jobs: dict[tuple[str, int], list[str]] = {}
        """Front-end and draft → what is to be done, in order, the first under way: a showing (SHOW), or what rang."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def open(self, front: Frontend) -> None:
        """Shows this front-end what it missed, and from now on every change."""
        self._fronts[front.name] = front
        for draft in sorted({*await self._pending(), *await self._chats.unsettled(front.name)}):
            self._bring(front, draft, SHOW)
        for draft, what in await self._rung():
            self._bring(front, draft, what)

    async def changed(self, draft: int) -> None:
        for front in self._fronts.values():
            self._bring(front, draft, SHOW)

    async def rang(self, draft: int, what: str) -> None:
        """A timer rang: an expiry changes the cards, a reminder is told."""
        for front in self._fronts.values():
            self._bring(front, draft, SHOW if what == "draft.expired" else what)

    async def close(self, patience: float) -> None:
        """Lets what is being shown end within `patience` seconds; the rest is shown after the next start."""
        self._closed = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _bring(self, front: Frontend, draft: int, what: str) -> None:
        job = (front.name, draft)
        if job in self._jobs:
            if what not in self._jobs[job][1:]:
                self._jobs[job].append(what)
            return
        self._jobs[job] = [what]
        task = asyncio.create_task(self._bringing(front, draft))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _bringing(self, front: Frontend, draft: int) -> None:
        todo, tries = self._jobs[front.name, draft], 0
        try:
            while todo and not (self._closed and tries):
                try:
                    await (front.show(draft) if todo[0] == SHOW else front.ring(draft, todo[0]))
                except Refused as refusal:  # a brand or a draft that is no longer there: nothing to try again
                    log.error("courier.not_shown", front=front.name, draft=draft, error=refusal.key)
                except Exception as error:
                    pause = PAUSES[min(tries, len(PAUSES) - 1)]
                    tries += 1
                    log.warning("courier.not_shown", front=front.name, draft=draft, error=where(error), again=pause)
                    await asyncio.sleep(0 if self._closed else pause)
                    continue
                todo.pop(0)
                tries = 0
        finally:
            self._jobs.pop((front.name, draft), None)
