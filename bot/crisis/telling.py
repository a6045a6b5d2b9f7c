"""An incident in sentences: the moments of its journal and the parts of its report, in one language, on the brand's clock.

Everything that a report says is said here once; `markdown.py` and `pdf.py` lay it out. People's own words come out as they are: each
layout escapes them in its own way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.crisis.report import Awaited, Proposal, Report, Statement, report
from bot.domain.comment import Comment
from bot.domain.draft import Draft
from bot.domain.incident import ROLES, Entry, Line, Record, Share, Volume
from bot.domain.model import Said, Value
from bot.view import View
from knowledge.brand import Brand

MATTERS = frozenset(
    "incident.opened incident.closed closing.asked closing.refused level.set truth.added truth.replaced truth.withdrawn"
    " role.taken role.given shift.handed update.promised draft.thawed drafts.thawed drill.news drill.ended".split()
)
"""Lines that a timeline shows; and departures of words to the public, in a drill their approval."""
PLAIN = timedelta(hours=20)
"""Of an incident that ended sooner, an hour is no other day's."""


class Figure(Value):
    value: str
    label: str
    note: str = ""
    good: bool | None = None
    """Against what was planned; None where nothing was."""


class Moment(Value):
    """A line of the journal or of the timeline."""

    at: str
    who: str
    what: str
    version: int
    kind: str
    """`Entry.what`."""


class Words(Value):
    """A text that left, on one network or more."""

    title: str
    about: str
    text: str
    hashes: tuple[str, ...]
    at: datetime


class Told(Value):
    """A row of the source of truth: a change of it."""

    version: int
    line: int
    at: str
    who: str
    what: str
    words: str
    sort: str
    """`confirmed`, `unknown`, `never`, `withdrawn`."""


