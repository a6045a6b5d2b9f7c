"""`make demo`: a conversation on the sample brands, or, without a terminal, three cases played to their end.

Everything in it is real: the requests go the whole path, the people are those of the brand files, and what is printed is read
back from the ledger.
"""

from __future__ import annotations

import uuid

from rich.console import Console
from rich.rule import Rule

from bot.desk import Desk
from bot.domain.decision import Decision, Ruling
from bot.domain.request import Request
from bot.errors import Refused
from bot.frontends.card import card
from bot.frontends.terminal import Terminal
from bot.settings import Settings
from bot.view import View
from knowledge.brand import SAMPLES, Brand, load

FRENCH, ENGLISH = "maison-virevent", "tern-and-thistle"
ANGRY = "Commande reçue avec 3 semaines de retard, et personne ne répond au SAV. Honteux !"
BRIEF = (
    "Write a post for LinkedIn and X: we open our new café in Newcastle on 12 December at 9 am. "
    "The first 50 flat whites are on us. Local bakers make every cardamom bun we serve there. Come and say hello."
)
GRAVE = "Found a piece of glass in my cold brew this morning at the Leith café. I cut my lip. Is anyone even checking these??"


async def converse(desk: Desk, settings: Settings, view: View) -> None:
    """A conversation with a first comment to try."""
    slug = FRENCH if view.locale == "fr" else ENGLISH
    hello = f"« {ANGRY} »" if view.locale == "fr" else f"“{GRAVE}”"
    await Terminal(desk, settings, view, brand=slug).run(hello=hello)


async def play(desk: Desk, _settings: Settings, view: View) -> None:
    """An angry comment on Instagram, a post for two networks from one brief, a safety complaint for two approvers."""
    played = _Play(desk, view)
    french, english = load(SAMPLES / FRENCH), load(SAMPLES / ENGLISH)
    await played.ordinary(french)
    await played.posts(english)
    await played.grave(english)
    await played.trail()


class _Play:
    def __init__(self, desk: Desk, view: View) -> None:
        self.desk = desk
        self.view = view
        self.console = Console(width=100)
        self.numbers: list[int] = []

    async def ordinary(self, brand: Brand) -> None:
        self._title(f"1 · {brand.name} · Instagram", ANGRY)
        (number,) = await self._ask(brand, ANGRY, "reply", ("instagram",), _member(brand))
        await self._press(number, "approve", _approver(brand))

    async def posts(self, brand: Brand) -> None:
        self._title(f"2 · {brand.name} · LinkedIn, X", BRIEF)
        numbers = await self._ask(brand, BRIEF, "post", ("linkedin", "x"), _member(brand))
        await self._press(numbers[0], "approve", _approver(brand))
        await self._press(numbers[1], "reject", _approver(brand), "one network is enough for today")

    async def grave(self, brand: Brand) -> None:
        self._title(f"3 · {brand.name} · Facebook", GRAVE)
        author = _approver(brand)
        (number,) = await self._ask(brand, GRAVE, "reply", ("facebook",), author)
        await self._press(number, "approve", author)
        await self._press(number, "approve", _approver(brand, not_=author))
        await self._press(number, "approve", _lead(brand))

    async def trail(self) -> None:
        self.console.print(Rule("audit"))
        for number in self.numbers:
            for event in await self.desk.events(number):
                self.console.print(self.view.trail(event), markup=False, highlight=False, soft_wrap=True)
        states = [(await self.desk.draft(number)).state for number in self.numbers]
        self.console.print(Rule(f"{states.count('released')} released · {states.count('rejected')} rejected"))

    def _title(self, title: str, said: str) -> None:
        self.console.print(Rule(title))
        self.console.print(f"> {said}\n", markup=False, highlight=False)

    async def _ask(
        self, brand: Brand, text: str, skill: str, networks: tuple[str, ...], author: str
    ) -> tuple[int, ...]:
        request = Request(
            id=f"demo:{uuid.uuid4()}", text=text, brand=brand.slug, skill=skill, networks=networks, author=author
        )
        reply = await self.desk.handle(request)
        for number in reply.drafts:
            self.numbers.append(number)
            self.console.print(card(await self.desk.draft(number), self.view))
        return reply.drafts

    async def _press(self, number: int, verb: str, who: str, reason: str = "") -> Ruling | None:
        draft = await self.desk.draft(number)
        decision = Decision(draft=number, revision=draft.revision, verb=verb, by=who, text=reason)  # type: ignore[arg-type]
        try:
            ruling = await self.desk.decide(decision)
        except Refused as refusal:
            self._told(verb, number, who, self.view.say(refusal.key, **refusal.details))
            return None
        self._told(verb, number, who, self.view.said(ruling.said))
        return ruling

    def _told(self, verb: str, number: int, who: str, answer: str) -> None:
        self.console.print(f"{who}: {verb} {number} → {answer}\n", markup=False, highlight=False)


def _member(brand: Brand) -> str:
    return next(person.name for person in brand.people if "member" in person.roles)


def _approver(brand: Brand, not_: str = "") -> str:
    return next(person.name for person in brand.people if person.decides and not person.leads and person.name != not_)


def _lead(brand: Brand) -> str:
    return next(person.name for person in brand.people if person.leads)
