"""What the ledger promises, on each database: nothing accepted is lost, nothing leaves twice, the first decision stands."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.decision import Decision
from bot.domain.draft import Approvals, Finding, NewDraft, Source, Variant
from bot.domain.request import Request
from bot.domain.triage import Triage
from bot.errors import NotAllowed, Refused
from bot.ledger import tables
from bot.ledger.engine import connect
from bot.ledger.sql import SqlLedger

if TYPE_CHECKING:
    from .conftest import Desk

TWO = Approvals(needed=2, lead=True, not_author=True)
BLOCKED = (Finding(check="promises", level="block", key="promises.refund", excerpt="we'll refund you"),)
NO_DRAFT = (0, -1, 7, 2**31, 2**63, 2**80, -(2**80))


class TestRequests:
    async def test_a_request_is_accepted_once_under_its_id(self, desk: Desk) -> None:
        request = Request(id="Ev1", text="Late again", brand="moulin-dore")
        assert await desk.ledger.accept(request)
        assert not await desk.ledger.accept(request.model_copy(update={"text": "another text, same event"}))
        assert await desk.ledger.request("Ev1") == request

    async def test_a_request_that_never_came_is_none(self, desk: Desk) -> None:
        assert await desk.ledger.request("Ev404") is None

    async def test_concurrent_deliveries_of_one_event_are_accepted_once(
        self, desk: Desk, clients: Callable[[], SqlLedger]
    ) -> None:
        request = Request(id="Ev1", text="Late again", brand="moulin-dore")
        accepted = await asyncio.gather(*(clients().accept(request) for _ in range(8)))
        assert sum(accepted) == 1


class TestDrafts:
    async def test_a_draft_comes_back_as_it_was_submitted(self, desk: Desk) -> None:
        sent: dict[str, Any] = {
            "text": "« Été »\u202f: désolés 🥖\n\nUne ligne — puis « l’autre ».",
            "posture": "empathetic",
            "variants": (Variant(posture="sober", text="Nous regardons."),),
            "sources": (Source(document="a.md", heading="A › B", text="…", score=0.71, used=True),),
            "findings": BLOCKED,
            "triage": Triage(language="fr", kind="complaint", sentiment="negative", severity=3, situation="waiting"),
            "approvals": TWO,
            "author": "Ada",
        }
        draft = await desk.submit(**sent)
        read = await desk.ledger.draft(draft.id)
        assert read == draft
        assert read.body.model_dump(include=set(sent)) == draft.body.model_dump(include=set(sent))
        assert {name: getattr(read.body, name) for name in sent} == sent
        assert (read.state, read.revision, read.front, read.place) == ("pending", 1, "slack", "C1/17")
        assert read.authors == ("Ada",)
        assert read.created_at.tzinfo is not None

    async def test_a_draft_is_bound_to_the_hash_of_its_exact_characters(self, desk: Desk) -> None:
        draft = await desk.submit(text="Déjà vu ’")
        assert draft.hash == hashlib.sha256("Déjà vu ’".encode()).hexdigest()
        assert draft.hash != (await desk.submit("event-2", text="Déjà vu '")).hash

    async def test_submitting_again_returns_the_draft_that_is_there(self, desk: Desk) -> None:
        first = await desk.submit(text="One")
        again = await desk.submit(text="Two")
        assert again == first
        assert await desk.trail(first.id) == ["draft.submitted"]

    async def test_a_request_makes_one_draft_per_network(self, desk: Desk, new_draft: Callable[..., NewDraft]) -> None:
        request = Request(id="Ev1", text="Late", brand="moulin-dore")
        asked = [new_draft("Ev1", network) for network in ("x", "instagram", "google")]
        drafts = await desk.ledger.submit(asked, request)
        assert [draft.network for draft in drafts] == ["x", "instagram", "google"]
        assert await desk.ledger.submit(asked, request) == drafts

    async def test_concurrent_submits_of_one_request_make_one_draft(
        self, desk: Desk, clients: Callable[[], SqlLedger], new_draft: Callable[..., NewDraft]
    ) -> None:
        request = Request(id="Ev1", text="Late", brand="moulin-dore")
        made = await asyncio.gather(*(clients().submit([new_draft("Ev1")], request) for _ in range(10)))
        assert len({draft.id for [draft] in made}) == 1
        assert len(await desk.ledger.pending()) == 1
        assert await desk.trail(made[0][0].id) == ["draft.submitted"]

    async def test_pending_drafts_are_listed_by_brand_oldest_first(
        self, desk: Desk, new_draft: Callable[..., NewDraft]
    ) -> None:
        first, second = await desk.submit("a"), await desk.submit("b")
        other = new_draft("c").model_copy(update={"brand": "other"})
        [theirs] = await desk.ledger.submit([other], Request(id="c", text="Late", brand="other"))
        assert [draft.id for draft in await desk.ledger.pending("moulin-dore")] == [first.id, second.id]
        assert [draft.id for draft in await desk.ledger.pending()] == [first.id, second.id, theirs.id]
        await desk.press("reject", first.id, "Ada", text="off topic")
        assert [draft.id for draft in await desk.ledger.pending("moulin-dore")] == [second.id]
        assert await desk.ledger.pending("nobody") == []

    async def test_a_number_that_names_no_draft_is_refused_everywhere(self, desk: Desk) -> None:
        body = (await desk.submit()).body
        for number in NO_DRAFT:
            for attempt in (
                desk.ledger.draft(number),
                desk.press("approve", number, "Ada"),
                desk.ledger.nudge(number, 1, "draft.reminded"),
                desk.ledger.release(number, 1),
                desk.ledger.revise(number, 1, body, _decision(number)),
            ):
                with pytest.raises(Refused):
                    await attempt
            assert not await desk.ledger.expire(number, 1)
            assert await desk.ledger.events(number) == []


class TestApproval:
    async def test_one_approver_is_enough_for_an_ordinary_reply(self, desk: Desk) -> None:
        draft = await desk.submit()
        ruling = await desk.press("approve", draft.id, "Ada", draft.revision)
        assert ruling.applied
        assert (ruling.draft.state, ruling.draft.body.approvals.by) == ("approved", ("Ada",))

    async def test_a_second_press_of_approve_changes_nothing(self, desk: Desk) -> None:
        draft = await desk.submit(approvals=TWO)
        await desk.press("approve", draft.id, "Ada")
        again = await desk.press("approve", draft.id, "Ada")
        assert not again.applied
        assert again.said.key == "decide.twice"
        assert again.draft.body.approvals.by == ("Ada",)
        assert await desk.trail(draft.id) == ["draft.submitted", "draft.approval_given Ada"]

    @pytest.mark.parametrize("spelt", ["ada", "ADA", " Ada "])
    async def test_one_person_counts_once_however_their_name_is_typed(self, desk: Desk, spelt: str) -> None:
        draft = await desk.submit(approvals=TWO)
        await desk.press("approve", draft.id, spelt)
        assert not (await desk.press("approve", draft.id, "Ada")).applied
        await desk.press("approve", draft.id, "Ben")
        again = await desk.press("approve", draft.id, spelt)
        assert not again.applied
        assert again.draft.body.approvals.by == ("Ada", "Ben")
        assert "draft.approval_given Ada" in await desk.trail(draft.id)

    async def test_a_press_after_the_decision_says_who_decided_and_changes_nothing(self, desk: Desk) -> None:
        draft = await desk.submit()
        await desk.press("approve", draft.id, "Ada")
        late = await desk.press("reject", draft.id, "Ben", text="too late")
        assert not late.applied
        assert late.said.key == "decide.already_approved"
        assert late.said.details["who"] == "Ada"
        assert late.draft.state == "approved"

    async def test_two_people_one_a_lead_approve_what_is_grave(self, desk: Desk) -> None:
        draft = await desk.submit(approvals=TWO)
        first = await desk.press("approve", draft.id, "Ada")
        assert (first.draft.state, first.said.key) == ("pending", "decide.waiting_lead")
        second = await desk.press("approve", draft.id, "Ben")
        assert (second.draft.state, second.said.key) == ("pending", "decide.waiting_lead")
        third = await desk.press("approve", draft.id, "Chloé")
        assert (third.draft.state, third.draft.body.approvals.given) == ("approved", 3)

    async def test_a_crisis_lead_approves_during_an_incident(self, desk: Desk) -> None:
        draft = await desk.submit(approvals=Approvals(needed=2, crisis_lead=True, not_author=True))
        await desk.press("approve", draft.id, "Chloé")
        assert (await desk.press("approve", draft.id, "Ada")).draft.state == "pending"
        assert (await desk.press("approve", draft.id, "Dan")).draft.state == "approved"

    async def test_the_author_of_a_grave_draft_may_not_approve_it(self, desk: Desk) -> None:
        draft = await desk.submit(approvals=TWO, author="ada")
        with pytest.raises(NotAllowed) as refusal:
            await desk.press("approve", draft.id, "Ada")
        assert refusal.value.key == "decide.author"
        assert (await desk.ledger.draft(draft.id)).body.approvals.by == ()

    @pytest.mark.parametrize(("who", "why"), [("Fay", "decide.not_an_approver"), ("Eve", "decide.not_an_approver")])
    @pytest.mark.parametrize("verb", ["approve", "reject", "ignore"])
    async def test_who_is_not_an_approver_is_refused_and_the_refusal_is_kept(
        self, desk: Desk, who: str, why: str, verb: Any
    ) -> None:
        draft = await desk.submit()
        with pytest.raises(NotAllowed):
            await desk.press(verb, draft.id, who, text="please")
        assert await desk.ledger.draft(draft.id) == draft
        refused = (await desk.ledger.events(draft.id))[-1]
        assert (refused.what, refused.who) == ("decision.refused", who)
        assert refused.details == {"verb": verb, "why": why, "front": "terminal"}

    @pytest.mark.parametrize("stranger", ["Mallory", "Mallory" * 100, "Ada\0", "", "'; DROP TABLE drafts; --"])
    async def test_a_stranger_is_refused_whatever_they_call_themselves(self, desk: Desk, stranger: str) -> None:
        draft = await desk.submit()
        with pytest.raises(NotAllowed) as refusal:
            await desk.press("approve", draft.id, stranger)
        assert refusal.value.key == "decide.unknown_person"
        assert (await desk.ledger.events(draft.id))[-1].what == "decision.refused"

    async def test_a_card_of_an_older_revision_cannot_approve_newer_words(self, desk: Desk) -> None:
        draft = await desk.submit()
        await desk.edit(draft, "New words.", "Ben")
        stale = await desk.press("approve", draft.id, "Ada", draft.revision)
        assert not stale.applied
        assert (stale.said.key, stale.said.details["revision"]) == ("decide.stale", 2)
        assert stale.draft.state == "pending"

    @pytest.mark.parametrize("revision", [0, -1, 2, 2**80])
    async def test_a_revision_that_is_not_the_current_one_is_stale(self, desk: Desk, revision: int) -> None:
        draft = await desk.submit()
        assert (await desk.press("approve", draft.id, "Ada", revision)).said.key == "decide.stale"
        assert not await desk.ledger.expire(draft.id, revision)
        assert not await desk.ledger.nudge(draft.id, revision, "draft.reminded")
        with pytest.raises(Refused):
            await desk.ledger.release(draft.id, revision)

    async def test_a_block_must_be_overridden_by_name_with_a_reason(self, desk: Desk) -> None:
        draft = await desk.submit(findings=BLOCKED)
        for reason in ("", "   "):
            with pytest.raises(Refused) as refusal:
                await desk.press("approve", draft.id, "Ada", override=reason)
            assert refusal.value.key == "decide.blocked"
        ruling = await desk.press("approve", draft.id, "Ada", override="agreed with legal")
        assert ruling.draft.state == "approved"
        approved = (await desk.ledger.events(draft.id))[-1]
        assert (approved.who, approved.details["override"]) == ("Ada", "agreed with legal")

    async def test_a_draft_without_words_cannot_be_approved_but_can_be_ignored(self, desk: Desk) -> None:
        draft = await desk.submit(text="")
        with pytest.raises(Refused):
            await desk.press("approve", draft.id, "Ada")
        assert (await desk.press("ignore", draft.id, "Ada")).draft.state == "rejected"
        assert (await desk.trail(draft.id))[-1] == "draft.ignored Ada"

    @pytest.mark.parametrize("reason", ["", "  \n"])
    async def test_a_rejection_needs_a_reason(self, desk: Desk, reason: str) -> None:
        draft = await desk.submit()
        with pytest.raises(Refused) as refusal:
            await desk.press("reject", draft.id, "Ada", text=reason)
        assert refusal.value.key == "decide.reason_needed"
        assert (await desk.ledger.draft(draft.id)).state == "pending"

    async def test_a_rejection_keeps_its_reason(self, desk: Desk) -> None:
        draft = await desk.submit()
        assert (await desk.press("reject", draft.id, "Ben", text="wrong shop")).draft.state == "rejected"
        rejected = (await desk.ledger.events(draft.id))[-1]
        assert (rejected.what, rejected.who, rejected.details["reason"]) == ("draft.rejected", "Ben", "wrong shop")

    async def test_a_press_that_is_heard_again_is_done_already(self, desk: Desk) -> None:
        draft = await desk.submit(approvals=TWO)
        await desk.press("approve", draft.id, "Ada", event="Ev7")
        again = await desk.press("approve", draft.id, "Ada", event="Ev7")
        assert (again.applied, again.said.key) == (True, "decide.heard")
        await desk.press("approve", draft.id, "Chloé", event="Ev8")
        after = await desk.press("approve", draft.id, "Chloé", event="Ev8")
        assert (after.applied, after.draft.state) == (True, "approved")
        assert [line for line in await desk.trail(draft.id) if "approv" in line] == [
            "draft.approval_given Ada",
            "draft.approved Chloé",
        ]


class TestRevisions:
    async def test_a_wish_that_is_heard_again_makes_one_revision(self, desk: Desk) -> None:
        draft = await desk.submit()
        for _ in range(2):
            current = await desk.ledger.draft(draft.id)
            wish = Decision(draft=draft.id, verb="ask", by="Ada", text="shorter", event="Ev9")
            ruling = await desk.ledger.revise(draft.id, current.revision, draft.body, wish)
            assert ruling.applied
        assert (await desk.ledger.draft(draft.id)).revision == 2

    async def test_an_edit_makes_the_next_revision_and_clears_approvals(self, desk: Desk) -> None:
        draft = await desk.submit(approvals=TWO, author="Fay")
        await desk.press("approve", draft.id, "Ada")
        edited = (await desk.edit(draft, "Better words.", "Ben")).draft
        assert (edited.revision, edited.state, edited.body.text) == (2, "pending", "Better words.")
        assert (edited.body.approvals.by, edited.body.approvals.given) == ((), 0)
        assert edited.authors == ("Fay", "Ben")
        assert edited.hash != draft.hash
        assert await desk.trail(draft.id) == ["draft.submitted Fay", "draft.approval_given Ada", "draft.edited Ben"]

    async def test_only_the_first_of_two_edits_of_one_revision_is_applied(self, desk: Desk) -> None:
        draft = await desk.submit()
        assert (await desk.edit(draft, "First.", "Ada")).applied
        late = await desk.edit(draft, "Second.", "Ben")
        assert not late.applied
        assert late.draft.body.text == "First."

    async def test_a_wish_for_changes_is_kept_with_who_wished(self, desk: Desk) -> None:
        draft = await desk.submit()
        wish = _decision(draft.id).model_copy(update={"verb": "ask", "text": "shorter"})
        await desk.ledger.revise(draft.id, 1, draft.body, wish)
        changed = (await desk.ledger.events(draft.id))[-1]
        assert (changed.what, changed.who, changed.details["wish"]) == ("draft.changed", "Ada", "shorter")

    async def test_decided_words_are_not_edited(self, desk: Desk) -> None:
        draft = await desk.submit()
        await desk.press("approve", draft.id, "Ada")
        assert not (await desk.edit(draft, "Sneaked in.", "Ben")).applied
        assert (await desk.ledger.release(draft.id, 1)).text == draft.body.text


class TestTimers:
    async def test_a_draft_that_nobody_decided_expires_once(self, desk: Desk) -> None:
        draft = await desk.submit()
        assert await desk.ledger.expire(draft.id, 1)
        assert not await desk.ledger.expire(draft.id, 1)
        late = await desk.press("approve", draft.id, "Ada")
        assert (late.applied, late.said.key) == (False, "decide.already_expired")
        assert await desk.trail(draft.id) == ["draft.submitted", "draft.expired"]

    async def test_what_was_decided_or_changed_does_not_expire(self, desk: Desk) -> None:
        edited, approved = await desk.submit("a"), await desk.submit("b")
        await desk.edit(edited, "New.", "Ada")
        await desk.press("approve", approved.id, "Ada")
        assert not await desk.ledger.expire(edited.id, 1)
        assert not await desk.ledger.expire(approved.id, 1)

    async def test_a_reminder_is_noted_once_per_revision(self, desk: Desk) -> None:
        draft = await desk.submit()
        assert await desk.ledger.nudge(draft.id, 1, "draft.reminded")
        assert not await desk.ledger.nudge(draft.id, 1, "draft.reminded")
        assert await desk.ledger.nudge(draft.id, 1, "draft.escalated", "Chloé")
        await desk.edit(draft, "New.", "Ada")
        assert not await desk.ledger.nudge(draft.id, 1, "draft.reminded")
        assert await desk.ledger.nudge(draft.id, 2, "draft.reminded")

    async def test_what_rang_is_known_while_the_draft_waits(self, desk: Desk) -> None:
        draft, other = await desk.submit("event-1"), await desk.submit("event-2")
        await desk.ledger.nudge(draft.id, 1, "draft.reminded")
        await desk.ledger.nudge(other.id, 1, "draft.reminded")
        await desk.ledger.nudge(draft.id, 1, "draft.escalated")
        await desk.edit(other, "Other words.", "Ada")
        assert await desk.ledger.rung() == [(draft.id, "draft.reminded"), (draft.id, "draft.escalated")]
        await desk.press("ignore", draft.id, "Ada")
        assert await desk.ledger.rung() == []

    async def test_nobody_is_reminded_of_what_is_decided(self, desk: Desk) -> None:
        draft = await desk.submit()
        await desk.press("approve", draft.id, "Ada")
        assert not await desk.ledger.nudge(draft.id, 1, "draft.reminded")

    async def test_concurrent_timers_remind_once(self, desk: Desk, clients: Callable[[], SqlLedger]) -> None:
        draft = await desk.submit()
        rung = await asyncio.gather(*(clients().nudge(draft.id, 1, "draft.reminded") for _ in range(8)))
        assert sum(rung) == 1


class TestRelease:
    async def test_an_approved_text_is_released_once_and_the_same_outcome_is_given_again(self, desk: Desk) -> None:
        draft = await desk.submit(approvals=TWO)
        await desk.press("approve", draft.id, "Ada")
        await desk.press("approve", draft.id, "Chloé")
        outcome = await desk.ledger.release(draft.id, 1)
        assert (outcome.text, outcome.hash, outcome.approved_by) == ("Sorry.", draft.hash, ("Ada", "Chloé"))
        assert await desk.ledger.release(draft.id, 1) == outcome
        assert (await desk.ledger.draft(draft.id)).state == "released"
        assert (await desk.trail(draft.id)).count("draft.released") == 1

    async def test_concurrent_releases_make_one_outcome(self, desk: Desk, clients: Callable[[], SqlLedger]) -> None:
        draft = await desk.submit()
        await desk.press("approve", draft.id, "Ada")
        outcomes = await asyncio.gather(*(clients().release(draft.id, 1) for _ in range(8)))
        assert all(outcome == outcomes[0] for outcome in outcomes)
        assert (await desk.trail(draft.id)).count("draft.released") == 1

    async def test_what_is_pending_rejected_or_expired_is_never_released(self, desk: Desk) -> None:
        pending, rejected, expired = [await desk.submit(name) for name in "abc"]
        await desk.press("reject", rejected.id, "Ada", text="no")
        await desk.ledger.expire(expired.id, 1)
        for draft in (pending, rejected, expired):
            with pytest.raises(Refused) as refusal:
                await desk.ledger.release(draft.id, 1)
            assert refusal.value.key == "decide.not_approved"

    async def test_words_changed_behind_the_ledger_after_their_approval_do_not_leave(
        self, desk: Desk, engine: AsyncEngine
    ) -> None:
        draft = await desk.submit()
        await desk.press("approve", draft.id, "Ada")
        body = draft.body.model_copy(update={"text": "Not what Ada read."}).model_dump(mode="json")
        async with engine.begin() as connection:
            await connection.execute(update(tables.revisions).values(body=body))
        with pytest.raises(Refused):
            await desk.ledger.release(draft.id, 1)
        assert (await desk.ledger.draft(draft.id)).state == "approved"

    async def test_what_a_crash_left_approved_is_found_until_it_is_released(self, desk: Desk) -> None:
        first, second = await desk.submit("a"), await desk.submit("b")
        await desk.edit(first, "Edited.", "Ben")
        await desk.press("approve", first.id, "Ada")
        await desk.press("approve", second.id, "Ada")
        assert sorted(await desk.ledger.unreleased()) == [(first.id, 2, 0), (second.id, 1, 0)]
        await desk.ledger.release(first.id, 2)
        assert await desk.ledger.unreleased() == [(second.id, 1, 0)]


class TestMemory:
    async def test_events_are_in_order_with_what_and_who(self, desk: Desk) -> None:
        draft, other = await desk.submit("a", author="Fay"), await desk.submit("b")
        await desk.edit(draft, "New.", "Ben")
        await desk.press("approve", draft.id, "Ada")
        await desk.ledger.release(draft.id, 2)
        assert await desk.trail(draft.id) == [
            "draft.submitted Fay",
            "draft.edited Ben",
            "draft.approved Ada",
            "draft.released",
        ]
        everything = await desk.ledger.events()
        assert [event.draft for event in everything] == [draft.id, other.id, draft.id, draft.id, draft.id]
        assert [event.at for event in everything] == sorted(event.at for event in everything)
        assert [event.what for event in await desk.ledger.events(limit=2)] == ["draft.approved", "draft.released"]

    async def test_words_given_to_other_comments_are_taken(self, desk: Desk) -> None:
        await desk.submit("a", prompt="Late!", text="Three weeks is long. We are sorry.")
        await desk.submit("b", prompt="Broken!", text="A broken jar is no welcome.")
        assert await desk.ledger.taken("moulin-dore", " Late!\n") == {
            "A broken jar is no welcome.",
        }
        assert await desk.ledger.taken("moulin-dore", "Cold!") == {
            "Three weeks is long. We are sorry.",
            "Three weeks is long",
            "A broken jar is no welcome.",
        }
        assert await desk.ledger.taken("other", "Cold!") == frozenset()

    async def test_what_left_last_is_told_as_often_as_it_left(self, desk: Desk) -> None:
        for request, prompt, text in (
            ("a", "Late!", "We are sorry."),
            ("b", "Broken!", "We are sorry."),
            ("c", "Cold!", "Thanks."),
        ):
            draft = await desk.submit(request, prompt=prompt, text=text)
            if request != "c":
                await desk.press("approve", draft.id, "Ada")
                await desk.ledger.release(draft.id, 1)
        assert await desk.ledger.said("moulin-dore", "instagram", "Slow!") == ("We are sorry.", "We are sorry.")
        assert await desk.ledger.said("moulin-dore", "instagram", "Late!") == ("We are sorry.",)
        assert await desk.ledger.said("moulin-dore", "linkedin", "Slow!") == ()

    async def test_another_process_reads_what_this_one_wrote(
        self, desk: Desk, clients: Callable[[], SqlLedger]
    ) -> None:
        draft = await desk.submit()
        other = clients()
        await other.open()
        assert await other.draft(draft.id) == draft


class TestMigrations:
    async def test_several_processes_may_start_at_once(
        self, clients: Callable[[], SqlLedger], engine: AsyncEngine
    ) -> None:
        ledgers = [clients() for _ in range(8)]
        await asyncio.gather(*(ledger.open() for ledger in ledgers))
        await asyncio.gather(*(ledger.open() for ledger in ledgers))
        async with engine.connect() as connection:
            numbers = (await connection.execute(select(tables.applied.c.number))).scalars().all()
            drafts = await connection.scalar(select(func.count()).select_from(tables.drafts))
        assert (list(numbers), drafts) == ([*range(1, len(tables.MIGRATIONS) + 1)], 0)


@pytest.fixture
async def engine(database: str) -> Any:
    opened = connect(database)
    yield opened
    await opened.dispose()


def _decision(draft: int) -> Any:
    from bot.domain.decision import Decision

    return Decision(draft=draft, verb="edit", by="Ada", text="New words.")
