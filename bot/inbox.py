"""The inbox of comments: what came in, read and weighed; who is at it; what answered it; what people corrected.

Every way in (paste, file, webhook, feed, watched chat) ends in `receive`; every way on (a chat, a command) is a method here. It
writes no words itself: an answer is a request like any other, so that its approvals are those of any draft.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot import importing
from bot.domain.comment import (
    OPEN,
    Act,
    Acted,
    Box,
    Comment,
    Correction,
    Counts,
    Deed,
    Group,
    NewComment,
    Received,
    State,
)
from bot.domain.decision import Decision, Ruling
from bot.domain.draft import Draft
from bot.domain.incident import DRILL, of_box
from bot.domain.model import Said, Value, now
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.domain.triage import Triage
from bot.errors import NotAllowed, Refused
from bot.pages import Pages
from bot.triage import corrections
from bot.triage.priority import FIRST, priority
from knowledge.brand import Brand

SHOWN = 5
"""Comments of the few that matter."""
GROUPED = 2_000
"""Open comments that are looked at for what they have in common, the most urgent first."""
GROUPS = 6
TOGETHER = 100
"""Comments answered by one tap at most: what a person can still read through."""
ASKING = ("complaint", "question", "suggestion")
"""Kinds of comments that want an answer for many alike."""
TAUGHT = 500
"""Corrections that weigh on new comments, the latest."""
BATCH = 256
"""Rows of a file that are read and stored together."""
BATCHED = "inbox"
"""The front-end of answers drafted together: their one card is the batch's, and no chat shows each."""

Readings = Callable[[Sequence[str], Brand, Sequence[corrections.Taught]], Awaitable[Sequence[Triage]]]
"""Comments as they are read, those like a corrected one as people corrected it."""
Grouping = Callable[[Sequence[str], Sequence[Triage]], Sequence[Sequence[int]]]
Progress = Callable[[int, int, str], None]


class Read(Value):
    """A new comment, and what was made of it."""

    comment: NewComment
    triage: Triage
    priority: int
    reasons: tuple[Said, ...] = ()


class Corrected(corrections.Taught):
    """A correction, and who made it."""

    by: str
    at: datetime


class Import(Value):
    """How far an import is."""

    id: str
    brand: str
    file: str
    rows: int = 0
    """Rows done."""
    stored: int = 0
    duplicates: int = 0
    refused: dict[str, int] = {}
    """How many rows, by the key of the reason."""


class Asked(Value):
    """Who wants an answer, and where it goes."""

    by: str
    front: str = "terminal"
    user: str = ""
    place: str = ""
    locale: str = "en"
    event: str = ""
    """The front-end's own id of the press: heard again, it starts nothing twice."""


class Batch(Value):
    """Answers that one tap asked for, decided together where each may be."""

    id: str
    brand: str
    drafts: tuple[Draft, ...]


class Together(Value):
    """What came of deciding a batch."""

    batch: Batch
    done: int
    left: dict[int, Said] = {}
    """Draft → why it was left for a person to look at."""


class Report(Value):
    """What people corrected."""

    comments: int
    """Read so far."""
    corrected: int
    by_kind: dict[str, int] = {}
    """What was said of it → how often."""
    readings: dict[str, int] = {}
    """« praise → irony » → how often."""


