"""Where the core meets parts that can be exchanged: the guidelines, the ledger, the durable work, the front-ends.

Small Protocols; each has its real parts and a fake or a second real part in the tests. The writers' is in `steps/draft.py`,
beside the job it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.domain.approval import Verdict
from bot.domain.decision import Decision, Event, Outcome, Ruling
from bot.domain.draft import Body, Draft, NewDraft
from bot.domain.reply import Prepared, Reply
from bot.domain.request import Request
from bot.steps.draft import Passage
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

    async def answer(self, request: str, reply: str) -> None:
        """Keeps what was answered to a request that made no draft (JSON)."""
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

    async def release(self, draft: int, revision: int) -> Outcome:
        """Makes the outcome of an approved revision, once; the same outcome again ever after."""
        ...

    async def unreleased(self) -> list[tuple[int, int]]: ...

    async def events(self, draft: int | None = None, limit: int = 1000) -> list[Event]: ...

    async def taken(self, brand: str, prompt: str) -> frozenset[str]:
        """Texts and openings that other comments of the brand were lately given."""
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

    async def unreleased(self) -> list[tuple[int, int]]: ...


class Work(Protocol):
    """Durable work: what is started under an id is started once, and finished after any crash."""

    async def answer(self, request: Request) -> Reply: ...

    async def release(self, draft: int, revision: int) -> Outcome: ...

    async def watch(self, draft: Draft, brand: Brand) -> None:
        """Sets the timers of this revision: remind, escalate, expire."""
        ...


class Frontend(Protocol):
    """A chat where the team talks to Bonton. It translates, and decides nothing."""

    name: str

    async def show(self, draft: Draft) -> None:
        """Posts or updates the draft's card; safe to repeat."""
        ...

    async def nudge(self, draft: Draft, what: str) -> None: ...
