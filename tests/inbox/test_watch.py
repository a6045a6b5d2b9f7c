"""The alarm over the live inbox: one alert an episode, told once and then changed; what people said was nothing weighs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from bot.domain.comment import NewComment
from bot.errors import NotAllowed, Refused
from bot.frontends.flows import Teller
from bot.frontends.flows.alarm import Alarm
from bot.frontends.panel import Panel, Shown
from bot.herald import Herald
from bot.inbox import Inbox
from bot.ledger.alarms import SqlAlarms
from bot.ledger.engine import address, connect
from bot.pages import Pages
from bot.view import View
from bot.watch import Watch
from knowledge.brand import Brand
from tests.inbox.conftest import Clock, Desk

B = "moulin-dore"
HOUR = timedelta(hours=1)


@pytest.fixture
async def watch(home: Any, desk: Desk, brand: Brand, clock: Clock) -> AsyncIterator[Watch]:
    engine = connect(address(home, ""))
    yield Watch(SqlAlarms(engine, clock), lambda _: brand, clock)
    await engine.dispose()


def said(text: str, at: datetime | None, author: str = "", **more: Any) -> NewComment:
    return NewComment(brand=B, text=text, network="instagram", author=author, at=at, **more)


async def history(inbox: Inbox, clock: Clock, days: int = 21, source: str = "import:past.csv") -> None:
    """Every two hours of the day one remark, and at noon one complaint: as an import of the past weeks brings them."""
    start = clock().replace(hour=0, minute=0) - timedelta(days=days)
    batch = []
    for day in range(days):
        for hour in range(8, 22, 2):
            words = f"late {day}" if hour == 12 else f"fine {day} {hour}"
            batch.append(said(words, start + timedelta(days=day, hours=hour), f"u{day}-{hour}", source=source))
    await inbox.receive(B, batch)


async def burst(
    inbox: Inbox, clock: Clock, count: int = 24, *, word: str = "late", authors: int = 99, name: str = "b"
) -> None:
    """Within the last half hour."""
    batch = [
        said(
            f"{word} {name}{place}",
            clock() - timedelta(minutes=place % 30),
            f"{name}{place % authors}",
            reach=place * 10,
        )
        for place in range(count)
    ]
    await inbox.receive(B, batch)


async def test_a_burst_is_one_alert_with_its_reasons_and_first_comments(
    watch: Watch, inbox: Inbox, clock: Clock
) -> None:
    await history(inbox, clock)
    assert await watch.look(B) == []
    await burst(inbox, clock)
    (alert,) = await watch.look(B)
    assert alert.episode.level >= 2
    whys = [reason.why for reason in alert.episode.reasons]
    assert whys == ["rise", "share", "subject", "many_authors", "reach"]
    assert [comment.text.split()[0] for comment in alert.first] == ["late"] * 3
    assert await watch.look(B) == []
    clock.forward(minutes=40)
    await burst(inbox, clock, 60, name="c")
    (again,) = await watch.look(B)
    assert (again.id, again.state) == (alert.id, "open")
    assert again.episode.score > alert.episode.score
    clock.forward(hours=30)
    (over,) = await watch.look(B)
    assert (over.id, over.state) == (alert.id, "over")
    assert await watch.look(B) == []


async def test_pasted_comments_count_when_they_come_and_a_file_without_times_never(
    watch: Watch, inbox: Inbox, clock: Clock
) -> None:
    await history(inbox, clock)
    await inbox.receive(
        B, [said(f"late f{place}", None, f"f{place}", source="import:undated.csv") for place in range(40)]
    )
    assert await watch.look(B) == []
    await inbox.receive(B, [said(f"late p{place}", None, f"p{place}") for place in range(20)])
    assert len(await watch.look(B)) == 1


async def test_joy_is_no_alert(watch: Watch, inbox: Inbox, clock: Clock) -> None:
    await history(inbox, clock)
    await burst(inbox, clock, 80, word="thanks")
    assert await watch.look(B) == []
    assert (await watch.glance(B)).enough


async def test_nothing_known_nothing_said(watch: Watch, inbox: Inbox, clock: Clock) -> None:
    await burst(inbox, clock, 50)
    assert await watch.look(B) == []
    glance = await watch.glance(B)
    assert (glance.alert, glance.enough) == (None, False)


async def test_an_old_crisis_that_is_imported_alarms_nobody(watch: Watch, inbox: Inbox, clock: Clock) -> None:
    await history(inbox, clock)
    clock.forward(days=-5)
    await burst(inbox, clock)
    clock.forward(days=5)
    assert await watch.look(B) == []


async def test_a_few_authors_are_a_low_level(watch: Watch, inbox: Inbox, clock: Clock) -> None:
    await history(inbox, clock)
    await burst(inbox, clock, 60, authors=3)
    (alert,) = await watch.look(B)
    assert alert.episode.level <= 2
    assert "few_authors" in [reason.why for reason in alert.episode.reasons]


async def test_it_is_nothing_is_one_tap_and_is_learned(watch: Watch, inbox: Inbox, clock: Clock) -> None:
    await history(inbox, clock, 24)
    await burst(inbox, clock)
    (alert,) = await watch.look(B)
    with pytest.raises(NotAllowed):
        await watch.nothing(alert.id, "Mallory")
    done = await watch.nothing(alert.id, "Ada")
    assert (done.applied, done.alert.state, done.alert.by) == (True, "nothing", "Ada")
    assert not (await watch.nothing(alert.id, "Ada")).applied
    assert await watch.look(B) == []
    clock.forward(days=2)
    await burst(inbox, clock, name="like")
    assert await watch.look(B) == []
    clock.forward(minutes=20)
    await burst(inbox, clock, 300, name="grave")
    (grave,) = await watch.look(B)
    assert grave.id != alert.id
    assert "learned" in [reason.why for reason in grave.episode.reasons]


async def test_what_was_nothing_comes_back_when_it_grows_grave(watch: Watch, inbox: Inbox, clock: Clock) -> None:
    await history(inbox, clock)
    await burst(inbox, clock, 10)
    (alert,) = await watch.look(B)
    await watch.nothing(alert.id, "Ada")
    clock.forward(minutes=30)
    await burst(inbox, clock, 400, name="much")
    (back,) = await watch.look(B)
    assert (back.id, back.state, back.by) == (alert.id, "open", "")
    assert back.episode.level > alert.episode.level


async def test_there_is_no_alert_that_there_is_not(watch: Watch) -> None:
    for number in (0, 99, 10**30):
        with pytest.raises(Refused):
            await watch.alert(number)


class Chat:
    name = "slack"

    def __init__(self) -> None:
        self.told: list[tuple[str, Panel]] = []
        self.down = False

    async def tell(self, brand: Brand, key: str, panel: Panel, place: str = "") -> None:
        if self.down:
            raise OSError
        self.told.append((key, panel))


async def test_the_herald_tells_and_a_tap_closes(
    watch: Watch, desk: Desk, inbox: Inbox, brand: Brand, pages: Pages, clock: Clock
) -> None:
    desk.watch = watch  # type: ignore[attr-defined]
    house = cast(Any, desk)
    flow, view = Alarm(house, clock), View(pages, "fr")
    herald = Herald(inbox, cast(Any, None), cast(Any, None), lambda: [brand], lambda _: view, watch, flow, clock)
    chat = Chat()
    herald.open(chat)
    await history(inbox, clock)
    await burst(inbox, clock)
    chat.down = True
    with pytest.raises(OSError):
        await herald._bursts(brand)
    chat.down = False
    await herald._bursts(brand)
    ((key, panel),) = chat.told
    assert "bad buzz ou bruit" in panel.title
    assert [button.words for block in panel.blocks for button in block.buttons][-1] == "Ce n’est rien"
    assert len([block for block in panel.blocks if block.quote]) == 3
    await herald._bursts(brand)
    assert len(chat.told) == 1

    teller = Teller("terminal", "", "", "e1", view, [brand], who="Ada")
    shown: list[Shown] = [one async for one in flow.pressed(f"nothing:{key.partition(':')[2]}", teller)]
    assert "pèseront moins" in shown[0].panel.blocks[0].text
    assert "ce n’était rien, dit Ada" in shown[1].panel.title
    with pytest.raises(Refused):
        [one async for one in flow.pressed("gone:1", teller)]
    (calm,) = [one async for one in flow.said("", teller)]
    assert "rien d’inhabituel" in calm.panel.blocks[0].text
