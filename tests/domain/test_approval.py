"""Who must approve what, and what one press does: the table of the design, as tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from bot.domain.approval import TWO_PEOPLE, approvable, judge, needed
from bot.domain.decision import Decision, Verb
from bot.domain.draft import Approvals, Draft, Finding, NewDraft, text_hash
from bot.domain.model import now
from bot.domain.triage import Risk, Triage
from bot.errors import NotAllowed, Refused
from knowledge.brand import Brand, Person

ONE = Approvals(needed=1)
TWO = Approvals(needed=2, lead=True, not_author=True)
CRISIS = Approvals(needed=2, crisis_lead=True, not_author=True)


def triage(severity: int = 2, *risks: Risk) -> Triage:
    return Triage(
        language="fr", kind="complaint", sentiment="negative", severity=severity, risks=risks, situation="complaint"
    )


@pytest.fixture
def draft(new_draft: Callable[..., NewDraft]) -> Callable[..., Draft]:
    def make(rule: Approvals = ONE, *, by: tuple[str, ...] = (), authors: tuple[str, ...] = (), **body: Any) -> Draft:
        new = new_draft(approvals=rule.model_copy(update={"by": by, "given": len(by)}), **body)
        kept = {"id": 1, "revision": 1, "state": "pending", "hash": text_hash(new.body.text), "created_at": now()}
        return Draft(**dict(new), **kept, authors=authors)

    return make


class TestNeeded:
    @pytest.mark.parametrize("read", [None, triage(1), triage(2), triage(3)], ids=["post", "1", "2", "3"])
    def test_a_post_or_an_ordinary_reply_takes_one_person(self, read: Triage | None) -> None:
        assert needed(read) == ONE

    @pytest.mark.parametrize("severity", [4, 5])
    def test_a_grave_comment_takes_two_one_a_lead_none_the_author(self, severity: int) -> None:
        assert needed(triage(severity)) == TWO

    @pytest.mark.parametrize("risk", get_args(Risk))
    def test_every_risk_takes_two_however_mild_it_reads(self, risk: Risk) -> None:
        assert risk in TWO_PEOPLE
        assert needed(triage(1, risk)) == TWO

    @pytest.mark.parametrize("read", [None, triage(1), triage(5, "health")], ids=["post", "mild", "grave"])
    def test_an_open_incident_takes_a_crisis_lead_whatever_the_comment(self, read: Triage | None) -> None:
        assert needed(read, incident=True) == CRISIS


class TestApprove:
    @pytest.mark.parametrize(
        ("rule", "given", "presses", "state", "said"),
        [
            (ONE, (), "Ada", "approved", "decide.approved"),
            (ONE, (), "Dan", "approved", "decide.approved"),
            (TWO, (), "Ada", "pending", "decide.waiting_lead"),
            (TWO, (), "Chloé", "pending", "decide.waiting"),
            (TWO, ("Chloé",), "Ada", "approved", "decide.approved"),
            (TWO, ("Ada",), "Chloé", "approved", "decide.approved"),
            (TWO, ("Ada",), "Ben", "pending", "decide.waiting_lead"),
            (TWO, ("Ada",), "Dan", "approved", "decide.approved"),
            (TWO, ("Ada", "Ben"), "Chloé", "approved", "decide.approved"),
            (CRISIS, ("Ada",), "Chloé", "pending", "decide.waiting_crisis_lead"),
            (CRISIS, ("Dan",), "Ada", "approved", "decide.approved"),
            (CRISIS, (), "Dan", "pending", "decide.waiting"),
            (TWO, ("Ada",), "Ada", "pending", "decide.waiting_lead"),
            (TWO, ("Ada",), " ADA ", "pending", "decide.waiting_lead"),
            (TWO, ("Zoe, who left",), "Chloé", "pending", "decide.waiting"),
            (TWO, ("Fay",), "Chloé", "pending", "decide.waiting"),
        ],
    )
    def test_a_press_of_approve(
        self,
        draft: Callable[..., Draft],
        brand: Brand,
        rule: Approvals,
        given: tuple[str, ...],
        presses: str,
        state: str,
        said: str,
    ) -> None:
        verdict = judge(draft(rule, by=given), press("approve", presses), brand)
        assert (verdict.state, verdict.said.key) == (state, said)
        assert len(verdict.by) == len(set(verdict.by))

    @pytest.mark.parametrize("author", ["Ada", "ada", " Ada "])
    def test_the_author_is_barred_from_what_takes_two_and_not_from_the_rest(
        self, draft: Callable[..., Draft], brand: Brand, author: str
    ) -> None:
        for rule in (TWO, CRISIS):
            with pytest.raises(NotAllowed) as refusal:
                judge(draft(rule, authors=("Ben", author)), press("approve", "Ada"), brand)
            assert refusal.value.key == "decide.author"
        assert judge(draft(ONE, authors=(author,)), press("approve", "Ada"), brand).state == "approved"

    def test_the_author_may_reject(self, draft: Callable[..., Draft], brand: Brand) -> None:
        assert judge(draft(TWO, authors=("Ada",)), press("reject", "Ada", text="no"), brand).state == "rejected"

    @pytest.mark.parametrize("verb", ["approve", "reject", "ignore"])
    @pytest.mark.parametrize(
        ("who", "why"),
        [
            ("Eve", "decide.not_an_approver"),
            ("Fay", "decide.not_an_approver"),
            ("Zoe", "decide.unknown_person"),
            ("", "decide.unknown_person"),
            ("A da", "decide.unknown_person"),
        ],
    )
    def test_only_the_brands_approvers_decide(
        self, draft: Callable[..., Draft], brand: Brand, who: str, why: str, verb: Verb
    ) -> None:
        with pytest.raises(NotAllowed) as refusal:
            judge(draft(), press(verb, who, text="because"), brand)
        assert refusal.value.key == why

    def test_a_block_is_overridden_with_a_reason_and_a_warning_needs_none(
        self, draft: Callable[..., Draft], brand: Brand
    ) -> None:
        def found(level: Any) -> Draft:
            return draft(findings=(Finding(check="length", level=level, key="finding.too_long"),))

        with pytest.raises(Refused) as refusal:
            judge(found("block"), press("approve", "Ada", override=" \n"), brand)
        assert refusal.value.key == "decide.blocked"
        assert judge(found("block"), press("approve", "Ada", override="agreed"), brand).state == "approved"
        assert judge(found("warn"), press("approve", "Ada"), brand).state == "approved"

    def test_each_of_two_people_overrides_for_themselves(self, draft: Callable[..., Draft], brand: Brand) -> None:
        blocked = draft(TWO, by=("Ada",), findings=(Finding(check="facts", level="block", key="finding.figure"),))
        with pytest.raises(Refused):
            judge(blocked, press("approve", "Chloé"), brand)

    @pytest.mark.parametrize("text", ["", " ", "\n\u00a0"])
    def test_no_words_cannot_be_approved(self, draft: Callable[..., Draft], brand: Brand, text: str) -> None:
        with pytest.raises(Refused):
            judge(draft(text=text), press("approve", "Ada"), brand)

    @pytest.mark.parametrize("verb", ["edit", "ask"])
    def test_an_edit_is_never_taken_for_an_approval(
        self, draft: Callable[..., Draft], brand: Brand, verb: Verb
    ) -> None:
        with pytest.raises(ValueError, match="new revision"):
            judge(draft(), press(verb, "Ada"), brand)


class TestApprovable:
    @pytest.mark.parametrize(
        ("people", "rule", "authors", "able"),
        [
            ((), ONE, (), False),
            (("approver",), ONE, (), True),
            (("member", "legal"), ONE, (), False),
            (("approver",), ONE, ("P0",), True),
            (("approver", "approver"), TWO, (), False),
            (("approver", "lead"), TWO, (), True),
            (("approver", "lead"), TWO, ("P0",), False),
            (("approver", "lead"), TWO, ("p1",), False),
            (("approver", "approver", "lead"), TWO, ("P0",), True),
            (("approver", "crisis_lead"), TWO, (), True),
            (("approver", "lead"), CRISIS, (), False),
            (("lead", "crisis_lead"), CRISIS, ("somebody else",), True),
        ],
    )
    def test_a_brand_knows_whether_it_has_the_people(
        self, brand: Brand, people: tuple[Any, ...], rule: Approvals, authors: tuple[str, ...], able: bool
    ) -> None:
        staff = tuple(Person(name=f"P{place}", roles=(role,)) for place, role in enumerate(people))
        assert approvable(brand.model_copy(update={"people": staff}), rule, authors) is able


def press(verb: Verb, by: str, **rest: str) -> Decision:
    return Decision(draft=1, verb=verb, by=by, **rest)
