"""Where the core meets parts that can be exchanged: the guidelines, the ledger, the durable work, the chats.

Small Protocols; each has its real parts and a fake or a second real part in the tests. The writers' is in `steps/draft.py`,
beside the job it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.approval import Verdict
from bot.domain.chat import Arrival, Post, Talk, Turn
from bot.domain.decision import Decision, Event, Outcome, Ruling
from bot.domain.draft import Body, Draft, NewDraft, Released
from bot.domain.reply import Prepared, Reply
from bot.domain.request import Request
from bot.domain.spending import Spent, Usage
from bot.domain.triage import Triage
from bot.domain.voice import Habit, Like, Rule
from bot.steps.draft import Example, Passage
from knowledge.brand import Brand


class Library(Protocol):
    async def search(self, brand: str, question: str, k: int = 8) -> Sequence[Passage]:
        """Sections of the brand's guidelines, best first; empty when nothing is close enough."""
        ...

    async def ensure(self, brand: Brand) -> None:
        """The brand's own guidelines folder is in the index."""
        ...


class Ledger(Protocol):
    """Never forgets. Every method that writes is one transaction, and safe to repeat."""

    async def accept(self, request: Request) -> bool:
        """Keeps the request under its id; False when it was already there."""
        ...

    async def request(self, number: str) -> Request | None: ...

    async def answer(self, request: str, reply: str) -> None:
        """Keeps what was answered to a request that made no draft (JSON)."""
        ...

    async def turns(self, request: Request, most: int) -> list[Turn]:
        """What was said in the request's place before it, and what came of it, oldest first."""
        ...

    async def submit(self, drafts: Sequence[NewDraft], request: Request) -> list[Draft]:
        """Pending drafts, one per network; those that this request already has are returned as they are."""
        ...

    async def draft(self, number: int) -> Draft:
        """Raises Refused when there is none."""
        ...

    async def pending(self, brand: str | None = None) -> list[Draft]: ...

    async def decide(self, decision: Decision, judge: Callable[[Draft, Decision], Verdict]) -> Ruling:
        """Applies one press: the first to arrive wins, a stale or second press changes nothing."""
        ...

    async def revise(self, draft: int, revision: int, body: Body, decision: Decision) -> Ruling:
        """The next revision, pending again, its approvals gone; nothing when the revision is no longer current."""
        ...

    async def expire(self, draft: int, revision: int) -> bool: ...

    async def nudge(self, draft: int, revision: int, what: str, who: str = "") -> bool:
        """Notes a reminder or escalation once; False when it stands already or the draft is no longer pending."""
        ...

    async def rung(self) -> list[tuple[int, str]]:
        """The reminders and escalations of drafts that still wait, oldest first."""
        ...

    async def release(self, draft: int, revision: int) -> Outcome:
        """Makes the outcome of an approved revision, once; the same outcome again ever after."""
        ...

    async def unreleased(self) -> list[tuple[int, int, int]]:
        """Drafts that were approved and that nothing holds: number, revision, and the incident they were cleared for."""
        ...

    async def events(self, draft: int | None = None, limit: int = 1000) -> list[Event]: ...

    async def recent(self, brand: str, since: datetime) -> list[Draft]:
        """Drafts of the brand to which something happened since, oldest first."""
        ...

    async def released(self, brand: str, since: datetime, most: int) -> tuple[Released, ...]:
        """What left for the brand since, newest first, `most` at most."""
        ...

    async def taken(self, brand: str, prompt: str, skill: str = "reply") -> frozenset[str]:
        """Texts and openings that other comments of the brand were lately given."""
        ...

    async def said(self, brand: str, network: str, prompt: str) -> tuple[str, ...]:
        """The replies that left last on the brand's network under other comments, newest first; a text sent twice stands twice."""
        ...


class Spending(Protocol):
    """What models cost. Every method is one transaction."""

    async def spend(self, spent: Spent) -> None: ...

    async def today(self, brand: str = "") -> Usage:
        """Of one brand, or of all."""
        ...


class Voice(Protocol):
    """What people's approvals and corrections taught. Never raises and never keeps a draft waiting for long."""

    async def examples(self, brand: Brand, like: Like) -> tuple[Example, ...]:
        """The nearest texts that people of this brand approved, three at most."""
        ...

    async def rules(self, brand: str, network: str, language: str) -> tuple[Habit, ...]:
        """What they accepted as rules for this network and language, the oldest first."""
        ...

    async def noticed(self, draft: Draft) -> Rule | None:
        """After a person's edit: the question it gives rise to, once."""
        ...


class Keeper(Protocol):
    """What is to be remembered of a text that left (`bot.promises`)."""

    async def enter(self, draft: Draft, outcome: Outcome) -> None:
        """Safe to repeat."""
        ...


