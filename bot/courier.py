"""Brings every change of a draft to its cards, in every chat, until each shows it.

A change that a chat cannot take now is tried again until it can; at a start, every card is compared with its draft. So a
front-end that was down catches up, and a decision in one chat closes the card in all others. It never decides anything.
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

log = structlog.get_logger()


class Courier:
    def __init__(self, chats: Chats, pending: Callable[[], Awaitable[Sequence[int]]]) -> None:
        self._chats = chats
        self._pending = pending
        self._fronts: dict[str, Frontend] = {}
        self._busy: dict[tuple[str, int], bool] = {}
        """Front-end and draft → whether it changed again since the showing under way began."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def open(self, front: Frontend) -> None:
        """Shows this front-end what it missed, and from now on every change."""
        self._fronts[front.name] = front
        for draft in sorted({*await self._pending(), *await self._chats.unsettled(front.name)}):
            self._show(front, draft)

    async def changed(self, draft: int) -> None:
        for front in self._fronts.values():
            self._show(front, draft)

    async def rang(self, draft: int, what: str) -> None:
        """A timer rang: an expiry changes the cards, a reminder is told."""
        if what == "draft.expired":
            await self.changed(draft)
            return
        for front in self._fronts.values():
            try:
                await front.ring(draft, what)
            except Exception as error:
                log.error("courier.not_told", front=front.name, draft=draft, error=where(error))

    async def close(self, patience: float) -> None:
        """Lets what is being shown end within `patience` seconds; the rest is shown after the next start."""
        self._closed = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _show(self, front: Frontend, draft: int) -> None:
        job = (front.name, draft)
        if job in self._busy:
            self._busy[job] = True
            return
        self._busy[job] = False
        task = asyncio.create_task(self._showing(front, draft))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _showing(self, front: Frontend, draft: int) -> None:
        job, tries = (front.name, draft), 0
        try:
            while True:
                self._busy[job] = False
                try:
                    await front.show(draft)
                except Refused as refusal:  # a brand or a draft that is no longer there: nothing to try again
                    log.error("courier.not_shown", front=front.name, draft=draft, error=refusal.key)
                    return
                except Exception as error:
                    if self._closed:
                        return
                    pause = PAUSES[min(tries, len(PAUSES) - 1)]
                    tries += 1
                    log.error("courier.not_shown", front=front.name, draft=draft, error=where(error), again=pause)
                    await asyncio.sleep(pause)
                    continue
                if self._closed or not self._busy[job]:
                    return
        finally:
            self._busy.pop(job, None)
