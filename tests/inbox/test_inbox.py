"""The inbox: each comment once, the few that matter first, answered by people who know of each other, corrected in one tap."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.comment import Act, Acted, NewComment
from bot.domain.decision import Decision
from bot.domain.request import Request
from bot.errors import NotAllowed, Refused
from bot.inbox import Asked, Inbox
from tests.inbox.conftest import Clock, Desk

B = "moulin-dore"


def new(text: str, **more: Any) -> NewComment:
    return NewComment(**{"brand": B, "text": text, "network": "instagram", **more})


async def took(inbox: Inbox, *texts: str) -> tuple[int, ...]:
    return (await inbox.receive(B, [new(text, author=f"u{place}") for place, text in enumerate(texts)])).stored


async def test_the_few_that_matter_come_first_with_their_reasons(inbox: Inbox) -> None:
    await took(inbox, "thanks a lot", "win money now", "late again", "my child has an allergy", "open on sunday?")
    box = await inbox.box(B)
    assert [comment.text for comment in box.first] == ["my child has an allergy", "late again"]
    assert {reason.key for reason in box.first[0].reasons} == {"inbox.why_severity", "triage.risk"}
    assert (box.praise, box.counts.open, box.counts.negative) == (1, 5, 2)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"ref": "x1"}, {"ref": "x1", "text": "edited since"}, True),
        ({"ref": "x1"}, {"ref": "x2"}, False),
        ({"author": "@Lea"}, {"author": "lea", "text": "LATE   again!!!"}, True),
        ({"author": "lea"}, {"author": "max"}, False),
        ({}, {"ref": "x1"}, True),
        ({"ref": "x1"}, {}, True),
        ({"network": "x"}, {"network": "facebook"}, False),
        ({"text": "👍👍"}, {"text": "❤️"}, False),
        ({"text": "late again… see more"}, {}, True),
    ],
)
async def test_the_same_comment_twice_is_one(inbox: Inbox, first: Any, second: Any, same: bool) -> None:
    for told in (first, second):
        received = await inbox.receive(B, [new(**{"text": "late again", **told})])
    assert (len(received.stored), received.duplicates) == ((0, 1) if same else (1, 0))


async def test_the_same_comment_twice_in_one_batch_is_one(inbox: Inbox) -> None:
    received = await inbox.receive(
        B, [new("late again", author="a"), new("late again", author="a"), new("late again!")]
    )
    assert (len(received.stored), received.duplicates) == (2, 1)


async def test_a_comment_that_is_answered_leaves_with_its_draft(desk: Desk, inbox: Inbox) -> None:
    (number,) = await took(inbox, "late again")
    reply = await inbox.answer(number, Asked(by="Ada"))
    assert (await inbox.comment(number)).state == "drafted"
    await desk.decide(Decision(draft=reply.drafts[0], verb="approve", by="Ben"))  # type: ignore[union-attr]
    done = await inbox.comment(number)
    assert (done.state, done.by) == ("answered", "Ben")
    assert [deed.what for deed in await inbox.history(number)] == [
        "comment.taken",
        "comment.drafted",
        "comment.answered",
    ]


async def test_a_rejected_draft_lets_its_comment_wait_again(desk: Desk, inbox: Inbox) -> None:
    (number,) = await took(inbox, "late again")
    reply = await inbox.answer(number, Asked(by="Ada"))
    await desk.decide(Decision(draft=reply.drafts[0], verb="reject", by="Ben", text="no"))  # type: ignore[union-attr]
    assert (await inbox.comment(number)).state == "new"


async def test_the_second_person_on_a_comment_is_told_of_the_first(inbox: Inbox, clock: Clock) -> None:
    (number,) = await took(inbox, "late again")
    await inbox.act(Act(comment=number, verb="take", by="Ada"))
    came = await inbox.answer(number, Asked(by="Ben"))
    assert isinstance(came, Acted)
    assert (came.applied, came.said.key, came.said.details["who"]) == (False, "inbox.held", "Ada")
    assert not isinstance(await inbox.answer(number, Asked(by="Ben"), force=True), Acted)
    clock.forward(hours=5)
    assert not isinstance(await inbox.answer(number, Asked(by="Chloé")), Acted)


async def test_what_was_pasted_is_in_the_inbox_once(desk: Desk, inbox: Inbox) -> None:
    for number in ("r1", "r2"):
        await desk.handle(Request(id=number, text="late again", brand=B, skill="reply", networks=("instagram",)))
    waiting = await inbox.listed(B, (), 10)
    assert [(comment.text, comment.state) for comment in waiting] == [("late again", "drafted")]
    assert await inbox.urgent(B, 0) == []


async def test_many_are_answered_together_but_for_what_two_must_see(desk: Desk, inbox: Inbox) -> None:
    numbers = await took(inbox, *(f"late parcel {place}" for place in range(4)), "late, and an allergy")
    batch = await inbox.answer_together(B, numbers, Asked(by="Ada", event="tap-1"))
    assert len(batch.drafts) == 5
    again = await inbox.answer_together(B, numbers, Asked(by="Ada", event="tap-1"))
    assert [draft.id for draft in again.drafts] == [draft.id for draft in batch.drafts]
    came = await inbox.decide_together(batch.id, "approve", Asked(by="Ben"))
    assert (came.done, len(came.left)) == (4, 1)
    states = [(await inbox.comment(number)).state for number in numbers]
    assert states == ["answered"] * 4 + ["drafted"]


async def test_a_batch_is_decided_by_people_of_the_brand(inbox: Inbox) -> None:
    numbers = await took(inbox, "thanks one", "thanks two")
    batch = await inbox.answer_together(B, numbers, Asked(by="Ada", event="t"))
    for name, verb in (("Mallory", "approve"), ("Fay", "approve")):
        with pytest.raises(NotAllowed):
            await inbox.decide_together(batch.id, verb, Asked(by=name))
    assert [draft.state for draft in (await inbox.batch(batch.id)).drafts] == ["pending", "pending"]


async def test_alike_comments_are_one_group_without_the_grave(inbox: Inbox) -> None:
    await took(inbox, "late one", "late two", "late three", "late allergy", "opening hours?", "thanks")
    (group,) = (await inbox.box(B)).groups
    assert len(group.comments) == 3


@pytest.mark.parametrize(
    ("text", "what", "kind", "severity"),
    [
        ("thanks a lot", "irony", "complaint", 2),
        ("late again", "calm", "complaint", 2),
        ("late again", "urgent", "complaint", 4),
        ("late again", "question", "question", 1),
        ("my allergy", "calm", "complaint", 5),
        ("my allergy", "praise", "praise", 5),
    ],
)
async def test_a_tap_sets_the_reading_right(inbox: Inbox, text: str, what: Any, kind: str, severity: int) -> None:
    (number,) = await took(inbox, text)
    before = await inbox.comment(number)
    right = await inbox.correct(number, what, "Ada")
    assert right.triage.kind == kind
    assert right.triage.severity >= severity
    assert right.triage.reasons[0].key == "triage.corrected"
    assert (await inbox.report(B)).by_kind == {what: 1}
    assert set(before.triage.risks) & {"health"} <= set(right.triage.risks)


async def test_a_stranger_does_nothing(inbox: Inbox) -> None:
    (number,) = await took(inbox, "late again")
    for work in (
        inbox.act(Act(comment=number, verb="ignore", by="Mallory")),
        inbox.answer(number, Asked(by="Mallory")),
        inbox.correct(number, "calm", "Mallory"),
    ):
        with pytest.raises(NotAllowed):
            await work
    assert (await inbox.comment(number)).state == "new"


async def test_what_is_not_there_is_said(inbox: Inbox) -> None:
    for work in (inbox.comment(99), inbox.act(Act(comment=0, verb="take", by="Ada")), inbox.batch("no")):
        with pytest.raises(Refused):
            await work


async def test_urgent_comments_interrupt_once(inbox: Inbox) -> None:
    await took(inbox, "late again", "my child has an allergy")
    (urgent,) = await inbox.urgent(B, 60)
    await inbox.told([urgent.id])
    assert await inbox.urgent(B, 60) == []


async def test_what_a_crash_left_is_caught_up(desk: Desk, inbox: Inbox) -> None:
    (number,) = await took(inbox, "late again")
    reply = await inbox.answer(number, Asked(by="Ada"))
    decision = Decision(draft=reply.drafts[0], verb="ignore", by="Ben")  # type: ignore[union-attr]
    from bot.domain import approval

    await desk.ledger.decide(decision, lambda draft, press: approval.judge(draft, press, desk.known))
    assert (await inbox.comment(number)).state == "drafted"
    await inbox.catch_up()
    assert (await inbox.comment(number)).state == "new"
