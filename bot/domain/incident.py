"""An incident: an open crisis of a brand, its roles and levels, its source of truth, and the line of its journal. Shapes alone.

What may be done with it and by whom is `bot/crisis/rules.py`; where it is kept, `bot/ledger/incidents.py`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from bot.domain.comment import Comment
from bot.domain.draft import Draft
from bot.domain.model import Said, Value
from bot.domain.promise import Promise

State = Literal["open", "closing", "closed"]
"""`closing`: one person asked to close it, and a second is to agree."""
Level = Literal[1, 2, 3, 4]
Role = Literal["lead", "spokesperson", "legal", "community_manager"]
ROLES: tuple[Role, ...] = ("lead", "spokesperson", "legal", "community_manager")
Sort = Literal["confirmed", "unknown", "never"]
"""Of a line of the source of truth: what is confirmed, what nobody knows yet, what is never to be said."""
SORTS: tuple[Sort, ...] = ("confirmed", "unknown", "never")


DRILL = "~"
"""Between a brand and the number of its drill, in the name of the drill's inbox."""


def of_box(box: str) -> tuple[str, int]:
    """The brand of an inbox, and the drill that it is of; 0: it is the brand's own."""
    brand, _, drill = box.partition(DRILL)
    return brand, int(drill) if drill.isdecimal() else 0


class Opening(Value):
    """What a person confirms when they open an incident."""

    brand: str
    title: str
    """What people of the team call it."""
    subject: str = ""
    """Words that tell its comments and drafts from others; empty: everything of the brand."""
    situation: str = ""
    """The playbook page of its comments, where one is known."""
    level: Level = 2
    alert: int = 0
    """The alert it came from; 0: a person saw it first."""
    drill: str = ""
    """The page of `prompts/drills/` that it plays; empty: it is real."""
    pace: float = Field(default=1.0, gt=0, le=600)
    """Of a drill: so many minutes of the scenario in a minute of the clock."""
    by: str
    front: str = ""
    place: str = ""
    """The chat where it was opened, `channel` or `channel/thread`."""
    event: str = ""
    """The chat's id of the press: heard again, it opens nothing twice."""


class Incident(Opening):
    id: int
    state: State
    opened_at: datetime
    """The moment of the freeze: no draft that was pending then has left since without being thawed."""
    froze: int = 0
    """Drafts that the freeze stopped."""
    roles: dict[Role, str] = {}
    """Who has each; as the brand file names them."""
    version: int = 0
    """Of the source of truth: one more at each change."""
    next_update: datetime | None = None
    """What was promised to the public."""
    closing_by: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None

    @property
    def real(self) -> bool:
        return not self.drill

    @property
    def step(self) -> timedelta:
        """Of the counts of its comments: five minutes, of the story in a drill."""
        return timedelta(seconds=300 if self.real else max(1, round(300 / self.pace)))

    @property
    def box(self) -> str:
        """The inbox that its comments are in: the brand's; of a drill its own, which nothing else reads or counts."""
        return self.brand if self.real else f"{self.brand}{DRILL}{self.id}"


class Line(Value):
    """A line of the source of truth, in one of its versions."""

    id: int
    incident: int
    sort: Sort
    words: str
    version: int
    """Of the whole source of truth, from which on it stands."""
    until: int | None = None
    """The version in which it was replaced or withdrawn."""
    replaces: int = 0
    by: str
    at: datetime


class Ground(Value):
    """What an open incident lays down for every draft on its subject."""

    incident: Incident
    truth: tuple[Line, ...] = ()
    """The lines that stand."""
    due: tuple[str, ...] = ()
    """The time of the next update, as it may be said."""

    @property
    def confirmed(self) -> tuple[str, ...]:
        """All that a draft may say as a fact."""
        return (*(line.words for line in self.truth if line.sort == "confirmed"), *self.due)


class Entry(Value):
    """A line of the journal."""

    id: int
    incident: int
    at: datetime
    who: str
    what: str
    """`incident.opened`, `role.taken`, `truth.added`, `draft.released`, … : `crisis.journal.*` of the interface pages."""
    version: int = 0
    """Of the source of truth at that moment."""
    draft: int = 0
    details: dict[str, Any] = {}


class Change(Value):
    """What a person asks of an open incident, in one press."""

    incident: int
    verb: Literal[
        "take",
        "give",
        "level",
        "add",
        "replace",
        "withdraw",
        "thaw",
        "thaw_all",
        "promise",
        "shift",
        "close",
        "agree",
        "reopen",
    ]
    by: str
    role: Role | None = None
    to: str = ""
    """Of `give` and `shift`: the colleague."""
    level: Level | None = None
    sort: Sort | None = None
    words: str = ""
    line: int = 0
    """Of `replace` and `withdraw`."""
    draft: int = 0
    """Of `thaw`."""
    due: datetime | None = None
    """Of `promise`: when the public is told more."""
    event: str = ""


class Changed(Value):
    """What came of it: the incident as it is now, and what to tell who pressed."""

    incident: Incident
    said: Said
    applied: bool
    drafts: tuple[int, ...] = ()
    """Those it thawed: their cards change."""


class Room(Value):
    """Everything that a war room's card shows, read in one moment."""

    incident: Incident
    truth: tuple[Line, ...]
    """The lines that stand."""
    held: tuple[int, ...]
    """Drafts that the freeze holds still."""
    waiting: tuple[Draft, ...] = ()
    """Drafts of the incident that wait for approval."""
    open_comments: int = 0
    groups: tuple[tuple[str, int], ...] = ()
    first_words_at: datetime | None = None
    """When the first statement left; None: nothing has."""
    last_words_at: datetime | None = None


class Played(Value):
    """What has come of a drill's story."""

    place: int
    """Among the turns of its page, from 0."""
    minute: float
    """Of the story."""
    network: str = ""
    author: str = ""
    words: str = ""
    """A comment's, or the news'; of many voices, those of the first few, a line each."""
    voices: int = 0
    """How many of a chorus have come; 0: it is none."""
    whole: bool = True
    """Nothing more of it will come."""
    news: bool = False
    comment: int = 0
    """The comment's number, or the first one's of a chorus."""


class Story(Value):
    """A drill's story, as far as it has come."""

    incident: Incident
    played: tuple[Played, ...]
    over: bool


class Volume(Value):
    """Comments of a stretch of time: a point of the report's chart."""

    at: datetime
    comments: int
    negative: int


class Share(Value):
    """Comments of one situation."""

    situation: str
    """The playbook page that they are on; empty: none was recognised."""
    received: int
    answered: int
    negative: int = 0


class Record(Value):
    """Everything that is known of an incident: what the journal, the report, the PDF and the JSON are made of."""

    incident: Incident
    brand: str
    """Its name."""
    entries: tuple[Entry, ...]
    truth: tuple[Line, ...]
    """Every version."""
    drafts: tuple[Draft, ...]
    """Those written during the incident, released or not."""
    released: dict[int, datetime] = {}
    """Draft → when it left."""
    volume: tuple[Volume, ...] = ()
    first: tuple[Comment, ...] = ()
    answered: int = 0
    received: int = 0
    promises: tuple[str, ...] = ()
    """What was promised in the brand's name meanwhile, as the words left."""
    commitments: tuple[Promise, ...] = ()
    """The same, with what became of each since."""
    shares: tuple[Share, ...] = ()
    """Comments of the incident by situation, the biggest first."""
