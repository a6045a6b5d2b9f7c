"""A desk in memory with one brand's crises, for what front-ends do with it: rules are those that panels lean on, no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from bot.domain import approval
from bot.domain.comment import Box, Counts, Group
from bot.domain.decision import Decision, Ruling
from bot.domain.draft import Approvals, Body, Draft
from bot.domain.incident import Change, Changed, Entry, Incident, Line, Opening, Played, Record, Room, Story
from bot.domain.model import Said
from bot.domain.reply import Reply
from bot.errors import NotAllowed, Refused
from bot.inbox import Asked
from knowledge.brand import Brand

SHORT = "Nous savons pour le lait solaire et nous cherchons. Nous vous en disons plus avant minuit."
LONG = """Nous avons lu vos messages sur le lait solaire, et nous les prenons en charge un par un.

Ce que nous savons : le lot L-2041 est retiré de la vente depuis 22 h 50. Nous ne connaissons pas encore la cause des réactions.
Si vous avez utilisé ce produit et que votre peau réagit, arrêtez-le et demandez l’avis d’un médecin.

Nous vous en disons plus avant minuit.

— L’équipe Virevent"""
START = datetime(2026, 11, 23, 22, 4, tzinfo=UTC)


class Clock:
    def __init__(self, at: datetime = START) -> None:
        self.now = at

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **more: float) -> None:
        self.now += timedelta(**more)


class FakeDesk:
    """What the crisis flow asks of `bot.desk.Desk`, and its own crisis desk."""

    def __init__(self, brand: Brand, clock: Clock) -> None:
        self.known, self.clock = brand, clock
        self.crisis = FakeCrisis(self)
        self.drafts: dict[int, Draft] = {}
        self.groups: tuple[Group, ...] = ()
        self.alerts: dict[int, Any] = {}
        self.inbox = SimpleNamespace(box=self._box)
        self.promises = SimpleNamespace(listed=self._promised)
        self.watch = SimpleNamespace(alert=self._alert)

    def add(self, number: int, text: str = "Bonjour !", network: str = "instagram", author: str = "Ada") -> Draft:
        body = Body(text=text, approvals=Approvals(needed=1), language="fr", writer="playbook", author=author)
        self.drafts[number] = Draft(
            id=number,
            revision=1,
            state="pending",
            hash="0" * 64,
            created_at=self.clock(),
            request=f"r{number}",
            brand=self.known.slug,
            skill="reply",
            network=network,
            kind="comment",
            prompt="?",
            body=body,
            authors=(author,),
            front="slack",
            place="C0CARE/1.1",
        )
        return self.drafts[number]

    async def decide(self, decision: Decision) -> Ruling:
        """Judged as any draft; the second approval lets it out."""
        waiting = self.crisis.waiting
        place, draft = next((at, one) for at, one in enumerate(waiting) if one.id == decision.draft)
        verdict = approval.judge(draft, decision, self.known)
        given = draft.body.approvals.model_copy(update={"by": verdict.by, "given": len(verdict.by)})
        waiting[place] = draft.model_copy(update={"body": draft.body.model_copy(update={"approvals": given})})
        if verdict.state == "approved":
            del waiting[place]
            self.crisis.spoke = self.clock()
        return Ruling(draft=draft, said=verdict.said, applied=True)

    async def pending(self, brand: str) -> list[Draft]:
        return [draft for draft in self.drafts.values() if draft.state == "pending"]

    async def draft(self, number: int) -> Draft:
        return self.drafts[number]

    async def _box(self, brand: str) -> Box:
        counts = Counts(states={"new": sum(len(group.comments) for group in self.groups)})
        return Box(brand=brand, counts=counts, first=(), groups=self.groups)

    async def _promised(self, brand: str, states: Sequence[str]) -> list[Any]:
        return []

    async def _alert(self, number: int) -> Any:
        return self.alerts[number]


class FakeCrisis:
    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self.kept: dict[int, Incident] = {}
        self.lines: list[Line] = []
        self.held: list[int] = []
        self.waiting: list[Draft] = []
        self.entries: list[Entry] = []
        self.spoke: datetime | None = None
        self.stated: list[tuple[str, Asked]] = []

    async def stops(self, brand: str) -> int:
        return len(self._desk.drafts)

    async def open(self, opening: Opening) -> Changed:
        for known in self.kept.values():
            if known.state != "closed":
                return Changed(
                    incident=known, said=Said(key="crisis.room.no_such", details={"incident": 0}), applied=False
                )
        self.held = list(self._desk.drafts)
        number = len(self.kept) + 1
        values = opening.model_dump() | {"id": number, "state": "open", "opened_at": self._desk.clock()}
        self.kept[number] = Incident(**values, froze=len(self.held))
        self._entered("incident.opened", opening.by, number)
        return self._told(number)

    async def play(self, incident: int) -> Story:
        played = Played(place=0, minute=0, network="instagram", author="Lina P.", words="Des plaques !", comment=1)
        return Story(incident=self.kept[incident], played=(played,), over=False)

    async def current(self, brand: str) -> Incident | None:
        return next((one for one in self.kept.values() if one.state != "closed" and one.brand == brand), None)

    async def incidents(self, brand: str) -> list[Incident]:
        return [one for one in self.kept.values() if one.brand == brand]

    async def room(self, incident: int) -> Room:
        if incident not in self.kept:
            raise Refused("crisis.room.no_such", incident=incident)
        groups = tuple((group.title, len(group.comments)) for group in self._desk.groups)
        return Room(
            incident=self.kept[incident],
            truth=tuple(line for line in self.lines if line.until is None),
            held=tuple(self.held),
            waiting=tuple(self.waiting),
            open_comments=sum(size for _, size in groups),
            groups=groups,
            first_words_at=self.spoke,
            last_words_at=self.spoke,
        )

    async def record(self, incident: int) -> Record:
        return Record(
            incident=self.kept[incident], brand="", entries=tuple(self.entries), truth=tuple(self.lines), drafts=()
        )

    async def statement(self, incident: int, wanted: str, asked: Asked) -> Reply:
        self.stated.append((wanted, asked))
        first, words = 901 + 2 * (len(self.stated) - 1), {"x": SHORT, "instagram": LONG}
        for number, network in enumerate(words, first):
            draft = self._desk.add(number, words[network], network, author=asked.by)
            two = Approvals(needed=2, crisis_lead=True, not_author=True)
            body = draft.body.model_copy(update={"statement": wanted, "approvals": two})
            self.waiting.append(draft.model_copy(update={"body": body}))
        return Reply(request="s", drafts=(first, first + 1))

    async def change(self, change: Change) -> Changed:
        brand, incident = self._desk.known, self.kept[change.incident]
        person = brand.person(change.by)
        assert person is not None
        leads = person.leads
        if change.verb in ("level", "thaw", "thaw_all", "close", "agree") and not leads:
            raise NotAllowed("crisis.room.lead_needed", who="Chloé")
        update: dict[str, Any] = {}
        match change.verb:
            case "take" | "give":
                assert change.role is not None
                update = {"roles": {**incident.roles, change.role: change.to or change.by}}
            case "level":
                update = {"level": change.level}
            case "add" | "replace" | "withdraw":
                version = incident.version + 1
                update = {"version": version}
                if change.line:
                    self.lines = [
                        line.model_copy(update={"until": version}) if line.id == change.line else line
                        for line in self.lines
                    ]
                if change.verb != "withdraw":
                    made = {"sort": change.sort, "words": change.words, "version": version, "replaces": change.line}
                    self.lines.append(
                        Line(id=len(self.lines) + 1, incident=incident.id, by=change.by, at=self._desk.clock(), **made)
                    )
            case "thaw":
                self.held.remove(change.draft)
            case "thaw_all":
                self.held = []
            case "promise":
                update = {"next_update": change.due}
            case "shift":
                update = {"roles": {**incident.roles, "lead": change.to}}
            case "close":
                update = {"state": "closing", "closing_by": change.by}
            case "agree":
                if change.by == incident.closing_by:
                    raise NotAllowed("crisis.room.lead_needed", who="Dan")
                update = {"state": "closed", "closed_by": change.by, "closed_at": self._desk.clock()}
            case "reopen":
                update = {"state": "open", "closing_by": ""}
        self.kept[incident.id] = incident.model_copy(update=update)
        self._entered(change.verb, change.by, incident.id)
        return self._told(incident.id)

    def _told(self, number: int) -> Changed:
        return Changed(incident=self.kept[number], said=Said(key="crisis.room.over"), applied=True)

    def _entered(self, what: str, who: str, incident: int) -> None:
        self.entries.append(
            Entry(id=len(self.entries) + 1, incident=incident, at=self._desk.clock(), who=who, what=what)
        )
