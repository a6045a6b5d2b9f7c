"""A drill on the real desk: its story goes by its clock, its comments are in no count of the brand's, and nothing of it ever leaves."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import Bonton
from bot.crisis import drill
from bot.domain.comment import NewComment
from bot.domain.decision import Decision
from bot.domain.incident import Change, Incident, Opening
from bot.domain.model import now
from bot.domain.request import Request
from bot.errors import Refused
from bot.inbox import Asked
from bot.pages import shared
from bot.settings import Settings

B = "maison-virevent"
NAMES = sorted(shared().drills)


@pytest.fixture
async def desk(learned: Path, home: Path) -> AsyncIterator[Bonton]:
    shutil.copytree(learned / "cache", home / "cache", dirs_exist_ok=True)
    async with Bonton(Settings(BONTON_HOME=home)).running() as running:
        yield running


async def started(desk: Bonton, pace: float = 600, name: str = "sunburn_milk") -> Incident:
    opening = Opening(brand=B, title="Plaques", by="Gaspard", drill=name, pace=pace, front="slack", place="C1/1.1")
    return (await desk.crisis.open(opening)).incident


async def later(desk: Bonton, minutes: float) -> None:
    moment = now() + timedelta(minutes=minutes)
    desk.crisis._clock = desk.crisis._incidents._clock = lambda: moment  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_rises_informs_and_ends(name: str) -> None:
    page = shared().drills[name]
    assert 14 <= len(page.turns) <= 22
    assert sum(turn.news for turn in page.turns) >= 3
    assert sum(turn.chorus > 0 for turn in page.turns) >= 2
    assert len({turn.words("fr") for turn in page.turns}) == len({turn.words("en") for turn in page.turns})
    assert len(page.chorus["fr"]) == len(page.chorus["en"]) >= 8
    assert 25 <= page.turns[-1].at <= 60
    assert page.expects[0].by <= 5
    assert max(one.by for one in page.expects) <= page.turns[-1].at


def test_ten_scenarios() -> None:
    assert len(NAMES) == 10


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_story_only_grows_and_tells_each_comment_once(name: str, language: str) -> None:
    page = shared().drills[name]
    incident = Incident(id=7, brand=B, title="?", by="Ada", drill=name, pace=20, state="open", opened_at=now())
    before: list[str] = []
    for tenths in range(0, 40):
        moment = incident.opened_at + timedelta(seconds=tenths * 6)
        beats = drill.come(page, incident, "Maison Virevent", language, moment)
        refs = [comment.ref for beat in beats for comment in beat.comments]
        assert len(set(refs)) == len(refs)
        assert set(before) <= set(refs)
        assert all("{brand}" not in comment.text for beat in beats for comment in beat.comments)
        assert all(comment.at and comment.at <= moment for beat in beats for comment in beat.comments)
        before = refs
    assert drill.over(page, incident, incident.opened_at + timedelta(minutes=5))
    assert len(before) >= 20


async def test_what_has_come_is_there_once_and_nowhere_else(desk: Bonton) -> None:
    incident = await started(desk, pace=60)
    await later(desk, 0.3)  # 18 minutes of the story
    story = await desk.crisis.play(incident.id)
    assert [one.news for one in story.played].count(True) == 2
    assert not story.over
    count = sum(one.voices or 1 for one in story.played if not one.news)
    assert (await desk.crisis.room(incident.id)).open_comments == count
    again = await desk.crisis.play(incident.id)
    assert again.played == story.played
    box = await desk.inbox.box(B)
    assert box.counts.states == {}
    assert box.first == ()
    assert await desk.inbox.urgent(B, 1) == []
    assert sum((await desk.inbox.box(incident.box)).counts.states.values()) == count
    await later(desk, 1)
    assert (await desk.crisis.play(incident.id)).over
    record = await desk.crisis.record(incident.id)
    assert sum(entry.what == "drill.news" for entry in record.entries) == 4
    assert record.received == sum(one.comments for one in record.volume)


async def test_nothing_of_a_drill_ever_leaves(desk: Bonton) -> None:
    incident = await started(desk)
    await later(desk, 1)
    story = await desk.crisis.play(incident.id)
    first = next(one.comment for one in story.played if one.comment)
    asked = Asked(by="Maud", front="slack", place="C1/1.1", event="a1")
    answer = await desk.inbox.answer(first, asked)
    assert answer.drafts  # type: ignore[union-attr]
    pasted = await desk.handle(
        Request(id="p1", text="Et mon colis ?", brand=B, skill="reply", networks=("instagram",), author="Maud",
                front="slack", place="C1/1.1")
    )  # fmt: skip
    said = await desk.crisis.statement(incident.id, "holding", asked)
    numbers = [*answer.drafts, *pasted.drafts, *said.drafts]  # type: ignore[union-attr]
    assert len(numbers) >= 3
    for number in numbers:
        assert (await desk.draft(number)).drill
        for by in ("Inès", "Gaspard"):
            draft = await desk.draft(number)
            if draft.state == "pending":
                await desk.decide(Decision(draft=number, verb="approve", by=by, override="exercice"))
        draft = await desk.draft(number)
        assert draft.state == "approved"
        with pytest.raises(Refused, match=r"crisis\.said\.drill"):
            await desk.ledger.release(number, draft.revision)
    assert await desk.ledger.unreleased() == []
    assert await desk.pending(B) == []
    room = await desk.crisis.room(incident.id)
    assert room.first_words_at is not None  # in a drill, approved is as good as gone
    assert room.held == ()
    assert (await desk.inbox.box(B)).counts.states == {}
    assert (await desk.crisis.record(incident.id)).answered == 2


async def test_a_real_crisis_ends_a_drill_and_none_begins_meanwhile(desk: Bonton) -> None:
    drill_ = await started(desk)
    real = (await desk.crisis.open(Opening(brand=B, title="Pour de vrai", by="Gaspard"))).incident
    assert real.froze == 0
    assert (await desk.crisis.current(B)) == real
    ended = await desk.crisis.record(drill_.id)
    assert ended.incident.state == "closed"
    assert ended.entries[-1].what == "drill.ended"
    with pytest.raises(Refused, match=r"no_drill_now"):
        await started(desk)
    with pytest.raises(Refused, match=r"no_scenario"):
        await started(desk, name="../../etc/passwd")


async def test_a_drill_teaches_the_brand_nothing(desk: Bonton) -> None:
    incident = await started(desk)
    await later(desk, 1)
    story = await desk.crisis.play(incident.id)
    first = next(one.comment for one in story.played if one.comment)
    answer = await desk.inbox.answer(first, Asked(by="Maud", front="slack", place="C1/1.1", event="a1"))
    number = answer.drafts[0]  # type: ignore[union-attr]
    await desk.decide(Decision(draft=number, verb="edit", by="Maud", text="Bonjour, écrivez-nous en privé."))
    assert await desk.changes(number) == []
    received = await desk.inbox.receive(B, [NewComment(brand=B, text="Un vrai commentaire", network="instagram")])
    assert len(received.stored) == 1
    assert (await desk.inbox.counts(B, now() - timedelta(days=1))).today == 1


async def test_what_was_not_known_is_confirmed_with_one_tap(desk: Bonton) -> None:
    incident = await started(desk)
    change: dict[str, Any] = {"incident": incident.id, "by": "Gaspard"}
    await desk.crisis.change(Change(verb="add", sort="unknown", words="Le lot est L-2041", **change))
    (line,) = (await desk.crisis.room(incident.id)).truth
    await desk.crisis.change(Change(verb="replace", line=line.id, sort="confirmed", words=line.words, **change))
    (now_,) = (await desk.crisis.room(incident.id)).truth
    assert now_.sort == "confirmed"
