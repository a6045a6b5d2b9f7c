"""Every event of a chat is kept before it is acknowledged, then heard: in its order within a lane, lanes side by side.

What a crash left is heard at the next start; what fails is tried again, later and later, without holding up other lanes. It
knows neither chats nor drafts: what an arrival asks is its front-end's affair, and safe to repeat.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable

import structlog

from bot.domain.chat import Arrival
from bot.errors import Refused
from bot.logs import where
from bot.seams import Arrivals

BATCH = 200
"""Arrivals kept in one transaction: those that came while the last one was being written."""
MARKED = 0.5
"""Seconds after which what was heard is marked done."""
PAUSES = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600)
"""Seconds before an arrival that failed is tried again; after the last it waits for the next start."""

log = structlog.get_logger()
Hear = Callable[[Arrival], Awaitable[None]]


class Lanes:
    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._hear: dict[str, Hear] = {}
        self._keeping: list[tuple[Arrival, asyncio.Future[bool]]] = []
        self._doing: list[str] = []
        self._writer: asyncio.Task[None] | None = None
        self._marker: asyncio.TimerHandle | None = None
        self._lanes: defaultdict[str, deque[Arrival]] = defaultdict(deque)
        self._queued: set[str] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False

    async def keep(self, arrival: Arrival) -> bool:
        """Returns once the arrival is on disk; False when it was known already. Raises what the database raises."""
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._keeping.append((arrival, kept))
        self._write()
        return await kept

    async def open(self, front: str, hear: Hear) -> None:
        """From now on this front-end's arrivals are heard, those of before first."""
        self._hear[front] = hear
        for arrival in await self._arrivals.waiting():
            if arrival.front == front:
                self._queue(arrival)

    async def close(self, patience: float) -> None:
        """Lets what is being heard end within `patience` seconds; the rest waits for the next start."""
        self._closed = True
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._writer is not None:
            await self._writer
        if self._marker is not None:
            self._marker.cancel()
        await self._marked()

    def _write(self) -> None:
        if self._writer is None:
            self._writer = asyncio.create_task(self._writing())

    async def _writing(self) -> None:
        """One writer: what comes while it writes goes into its next transaction."""
        try:
            while self._keeping:
                batch, self._keeping = self._keeping[:BATCH], self._keeping[BATCH:]
                await self._keep(batch)
        finally:
            self._writer = None

    async def _keep(self, batch: list[tuple[Arrival, asyncio.Future[bool]]]) -> None:
        try:
            new = await self._arrivals.arrive([arrival for arrival, _ in batch])
        except Exception as error:
            for _, kept in batch:
                if not kept.cancelled():
                    kept.set_exception(error)
            return
        for arrival, kept in batch:
            first = arrival.id in new
            new.discard(arrival.id)
            if first:
                self._queue(arrival)
            if not kept.cancelled():
                kept.set_result(first)

    def _mark(self, arrival: Arrival) -> None:
        """Marks are written together, a moment later: nobody waits for them, and heard twice is heard once."""
        self._doing.append(arrival.id)
        if self._marker is None:
            self._marker = asyncio.get_running_loop().call_later(MARKED, self._marking)

    def _marking(self) -> None:
        self._marker = None
        task = asyncio.create_task(self._marked())
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _marked(self) -> None:
        done, self._doing = self._doing, []
        if not done:
            return
        try:
            await self._arrivals.done(done)
        except Exception as error:  # heard again at the next start, which changes nothing
            log.error("lanes.not_marked", count=len(done), error=where(error))

    def _queue(self, arrival: Arrival) -> None:
        if self._closed or arrival.front not in self._hear or arrival.id in self._queued:
            return
        self._queued.add(arrival.id)
        name = f"{arrival.front} {arrival.lane}"
        idle = not self._lanes[name]
        self._lanes[name].append(arrival)
        if idle:
            task = asyncio.create_task(self._lane(name))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _lane(self, name: str) -> None:
        lane = self._lanes[name]
        while lane and not self._closed:
            if await self._heard(lane[0]):
                self._mark(lane[0])
            self._queued.discard(lane.popleft().id)
        self._lanes.pop(name, None)

    async def _heard(self, arrival: Arrival) -> bool:
        for pause in (*PAUSES, None):
            try:
                await self._hear[arrival.front](arrival)
            except Refused as refusal:  # what it is about is no longer there: nothing to try again
                log.error("lanes.refused", arrival=arrival.id, error=refusal.key)
                return True
            except Exception as error:
                tell = log.warning if pause else log.error
                tell("lanes.failed", arrival=arrival.id, error=where(error), again=pause)
                if pause is None or self._closed:
                    return False
                await asyncio.sleep(pause)
            else:
                return True
        return False
