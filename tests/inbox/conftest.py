"""An inbox on a real database, with a desk made of little, and readings that a test chooses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.decision import Decision, Ruling
from bot.domain.draft import Approvals, Body, Draft, NewDraft
from bot.domain.model import Said
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.domain.triage import Triage
from bot.inbox import Inbox
from bot.ledger.comments import SqlComments
from bot.ledger.engine import address, connect
from bot.ledger.sql import SqlLedger
from bot.pages import Pages
from knowledge.brand import Brand


def reading(text: str) -> Triage:
    """By a word of the text, so that a test reads plainly."""
    for word, kind, severity, risks in (
        ("allergy", "complaint", 5, ("health",)),
        ("late", "complaint", 3, ()),
        ("thanks", "praise", 1, ()),
        ("win money", "spam", 1, ()),
        ("?", "question", 1, ()),
    ):
        if word in text.casefold():
            tone = {"complaint": "negative", "praise": "positive"}.get(kind, "neutral")
            told = {"kind": kind, "sentiment": tone, "severity": severity, "risks": risks}
            return Triage.model_validate({"language": "en", "situation": kind, **told})
    return Triage(language="en", kind="other", sentiment="neutral", severity=1, situation="other")


@dataclass
class Desk:
    """Drafts at once, each with its own words; approves whatever is asked."""

    pages: Pages
    known: Brand
    ledger: SqlLedger
    inbox: Inbox = field(init=False)
    requests: list[Request] = field(default_factory=list)

    def brand(self, slug: str) -> Brand:
        assert slug == self.known.slug
        return self.known

    async def handle(self, request: Request) -> Reply:
        self.requests.append(request)
        read = reading(request.text)
        two = Approvals(needed=2, lead=True) if read.severity > 3 else Approvals(needed=1)
        body = Body(text=f"Answer to {request.text}", approvals=two, language="en", writer="fake", triage=read)
        new = NewDraft(
            request=request.id,
            brand=request.brand,
            skill="reply",
            network=request.networks[0],
            kind="comment",
            prompt=request.text,
            body=body,
        )
        drafts = await self.ledger.submit([new], request)
        await self.inbox.follows(request, drafts)
        return Reply(request=request.id, drafts=tuple(draft.id for draft in drafts))

    async def decide(self, decision: Decision) -> Ruling:
        from bot.domain import approval

        ruling = await self.ledger.decide(decision, lambda draft, press: approval.judge(draft, press, self.known))
        if ruling.applied and ruling.draft.state == "approved":
            await self.ledger.release(ruling.draft.id, ruling.draft.revision)
            ruling = Ruling(draft=await self.draft(ruling.draft.id), said=Said(key="decide.approved"), applied=True)
        await self.inbox.decided(ruling.draft, decision.by)
        return ruling

    async def draft(self, number: int) -> Draft:
        return await self.ledger.draft(number)

    async def pending(self, brand: str) -> list[Draft]:
        return await self.ledger.pending(brand or None)

    async def request(self, number: str) -> Request | None:
        return await self.ledger.request(number)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **more: float) -> None:
        self.now += timedelta(**more)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def desk(home: Path, brand: Brand, pages: Pages, clock: Clock) -> AsyncIterator[Desk]:
    engine = connect(address(home, ""))
    ledger = SqlLedger(engine, clock)
    await ledger.open()
    made = Desk(pages, brand, ledger)

    async def readings(texts: Sequence[str], _: Brand, __: object) -> list[Triage]:
        return [reading(text) for text in texts]

    def grouping(texts: Sequence[str], _: object) -> list[list[int]]:
        by_word: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            by_word.setdefault(text.split()[0], []).append(place)
        return list(by_word.values())

    made.inbox = Inbox(SqlComments(engine, clock), made, readings, grouping, clock)
    yield made
    await ledger.close()


@pytest.fixture
def inbox(desk: Desk) -> Inbox:
    return desk.inbox


Make = Callable[..., Any]
