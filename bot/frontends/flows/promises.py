"""`/promesses`, `/promises`: what was promised in the brand's name, the first due first, and the reminder of one that falls due.

Buttons carry the promise's number, and nothing else: rights are looked up at each press.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import ClassVar

from bot.desk import Desk
from bot.domain.model import now
from bot.domain.promise import Promise, Settled
from bot.errors import Refused
from bot.frontends.flows import SIGNS, Teller
from bot.frontends.panel import Block, Button, Panel, Shown, said
from bot.view import View
from knowledge.brand import Brand

LISTED = 10
QUOTED = 300


class Promises:
    name: ClassVar[str] = "promise"
    words: ClassVar[tuple[str, ...]] = ("promises", "promesses")

    def __init__(self, desk: Desk, clock: Callable[[], datetime] = now) -> None:
        self._desk = desk
        self._clock = clock

    def takes(self, rest: str) -> bool:
        return rest.lstrip("#").isdigit()

    def hears(self, words: str) -> bool:
        return False

    async def said(self, words: str, teller: Teller) -> AsyncIterator[Shown]:
        if (number := words.strip(SIGNS)).isdigit():
            promise = await self._promise(number, teller)
            panel = Panel(blocks=(block(promise, teller.open(promise.brand), teller.view),))
            yield Shown(panel=panel, to="new")
            return
        yield Shown(panel=await self.due(teller.brand, teller.view), to="new")

    async def pressed(self, press: str, teller: Teller) -> AsyncIterator[Shown]:
        what, _, about = press.partition(":")
        calls = {"keep": self._desk.promises.keep, "drop": self._desk.promises.drop, "later": self._desk.promises.later}
        if what not in calls:
            raise Refused("inbox.old_button")
        promise = await self._promise(about, teller)
        brand = teller.open(promise.brand)
        settled: Settled = await calls[what](promise.id, teller.name(brand))
        told = teller.view.said(settled.said)
        yield Shown(panel=said(told), to="private")
        done = block(settled.promise, brand, teller.view)
        yield Shown(panel=Panel(title=told, blocks=(done.model_copy(update={"buttons": ()}),)))

    async def due(self, brand: Brand, view: View) -> Panel:
        """What is still to be kept."""
        waiting = await self._desk.promises.listed(brand.slug, ("open",))
        blocks = [
            block(promise, brand, view).model_copy(update={"mark": str(place)})
            for place, promise in enumerate(waiting[:LISTED], 1)
        ]
        if not waiting:
            blocks.append(Block(text=view.say("promise.nothing_due")))
        elif len(waiting) > LISTED:
            blocks.append(Block(note=view.say("promise.more", count=len(waiting) - LISTED)))
        return Panel(title=view.say("promise.title", brand=brand.name, count=len(waiting)), blocks=tuple(blocks))

    async def _promise(self, number: str, teller: Teller) -> Promise:
        promise = await self._desk.promises.promise(int(number) if number.isdigit() else 0)
        teller.open(promise.brand)
        return promise


def reminder(promise: Promise, brand: Brand, view: View) -> Panel:
    """A promise falls due: what its thread is told, once."""
    return Panel(title=view.say("promise.due", brand=brand.name), blocks=(block(promise, brand, view),))


def block(promise: Promise, brand: Brand, view: View) -> Block:
    """One promise: its words, where and when it was made, when it falls due, and what can be done."""
    buttons = ("keep", "primary"), ("later", ""), ("drop", "")
    return Block(
        quote=promise.words if len(promise.words) <= QUOTED else f"{promise.words[: QUOTED - 1]}…",
        note=view.promise_about(promise, brand),
        buttons=tuple(
            Button(words=view.say(f"promise.{what}_button"), press=f"promise:{what}:{promise.id}", style=style)  # type: ignore[arg-type]
            for what, style in (buttons if promise.state == "open" else ())
        ),
    )


Flow = Promises
__all__ = ["Flow", "reminder"]
