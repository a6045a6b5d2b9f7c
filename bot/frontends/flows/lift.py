"""`/levee`, `/lift`: asks what lifting a crisis does, before a second person confirms it. The work is the crisis flow's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import ClassVar

from bot.desk import Desk
from bot.domain.model import now
from bot.errors import Refused
from bot.frontends.flows import Teller
from bot.frontends.flows.crisis import Crisis
from bot.frontends.panel import Shown


class Lift:
    name: ClassVar[str] = "lift"
    words: ClassVar[tuple[str, ...]] = ("lift", "levee", "lever la crise", "lift the crisis")

    def __init__(self, desk: Desk, clock: Callable[[], datetime] = now) -> None:
        self._crisis = Crisis(desk, clock)

    def takes(self, rest: str) -> bool:
        return False

    def hears(self, words: str) -> bool:
        return False

    async def said(self, words: str, teller: Teller) -> AsyncIterator[Shown]:
        incident = await self._crisis.here(teller)
        if incident is None:
            raise Refused("crisis.room.no_incident", brand=teller.brand.name)
        yield await self._crisis.opened("close", incident.id, teller, to="new")

    def pressed(self, press: str, teller: Teller) -> AsyncIterator[Shown]:
        return self._crisis.pressed(press, teller)


Flow = Lift