class Tools(Protocol):
    """What a model may call in free talk. Each tells the model what came of it, in words."""

    brand: Brand
    used: bool
    """One of them told the model something of the brand's."""
    drafts: list[NewDraft]
    changed: list[int]

    async def search_guidelines(self, question: str) -> str: ...

    async def write(
        self, skill: str, text: str, networks: Sequence[str], posture: str = "", language: str = ""
    ) -> str: ...

    async def again(self, draft: int, networks: Sequence[str], posture: str = "", language: str = "") -> str: ...

    async def revise(self, draft: int, wish: str) -> str: ...

    async def look_up(self, words: str = "", days: int = 30) -> str: ...

    async def pending(self) -> str: ...


class Talker(Protocol):
    """A model in free talk."""

    async def talk(self, request: Request, turns: Sequence[Turn], tools: Tools) -> str | None:
        """Its words to the teammate, after what it did with the tools; None when it could not."""
        ...


class Opinions(Protocol):
    """A model that reads what the classifier is unsure of."""

    async def of(self, texts: Sequence[str], triages: Sequence[Triage], brand: str) -> list[Triage]:
        """The triages, with its own where it was asked and answered."""
        ...


class Steps(Protocol):
    """What durable work runs, and may run again after a crash: the assistant's own steps."""

    async def prepare(self, request: Request) -> Prepared: ...

    async def submit(self, request: Request, prepared: Prepared) -> Reply: ...

    async def release(self, draft: int, revision: int) -> Outcome: ...

    async def nudge(self, number: int, revision: int, what: str) -> bool: ...

    async def timers(self, draft: int) -> tuple[float, float, float]:
        """Hours after which a pending draft of this brand is reminded, escalated, expired."""
        ...

    async def unreleased(self) -> list[tuple[int, int, int]]:
        """Drafts that were approved and that nothing holds: number, revision, and the incident they were cleared for."""
        ...


class Work(Protocol):
    """Durable work: what is started under an id is started once, and finished after any crash."""

    async def answer(self, request: Request) -> Reply: ...

    async def release(self, draft: int, revision: int, cleared: int = 0) -> Outcome:
        """`cleared`: the incident it was thawed in: a release that the freeze refused is another."""
        ...

    async def watch(self, draft: Draft, brand: Brand) -> None:
        """Sets the timers of this revision: remind, escalate, expire."""
        ...


class Arrivals(Protocol):
    """Events of chats that are to be heard. Every method is one transaction, and safe to repeat."""

    async def arrive(self, batch: Sequence[Arrival]) -> set[str]:
        """Keeps what arrived; the ids of those that were not known yet."""
        ...

    async def waiting(self) -> list[Arrival]:
        """What arrived and is not done, oldest first."""
        ...

    async def done(self, batch: Sequence[str]) -> None:
        """Forgets what they said; their ids stay known for a week."""
        ...


class Chats(Protocol):
    """What chat front-ends remember beside the ledger. Every method is one transaction, and safe to repeat."""

    async def post(self, front: str, key: str) -> Post | None: ...

    async def posts(self, front: str, draft: int) -> list[Post]: ...

    async def posted(self, front: str, place: str, ref: str = "") -> list[Post]:
        """Messages of ours in a place or, when it ends in `/`, below it; with `ref`, the one of that name."""
        ...

    async def around(self, front: str, key: str) -> tuple[list[Post], list[Post]]:
        """Messages of ours kept well before the one of that key, the latest first, and those kept since."""
        ...

    async def unsettled(self, front: str) -> list[int]:
        """Drafts that have a card which may still change."""
        ...

    async def keep(self, post: Post) -> None:
        """Writes the post under its key, over what was there."""
        ...

    async def talk(self, front: str, place: str) -> Talk | None:
        """What was last asked there; a place that ends in `/` stands for all below it."""
        ...

    async def choice(self, front: str, who: str, what: str) -> str:
        """What a person chose for themselves; empty when nothing."""
        ...

    async def choose(self, front: str, who: str, what: str, value: str) -> None: ...


class Frontend(Protocol):
    """A chat where the team talks to Bonton. It translates, and decides nothing."""

    name: str

    async def open(self) -> str:
        """Connects; says how it can be reached. Raises SettingsError when it never will be, anything else when it may be later."""
        ...

    async def close(self) -> None: ...

    async def hear(self, arrival: Arrival) -> None:
        """Does what a kept event asks; safe to repeat. Raises when it must be tried again."""
        ...

    async def show(self, draft: int) -> None:
        """Brings every card of the draft to what the draft is now; safe to repeat. Raises when it must be tried again."""
        ...

    async def ring(self, draft: int, what: str) -> None:
        """Tells those who can decide that the draft is waiting (`draft.reminded`, `draft.escalated`)."""
        ...
