"""The figures of an incident, drawn from its record: times, promises, roles, the freeze, and the rules that its facts propose.

Pure: a record and the brand's rhythm in; shapes out. What is said about them is `telling.py`'s; how it looks, `markdown.py`'s and
`pdf.py`'s. It judges nobody: a lesson is a question, a rule is proposed with the fact that proposes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from bot.crisis import PUBLIC
from bot.domain.draft import Draft
from bot.domain.incident import Entry, Incident, Line, Record, Role, Share, Volume
from bot.domain.model import Said, Value
from knowledge.brand import Crisis as Rhythm

APPROVALS = ("draft.approval_given", "draft.approved")
SPIKE_FLOOR, SPIKE_SHARE = 5, 4
"""Comments of a stretch from which on it may be a spike, and the part of the highest stretch that it must reach: a quarter."""
REPEATED = 10
"""Comments of one situation from which on an answer might have been ready."""
QUESTIONS = ("worked", "slowed", "otherwise", "missing", "customers")
"""Asked after every incident."""

Outcome = Literal["kept", "late", "moved", "missed", "open"]


class Statement(Value):
    """Words to the public that left; in a drill, that were approved, for nothing leaves."""

    draft: int
    request: str
    """Networks of one request are one statement."""
    name: str
    """One of `bot.crisis.PUBLIC`."""
    network: str
    at: datetime
    text: str
    hash: str
    version: int
    """Of the source of truth, when it left."""
    approved_by: tuple[str, ...]


class Awaited(Value):
    """A next update that was promised to the public, and what became of it."""

    made_at: datetime
    due: datetime
    by: str
    left_at: datetime | None = None
    outcome: Outcome
    late: timedelta = timedelta()


class Held(Value):
    """Who held a role, from when to when."""

    role: Role
    who: str
    since: datetime
    until: datetime


class Step(Value):
    """The level from a moment on."""

    at: datetime
    level: int
    who: str


class Proposal(Value):
    """A rule for the brand's guidelines, and the fact of the record that proposes it."""

    rule: Said
    because: Said
    drafts: tuple[int, ...] = ()
    line: int = 0


class Report(Value):
    incident: Incident
    brand: str
    until: datetime
    """When it was closed; of one that is still open, the last line of its journal."""
    spike: datetime | None
    """When comments first rose, where they did."""
    first_words: datetime | None
    statements: tuple[Statement, ...]
    awaited: tuple[Awaited, ...]
    held: tuple[Held, ...]
    levels: tuple[Step, ...]
    thawed: int
    """One by one, or together, before the close."""
    thawed_at_close: int
    received: int
    answered: int
    negative: int
    shares: tuple[Share, ...]
    longest_silence: timedelta
    """Between the opening, words to the public, and the close."""
    target: timedelta
    """After which the first words were due."""
    proposals: tuple[Proposal, ...]
    questions: tuple[Said, ...]

    @property
    def lasted(self) -> timedelta:
        return self.until - self.incident.opened_at

    @property
    def to_first_words(self) -> timedelta | None:
        """From the opening."""
        return None if self.first_words is None else self.first_words - self.incident.opened_at

    @property
    def from_spike(self) -> timedelta | None:
        """From the first rise to the first words."""
        if self.first_words is None or self.spike is None or self.spike > self.first_words:
            return None
        return self.first_words - self.spike

    def outcomes(self, *wanted: Outcome) -> int:
        return sum(one.outcome in wanted for one in self.awaited)


def report(record: Record, rhythm: Rhythm | None = None) -> Report:
    """What came of it; `rhythm` is the brand's own (`Brand.crisis`)."""
    rhythm = rhythm or Rhythm()
    incident = record.incident
    until = incident.closed_at or max((entry.at for entry in record.entries), default=incident.opened_at)
    said = statements(record)
    awaited = tuple(_awaited(record, said, timedelta(minutes=rhythm.ahead_minutes), until))
    first = said[0].at if said else None
    counted = [one for one in record.volume if one.at >= incident.opened_at]
    half = Report(
        incident=incident,
        brand=record.brand,
        until=until,
        spike=spike(record.volume),
        first_words=first,
        statements=said,
        awaited=awaited,
        held=tuple(_held(record, until)),
        levels=tuple(_levels(record)),
        thawed=sum(_count(entry) for entry in record.entries if entry.what in ("draft.thawed", "drafts.thawed")),
        thawed_at_close=sum(_count(entry) for entry in record.entries if entry.what == "incident.closed"),
        received=record.received,
        answered=record.answered,
        negative=sum(one.negative for one in counted),
        shares=record.shares,
        longest_silence=_silence(incident.opened_at, [one.at for one in said], until),
        target=timedelta(minutes=rhythm.first_words_minutes),
        proposals=(),
        questions=(),
    )
    return half.model_copy(
        update={
            "proposals": tuple(_proposals(record, half, rhythm)),
            "questions": tuple(Said(key=f"crisis.report.ask_{name}") for name in QUESTIONS),
        }
    )