class Comments(Protocol):
    """Where comments are kept. Every method that writes is one transaction, and safe to repeat."""

    async def known(self, batch: Sequence[NewComment]) -> list[int | None]:
        """The comments that these are already, each by its number; None for a new one."""
        ...

    async def add(self, batch: Sequence[Read], progress: Import | None = None) -> Received: ...
    async def comment(self, number: int) -> Comment:
        """Raises Refused when there is none."""
        ...

    async def listed(
        self,
        brand: str,
        *,
        states: Sequence[State] = OPEN,
        kinds: Sequence[str] = (),
        most: int = 50,
        since: datetime | None = None,
    ) -> list[Comment]: ...
    async def counts(self, brand: str, since: datetime) -> Counts: ...
    async def act(self, act: Act) -> Acted: ...
    async def claim(self, number: int, by: str, *, force: bool = False) -> Acted: ...
    async def answered_by(self, drafts: Sequence[tuple[int, int]], batch: str = "") -> None: ...
    async def batch(self, name: str) -> list[int]: ...
    async def settled(self, draft: int, state: str, by: str) -> int | None: ...
    async def undecided(self) -> list[int]: ...
    async def history(self, number: int) -> list[Deed]: ...
    async def urgent(self, brand: str, least: int) -> list[Comment]: ...
    async def told(self, numbers: Sequence[int]) -> None: ...
    async def correct(self, number: int, what: Correction, by: str, read: Read) -> Comment: ...
    async def corrections(self, brand: str, most: int = 1000) -> list[Corrected]: ...
    async def import_(self, name: str, brand: str, file: str) -> Import: ...


class Desk(Protocol):
    """What the inbox asks of the desk."""

    pages: Pages

    def brand(self, slug: str) -> Brand: ...
    async def handle(self, request: Request) -> Reply: ...
    async def decide(self, decision: Decision) -> Ruling: ...
    async def draft(self, number: int) -> Draft: ...
    async def pending(self, brand: str) -> list[Draft]: ...
    async def request(self, number: str) -> Request | None: ...


