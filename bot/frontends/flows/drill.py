"""`/exercice`, `/drill`: a made-up crisis of a chosen kind, at a chosen pace, in the thread where it is asked for.

Scenarios are the pages of `prompts/drills/`; once one runs, its room is the crisis flow's. Nothing of a drill can leave: the desk holds it.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import ClassVar

from bot.desk import Desk
from bot.domain.incident import Opening
from bot.domain.model import now
from bot.errors import NotAllowed, Refused
from bot.frontends.flows import Teller
from bot.frontends.flows.crisis import Crisis
from bot.frontends.panel import Block, Button, Panel, Shown, said
from bot.frontends.war_room import card_key, tag
from bot.view import View
from knowledge.brand import Brand

PACES = (1, 5, 20)
"""Minutes of the scenario in a minute of the clock."""
MOST = 12


class Drill:
    name: ClassVar[str] = "drill"
    words: ClassVar[tuple[str, ...]] = ("drill", "exercice", "exercise")

    def __init__(self, desk: Desk, clock: Callable[[], datetime] = now) -> None:
        self._desk = desk
        self._crisis = Crisis(desk, clock)

    def takes(self, rest: str) -> bool:
        return False

    def hears(self, words: str) -> bool:
        return False

    async def said(self, words: str, teller: Teller) -> AsyncIterator[Shown]:
        brand, view = teller.brand, teller.view
        teller.name(brand)
        known = scenarios(view)
        event = hashlib.sha256(teller.event.encode()).hexdigest()[:10]
        buttons = tuple(
            Button(words=title, press=f"drill:pick:{tag(brand.slug)}.{event}.{name}")
            for name, title in list(known.items())[:MOST]
        )
        told = view.say("crisis.room.drill_says" if known else "crisis.room.drill_none")
        title = f"🎯 {view.say('crisis.room.drill_title', brand=brand.name)}"
        yield Shown(
            panel=Panel(title=title, blocks=(Block(text=told, buttons=buttons),)), to="new", key=f"crisis:{event}"
        )

    async def pressed(self, press: str, teller: Teller) -> AsyncIterator[Shown]:
        verb, _, rest = press.partition(":")
        if verb == "pick":
            brand, event, name = self._chosen(rest, teller)
            yield Shown(
                panel=self._paces(f"{tag(brand.slug)}.{event}.{name}", scenarios(teller.view)[name], teller.view)
            )
            return
        pace, _, chosen = rest.partition(".")
        if verb != "go" or not pace.isdecimal() or int(pace) not in PACES:
            raise Refused("crisis.room.old_button")
        async for shown in self._start(int(pace), *self._chosen(chosen, teller), teller):
            yield shown

    async def _start(self, pace: int, brand: Brand, event: str, name: str, teller: Teller) -> AsyncIterator[Shown]:
        changed = await self._desk.crisis.open(
            Opening(
                brand=brand.slug,
                title=scenarios(teller.view)[name],
                level=teller.view.pages.drills[name].level,
                drill=name,
                pace=pace,
                by=teller.name(brand),
                front=teller.front,
                place=teller.below or teller.place,
                event=event,
            )
        )
        if not changed.applied:
            yield Shown(panel=said(teller.view.said(changed.said)), to="private")
        yield await self._crisis.opened("card", changed.incident.id, teller)
        if changed.applied and teller.below != teller.place:
            hint = teller.view.say("crisis.room.opened")
            yield Shown(panel=said(hint), to="below", key=f"{card_key(changed.incident)}:hint")

    def _chosen(self, press: str, teller: Teller) -> tuple[Brand, str, str]:
        """The brand, the question and the scenario of a button. Raises NotAllowed, Refused."""
        own, event, name = [*press.split(".", 2), "", ""][:3]
        if not teller.brands:
            raise NotAllowed("inbox.no_brand")
        brand = next((one for one in teller.brands if tag(one.slug) == own), None)
        if brand is None or name not in scenarios(teller.view):
            raise Refused("crisis.room.old_button")
        teller.name(brand)
        return brand, event, name

    def _paces(self, chosen: str, title: str, view: View) -> Panel:
        buttons = tuple(
            Button(words=view.say("crisis.room.drill_start", pace=pace), press=f"drill:go:{pace}.{chosen}")
            for pace in PACES
        )
        return Panel(
            title=f"🎯 {view.say('crisis.room.drill_confirm', name=title)}",
            blocks=(Block(text=view.say("crisis.room.drill_paces"), buttons=buttons),),
        )


def scenarios(view: View) -> dict[str, str]:
    """Name → title of every page of `prompts/drills/`."""
    return {name: page.title.get(view.locale, name) for name, page in view.pages.drills.items()}


Flow = Drill
