"""`/crise`, `/crisis`: one question opens it, one card leads through it; what is typed in its thread becomes its source of truth.

Panels are `war_room.py`'s, what words mean `war_room_said.py`'s, who may do what the desk's. A button holds a verb, the incident, what
it is about and the panel that is shown after; rights are looked up at each press.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any, ClassVar

from bot.desk import Desk
from bot.domain.decision import Decision
from bot.domain.incident import ROLES, Change, Changed, Incident, Opening, Room
from bot.domain.model import now
from bot.errors import NotAllowed, Refused
from bot.frontends.flows import Teller
from bot.frontends.panel import Panel, Shown, said
from bot.frontends.report import attachment
from bot.frontends.war_room import (
    LATER,
    SAID,
    STATEMENTS,
    Plan,
    WarRoom,
    ahead,
    ask,
    briefly,
    card_key,
    read_as,
    tag,
    vouchable,
)
from bot.frontends.war_room_said import LEVELS, LONGEST, Meant, meant, moment
from bot.inbox import Asked
from bot.view import View
from knowledge.brand import Brand

REMEMBERED = 200
"""Titles of questions that nobody answered yet; a button holds the gist of them through a restart."""
READ = 5
"""Held drafts that are shown at once."""
SECTIONS = ("roles", "level", "truth", "held", "words", "comments", "next", "more", "shift", "close")
TOLD = frozenset({"thaw_all", "shift", "agree"})
"""Changes that who pressed is told in words, too: the panel alone does not show them."""


class Crisis:
    name: ClassVar[str] = "crisis"
    words: ClassVar[tuple[str, ...]] = ("crisis", "crise")

    def __init__(self, desk: Desk, clock: Callable[[], datetime] = now) -> None:
        self._desk = desk
        self._clock = clock
        self._titles: dict[str, str] = {}

    def takes(self, rest: str) -> bool:
        return meant(rest).act != "none"

    def hears(self, words: str) -> bool:
        return meant(words).act in ("line", "promise", "shift")

    # --- what is typed ---

    async def said(self, words: str, teller: Teller) -> AsyncIterator[Shown]:
        wish = meant(words)
        if wish.act == "number":
            yield Shown(panel=await self._card(wish.line, teller), to="new")
            return
        incident = await self.here(teller)
        if incident is None:
            if wish.act != "none":
                raise Refused("crisis.room.no_incident", brand=teller.brand.name)
            yield await self._ask(words, teller)
        elif wish.act in ("shift", "lift"):
            yield await self.opened("shift" if wish.act == "shift" else "close", incident.id, teller, to="new")
        elif wish.act == "none":
            if words:
                yield Shown(panel=said(teller.view.say("crisis.room.not_understood", words=words[:80])), to="private")
            yield Shown(panel=await self._card(incident.id, teller), to="new")
        else:
            changed = await self._desk.crisis.change(self._wished(wish, incident, teller))
            yield Shown(panel=said(teller.view.said(changed.said)), to="new")

    def _wished(self, wish: Meant, incident: Incident, teller: Teller) -> Change:
        brand = teller.open(incident.brand)
        values: dict[str, Any]
        if wish.act == "line":
            if len(wish.words) > LONGEST:
                raise Refused("crisis.room.too_long", limit=LONGEST)
            verb = "replace" if wish.line else "add"
            values = {"verb": verb, "sort": wish.sort, "words": wish.words, "line": wish.line}
        elif wish.act == "promise":
            due = moment(wish.words, self._clock().astimezone(brand.zone))
            if due is None:
                raise Refused("crisis.room.no_time", words=wish.words[:40])
            values = {"verb": "promise", "due": due}
        else:
            values = {"verb": "level", "level": wish.level}
        return Change(incident=incident.id, by=teller.name(brand), event=teller.event, **values)

    async def here(self, teller: Teller) -> Incident | None:
        """The open incident whose card was answered; else that of this place, else the brand's."""
        if not teller.about and teller.brands:
            own = await self._desk.crisis.current(teller.brand.slug)
            if own is not None:
                return own
        found = [
            one
            for brand in teller.brands
            for one in await self._desk.crisis.incidents(brand.slug)
            if one.state != "closed"
        ]
        answered = (one for one in found if teller.about and teller.about.startswith(card_key(one)))
        near = (one for one in found if one.place and one.place in (teller.place, teller.below))
        own = await self._desk.crisis.current(teller.brand.slug)
        return next(answered, None) or next(near, None) or own

    # --- opening ---

    async def _ask(self, words: str, teller: Teller, alert: int = 0, level: int = 2) -> Shown:
        brand = teller.brand
        self._leads(brand, teller)
        event = hashlib.sha256(teller.event.encode()).hexdigest()[:10]
        title = " ".join(words.split())[:120]
        self._titles[event] = title
        while len(self._titles) > REMEMBERED:
            self._titles.pop(next(iter(self._titles)))
        plan = Plan(level=_level(level), alert=alert, event=event, brand=tag(brand.slug), subject=briefly(title))
        return Shown(panel=await self._asked(plan, title, brand, teller), to="new", key=f"crisis:{event}")

    def _leads(self, brand: Brand, teller: Teller) -> str:
        """The name of who may open one. Raises NotAllowed, naming those who may."""
        name = teller.name(brand)
        person = brand.person(name)
        if person is None or not person.leads:
            able = ", ".join(one.name for one in brand.people if one.leads) or "—"
            raise NotAllowed("crisis.room.lead_needed", who=able)
        return name

    async def _asked(self, plan: Plan, title: str, brand: Brand, teller: Teller) -> Panel:
        waiting = await self._desk.crisis.stops(brand.slug)
        told = [one.name for one in brand.people if one.leads and one.name != teller.name(brand)]
        return ask(plan, title, brand, teller.view, waiting, told)

    async def _from_alert(self, number: str, teller: Teller) -> Shown:
        """« Open a crisis » on an alert's panel: its level and its subject are the alert's."""
        alert = await self._desk.watch.alert(int(number) if number.isdecimal() and len(number) < 18 else 0)
        brand = teller.open(alert.brand)
        teller = _first(teller, brand)
        if (incident := await self._desk.crisis.current(brand.slug)) is not None and incident.real:
            return Shown(panel=await self._card(incident.id, teller), to="new")
        title = self._title(_situation(alert.episode), brand, teller.view)
        return await self._ask(title, teller, alert.id, max(2, alert.episode.level))

    def _title(self, situation: str, brand: Brand, view: View) -> str:
        page = view.pages.playbooks.get(situation)
        return page.title.get(brand.languages[0], page.name) if page else ""

    async def _open(self, press: str, teller: Teller) -> AsyncIterator[Shown]:
        plan, brand = self._planned(press, teller)
        name = self._leads(brand, teller)
        alert = await self._desk.watch.alert(plan.alert) if plan.alert else None
        title = self._titles.get(plan.event, plan.subject)
        changed = await self._desk.crisis.open(
            Opening(
                brand=brand.slug,
                title=title or teller.view.say("crisis.room.whole_brand"),
                subject=title,
                situation=_situation(alert.episode) if alert else "",
                level=plan.level,
                alert=plan.alert,
                by=name,
                front=teller.front,
                place=teller.below or teller.place,
                event=plan.event,
            )
        )
        incident = changed.incident
        if not changed.applied:
            yield Shown(panel=said(teller.view.said(changed.said)), to="private")
        yield Shown(panel=await self._card(incident.id, teller))
        if changed.applied and teller.below != teller.place:
            hint = self._view(brand, teller).say("crisis.room.opened")
            yield Shown(panel=said(hint), to="below", key=f"{card_key(incident)}:hint")

    def _planned(self, press: str, teller: Teller) -> tuple[Plan, Brand]:
        plan, _ = Plan.read(press), teller.brand  # a stranger is told so first
        brand = next((one for one in teller.brands if plan and tag(one.slug) == plan.brand), None)
        if plan is None or brand is None:
            raise Refused("crisis.room.old_question")
        return plan, brand

    # --- what is pressed ---

    async def pressed(self, press: str, teller: Teller) -> AsyncIterator[Shown]:
        verb, _, rest = press.partition(":")
        if verb == "open":
            yield await self._from_alert(rest, teller)
        elif verb == "ask":
            plan, brand = self._planned(rest, teller)
            yield Shown(panel=await self._asked(plan, self._titles.get(plan.event, plan.subject), brand, teller))
        elif verb == "no":
            yield Shown(panel=said(teller.view.say("crisis.room.not_opened")))
        elif verb == "go":
            async for shown in self._open(rest, teller):
                yield shown
        else:
            async for shown in self._in_room(verb, rest, teller):
                yield shown

    async def _in_room(self, verb: str, rest: str, teller: Teller) -> AsyncIterator[Shown]:
        number, about, back = [*rest.split(":"), "", ""][:3]
        room = await self._room(number, teller)
        if verb == "show":
            to = "here" if about == "card" else "below"
            yield await self.opened(about, room.incident.id, teller, to=to)
        elif verb == "view":
            yield await self.opened(about, room.incident.id, teller)
        elif verb == "thawing":
            yield Shown(panel=self._panels(room, teller).thawing())
        elif verb == "give":
            yield Shown(panel=self._panels(room, teller).give(_one(about, ROLES)))
        elif verb == "report":
            yield await self._report(room.incident, teller)
        elif verb == "say":
            async for shown in self._state(about, room, teller):
                yield shown
        elif verb == "vouch":
            async for shown in self._vouch(about, room, teller):
                yield shown
        else:
            changed = await self._desk.crisis.change(self._change(verb, about, room, teller))
            async for shown in self._changed(changed, verb, back, teller):
                yield shown

    def _change(self, verb: str, about: str, room: Room, teller: Teller) -> Change:
        brand = teller.open(room.incident.brand)
        values: dict[str, Any] = {"verb": verb}
        if verb == "take":
            values["role"] = _one(about, ROLES)
        elif verb.startswith("give."):
            values = {"verb": "give", "role": _one(verb.removeprefix("give."), ROLES), "to": _person(about, brand)}
        elif verb == "shift":
            values["to"] = _person(about, brand)
        elif verb == "level":
            values["level"] = int(_one(about, tuple(map(str, LEVELS))))
        elif verb == "confirm":
            line = next((line for line in room.truth if str(line.id) == about), None)
            if line is None:
                raise Refused("crisis.room.old_button")
            values = {"verb": "replace", "line": line.id, "sort": "confirmed", "words": line.words}
        elif verb in ("withdraw", "thaw") and about.isdecimal():
            values["line" if verb == "withdraw" else "draft"] = int(about)
        elif verb == "next" and about in LATER:
            values = {"verb": "promise", "due": ahead(self._clock(), LATER[about])}
        elif verb not in ("thaw_all", "close", "agree", "reopen"):
            raise Refused("crisis.room.old_button")
        return Change(incident=room.incident.id, by=teller.name(brand), event=teller.event, **values)

    async def _changed(self, changed: Changed, verb: str, back: str, teller: Teller) -> AsyncIterator[Shown]:
        if not changed.applied or verb in TOLD:
            yield Shown(panel=said(teller.view.said(changed.said)), to="private")
        yield await self.opened(back or "card", changed.incident.id, teller)
        if verb == "agree" and changed.applied:
            yield await self._report(changed.incident, teller)

    async def _report(self, incident: Incident, teller: Teller) -> Shown:
        """The report of what is known of it now, as a file below its card."""
        record = await self._desk.crisis.record(incident.id)
        brand = teller.open(incident.brand)
        view = self._view(brand, teller)  # everybody reads it
        file, told = await attachment(record, brand, view), view.say("crisis.report.ready", title=incident.title)
        key = f"{card_key(incident)}:{tag(teller.event)}:report"
        return Shown(panel=said(told), to="below", key=key, attached=file)

    async def _state(self, kind: str, room: Room, teller: Teller) -> AsyncIterator[Shown]:
        """A statement is written; its drafts come as their own cards, in the war room's thread."""
        incident, view = room.incident, teller.view
        brand, kind = teller.open(incident.brand), _one(kind, STATEMENTS)
        named = view.say(f"crisis.room.say_{kind}")
        key = f"{card_key(incident)}:{tag(teller.event)}"
        yield Shown(panel=said(view.say("crisis.room.writing", kind=named)), to="below", key=key)
        home = teller.front == incident.front and bool(incident.place)
        asked = Asked(
            by=teller.name(brand),
            front=teller.front,
            user=teller.user,
            place=incident.place if home else teller.below or teller.place,
            locale=view.locale,
            event=teller.event,
        )
        reply = await self._desk.crisis.statement(incident.id, kind, asked)
        if reply.refused is not None:
            yield Shown(panel=said(view.said(reply.refused)), to="below", key=key)
            return
        written = self._panels(await self._desk.crisis.room(incident.id), teller).statement(kind)
        yield Shown(panel=written, to="below", key=key)

    async def _vouch(self, about: str, room: Room, teller: Teller) -> AsyncIterator[Shown]:
        """One person's approval of every text of a statement that was before their eyes."""
        kind, _, read = about.partition(".")
        drafts, name = vouchable(room, _one(kind, STATEMENTS)), teller.name(teller.open(room.incident.brand))
        told = teller.view.say("crisis.room.changed_since") if read != read_as(drafts) else ""
        for draft in drafts if not told else ():
            decision = Decision(
                draft=draft.id,
                revision=draft.revision,
                verb="approve",
                by=name,
                front=teller.front,
                event=f"{teller.event}:{draft.id}",
            )
            try:
                ruling = await self._desk.decide(decision)
                told = told or ("" if ruling.applied else teller.view.said(ruling.said))
            except Refused as refusal:
                told = told or teller.view.say(refusal.key, **refusal.details)
        if told:
            yield Shown(panel=said(told), to="private")
        now_ = await self._desk.crisis.room(room.incident.id)
        yield Shown(panel=self._panels(now_, teller).statement(kind))

    # --- what is shown ---

    async def opened(self, section: str, incident: int, teller: Teller, to: str = "here") -> Shown:
        """A panel of the room, read anew; one that opens is a message of its own."""
        room = await self._room(str(incident), teller)
        panels, own, inbox = self._panels(room, teller), room.incident.brand, room.incident.box
        kind = section.removeprefix(SAID) if section.startswith(SAID) else ""
        if (section not in SECTIONS and kind not in STATEMENTS) or room.incident.state == "closed":
            return Shown(panel=await self._card(incident, teller), to="here" if to == "below" else to)  # type: ignore[arg-type]
        if kind:
            panel = panels.statement(kind)
        elif section == "held":
            drafts = [await self._desk.draft(one) for one in room.held[:READ]]
            panel = panels.held(drafts)
        elif section == "comments":
            box = await self._desk.inbox.box(inbox)
            panel = panels.comments(box.groups, box.first)
        elif section == "shift":
            box = await self._desk.inbox.box(inbox)
            panel = panels.shift(await self._desk.promises.listed(own, ("open",)), box.first)
        else:
            panel = getattr(panels, section)()
        key = f"{card_key(room.incident)}:{tag(teller.event)}"
        return Shown(panel=panel, to=to, key="" if to == "here" else key)  # type: ignore[arg-type]

    async def _card(self, incident: int, teller: Teller) -> Panel:
        """In the brand's language: the herald changes the same message, for everybody."""
        room = await self._room(str(incident), teller)
        brand = teller.open(room.incident.brand)
        return WarRoom(room, brand, self._view(brand, teller), self._clock()).card()

    def _view(self, brand: Brand, teller: Teller) -> View:
        return View(teller.view.pages, brand.languages[0])

    def _panels(self, room: Room, teller: Teller) -> WarRoom:
        return WarRoom(room, teller.open(room.incident.brand), teller.view, self._clock())

    async def _room(self, number: str, teller: Teller) -> Room:
        """Raises NotAllowed for a stranger, Refused when there is no such incident."""
        if not (number.isdecimal() and len(number) < 18):
            raise Refused("crisis.room.old_button")
        room = await self._desk.crisis.room(int(number))
        teller.name(teller.open(room.incident.brand))
        return room


def _first(teller: Teller, brand: Brand) -> Teller:
    from dataclasses import replace

    return replace(teller, brands=[brand, *(one for one in teller.brands if one.slug != brand.slug)])


def _level(level: int) -> Any:
    return next((one for one in LEVELS if one == level), 2)


def _one(word: str, known: tuple[Any, ...]) -> Any:
    """That word, when it is one of those. Raises Refused."""
    if word not in known:
        raise Refused("crisis.room.old_button")
    return word


def _person(named: str, brand: Brand) -> str:
    """The colleague whose tag that is. Raises Refused."""
    found = next((person.name for person in brand.people if tag(person.name) == named), None)
    if found is None:
        raise Refused("crisis.room.old_button")
    return found


def _situation(episode: Any) -> str:
    """The playbook page that most of its comments are on; empty when none is."""
    told = (str(reason.said.details["subject"]) for reason in episode.reasons if "subject" in reason.said.details)
    return episode.subject or next(told, "")


Flow = Crisis
__all__ = ["Crisis", "Flow"]