class Inbox:
    def __init__(
        self,
        comments: Comments,
        desk: Desk,
        readings: Readings,
        grouping: Grouping,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._comments = comments
        self._desk = desk
        self._readings = readings
        self._grouping = grouping
        self._clock = clock
        self._came: Callable[[str], Awaitable[None]] = _nobody
        self._one_batch = asyncio.Semaphore(1)
        """Batches are read one after the other: those who press buttons meanwhile have the rest of the machine."""

    def follow(self, came: Callable[[str], Awaitable[None]]) -> None:
        """Whom to tell that comments came in for a brand."""
        self._came = came

    # --- in ---

    async def receive(self, brand: str, batch: Sequence[NewComment]) -> Received:
        """Keeps comments of one inbox, each once. Raises Refused for a brand that nobody knows."""
        received = await self._receive(self._brand(brand), batch)
        if received.stored:
            await self._came(brand)
        return received

    async def _receive(self, brand: Brand, batch: Sequence[NewComment], progress: Import | None = None) -> Received:
        known = await self._comments.known(batch)
        fresh = [comment for comment, number in zip(batch, known, strict=True) if number is None]
        taught = await self._comments.corrections(brand.slug, TAUGHT) if fresh else []
        async with self._one_batch:
            triages = await self._readings([comment.text for comment in fresh], brand, taught)
        read = iter([_read(comment, triage) for comment, triage in zip(fresh, triages, strict=True)])
        every = [
            next(read) if number is None else Read(comment=comment, triage=_UNREAD, priority=0)
            for comment, number in zip(batch, known, strict=True)
        ]
        return await self._comments.add(every, progress)

    async def bring(
        self,
        brand: str,
        path: str,
        columns: dict[str, str],
        network: str = "",
        on_progress: Progress | None = None,
    ) -> Import:
        """A file's comments into the inbox: from where an import of the same file was killed, exactly once each.

        `path` is absolute; `columns` as `importing.look` gave them, confirmed by a person. Raises Refused.
        """
        known, file = self._desk.brand(brand), Path(path)
        name = await asyncio.to_thread(importing.digest, file, known.slug, columns)
        progress = await self._comments.import_(name, known.slug, file.name)
        total = await asyncio.to_thread(importing.count, file)
        with importing.rows(file) as found:
            walking = importing.batches(found, BATCH)
            skipped = 0
            while batch := await asyncio.to_thread(next, walking, None):
                if skipped + len(batch) <= progress.rows:
                    skipped += len(batch)
                    continue
                skipped += len(batch)
                progress = await self._brought(known, batch, columns, network, progress, file.name)
                if on_progress:
                    on_progress(progress.rows, total, file.name)
        await self._came(known.slug)
        return progress

    async def _brought(
        self,
        brand: Brand,
        rows: Sequence[importing.Row],
        columns: dict[str, str],
        network: str,
        progress: Import,
        file: str,
    ) -> Import:
        comments, refused = [], dict(progress.refused)
        for row in rows:
            try:
                comments.append(
                    importing.comment(
                        row, columns, self._desk.pages, brand=brand.slug, network=network, source=f"import:{file}"[:120]
                    )
                )
            except Refused as refusal:
                refused[refusal.key] = refused.get(refusal.key, 0) + 1
        progress = progress.model_copy(update={"rows": progress.rows + len(rows), "refused": refused})
        received = await self._receive(brand, comments, progress)
        stored, duplicates = progress.stored + len(received.stored), progress.duplicates + received.duplicates
        return progress.model_copy(update={"stored": stored, "duplicates": duplicates})

    # --- at a glance ---

    async def box(self, brand: str) -> Box:
        """The few that matter, what many ask for together, and how many there are."""
        known, name = self._brand(brand), self._named(brand)
        since = self._clock().astimezone(known.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        waiting = await self._comments.listed(name, states=("new", "escalated"), most=GROUPED)
        plain = [comment for comment in waiting if _together(comment)]
        groups = await asyncio.to_thread(self._groups, plain)
        return Box(
            brand=known.slug,
            counts=await self._comments.counts(name, since),
            first=_few(waiting, groups),
            groups=tuple(groups[:GROUPS]),
            praise=sum(1 for comment in waiting if _thanks(comment)),
        )

    def _groups(self, comments: Sequence[Comment]) -> list[Group]:
        asking = [comment for comment in comments if comment.triage.kind in ASKING]
        groups = [
            Group(comments=tuple(asking[place].id for place in places), title=asking[places[0]].text)
            for places in self._grouping([one.text for one in asking], [one.triage for one in asking])
            if len(places) > 1
        ]
        return sorted(groups, key=lambda group: -len(group.comments))

    async def listed(self, brand: str, states: Sequence[State], most: int) -> list[Comment]:
        return await self._comments.listed(self._desk.brand(brand).slug, states=tuple(states) or OPEN, most=most)

    async def counts(self, brand: str, since: datetime) -> Counts:
        """`today` counts what came since then."""
        return await self._comments.counts(self._desk.brand(brand).slug, since)

    async def comment(self, number: int) -> Comment:
        return await self._comments.comment(number)

    async def history(self, number: int) -> list[Deed]:
        return await self._comments.history(number)

    async def urgent(self, brand: str, least: int) -> list[Comment]:
        """Comments that should interrupt somebody and have not yet."""
        return await self._comments.urgent(brand, least)

    async def told(self, comments: Sequence[int]) -> None:
        await self._comments.told(comments)

    # --- on ---

    async def act(self, act: Act) -> Acted:
        """Takes, drops, ignores, hides, escalates, reopens. Raises NotAllowed for a stranger, Refused for no such comment."""
        comment = await self._comments.comment(act.comment)
        name = self._person(comment.brand, act.by)
        return await self._comments.act(act.model_copy(update={"by": name}))

    async def answer(self, comment: int, asked: Asked, force: bool = False) -> Reply | Acted:
        """A draft that answers the comment; or who else is at it already."""
        known = await self._comments.comment(comment)
        name = self._person(known.brand, asked.by)
        claimed = await self._comments.claim(comment, name, force=force)
        if not claimed.applied:
            return claimed
        asked = asked.model_copy(update={"by": name})
        home = self._brand(known.brand).networks[0]
        request = _request(known, asked, asked.event or f"comment:{uuid.uuid4().hex}", home)
        return await self._desk.handle(request)

    async def answer_together(
        self, brand: str, comments: Sequence[int], asked: Asked, on_progress: Progress | None = None
    ) -> Batch:
        """A draft for each of these comments, no two alike; to be decided together (`decide_together`)."""
        known, box = self._brand(brand), self._named(brand)
        name = self._person(known.slug, asked.by)
        batch = f"batch:{asked.event or uuid.uuid4().hex}"[:120]
        chosen = list(dict.fromkeys(comments))[:TOGETHER]
        for place, number in enumerate(chosen, 1):
            comment = await self._comments.comment(number)
            if comment.brand == box and comment.state in ("new", "escalated"):
                quiet = asked.model_copy(update={"by": name, "front": BATCHED, "place": ""})
                await self._desk.handle(_request(comment, quiet, f"{batch}:{number}", known.networks[0]))
            if on_progress:
                on_progress(place, len(chosen), "")
        return await self.batch(batch)

    async def batch(self, name: str) -> Batch:
        """Raises Refused when there is none of that name."""
        drafts = [await self._desk.draft(number) for number in await self._comments.batch(name)]
        if not drafts:
            raise Refused("inbox.no_batch")
        return Batch(id=name, brand=drafts[0].brand, drafts=tuple(drafts))

    async def decide_together(self, batch: str, verb: str, asked: Asked) -> Together:
        """Approves or sets aside what still waits of a batch. What needs two people or breaks a rule is left, and said."""
        known = await self.batch(batch)
        name = self._person(known.brand, asked.by)
        done, left = 0, {}
        for draft in known.drafts:
            if draft.state != "pending":
                continue
            if verb == "approve" and (draft.body.approvals.needed > 1 or draft.body.blocked or not draft.body.text):
                left[draft.id] = Said(key="inbox.look_first", details={"draft": draft.id})
                continue
            event = f"{asked.event}:{draft.id}" if asked.event else ""
            decision = Decision.model_validate(
                {
                    "draft": draft.id,
                    "revision": draft.revision,
                    "verb": verb,
                    "by": name,
                    "front": asked.front,
                    "event": event,
                }
            )
            ruling = await self._desk.decide(decision)
            if ruling.applied:
                done += 1
            else:
                left[draft.id] = ruling.said
        return Together(batch=await self.batch(batch), done=done, left=left)

    async def praised(self, brand: str) -> list[int]:
        """Open praise that can be thanked together."""
        waiting = await self._comments.listed(
            self._desk.brand(brand).slug, states=("new",), kinds=("praise",), most=TOGETHER
        )
        return [comment.id for comment in waiting if _thanks(comment)]

    # --- what the drafts say ---

    async def follows(self, request: Request, drafts: Sequence[Draft]) -> None:
        """Drafts that answer a comment: it is drafted; one that was pasted or forwarded is in the inbox from now on."""
        batch = request.id.rpartition(":")[0] if request.front == BATCHED else ""
        for draft in drafts:
            if draft.skill != "reply" or draft.body.triage is None:
                continue
            number = request.comment or (None if draft.drill else await self._pasted(draft, draft.body.triage))
            if number is not None:
                await self._comments.answered_by([(draft.id, number)], batch)

    async def _pasted(self, draft: Draft, triage: Triage) -> int | None:
        comment = NewComment(brand=draft.brand, text=draft.prompt, network=draft.network)
        number = (await self._comments.known([comment]))[0]
        if number is None:
            received = await self._comments.add([_read(comment, triage)])
            number = received.stored[0] if received.stored else (await self._comments.known([comment]))[0]
        if number is not None:
            await self._comments.told([number])  # whoever pasted it knows of it
        return number

    async def decided(self, draft: Draft, by: str = "") -> int | None:
        """A draft left the desk: so does its comment. Its number, when it moved."""
        state = draft.state
        if state in ("pending", "approved"):
            return None
        return await self._comments.settled(draft.id, state, by)

    async def catch_up(self) -> None:
        """What a crash left between a draft and its comment."""
        for draft in await self._desk.pending(""):
            if (request := await self._desk.request(draft.request)) is not None:
                await self.follows(request, [draft])
        for number in await self._comments.undecided():
            await self.decided(await self._desk.draft(number))

    # --- corrections ---

    async def correct(self, comment: int, what: Correction, by: str) -> Comment:
        """One tap: the reading is set right, kept, and weighs on comments like it."""
        known = await self._comments.comment(comment)
        name = self._person(known.brand, by)
        triage = corrections.apply(known.triage, what, self._desk.pages.playbooks)
        return await self._comments.correct(comment, what, name, _read(known, triage))

    async def report(self, brand: str) -> Report:
        known = self._desk.brand(brand)
        made = await self._comments.corrections(known.slug)
        counts = await self._comments.counts(known.slug, self._clock())
        by_kind: dict[str, int] = {}
        readings: dict[str, int] = {}
        for one in made:
            by_kind[one.what] = by_kind.get(one.what, 0) + 1
            changed = f"{one.was.kind} → {one.what}"
            readings[changed] = readings.get(changed, 0) + 1
        return Report(comments=sum(counts.states.values()), corrected=len(made), by_kind=by_kind, readings=readings)

    def _person(self, brand: str, by: str) -> str:
        known = self._brand(brand)
        person = known.person(by)
        if person is None:
            raise NotAllowed("inbox.stranger", who=by[:40], brand=known.name)
        return person.name

    def _brand(self, box: str) -> Brand:
        """Whose inbox it is."""
        return self._desk.brand(of_box(box)[0])

    def _named(self, box: str) -> str:
        """The inbox, as its comments name it."""
        brand, drill = of_box(box)
        return self._desk.brand(brand).slug + (f"{DRILL}{drill}" if drill else "")


async def _nobody(_: str) -> None:
    """Nobody follows."""


_UNREAD = Triage(language="", kind="other", sentiment="neutral", severity=1, situation="other")
"""Of a comment that is in the inbox already, and is not read again."""


def _read(comment: NewComment, triage: Triage) -> Read:
    score, reasons = priority(comment, triage)
    return Read(comment=comment, triage=triage, priority=score, reasons=reasons)


def _request(comment: Comment, asked: Asked, number: str, network: str) -> Request:
    """`network` is where the brand is at home: where a source that does not tell is answered."""
    brand, drill = of_box(comment.brand)
    return Request(
        id=number[:200],
        text=comment.text,
        brand=brand,
        incident=drill,
        skill="reply",
        networks=(comment.network or network,),
        author=asked.by,
        user=asked.user,
        locale=asked.locale,
        front=asked.front,
        place=asked.place,
        comment=comment.id,
    )


def _few(waiting: Sequence[Comment], groups: Sequence[Group]) -> tuple[Comment, ...]:
    """Those that matter first, one of a group: what forty people say is one thing to decide."""
    groups_of = {number: place for place, group in enumerate(groups) for number in group.comments}
    seen: set[int] = set()
    few: list[Comment] = []
    for comment in waiting:
        if comment.priority < FIRST or comment.triage.kind == "spam" or len(few) == SHOWN:
            continue
        group = groups_of.get(comment.id)
        if group is None or group not in seen:
            few.append(comment)
            seen |= {group} if group is not None else set()
    return tuple(few)


def _together(comment: Comment) -> bool:
    """What may be answered by one tap for many: nothing grave, nothing that somebody must look at first."""
    return (
        comment.triage.severity < 4
        and not comment.triage.risks
        and comment.triage.kind not in ("spam", "troll", "crisis")
    )


def _thanks(comment: Comment) -> bool:
    return _together(comment) and comment.triage.kind == "praise" and not comment.triage.irony
