"""Each message of ours stands once in its place, and shows what it should: written down before it is sent, updated after.

Where a crash or a lost answer leaves open whether a message was sent, the chat is asked for it before it is sent again. What a
chat's messages look like, and how it is asked, is its own affair (`Wall`).
"""

from __future__ import annotations

import asyncio
from typing import Generic, Protocol, TypeVar
from weakref import WeakValueDictionary

import structlog

from bot.domain.chat import Post
from bot.seams import Chats

Card = TypeVar("Card", contravariant=True)  # noqa: PLC0105 - a card is what it is
log = structlog.get_logger()


class Shut(Exception):
    """The place takes no message of ours now; `final`: nor will it later."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Wall(Protocol[Card]):
    """Where one chat's messages stand."""

    async def send(self, post: Post, card: Card) -> str:
        """The chat's own name of the message. Raises Shut, or what should be tried again."""
        ...

    async def change(self, post: Post, card: Card) -> bool:
        """False when the message is no longer there."""
        ...

    async def find(self, post: Post, card: Card) -> str:
        """The name of the message that may have been sent under this key, showing `card`; empty when it was not."""
        ...


class Posting(Generic[Card]):
    def __init__(self, front: str, chats: Chats, wall: Wall[Card]) -> None:
        self._front = front
        self._chats = chats
        self._wall = wall
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def put(
        self, key: str, place: str, card: Card, *, shown: str, draft: int | None = None, settled: bool = True
    ) -> None:
        """The message of that key shows `card`: sent if it is not there, changed if it shows something else.

        `shown` names what it shows; `settled`: it will not change again. Raises what should be tried again.
        """
        turn = self._turns.setdefault(key, asyncio.Lock())
        async with turn:
            kept = await self._chats.post(self._front, key)
            if kept is not None and ((kept.ref and kept.shown == shown) or (kept.settled and not kept.ref)):
                return  # shown already, or a place that was shut
            post = Post(front=self._front, key=key, place=place, draft=draft, shown=shown, settled=settled)
            try:
                post = await self._stand(post, kept, card)
            except Shut as shut:
                log.warning("posting.shut", front=self._front, place=place, reason=str(shut))
                left = {"shown": "", "settled": shut.final, "ref": kept.ref if kept else ""}
                post = post.model_copy(update=left)  # tried again at the next change or start, unless it is final
            await self._chats.keep(post)

    async def _stand(self, post: Post, kept: Post | None, card: Card) -> Post:
        if kept is not None and kept.ref:
            if await self._wall.change(kept, card):
                return post.model_copy(update={"ref": kept.ref})
            if post.settled:  # somebody deleted it, and it is decided: nobody needs it again
                return post
        ref = await self._wall.find(post, card) if kept is not None and not kept.ref else ""
        if not ref:
            await self._chats.keep(post.model_copy(update={"ref": "", "shown": "", "settled": False}))
            ref = await self._wall.send(post, card)
        return post.model_copy(update={"ref": ref})
