"""The herald's part in a crisis: one card that changes, each reminder once, the right phones, authors told of the freeze."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from bot.crisis_watch import CrisisWatch
from bot.desk import CrisisDesk
from bot.domain.comment import Group
from bot.domain.incident import Change, Opening
from bot.frontends.panel import Panel
from bot.pages import Pages
from bot.view import View
from knowledge.brand import Brand, Person
from tests.crisis.conftest import told
from tests.fakes.crisis import Clock, FakeDesk


@dataclass
class Chat:
    """Keeps the last panel of each key, and who was written to alone."""

    name: str = "slack"
    kept: dict[str, Panel] = field(default_factory=dict)
    under: dict[str, str] = field(default_factory=dict)
    alone: list[tuple[str, str]] = field(default_factory=list)

    async def tell(self, brand: Brand, key: str, panel: Panel, place: str = "", under: str = "") -> None:
        self.kept[key], self.under[key] = panel, under

    async def reach(self, person: Person, key: str, panel: Panel) -> bool:
        self.alone.append((person.name, key.split(":")[2] if key.count(":") > 1 else key))
        return True


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
def watch(desk: FakeDesk, pages: Pages, clock: Clock) -> CrisisWatch:
    return CrisisWatch(cast(CrisisDesk, desk.crisis), desk.draft, lambda locale: View(pages, locale), clock)


async def test_the_card_is_one_message_and_each_reminder_comes_once(
    watch: CrisisWatch, desk: FakeDesk, brand: Brand, clock: Clock, chat: Chat
) -> None:
    await watch.look(brand, {"slack": chat})
    assert chat.kept == {}
    await desk.crisis.open(Opening(brand=brand.slug, title="Farine", by="Chloé", event="ev"))
    for minute in range(13):
        for _ in range(3):
            watch.changed(brand.slug)
            await watch.look(brand, {"slack": chat})
        clock.forward(minutes=1)
        if minute == 6:
            await desk.crisis.change(Change(incident=1, verb="take", role="lead", by="Dan"))
    assert "Dan mène" in told(chat.kept.pop("crisis:ev"))
    kinds = [key.split(":")[3] for key in chat.kept]
    assert kinds == ["called", "first_words", "no_lead", "lead_silent", "first_words"]
    assert set(chat.under.values()) == {"", "crisis:ev"}
    called = told(next(iter(chat.kept.values())))
    assert "Je mène" in called
    assert "Voir la salle" in called
    assert [name for name, _ in chat.alone] == ["Dan", "Dan", "Chloé", "Dan", "Chloé", "Dan"]


async def test_after_a_restart_the_same_keys_are_told_again_and_no_others(
    watch: CrisisWatch, desk: FakeDesk, pages: Pages, brand: Brand, clock: Clock, chat: Chat
) -> None:
    await desk.crisis.open(Opening(brand=brand.slug, title="Farine", by="Chloé", event="ev"))
    clock.forward(minutes=3)
    await watch.look(brand, {"slack": chat})
    before = {key: told(panel) for key, panel in chat.kept.items()}
    again = CrisisWatch(cast(CrisisDesk, desk.crisis), desk.draft, lambda locale: View(pages, locale), clock)
    clock.forward(seconds=30)
    await again.look(brand, {"slack": chat})
    assert {key: told(panel) for key, panel in chat.kept.items()} == before


async def test_each_author_is_told_once_what_was_stopped(
    watch: CrisisWatch, desk: FakeDesk, brand: Brand, clock: Clock, chat: Chat
) -> None:
    for number in range(1, 451):
        desk.add(number, author="Ada" if number % 2 else "Ben")
    await desk.crisis.open(Opening(brand=brand.slug, title="Farine", by="Dan", event="ev"))
    for _ in range(5):
        await watch.look(brand, {"slack": chat})
        clock.forward(seconds=20)
    assert [one for one in chat.alone if one[1] == "frozen"] == [("Ada", "frozen"), ("Ben", "frozen")]


async def test_a_lift_changes_the_card_also_when_it_came_while_nobody_served(
    watch: CrisisWatch, desk: FakeDesk, pages: Pages, brand: Brand, clock: Clock, chat: Chat
) -> None:
    await desk.crisis.open(Opening(brand=brand.slug, title="Farine", by="Dan", event="ev"))
    await watch.look(brand, {"slack": chat})
    await desk.crisis.change(Change(incident=1, verb="close", by="Dan"))
    watch.changed(brand.slug)
    await watch.look(brand, {"slack": chat})
    assert "Dan demande la levée" in told(chat.kept["crisis:ev"])
    await desk.crisis.change(Change(incident=1, verb="agree", by="Chloé"))
    watch.changed(brand.slug)
    later = Chat()
    again = CrisisWatch(cast(CrisisDesk, desk.crisis), desk.draft, lambda locale: View(pages, locale), clock)
    for seen in ((watch, chat), (again, later)):
        await seen[0].look(brand, {"slack": seen[1]})
        assert "Crise levée" in told(seen[1].kept["crisis:ev"])


async def test_a_drill_stays_where_it_is_held_and_wakes_nobody(
    watch: CrisisWatch, desk: FakeDesk, brand: Brand, clock: Clock, chat: Chat
) -> None:
    desk.add(1)
    where = {"front": "slack", "place": "C1/7.7", "event": "ev"}
    await desk.crisis.open(Opening(brand=brand.slug, title="Rumeur", by="Dan", drill="rumour", **where))
    other = Chat("telegram")
    clock.forward(minutes=20)
    await watch.look(brand, {"slack": chat, "telegram": other})
    assert "Exercice" in told(chat.kept["crisis:ev"])
    assert "Des plaques" in told(chat.kept["crisis:ev:turn:0"])
    assert chat.under["crisis:ev:turn:0"] == "crisis:ev"
    assert watch.pace < 20
    assert other.kept == {}
    assert chat.alone == []


async def test_a_chat_that_is_down_keeps_the_other_from_nothing(
    watch: CrisisWatch, desk: FakeDesk, brand: Brand, clock: Clock, chat: Chat
) -> None:
    class Down(Chat):
        async def tell(self, brand: Brand, key: str, panel: Panel, place: str = "", under: str = "") -> None:
            raise ConnectionError

    down = Down("telegram")
    await desk.crisis.open(Opening(brand=brand.slug, title="Farine", by="Chloé", event="ev"))
    await watch.look(brand, {"telegram": down, "slack": chat})
    assert len(chat.kept) == 2
    up = Chat("telegram")
    clock.forward(seconds=20)
    await watch.look(brand, {"telegram": up, "slack": chat})
    assert set(up.kept) == set(chat.kept)


async def test_a_flood_of_comments_does_not_flood_the_card_and_a_press_does_not_wait(
    watch: CrisisWatch, desk: FakeDesk, brand: Brand, clock: Clock, chat: Chat
) -> None:
    told_: list[str] = []

    class Counted(Chat):
        async def tell(self, brand: Brand, key: str, panel: Panel, place: str = "", under: str = "") -> None:
            told_.append(key)

    counted = Counted()
    await desk.crisis.open(Opening(brand=brand.slug, title="Farine", by="Chloé", event="ev"))
    for comment in range(500):
        desk.groups = (Group(comments=tuple(range(comment + 1)), title="x"),)
        await watch.look(brand, {"slack": counted})
        clock.forward(seconds=0.05)
    assert told_.count("crisis:ev") == 5
    await desk.crisis.change(Change(incident=1, verb="take", role="lead", by="Dan"))
    watch.changed(brand.slug)
    await watch.look(brand, {"slack": counted})
    assert told_.count("crisis:ev") == 6
