"""What a front-end is handed by the process that serves: the desk and more of the house, its memory, and its inbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.requests import Request as HttpRequest

from bot.desk import Desk
from bot.domain.chat import Arrival
from bot.domain.draft import Draft
from bot.domain.request import Request
from bot.frontends.panel import Panel
from bot.pages import Pages
from bot.seams import Chats
from knowledge.brand import Brand, Person

Health = Callable[[], Awaitable[list[tuple[str, bool, str]]]]
"""(part, whether it works, what was found), as `bonton doctor` tells it."""


class House(Desk, Protocol):
    """The desk of the owner itself."""

    pages: Pages

    async def request(self, number: str) -> Request | None: ...
    async def recent(self, brand: str, since: datetime) -> list[Draft]: ...
    def brand(self, slug: str) -> Brand: ...
    def brands(self) -> list[Brand]: ...


async def content(request: HttpRequest, most: int) -> bytes | None:
    """What was posted; None when it is more than `most` bytes, however it was announced."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most:
            return None
    return body


class Passing:
    """A chat hands events and changes on to its front, which is made once the chat has said who we are."""

    name: str
    _front: Front | None = None

    async def hear(self, arrival: Arrival) -> None:
        await self._opened().hear(arrival)

    async def show(self, draft: int) -> None:
        await self._opened().show(draft)

    async def ring(self, draft: int, what: str) -> None:
        await self._opened().ring(draft, what)

    async def tell(self, brand: Brand, key: str, panel: Panel, place: str = "", under: str = "") -> None:
        await self._opened().tell(brand, key, panel, place, under)

    async def reach(self, person: Person, key: str, panel: Panel) -> bool:
        return await self._opened().reach(person, key, panel)

    def _opened(self) -> Front:
        if self._front is None:
            raise ConnectionError(f"{self.name} is not open yet")
        return self._front


class Front(Protocol):
    """What `bot.seams.Frontend` says of these, done by an opened chat."""

    async def hear(self, arrival: Arrival) -> None: ...
    async def show(self, draft: int) -> None: ...
    async def ring(self, draft: int, what: str) -> None: ...
    async def tell(self, brand: Brand, key: str, panel: Panel, place: str = "", under: str = "") -> None: ...
    async def reach(self, person: Person, key: str, panel: Panel) -> bool: ...


@dataclass(frozen=True)
class Serving:
    house: House
    chats: Chats
    keep: Callable[[Arrival], Awaitable[bool]]
    """Returns once the arrival is on disk, to be heard."""
    health: Health
