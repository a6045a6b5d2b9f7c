"""Comments counted for the alarm, alike on both databases; an alert is changed only by who knew its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from bot.alarm.episode import Around, Episode, Reason
from bot.domain.comment import NewComment
from bot.domain.triage import Triage
from bot.inbox import Read
from bot.ledger.alarms import SqlAlarms
from bot.ledger.comments import SqlComments
from bot.ledger.engine import connect
from bot.ledger.sql import SqlLedger
from bot.watch import Alert, Counted

B = "moulin-dore"
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SLOT = int(NOON.timestamp()) // 900


def read(text: str, at: datetime, sentiment: str = "negative", **more: object) -> Read:
    told = {"kind": "complaint", "language": "en", "severity": 3, "situation": "late", "sentiment": sentiment}
    comment = NewComment.model_validate({"brand": B, "text": text, "at": at, **more})
    return Read(
        comment=comment, triage=Triage.model_validate(told | {"kind": more.pop("kind", "complaint")}), priority=1
    )


async def test_comments_are_counted_by_the_quarter_they_were_written_in(
    database: str, clients: Callable[[], SqlLedger]
) -> None:
    await clients().open()
    engine = connect(database)
    paris = timezone(timedelta(hours=1))
    try:
        came = [
            read("one", NOON, author="a", reach=7),
            read("two", (NOON + timedelta(minutes=14)).astimezone(paris), author="A"),
            read("fine", NOON + timedelta(minutes=16), "positive", author="b"),
            read("of old", NOON - timedelta(days=60)),
        ]
        await SqlComments(engine).add(came)
        alarms = SqlAlarms(engine, lambda: NOON + timedelta(hours=1))
        since, until = NOON - timedelta(days=1), NOON + timedelta(hours=1)
        counted = sorted(await alarms.counted(B, since, until))
        assert counted == [Counted(SLOT, "late", 2, 2), Counted(SLOT + 1, "late", 1, 0)]
        around = await alarms.around(B, since, until)
        assert around == Around(negatives=2, authors=1, signed=2, busiest=2, reach=7, subject="late", of_subject=2)
        assert [comment.text for comment in await alarms.first(B, since, 3, negative=True)] == ["one", "two"]
    finally:
        await engine.dispose()


async def test_who_comes_second_changes_nothing(database: str, clients: Callable[[], SqlLedger]) -> None:
    await clients().open()
    engine = connect(database)
    try:
        alarms = SqlAlarms(engine, lambda: NOON)
        told = {"start": NOON, "last": NOON, "level": 2, "score": 1.5, "negative": True, "confidence": 0.7}
        episode = Episode.model_validate({**told, "reasons": (Reason(why="rise", values={"count": 3}),)})
        kept = await alarms.keep(Alert(brand=B, episode=episode), None)
        assert kept is not None
        assert await alarms.alert(kept.id) == kept
        assert await alarms.keep(kept.model_copy(update={"state": "nothing", "by": "Ada"}), "open") is not None
        assert await alarms.keep(kept.model_copy(update={"state": "over"}), "open") is None
        (only,) = await alarms.kept(B, NOON - timedelta(days=1))
        assert (only.state, only.by) == ("nothing", "Ada")
    finally:
        await engine.dispose()