def statements(record: Record) -> tuple[Statement, ...]:
    """Words to the public in the order in which they left."""
    drafts = {draft.id: draft for draft in record.drafts if draft.body.statement in PUBLIC}
    approved: dict[int, list[str]] = {}
    final: dict[int, Entry] = {}
    for entry in record.entries:
        if entry.draft in drafts and entry.what in APPROVALS:
            approved.setdefault(entry.draft, []).append(entry.who)
            if entry.what == "draft.approved":
                final[entry.draft] = entry
    left = dict(record.released)
    if not record.incident.real:
        left |= {number: entry.at for number, entry in final.items() if number not in left}
    found = [
        Statement(
            draft=number,
            request=drafts[number].request,
            name=drafts[number].body.statement,
            network=drafts[number].network,
            at=at,
            text=drafts[number].body.text,
            hash=drafts[number].hash,
            version=version_at(record, at),
            approved_by=tuple(dict.fromkeys(approved.get(number, drafts[number].body.approvals.by))),
        )
        for number, at in left.items()
        if number in drafts
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.draft)))


def version_at(record: Record, at: datetime) -> int:
    """Of the source of truth, at a moment."""
    return max((entry.version for entry in record.entries if entry.at <= at), default=0)


def standing(lines: Sequence[Line], version: int) -> tuple[Line, ...]:
    """The lines of the source of truth that stood in one of its versions."""
    return tuple(one for one in lines if one.version <= version and (one.until is None or one.until > version))


def spike(volume: Sequence[Volume]) -> datetime | None:
    """The first stretch that reaches a quarter of the highest one, and the floor; None where comments stayed few."""
    top = max((one.comments for one in volume), default=0)
    return next((one.at for one in volume if one.comments >= max(SPIKE_FLOOR, top / SPIKE_SHARE)), None)


def _awaited(record: Record, said: Sequence[Statement], ahead: timedelta, until: datetime) -> Iterator[Awaited]:
    """Each promise against the words that followed it, by the same measure as the reminders (`rhythm.owed`)."""
    made = [(entry, _moment(entry.details.get("due"))) for entry in record.entries if entry.what == "update.promised"]
    promised = [(entry, due) for entry, due in made if due is not None]
    for place, (entry, due) in enumerate(promised):
        after = promised[place + 1][0].at if place + 1 < len(promised) else None
        spoke = [one.at for one in said if one.at > entry.at]
        left = next((at for at in spoke if at >= due - ahead), None)
        told = Awaited(made_at=entry.at, due=due, by=entry.who, outcome="missed")
        if after is not None and after <= due and (left is None or left > after):
            yield told.model_copy(update={"outcome": "moved"})
        elif left is None:
            yield told.model_copy(update={"outcome": "open" if due > until else "missed"})
        elif left <= due:
            yield told.model_copy(update={"left_at": left, "outcome": "kept"})
        else:
            yield told.model_copy(update={"left_at": left, "outcome": "late", "late": left - due})


def _held(record: Record, until: datetime) -> Iterator[Held]:
    holding: dict[Role, tuple[str, datetime]] = {}
    for entry in record.entries:
        for role, who in _handed(entry, holding).items():
            if role in holding and holding[role][0] != who:
                yield Held(role=role, who=holding[role][0], since=holding[role][1], until=entry.at)
                del holding[role]
            holding.setdefault(role, (who, entry.at))
    for role, (who, since) in holding.items():
        yield Held(role=role, who=who, since=since, until=until)


def _handed(entry: Entry, holding: dict[Role, tuple[str, datetime]]) -> dict[Role, str]:
    to = str(entry.details.get("to") or entry.who)
    if entry.what in ("role.taken", "role.given"):
        return {entry.details["role"]: to} if entry.details.get("role") else {}
    if entry.what == "shift.handed":
        return {role: to for role, (who, _) in holding.items() if who == entry.who}
    return {}


def _levels(record: Record) -> Iterator[Step]:
    incident = record.incident
    changes = [entry for entry in record.entries if entry.what == "level.set"]
    first = int(changes[0].details.get("from", incident.level)) if changes else incident.level
    yield Step(at=incident.opened_at, level=first, who=incident.by)
    for entry in changes:
        yield Step(at=entry.at, level=int(entry.details.get("to", incident.level)), who=entry.who)


def _count(entry: Entry) -> int:
    return int(entry.details.get("count", 1 if entry.what == "draft.thawed" else 0))


