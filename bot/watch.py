"""The alarm over the live inbox: comments counted by when they were written, judged, and kept as one alert an episode.

Stateless but for what people decided: each look counts the past weeks again (a pasted comment, an import of last month and a
corrected reading all tell at once) and runs the same detector as `bonton alarm --replay`. « It is nothing » is kept, and weighs on
episodes like it. It tells nobody (`bot/herald.py`) and opens nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from bot.alarm.detector import HISTORY, QUIET, Alarm, Step
from bot.alarm.episode import Around, Episode, Reason, joins, weighed
from bot.domain.comment import Comment
from bot.domain.model import Value, now
from bot.errors import NotAllowed
from knowledge.brand import Brand

State = Literal["open", "hushed", "nothing", "over"]
STEP = timedelta(minutes=15)
BACK = timedelta(days=HISTORY + 7)
QUOTED = 3
FEWEST = 30
"""Comments of the past weeks without which nobody knows what is usual."""
LATELY = timedelta(hours=3)
OF_SUBJECT = 6
"""Negatives of one subject lately that make it worth its own look."""
REMEMBERED = timedelta(days=90)
LIKE, MOST_LIKE = 1.5, 2.5
"""So many times the evidence of an episode that was nothing is asked of its like; at most, after several."""
GROWN = 2.0
"""So many times what it was when it was dismissed brings an episode back."""


class Counted(NamedTuple):
    """Comments of one quarter of an hour."""

    slot: int
    """Quarters of an hour since 1970."""
    subject: str
    mentions: int
    negative: int


class Alert(Value):
    """An episode of a brand, and what became of it."""

    id: int = 0
    brand: str
    state: State = "open"
    by: str = ""
    """Who said that it is nothing."""
    episode: Episode
    first: tuple[Comment, ...] = ()
    """The first comments of it; read anew, not kept."""


class Glance(Value):
    """How a brand is doing now."""

    brand: str
    alert: Alert | None = None
    enough: bool = True
    """Whether there is enough to judge at all."""


class Dismissed(Value):
    alert: Alert
    applied: bool


class Alarms(Protocol):
    """Where alerts are kept, and comments are counted."""

    async def counted(self, brand: str, since: datetime, until: datetime) -> list[Counted]: ...
    async def around(self, brand: str, since: datetime, until: datetime) -> Around: ...
    async def first(self, brand: str, since: datetime, most: int, *, negative: bool) -> list[Comment]: ...
    async def kept(self, brand: str, since: datetime) -> list[Alert]:
        """The latest first."""
        ...

    async def keep(self, alert: Alert, was: State | None) -> Alert | None:
        """A new alert (`was` is None), or a changed one; None when somebody changed its state meanwhile."""
        ...

    async def alert(self, number: int) -> Alert:
        """Raises Refused when there is none."""
        ...


class Watch:
    def __init__(self, alarms: Alarms, brand: Callable[[str], Brand], clock: Callable[[], datetime] = now) -> None:
        self._alarms = alarms
        self._brand = brand
        self._clock = clock

    async def look(self, brand: str) -> list[Alert]:
        """Alerts of the brand that are new or changed, to be told."""
        known, moment = self._brand(brand), self._clock()
        kept = await self._alarms.kept(known.slug, moment - REMEMBERED)
        episode, _ = await self._judge(known, moment)
        changed = []
        same = _same(kept, episode) if episode is not None else None
        for alert in kept:
            if alert.state == "open" and (same is None or alert.id != same.id):
                over = alert.model_copy(
                    update={"state": "over", "episode": alert.episode.model_copy(update={"over": True})}
                )
                changed.append(await self._alarms.keep(over, "open"))
        if episode is not None:
            changed.append(await self._follow(known, episode, same, kept))
        return [await self._with_first(alert) for alert in changed if alert is not None and alert.state != "hushed"]

    async def _judge(self, brand: Brand, moment: datetime) -> tuple[Episode | None, bool]:
        """The episode that is open now, and whether there is enough to judge."""
        counted = await self._alarms.counted(brand.slug, moment - BACK, moment)
        if sum(one.mentions for one in counted) < FEWEST:
            return None, False
        judged, enough = await asyncio.to_thread(_run, counted, moment, brand)
        if judged is None:
            return None, enough
        around = await self._alarms.around(brand.slug, judged.start - timedelta(hours=1), moment)
        return weighed(judged, around), enough

    async def _follow(self, brand: Brand, episode: Episode, same: Alert | None, kept: Sequence[Alert]) -> Alert | None:
        if same is None:
            return await self._alarms.keep(_new(brand.slug, episode, kept), None)
        before = same.episode
        if same.state == "nothing":
            if episode.level <= before.level or episode.score < GROWN * before.score:
                return None
        elif same.state == "hushed":
            fresh = _new(brand.slug, episode, [alert for alert in kept if alert.id != same.id])
            if fresh.state == "hushed":
                return None
            episode = fresh.episode
        elif same.state == "open" and (episode.level, episode.score, episode.last) == (
            before.level,
            before.score,
            before.last,
        ):
            return None
        grown = {"episode": _later(before, episode), "state": "open", "by": ""}
        return await self._alarms.keep(same.model_copy(update=grown), same.state)

    async def glance(self, brand: str) -> Glance:
        """The alert that is open, else whether all is calm or nobody can tell."""
        known, moment = self._brand(brand), self._clock()
        kept = await self._alarms.kept(known.slug, moment - BACK)
        alert = next((alert for alert in kept if alert.state == "open"), None)
        if alert is not None:
            return Glance(brand=known.slug, alert=await self._with_first(alert))
        _, enough = await self._judge(known, moment)
        return Glance(brand=known.slug, enough=enough)

    async def alert(self, number: int) -> Alert:
        return await self._with_first(await self._alarms.alert(number))

    async def nothing(self, number: int, by: str) -> Dismissed:
        """One tap: the episode is closed, and its like weigh less. Raises NotAllowed for a stranger, Refused for no such alert."""
        alert = await self._alarms.alert(number)
        person = self._brand(alert.brand).person(by)
        if person is None:
            raise NotAllowed("alarm.stranger", who=by[:40], brand=self._brand(alert.brand).name)
        if alert.state not in ("open", "hushed"):
            return Dismissed(alert=await self._with_first(alert), applied=False)
        closed = alert.model_copy(update={"state": "nothing", "by": person.name})
        kept = await self._alarms.keep(closed, alert.state)
        return Dismissed(alert=await self.alert(number), applied=kept is not None)

    async def _with_first(self, alert: Alert) -> Alert:
        since = alert.episode.start - timedelta(hours=1)
        first = await self._alarms.first(alert.brand, since, QUOTED, negative=alert.episode.negative)
        return alert.model_copy(update={"first": tuple(first)})


def _run(counted: Sequence[Counted], moment: datetime, brand: Brand) -> tuple[Episode | None, bool]:
    """The detector over the brand; over a subject that is loud lately where the brand as a whole is not."""
    whole = _alarm(counted, moment, brand)
    enough = whole.judged_from is not None
    if whole.episode is not None or not enough:
        return whole.episode, enough
    lately = int((moment - LATELY).timestamp() // STEP.total_seconds())
    loud: dict[str, int] = {}
    for one in counted:
        if one.slot >= lately and one.subject:
            loud[one.subject] = loud.get(one.subject, 0) + one.negative
    for subject, negatives in sorted(loud.items(), key=lambda pair: -pair[1])[:2]:
        if negatives < OF_SUBJECT:
            break
        begin = min(one.slot for one in counted)
        alone = _alarm([one for one in counted if one.subject == subject], moment, brand, begin)
        if alone.episode is not None:
            return alone.episode.model_copy(update={"subject": subject}), True
    return None, True


def _alarm(counted: Sequence[Counted], moment: datetime, brand: Brand, begin: int | None = None) -> Alarm:
    seconds = int(STEP.total_seconds())
    counts: dict[int, tuple[int, int]] = {}
    for one in counted:
        count, negative = counts.get(one.slot, (0, 0))
        counts[one.slot] = (count + one.mentions, negative + one.negative)
    alarm = Alarm(STEP)
    first = min(counts) if begin is None else begin
    for slot in range(first, int(moment.timestamp()) // seconds + 1):
        count, negative = counts.get(slot, (0, 0))
        time = datetime.fromtimestamp(slot * seconds, UTC).astimezone(brand.zone)
        alarm.step(Step(time=time, count=count, negative=negative))
    alarm.quiet_until(moment)
    return alarm


def _same(kept: Sequence[Alert], episode: Episode) -> Alert | None:
    """The alert that this episode has already: one an episode, however it is counted anew."""
    for alert in kept:
        known = alert.episode
        if joins(known.last, episode.start, QUIET) and joins(episode.last, known.start, QUIET):
            return alert
    return None


def _later(before: Episode, episode: Episode) -> Episode:
    """What was told stays told: the start does not move, nor does the level fall."""
    kept = {"start": min(before.start, episode.start), "level": max(before.level, episode.level)}
    return episode.model_copy(update={**kept, "score": max(before.score, episode.score)})


def _new(brand: str, episode: Episode, kept: Sequence[Alert]) -> Alert:
    """An alert, told quietly where people said of its like that it was nothing."""
    alike = [alert.episode for alert in kept if alert.state == "nothing" and _alike(alert.episode, episode)]
    if not alike:
        return Alert(brand=brand, episode=episode)
    asked = min(MOST_LIKE, LIKE ** len(alike)) * max(one.score for one in alike)
    sure = max(0.05, episode.confidence - 0.15)
    reasons = (*episode.reasons, Reason(why="learned"))
    told = episode.model_copy(update={"confidence": sure, "reasons": reasons})
    hushed = episode.score < asked and episode.level <= max(one.level for one in alike)
    return Alert(brand=brand, episode=told, state="hushed" if hushed else "open")


def _alike(one: Episode, other: Episode) -> bool:
    """The same kind of evidence, and the same subject where both have one."""
    mine, theirs = _subject(one), _subject(other)
    return one.negative == other.negative and (not mine or not theirs or mine == theirs)


def _subject(episode: Episode) -> str:
    found = (str(reason.values["subject"]) for reason in episode.reasons if reason.why == "subject")
    return episode.subject or next(found, "")
