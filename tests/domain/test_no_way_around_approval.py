"""Whatever people press, in whatever order: nothing leaves without the approvals that its rule demands.

A rule-based machine plays presses, edits, timers and releases on a real ledger, and holds it to the four promises after
every step: the approvals of the rule, never twice, none that outlives an edit, no author where authors are barred.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.domain.approval import judge
from bot.domain.decision import Decision, Outcome
from bot.domain.draft import Approvals, Body, Draft, Finding, NewDraft, text_hash
from bot.domain.request import Request
from bot.errors import Refused
from bot.ledger.engine import address, connect
from bot.ledger.sql import SqlLedger
from knowledge.brand import Brand

RULES = (
    Approvals(needed=1),
    Approvals(needed=2, lead=True, not_author=True),
    Approvals(needed=2, crisis_lead=True, not_author=True),
)
EVERYBODY = st.sampled_from(["Ada", "ada", "Ben", "Ben", "Chloé", "Chloé", "Dan", "Dan", "Eve", "Fay", "Zoe"])
STAFF = st.sampled_from(["Ada", "Ben", "Chloé", "Dan", "Fay"])
RARELY = st.sampled_from([False] * 9 + [True])
"""What ends a draft for good is rare, or nothing would ever be approved."""
BLOCK = (Finding(check="facts", level="block", key="finding.figure"),)


def test_nothing_leaves_without_the_approvals_its_rule_demands(brand: Brand) -> None:
    class Play(Desk):
        people = brand

    run_state_machine_as_test(
        Play,
        settings=settings(
            max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


class Desk(RuleBasedStateMachine):
    people: Brand

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.ledger = SqlLedger(connect(address(Path(self.folder.name), "")))
        self.run(self.ledger.open())
        self.outcomes: list[Outcome] = []
        self.given: dict[int, set[str]] = {}
        """Revision → who approved it, as this machine saw it."""
        self.wrote: set[str] = set()

    def teardown(self) -> None:
        self.run(self.ledger.close())
        self.loop.close()
        self.folder.cleanup()

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @property
    def draft(self) -> Draft:
        return self.run(self.ledger.draft(1))  # type: ignore[no-any-return]

    @initialize(rule=st.sampled_from(RULES), author=st.one_of(st.just(""), STAFF), blocked=RARELY)
    def submit(self, rule: Approvals, author: str, blocked: bool) -> None:
        self.rule, self.blocked = rule, blocked
        self.wrote |= {author} - {""}
        findings = BLOCK if blocked else ()
        self.body = Body(
            text="First.", approvals=rule, language="en", writer="playbook", author=author, findings=findings
        )
        new = NewDraft(
            request="r", brand=self.people.slug, skill="reply", network="x", kind="comment", prompt="?", body=self.body
        )
        self.run(self.ledger.submit([new], Request(id="r", text="?", brand=self.people.slug)))

    @rule(
        who=EVERYBODY,
        override=st.sampled_from(["agreed with legal", "agreed with legal", ""]),
        back=st.sampled_from([0, 0, 0, 1, None]),
    )
    def approve(self, who: str, override: str, back: int | None) -> None:
        before = self.draft
        revision = None if back is None else before.revision - back
        decision = Decision(draft=1, revision=revision, verb="approve", by=who, override=override)
        try:
            ruling = self.run(self.ledger.decide(decision, lambda draft, press: judge(draft, press, self.people)))
        except Refused:
            assert self.draft == before
            return
        if not ruling.applied:
            assert self.draft == before
            return
        assert not self.blocked or override
        assert revision in (None, before.revision)
        person = self.people.person(who)
        assert person is not None
        self.given.setdefault(before.revision, set()).add(person.name)

    @rule(
        who=EVERYBODY, reason=st.sampled_from(["", "off topic"]), verb=st.sampled_from(["reject", "ignore"]), now=RARELY
    )
    def turn_down(self, who: str, reason: str, verb: Any, now: bool) -> None:
        if not now:
            return
        decision = Decision(draft=1, verb=verb, by=who, text=reason)
        try:
            self.run(self.ledger.decide(decision, lambda draft, press: judge(draft, press, self.people)))
        except Refused:
            return

    @rule(who=STAFF, text=st.sampled_from(["Second.", "Third."]), late=st.booleans(), now=st.booleans())
    def edit(self, who: str, text: str, late: bool, now: bool) -> None:
        if not now:
            return
        before = self.draft
        revision = before.revision - late
        body = self.body.model_copy(update={"text": text, "author": who})
        ruling = self.run(
            self.ledger.revise(1, revision, body, Decision(draft=1, revision=revision, verb="edit", by=who, text=text))
        )
        assert ruling.applied == (before.state == "pending" and not late)
        if ruling.applied:
            self.wrote.add(who)
            assert self.draft.body.approvals.by == ()

    @rule(late=st.booleans(), now=RARELY)
    def expire(self, late: bool, now: bool) -> None:
        if not now:
            return
        before = self.draft
        moved = self.run(self.ledger.expire(1, before.revision - late))
        assert moved == (before.state == "pending" and not late)

    @rule(back=st.sampled_from([0, 0, 1]))
    def release(self, back: int) -> None:
        before = self.draft
        try:
            outcome = self.run(self.ledger.release(1, before.revision - back))
        except Refused:
            assert back or before.state not in ("approved", "released")
            return
        assert not back
        assert before.state in ("approved", "released")
        self.outcomes.append(outcome)

    @invariant()
    def what_left_had_its_approvals(self) -> None:
        for outcome in self.outcomes:
            names = outcome.approved_by
            people = [person for name in names if (person := self.people.person(name))]
            assert len(set(names)) == len(names) == len(people) >= self.rule.needed
            assert all(person.decides for person in people)
            assert set(names) == self.given[outcome.revision]
            assert not self.rule.lead or any(person.leads for person in people)
            assert not self.rule.crisis_lead or any("crisis_lead" in person.roles for person in people)
            assert not self.rule.not_author or not set(names) & self.wrote
            assert outcome.hash == text_hash(outcome.text) == self.draft.hash

    @invariant()
    def nothing_left_twice(self) -> None:
        assert len({outcome.model_dump_json() for outcome in self.outcomes}) <= 1
        if hasattr(self, "rule"):
            trail = [event.what for event in self.run(self.ledger.events(1))]
            assert trail.count("draft.released") == bool(self.outcomes)
            assert trail.count("draft.approved") <= 1

    @invariant()
    def approvals_are_those_of_these_words(self) -> None:
        if hasattr(self, "rule"):
            draft = self.draft
            assert set(draft.body.approvals.by) == self.given.get(draft.revision, set())
