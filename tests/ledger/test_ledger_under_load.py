"""A thousand presses at once: one outcome a draft, and the first decision stands, whoever else was quick."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bot.domain.approval import judge
from bot.domain.decision import Decision, Outcome
from bot.domain.draft import Approvals
from bot.errors import Refused
from bot.ledger.sql import SqlLedger
from knowledge.brand import Brand

if TYPE_CHECKING:
    from .conftest import Desk

CLIENTS, DRAFTS, PRESSES = 20, 100, 1000
DECIDERS = ("Ada", "Ben", "Chloé", "Dan")
FINAL = {"draft.approved": "approved", "draft.rejected": "rejected", "draft.ignored": "rejected"}
SECONDS = 60
"""Twice what it may take, so that a busy machine does not cry wolf."""


async def _storm(clients: Callable[[], SqlLedger], brand: Brand, presses: list[Decision]) -> list[Outcome]:
    """Each client takes its share of the presses, one after another, and releases what it sees approved."""

    async def client(share: list[Decision]) -> list[Outcome]:
        ledger, outcomes = clients(), []
        for press in share:
            ruling = await ledger.decide(press, lambda draft, decision: judge(draft, decision, brand))
            if ruling.draft.state in ("approved", "released"):
                outcomes.append(await ledger.release(ruling.draft.id, ruling.draft.revision))
        return outcomes

    started = time.monotonic()
    shares = await asyncio.gather(*(client(presses[start::CLIENTS]) for start in range(CLIENTS)))
    assert time.monotonic() - started < SECONDS
    return [outcome for share in shares for outcome in share]


async def test_a_thousand_approvals_of_a_hundred_drafts_make_a_hundred_outcomes(
    desk: Desk, clients: Callable[[], SqlLedger], brand: Brand
) -> None:
    numbers = [(await desk.submit(f"event-{place}")).id for place in range(DRAFTS)]
    chance = random.Random(1)
    presses = [
        Decision(draft=number, revision=1, verb="approve", by=chance.choice(DECIDERS)) for number in numbers * 10
    ]
    chance.shuffle(presses)

    outcomes = await _storm(clients, brand, presses)

    assert len(presses) == PRESSES
    assert {outcome.draft for outcome in outcomes} == set(numbers)
    assert len({outcome.model_dump_json() for outcome in outcomes}) == DRAFTS
    for number in numbers:
        trail = [event.what for event in await desk.ledger.events(number)]
        assert trail == ["draft.submitted", "draft.approved", "draft.released"]


async def test_the_first_decision_stands_among_many_that_disagree(
    desk: Desk, clients: Callable[[], SqlLedger], brand: Brand
) -> None:
    two = Approvals(needed=2, lead=True, not_author=True)
    numbers = [
        (await desk.submit(f"event-{place}", approvals=two if place % 2 else Approvals(needed=1))).id
        for place in range(DRAFTS // 4)
    ]
    chance = random.Random(2)
    presses = [
        Decision(
            draft=number,
            revision=1,
            verb=chance.choice(["approve", "approve", "approve", "reject", "ignore"]),
            by=chance.choice(DECIDERS),
            text="no",
        )
        for number in numbers * 10
    ]
    chance.shuffle(presses)

    outcomes = await _storm(clients, brand, presses)

    released = set()
    for number in numbers:
        draft = await desk.ledger.draft(number)
        events = await desk.ledger.events(number)
        decided = [event for event in events if event.what in FINAL]
        assert len(decided) == 1
        assert not [event for event in events if event.what == "draft.approval_given" and event.at > decided[0].at]
        if FINAL[decided[0].what] == "approved":
            released.add(number)
            assert draft.state == "released"
            assert decided[0].who in draft.body.approvals.by
        else:
            assert draft.state == "rejected"
            with pytest.raises(Refused):
                await desk.ledger.release(number, 1)
    assert released
    assert released != set(numbers)
    assert {outcome.draft for outcome in outcomes} == released
    assert len({outcome.model_dump_json() for outcome in outcomes}) == len(released)


async def test_presses_edits_and_timers_at_once_leave_a_trail_that_explains_the_end(
    desk: Desk, clients: Callable[[], SqlLedger], brand: Brand
) -> None:
    drafts = [await desk.submit(f"event-{place}") for place in range(20)]

    async def edit(number: int) -> None:
        body = drafts[0].body.model_copy(update={"text": "Edited.", "author": "Ben"})
        decision = Decision(draft=number, revision=1, verb="edit", by="Ben", text="Edited.")
        await shared.revise(number, 1, body, decision)

    async def approve(number: int) -> None:
        press = Decision(draft=number, revision=1, verb="approve", by="Ada")
        await shared.decide(press, lambda draft, decision: judge(draft, decision, brand))

    shared = clients()
    work = [act(draft.id) for draft in drafts for act in (edit, approve, lambda number: shared.expire(number, 1))]
    random.Random(3).shuffle(work)
    await asyncio.gather(*work)

    ends = {"draft.edited": ("pending", 2), "draft.approved": ("approved", 1), "draft.expired": ("expired", 1)}
    for number in (draft.id for draft in drafts):
        draft, events = await desk.ledger.draft(number), await desk.ledger.events(number)
        assert len(events) == 2
        assert events[0].what == "draft.submitted"
        assert (draft.state, draft.revision) == ends[events[1].what]