def _silence(opened: datetime, spoke: Sequence[datetime], until: datetime) -> timedelta:
    moments = [opened, *spoke, max(until, *spoke, opened) if spoke else until]
    return max((after - before for before, after in pairwise(moments)), default=timedelta())


def _moment(told: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(told))
    except ValueError:
        return None


# --- what the facts propose ---


def _proposals(record: Record, told: Report, rhythm: Rhythm) -> Iterator[Proposal]:
    yield from _never(record)
    yield from _corrected(record)
    yield from _words(told, rhythm)
    yield from _unled(told, timedelta(minutes=rhythm.lead_minutes))
    yield from _waited(record, timedelta(minutes=rhythm.remind_minutes))
    for share in told.shares:
        if share.situation and share.received >= REPEATED and not share.answered:
            yield Proposal(
                rule=_rule("answer_ready", situation=share.situation),
                because=_fact("unanswered", situation=share.situation, count=share.received),
            )


def _never(record: Record) -> Iterator[Proposal]:
    """A line that stopped a text, and one that stood to the end, are worth keeping for the next time."""
    stopped: dict[str, list[int]] = {}
    for draft in record.drafts:
        for finding in draft.body.findings:
            if finding.key == "finding.never" and finding.level == "block":
                stopped.setdefault(str(finding.details.get("line", "")), []).append(draft.id)
    for line in record.truth:
        if line.sort != "never":
            continue
        drafts = tuple(dict.fromkeys(stopped.get(line.words, ())))
        if drafts:
            fact = _fact("never_stopped", words=line.words, drafts=drafts)
            yield Proposal(rule=_rule("never", words=line.words), because=fact, drafts=drafts, line=line.id)
        elif line.until is None:
            fact = _fact("never_stood", words=line.words, who=line.by)
            yield Proposal(rule=_rule("never", words=line.words), because=fact, line=line.id)


def _corrected(record: Record) -> Iterator[Proposal]:
    """What was confirmed and had to be rewritten was confirmed too soon."""
    lines = {line.id: line for line in record.truth}
    for line in record.truth:
        before = lines.get(line.replaces)
        if before is not None and before.sort == line.sort == "confirmed" and before.words != line.words:
            fact = _fact("rewritten", before=before.words, after=line.words)
            yield Proposal(rule=_rule("two_sources"), because=fact, line=line.id)
            return


def _words(told: Report, rhythm: Rhythm) -> Iterator[Proposal]:
    late = [one for one in told.awaited if one.outcome in ("late", "missed")]
    first = told.to_first_words
    if first is not None and first > told.target:
        yield Proposal(rule=_rule("first_words"), because=_fact("first_words", span=first, target=told.target))
    elif first is None and told.incident.level > 1:
        yield Proposal(rule=_rule("first_words"), because=_fact("no_words"))
    if late:
        worst = max(late, key=lambda one: (one.outcome == "missed", one.late))
        key = "update_missed" if worst.outcome == "missed" else "update_late"
        fact = _fact(key, due=worst.due, span=worst.late, count=len(late))
        yield Proposal(rule=_rule("update_named", minutes=int(rhythm.ahead_minutes)), because=fact)
    silence = timedelta(minutes=rhythm.silence_minutes)
    if told.statements and not told.awaited and told.longest_silence > silence:
        yield Proposal(rule=_rule("promise_next"), because=_fact("nothing_promised", span=told.longest_silence))


def _unled(told: Report, patience: timedelta) -> Iterator[Proposal]:
    first = min((one.since for one in told.held if one.role == "lead"), default=None)
    without = (first or told.until) - told.incident.opened_at
    if without > patience:
        yield Proposal(rule=_rule("on_call"), because=_fact("unled" if first else "never_led", span=without))


def _waited(record: Record, patience: timedelta) -> Iterator[Proposal]:
    """The statement that waited longest for its approvals."""
    drafts: dict[int, Draft] = {draft.id: draft for draft in record.drafts if draft.body.statement in PUBLIC}
    waits = [
        (entry.at - drafts[entry.draft].created_at, entry.draft)
        for entry in record.entries
        if entry.what == "draft.approved" and entry.draft in drafts
    ]
    longest, draft = max(waits, default=(timedelta(), 0))
    if longest > patience:
        fact = _fact("waited", draft=draft, span=longest)
        yield Proposal(rule=_rule("two_reachable"), because=fact, drafts=(draft,))


def _rule(name: str, **details: Any) -> Said:
    return Said(key=f"crisis.report.rule_{name}", details=details)


def _fact(name: str, **details: Any) -> Said:
    return Said(key=f"crisis.report.fact_{name}", details=details)
