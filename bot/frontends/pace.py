"""How fast a chat may be written to: as we come, until it refuses for haste; from then on, for a minute, one a second."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TypeVar

SLOW = 60.0
"""Seconds for which a lane that was refused for haste is kept to one call a second."""
HASTE = 12
"""Refusals for haste after which one call is given up, to be tried again with the rest."""
T = TypeVar("T")
Wait = Callable[[Exception], float | None]
"""Seconds that a refusal asks to wait; None when the error is no refusal for haste."""


class Pace:
    """One lane's pace: a channel's, a chat's."""

    def __init__(self) -> None:
        self._slow_until = 0.0
        self._next = 0.0

    def wait(self) -> float:
        """Seconds until the call that is about to be made may go."""
        now = time.monotonic()
        if now > self._slow_until and now > self._next:
            return 0.0
        at = max(now, self._next)
        self._next = at + 1.0
        return at - now

    def refused(self, seconds: float) -> None:
        now = time.monotonic()
        self._slow_until = now + SLOW
        self._next = max(self._next, now + seconds)


class Paces:
    """Calls, each at the pace of its lane; lanes do not wait for each other."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait
        self._lanes: defaultdict[str, Pace] = defaultdict(Pace)

    async def call(self, lane: str, call: Callable[[], Awaitable[T]]) -> T:
        """Only a refusal for haste is tried again: it alone says that nothing was done."""
        pace, refusals = self._lanes[lane], 0
        while True:
            if wait := pace.wait():
                await asyncio.sleep(wait)
            try:
                return await call()
            except Exception as error:
                seconds = self._wait(error)
                refusals += 1
                if seconds is None or refusals > HASTE:
                    raise
                pace.refused(seconds)