class Telling:
    def __init__(self, record: Record, brand: Brand, view: View) -> None:
        self.record = record
        self.brand = brand
        self.view = view
        self.report: Report = report(record, brand.crisis)
        self._drafts: Mapping[int, Draft] = {draft.id: draft for draft in record.drafts}
        self._sorts = {line.id: line.sort for line in record.truth}
        self._day = self._local(record.incident.opened_at).date()
        self._short = self.report.lasted < PLAIN

    def say(self, key: str, **details: object) -> str:
        return self.view.say(f"crisis.report.{key}", **details)

    def noted(self, key: str, **details: object) -> str:
        return self.view.say(f"crisis.journal.{key}", **details)

    # --- words for moments and lengths ---

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    @property
    def zone(self) -> ZoneInfo:
        return self.brand.zone

    def clock(self, moment: datetime) -> str:
        """« 22:04 »; with its day where the hour alone could be another day's."""
        return self._told(moment, "%H:%M")

    def _told(self, moment: datetime, hour: str) -> str:
        local = self._local(moment)
        return local.strftime(hour if self._short or local.date() == self._day else f"%d/%m {hour}")

    def day(self, moment: datetime) -> str:
        """« lundi 23 novembre 2026, 22:04 »."""
        local = self._local(moment)
        return f"{format_date(local, 'full', locale=self.view.locale)}, {local:%H:%M}"

    def span(self, length: timedelta) -> str:
        """« 1 min 40 s », « 25 min », « 3 h 05 », « 2 j 4 h »."""
        seconds = max(0, round(length.total_seconds()))
        minutes, hours = seconds // 60, seconds // 3600
        if seconds < 60:
            return self.say("span_seconds", count=seconds)
        if minutes < 10 and seconds % 60:
            return self.say("span_minutes_seconds", minutes=minutes, seconds=seconds % 60)
        if minutes < 60:
            return self.say("span_minutes", count=minutes)
        if hours < 48:
            return self.say("span_hours", hours=hours, minutes=f"{minutes % 60:02}")
        return self.say("span_days", days=hours // 24, hours=hours % 24)

    def said(self, said: Said) -> str:
        """A rule or its fact, with its moments, lengths and names in words."""
        return self.view.say(said.key, **{name: self._word(name, value) for name, value in said.details.items()})

    def _word(self, name: str, value: Any) -> str:
        if isinstance(value, timedelta):
            return self.span(value)
        if isinstance(value, datetime):
            return self.clock(value)
        if name == "situation":
            return self.situation(str(value))
        if isinstance(value, tuple | list):
            return ", ".join(map(str, value))
        return self.view.number(value) if isinstance(value, int) and name == "count" else str(value)

    def situation(self, name: str) -> str:
        page = self.view.pages.playbooks.get(name)
        return page.title.get(self.view.locale, page.name) if page else name or self.say("comments_other")

    def network(self, name: str) -> str:
        page = self.view.pages.networks.get(name)
        return page.title if page else name or "—"

    def level(self, level: int) -> str:
        return self.view.say(f"alarm.level_{level}")

    def role(self, role: str) -> str:
        return self.view.say(f"crisis.room.role_{role}") if role in ROLES else role

    # --- the head ---

    @property
    def kind(self) -> str:
        return self.say("kind" if self.record.incident.real else "kind_drill")

    @property
    def title(self) -> str:
        return self.record.incident.title

    @property
    def span_of_days(self) -> str:
        begin, end = self.record.incident.opened_at, self.report.until
        same = self._local(begin).date() == self._local(end).date()
        return self.say("from_to", start=self.day(begin), end=f"{self._local(end):%H:%M}" if same else self.day(end))

    @property
    def highest(self) -> str:
        level = max((step.level for step in self.report.levels), default=self.record.incident.level)
        return self.say("level_reached", level=level, name=self.level(level))

    def warnings(self) -> Iterator[str]:
        """What a reader must know before the figures."""
        if not self.record.incident.real:
            yield self.say("drill_note")
        if self.record.incident.state != "closed":
            yield self.say("open_note", at=self.clock(self.report.until))

    def figures(self) -> Iterator[Figure]:
        told, incident, number = self.report, self.record.incident, self.view.number
        yield self._first()
        kept, due = told.outcomes("kept"), told.outcomes("kept", "late", "missed")
        yield Figure(
            value=f"{kept} / {due}" if due else "—",
            label=self.say("figure_updates"),
            note=self.say("note_updates", late=told.outcomes("late"), missed=told.outcomes("missed"))
            if due
            else self.say("note_updates_none"),
            good=kept == due if due else None,
        )
        yield Figure(
            value=self.span(told.longest_silence), label=self.say("figure_silence"), note=self.say("note_silence")
        )
        yield Figure(
            value=number(told.received),
            label=self.say("figure_comments"),
            note=self.say("note_comments", negative=number(told.negative), answered=number(told.answered)),
        )
        yield Figure(
            value=number(incident.froze),
            label=self.say("figure_frozen"),
            note=self.say("note_frozen", thawed=number(told.thawed), close=number(told.thawed_at_close)),
        )
        ended = self.say("note_lasted", asked=incident.closing_by or "—", agreed=incident.closed_by or "—")
        yield Figure(
            value=self.span(told.lasted),
            label=self.say("figure_lasted"),
            note=ended if incident.closed_at else self.say("note_lasted_open"),
        )

    def _first(self) -> Figure:
        told = self.report
        if told.to_first_words is None:
            return Figure(
                value="—",
                label=self.say("figure_first_never"),
                good=None if max(step.level for step in told.levels) == 1 else False,
            )
        note = self.say("note_first", target=self.span(told.target))
        if told.from_spike is not None and told.spike is not None:
            note += " · " + self.say("note_spike", span=self.span(told.from_spike), at=self.clock(told.spike))
        good = told.to_first_words <= told.target
        return Figure(value=self.span(told.to_first_words), label=self.say("figure_first"), note=note, good=good)

    # --- the journal ---

    def moments(self, entries: Sequence[Entry] | None = None) -> Iterator[Moment]:
        """Every line of the journal; or of these."""
        for entry in self.record.entries if entries is None else entries:
            yield Moment(
                at=self._told(entry.at, "%H:%M:%S"),
                who=entry.who or self.noted("nobody"),
                what=self.sentence(entry),
                version=entry.version,
                kind=entry.what,
            )

    def timeline(self) -> list[Moment]:
        """The moments that matter: changes of the incident, and words to the public, networks of one statement together."""
        left = "draft.released" if self.record.incident.real else "draft.approved"
        public = {one.draft: one for one in self.report.statements}
        groups = {group[0].draft: group for group in self._together()}
        found = []
        for entry in self.record.entries:
            moment = Moment(
                at=self.clock(entry.at),
                who=entry.who or self.noted("nobody"),
                what="",
                version=entry.version,
                kind=entry.what,
            )
            if entry.what in MATTERS:
                found.append(moment.model_copy(update={"what": self.sentence(entry)}))
            elif entry.what == left and entry.draft in public and entry.draft in groups:
                group = groups[entry.draft]
                words = {"who": ", ".join(self._approvers(group)) or moment.who, "what": self._titled(group)}
                found.append(moment.model_copy(update=words))
        return found

    def sentence(self, entry: Entry) -> str:
        """One line of the journal, without its time and its author."""
        name = entry.what.replace(".", "_")
        if entry.what == "incident.opened" and entry.details.get("drill"):
            name = "drill_opened"
        known = self.view.pages.interface[self.view.locale]
        details = self._details(entry)
        if f"crisis.journal.{name}" not in known:
            event = f"event.{name}"
            what = self.view.say(event) if event in known else entry.what
            name, details = ("other_draft" if entry.draft else "other"), details | {"what": what}
        return self.noted(name, **details).strip()

    def state(self, draft: Draft) -> str:
        """What became of a draft, in the words of the journal's last line on it."""
        acts = [entry for entry in self.record.entries if entry.draft == draft.id]
        if not acts:
            return self._kind(draft)
        told = next((entry for entry in acts if entry.what == "draft.released"), acts[-1])
        return f"{self._told(told.at, '%H:%M:%S')} · {self.sentence(told)}"

    def _details(self, entry: Entry) -> dict[str, Any]:
        """Everything that a sentence may name, whatever the line holds."""
        told, draft = entry.details, self._drafts.get(entry.draft)
        network = str(told.get("network") or (draft.network if draft else ""))
        reasons = (str(told.get(name) or "") for name in ("reason", "override", "wish", "why"))
        sort = str(told.get("sort") or self._sorts.get(int(told.get("line") or 0), ""))
        plain: dict[str, Any] = {"title": self.title, "level": "—", "from": "—", "to": "—", "froze": 0, "line": "—"}
        plain |= {name: value if value not in (None, "") else "—" for name, value in told.items()}
        count = int(told.get("count") or 0)
        return plain | {
            "role": self.role(str(told.get("role", ""))) or "—",
            "roles": ", ".join(self.role(one.strip()) for one in str(told.get("roles", "")).split(",")) or "—",
            "sort": self.noted(f"sort_{sort}") if sort in ("confirmed", "unknown", "never") else "—",
            "words": " ".join(str(told.get("words", "")).split()),
            "due": self._due(told.get("due")),
            "count": self.view.number(count),
            "froze": self.view.number(int(told.get("froze") or 0)),
            "draft": entry.draft or told.get("draft") or "—",
            "network": self.network(network),
            "kind": self._kind(draft),
            "why": next((f"({reason})" for reason in reasons if reason), ""),
            "who": entry.who,
        }

    def _due(self, told: Any) -> str:
        try:
            return self.clock(datetime.fromisoformat(str(told)))
        except ValueError:
            return "—"

    def _kind(self, draft: Draft | None) -> str:
        if draft is not None and draft.body.statement:
            known = f"crisis.room.say_{draft.body.statement}" in self.view.pages.interface[self.view.locale]
            return self.view.say(f"crisis.room.say_{draft.body.statement}") if known else draft.body.statement
        return self.noted("reply" if draft is None or draft.skill == "reply" else "post")

    # --- words that left ---

    def _together(self) -> list[list[Statement]]:
        """Statements of one request and one kind: the same words to every network."""
        groups: defaultdict[tuple[str, str], list[Statement]] = defaultdict(list)
        for one in self.report.statements:
            groups[one.request, one.name].append(one)
        return sorted(groups.values(), key=lambda group: group[0].at)

    @staticmethod
    def _approvers(group: Sequence[Statement]) -> list[str]:
        return list(dict.fromkeys(name for one in group for name in one.approved_by))

    def _titled(self, group: Sequence[Statement]) -> str:
        networks = ", ".join(dict.fromkeys(self.network(one.network) for one in group))
        return f"{self.view.say(f'crisis.room.say_{group[0].name}')} · {networks}"

    def statements(self) -> Iterator[Words]:
        """Each text once, with the networks where it left."""
        for group in self._together():
            alike: defaultdict[str, list[Statement]] = defaultdict(list)
            for one in group:
                alike[one.text].append(one)
            for text, same in alike.items():
                about = self.say(
                    "statement_about",
                    drafts=", ".join(str(one.draft) for one in same),
                    version=same[0].version,
                    who=", ".join(self._approvers(same)) or self.say("statement_nobody"),
                )
                hashes = tuple(dict.fromkeys(one.hash for one in same))
                title = f"{self.clock(same[0].at)} · {self._titled(same)}"
                yield Words(title=title, about=about, text=text, hashes=hashes, at=same[0].at)

    def marks(self) -> Iterator[tuple[datetime, str]]:
        """Moments of the chart: when words left, and which."""
        for group in self._together():
            yield group[0].at, self.view.say(f"crisis.room.say_{group[0].name}")

    # --- tables ---

    def awaited(self) -> Iterator[tuple[str, str, str, str, bool]]:
        """Promised for, promised at, by whom, what came, and whether that was well."""
        for one in self.report.awaited:
            yield (
                self.clock(one.due),
                self.clock(one.made_at),
                one.by,
                self._came(one),
                one.outcome
                not in (
                    "late",
                    "missed",
                ),
            )

    def _came(self, one: Awaited) -> str:
        at = self.clock(one.left_at) if one.left_at else ""
        return self.say(f"update_{one.outcome}", at=at, span=self.span(one.late))

    def roles(self) -> Iterator[tuple[str, str]]:
        for role in ROLES:
            for one in self.report.held:
                if one.role == role:
                    since, until = self.clock(one.since), self.clock(one.until)
                    yield self.role(role), self.say("role_row", who=one.who, since=since, until=until)

    def levels(self) -> Iterator[str]:
        for step in self.report.levels:
            name = self.level(step.level)
            yield self.say("level_row", at=self.clock(step.at), level=step.level, name=name, who=step.who)

    def truth(self) -> list[Told]:
        """Every change of the source of truth, in the order of its versions."""
        withdrawn = {
            int(entry.details.get("line") or 0): entry
            for entry in self.record.entries
            if entry.what == "truth.withdrawn"
        }
        rows = [self._line(line) for line in self.record.truth]
        for line in self.record.truth:
            entry = withdrawn.get(line.id)
            if entry is not None:
                rows.append(
                    Told(
                        version=entry.version,
                        line=line.id,
                        at=self.clock(entry.at),
                        who=entry.who,
                        what=self.say("truth_withdrawn"),
                        words=line.words,
                        sort="withdrawn",
                    )
                )
        return sorted(rows, key=lambda row: row.version)

    def _line(self, line: Line) -> Told:
        sort = self.noted(f"sort_{line.sort}")
        what = self.say("truth_replaced" if line.replaces else "truth_added", sort=sort, line=line.replaces)
        at = self.clock(line.at)
        told = {"version": line.version, "line": line.id, "sort": line.sort, "words": line.words}
        return Told.model_validate({**told, "at": at, "who": line.by, "what": what})

    def shares(self) -> list[tuple[str, Share]]:
        return [(self.situation(share.situation), share) for share in self.record.shares]

    def promises(self) -> list[str]:
        if self.record.commitments:
            about = self.view.promise_about
            return [
                self.say("promise_row", words=" ".join(one.words.split()), about=about(one, self.brand))
                for one in self.record.commitments
            ]
        return list(self.record.promises)

    def comment(self, comment: Comment) -> str:
        """Where and when it was written; never by whom: a report travels."""
        return f"{self.network(comment.network)} · {self.clock(comment.at or comment.received_at)}"

    def proposals(self) -> list[tuple[str, str]]:
        return [self._proposal(one) for one in self.report.proposals]

    def _proposal(self, one: Proposal) -> tuple[str, str]:
        return self.said(one.rule), self.said(one.because)

    def questions(self) -> list[str]:
        """What a good team has done by when, in a drill; then what is asked after every incident."""
        return [*self._expected(), *(self.said(one) for one in self.report.questions)]

    def _expected(self) -> Iterator[str]:
        scenario = self.view.pages.drills.get(self.record.incident.drill)
        for one in scenario.expects if scenario else ():
            yield self.say("expected", minute=f"{one.by:g}", words=one.words(self.view.locale))

    # --- the chart ---

    def volume(self, most: int) -> tuple[list[Volume], timedelta]:
        """Comments by stretches of equal length, empty ones too, at most so many; and that length."""
        known, step = self.record.volume, self.record.incident.step
        if not known:
            return [], step
        begin, end = known[0].at, max(known[-1].at, self.report.until)
        times = int((end - begin) / step) // most + 1
        length = step * times
        totals: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
        for one in known:
            slot = int((one.at - begin) / length)
            totals[slot][0] += one.comments
            totals[slot][1] += one.negative
        slots = range(int((end - begin) / length) + 1)
        return [
            Volume(at=begin + slot * length, comments=totals[slot][0], negative=totals[slot][1]) for slot in slots
        ], length


__all__ = ["Figure", "Moment", "Telling", "Told", "Words"]
