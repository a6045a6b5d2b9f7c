"""Whatever people press, in whatever order: nothing leaves without the approvals that its rule demands.

Hypothesis makes up plays of presses, edits, timers and releases; each is played on a real ledger, which is held to its
promises after every step: the approvals of the rule, no press of an older card, never twice, no approval that outlives an
edit, no author where authors are barred.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.approval import judge
from bot.domain.decision import Decision, Outcome, Ruling
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
MEMORY = Path("/dev/shm")
"""Where there is one, fifty ledgers are made in memory: no disk to wait for."""
BLOCK = (Finding(check="facts", level="block", key="finding.figure"),)


@dataclass(frozen=True)
class Step:
    does: str
    who: str
    back: int
    """Revisions that the pressed card is behind."""
    reason: str


STEPS = st.builds(
    Step,
    does=st.sampled_from([*["approve"] * 20, *["edit"] * 2, *["release"] * 2, "reject", "expire"]),
    who=st.sampled_from([*["Ada", "Ben", "Chloé", "Dan"] * 3, "ada", "Eve", "Fay", "Zoe"]),
    back=st.sampled_from([0, 0, 0, 0, 0, 1]),
    reason=st.sampled_from(["agreed with legal", "agreed with legal", "agreed with legal", ""]),
)


@given(
    rule=st.sampled_from(RULES),
    author=st.sampled_from(["Ada", "chloé", "Dan", ""]),
    blocked=st.sampled_from([False, False, True]),
    steps=st.lists(STEPS, min_size=10, max_size=14),
)
@settings(max_examples=30, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_nothing_leaves_without_the_approvals_its_rule_demands(
    brand: Brand, rule: Approvals, author: str, blocked: bool, steps: list[Step]
) -> None:
    asyncio.run(_play(brand, rule, author, blocked, steps))


async def _play(brand: Brand, rule: Approvals, author: str, blocked: bool, steps: list[Step]) -> None:
    body = Body(
        text="First.",
        approvals=rule,
        language="en",
        writer="playbook",
        author=author,
        findings=BLOCK if blocked else (),
    )
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        ledger = SqlLedger(connect(address(Path(folder), "")))
        await ledger.open()
        desk = Desk(ledger, brand, body)
        await desk.submit()
        for step in steps:
            await desk.take(step)
            await desk.holds()
        await desk.take(Step("release", "", 0, ""))
        await desk.holds()
        await ledger.close()


@dataclass
class Desk:
    ledger: SqlLedger
    brand: Brand
    body: Body
    approved: dict[int, set[str]] = field(default_factory=dict)
    """Revision → who approved it, as seen from outside."""
    wrote: set[str] = field(default_factory=set)
    outcomes: list[Outcome] = field(default_factory=list)

    async def submit(self) -> None:
        self._writes(self.body.author)
        new = NewDraft(
            request="r", brand=self.brand.slug, skill="reply", network="x", kind="comment", prompt="?", body=self.body
        )
        await self.ledger.submit([new], Request(id="r", text="?", brand=self.brand.slug))

    async def take(self, step: Step) -> None:
        before = await self.ledger.draft(1)
        current = before.state == "pending" and not step.back
        revision = before.revision - step.back
        try:
            if step.does == "release":
                self.outcomes.append(await self.ledger.release(1, revision))
                assert not step.back
                assert before.state in ("approved", "released")
            elif step.does == "expire":
                assert await self.ledger.expire(1, revision) == current
            else:
                applied = (await self._press(step, before, revision)).applied
                assert current or not applied
        except Refused:
            assert await self.ledger.draft(1) == before

    async def _press(self, step: Step, before: Draft, revision: int) -> Ruling:
        if step.does == "edit":
            body = self.body.model_copy(update={"text": f"By {step.who}.", "author": step.who})
            press = Decision(draft=1, revision=revision, verb="edit", by=step.who, text=body.text)
            ruling = await self.ledger.revise(1, revision, body, press)
            if ruling.applied:
                self._writes(step.who)
            return ruling
        reject = step.does == "reject"
        press = Decision(
            draft=1,
            revision=revision,
            verb="reject" if reject else "approve",
            by=step.who,
            text=step.reason if reject else "",
            override="" if reject else step.reason,
        )
        ruling = await self.ledger.decide(press, lambda draft, decision: judge(draft, decision, self.brand))
        if ruling.applied:
            assert step.reason or not (reject or before.body.blocked)
            person = self.brand.person(step.who)
            assert person is not None
            assert person.decides
            if not reject:
                self.approved.setdefault(before.revision, set()).add(person.name)
        return ruling

    def _writes(self, name: str) -> None:
        if person := self.brand.person(name):
            self.wrote.add(person.name)

    async def holds(self) -> None:
        draft = await self.ledger.draft(1)
        trail = [event.what for event in await self.ledger.events(1)]
        assert set(draft.body.approvals.by) == self.approved.get(draft.revision, set())
        assert len({outcome.model_dump_json() for outcome in self.outcomes}) <= 1
        assert trail.count("draft.released") == bool(self.outcomes)
        assert trail.count("draft.approved") <= 1
        for outcome in self.outcomes:
            self._was_approved(outcome)
            assert outcome.hash == text_hash(outcome.text) == draft.hash

    def _was_approved(self, outcome: Outcome) -> None:
        rule, names = self.body.approvals, outcome.approved_by
        people = [person for name in names if (person := self.brand.person(name))]
        assert set(names) == self.approved[outcome.revision]
        assert len(names) == len(people) >= rule.needed
        assert not rule.lead or any(person.leads for person in people)
        assert not rule.crisis_lead or any("crisis_lead" in person.roles for person in people)
        assert not rule.not_author or not set(names) & self.wrote
