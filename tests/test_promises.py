"""The ledger of promises, through the front door: what a released text promises is entered, dated, reminded once, and marked kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from bot.assistant import Assistant
from bot.domain.approval import judge
from bot.domain.decision import Decision, Outcome
from bot.domain.draft import Draft, NewDraft
from bot.domain.promise import Promise
from bot.domain.request import Request
from bot.errors import NotAllowed, Refused
from bot.frontends.flows import Teller
from bot.frontends.flows.promises import Promises as Flow
from bot.herald import Herald
from bot.ledger.engine import address, connect
from bot.ledger.promises import SqlPromises
from bot.ledger.sql import SqlLedger
from bot.pages import Pages
from bot.promises import Promises, due, made
from bot.triage.text import fold
from bot.view import View
from knowledge.brand import Brand

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("words", "falls"),
    [
        ("On vous rappelle demain.", "2026-11-24 17:00"),
        ("On vous rappelle demain matin.", "2026-11-24 12:00"),
        ("Réponse sous 48 h.", "2026-11-25 15:00"),
        ("Réponse sous quarante-huit heures.", "2026-11-25 15:00"),
        ("Tout sera réglé d’ici vendredi.", "2026-11-27 17:00"),
        ("D’ici demain 10 h.", "2026-11-24 10:00"),
        ("On vous écrit dans la journée.", "2026-11-23 17:00"),
        ("On vous écrit ce soir.", "2026-11-23 20:00"),
        ("On vous appelle dans l’heure.", "2026-11-23 16:00"),
        ("Avant lundi.", "2026-11-30 17:00"),
        ("La semaine prochaine.", "2026-12-04 17:00"),
        ("Sous cinq jours ouvrés.", "2026-11-30 15:00"),
        ("We'll get back to you by Friday 5pm.", "2026-11-27 17:00"),
        ("Tomorrow at 9:30am.", "2026-11-24 09:30"),
        ("Within two days.", "2026-11-25 15:00"),
        ("Within 2 working days.", "2026-11-25 15:00"),
        ("By noon.", "2026-11-23 17:00"),
        ("We'll refund you.", None),
        ("Nous vous rembourserons.", None),
    ],
)
def test_words_fall_due_on_the_brands_clock(words: str, falls: str | None) -> None:
    found = due(fold(words), MONDAY)
    assert (found and f"{found:%Y-%m-%d %H:%M}") == falls


def test_a_span_of_any_size_is_a_date_that_exists() -> None:
    assert due("within 999999999 years", MONDAY) is None
    assert due("sous 999999999 jours", MONDAY)
    assert due("sous 99999999999999999999 h", MONDAY)
    assert due("within 999999999999 working days", MONDAY)


class Clock:
    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ledger(tmp_path: Path, clock: Clock) -> AsyncIterator[SqlLedger]:
    known = SqlLedger(connect(address(tmp_path, "")), clock)
    await known.open()
    yield known
    await known.close()


@pytest.fixture
def store(ledger: SqlLedger, clock: Clock) -> SqlPromises:
    return SqlPromises(ledger._engine, clock)


@pytest.fixture
def promises(store: SqlPromises, brand: Brand, clock: Clock) -> Promises:
    return Promises(store, lambda _: brand, clock)


@pytest.fixture
def left(ledger: SqlLedger, promises: Promises, new_draft: Callable[..., NewDraft], clock: Clock) -> Callable[..., Any]:
    """A text that leaves, in a thread of a chat."""

    async def leave(text: str, number: str = "r1", front: str = "slack", place: str = "C1/1.1") -> Draft:
        request = Request(id=number, text="Late!", brand="moulin-dore", front=front, place=place)
        (draft,) = await ledger.submit([new_draft(number, text=text)], request)
        when = Outcome(
            draft=draft.id, revision=1, text=text, hash=draft.hash, approved_by=("Ada",), released_at=clock()
        )
        await promises.enter(draft, when)
        await promises.enter(draft, when)
        return draft

    return leave


async def test_what_a_released_text_promises_is_entered_once_with_its_place(
    promises: Promises, left: Callable[..., Any]
) -> None:
    draft = await left(
        "Merci de l’avoir dit. On vous rappelle demain. Nous vous rembourserons. La boutique ouvre demain."
    )
    found = await promises.listed("moulin-dore", ("open",))
    assert [(one.topic, one.words, one.dated) for one in found] == [
        ("refund", "Nous vous rembourserons.", False),
        ("callback", "On vous rappelle demain.", True),
    ]
    assert found[0].due == MONDAY + timedelta(hours=24)
    assert {(one.draft, one.front, one.place, one.network) for one in found} == {
        (draft.id, "slack", "C1/1.1", "instagram")
    }


@pytest.mark.parametrize(
    "text",
    [
        "Un retour est remboursé sous 5 jours ouvrés.",
        "Nous ne pouvons pas vous promettre un remboursement.",
        "On vous rappelle demain ?",
        "« Nous vous rembourserons demain », vous a-t-on dit, et rien n’est venu depuis.",
        "C’est notre faute.",
        "Cela ne se reproduira plus.",
        "Nous garantissons la fraîcheur du pain.",
    ],
)
async def test_a_rule_a_question_or_a_quotation_enters_nothing(
    text: str, promises: Promises, left: Callable[..., Any]
) -> None:
    await left(text)
    assert await promises.listed("", ()) == []


async def test_the_first_press_settles_it_and_every_change_is_in_the_trail(
    ledger: SqlLedger, promises: Promises, left: Callable[..., Any]
) -> None:
    draft = await left("On vous rappelle demain.")
    (one,) = await promises.listed("", ("open",))
    kept, second = await promises.keep(one.id, "ada"), await promises.drop(one.id, "Ben")
    assert (kept.applied, kept.promise.state, kept.promise.by, kept.said.key) == (True, "kept", "Ada", "promise.kept")
    assert (second.applied, second.promise.state, second.said.key) == (False, "kept", "promise.already_kept")
    assert [event.what for event in await ledger.events(draft.id)][-2:] == ["promise.made", "promise.kept"]


async def test_strangers_settle_nothing(promises: Promises, left: Callable[..., Any]) -> None:
    await left("On vous rappelle demain.")
    (one,) = await promises.listed("", ("open",))
    with pytest.raises(NotAllowed):
        await promises.keep(one.id, "Mallory")
    with pytest.raises(Refused):
        await promises.keep(999, "Ada")
    assert (await promises.promise(one.id)).state == "open"


class Chat:
    name = "slack"

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str]] = []
        self.fails = 0

    async def tell(self, brand: Brand, key: str, panel: Any, place: str = "") -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError
        self.told.append((key, place, panel.blocks[0].quote))


class NoWatch:
    async def look(self, brand: str) -> list[Any]:
        return []


class NoCrisis:
    async def look(self, *_: object) -> None:
        """None is open."""


class NoInbox:
    async def urgent(self, *_: object) -> list[Any]:
        return []


def herald(promises: Promises, brand: Brand, pages: Pages, clock: Clock, *chats: Chat) -> Herald:
    """As a start of `bonton serve` makes it; the digest is not ours."""
    parts = cast(
        Any,
        (NoInbox(), None, promises, lambda: [brand], lambda locale: View(pages, locale), NoWatch(), None, NoCrisis()),
    )
    made_ = Herald(*parts, clock)
    made_._told.update((brand.slug, (clock.at + timedelta(days=day)).date()) for day in range(10))
    for chat in chats:
        made_.open(chat)
    return made_


async def test_the_thread_that_made_it_is_reminded_once_also_after_a_restart(
    promises: Promises, left: Callable[..., Any], brand: Brand, pages: Pages, clock: Clock
) -> None:
    await left("On vous rappelle demain.")
    chat, other = Chat(), Chat()
    other.name = "telegram"
    first = herald(promises, brand, pages, clock, chat, other)
    await first.look(brand)
    assert chat.told == []
    clock.at = MONDAY + timedelta(days=1, hours=1, minutes=1)  # within the hour before 17:00
    chat.fails = 1
    with pytest.raises(ConnectionError):
        await first.look(brand)
    for _ in range(2):
        await herald(promises, brand, pages, clock, chat, other).look(brand)
    assert [(place, quote) for _, place, quote in chat.told] == [("C1/1.1", "On vous rappelle demain.")]
    assert other.told == []


async def test_a_promise_made_in_no_chat_is_told_where_the_brand_speaks(
    promises: Promises, left: Callable[..., Any], brand: Brand, pages: Pages, clock: Clock
) -> None:
    await left("On vous rappelle demain.", front="terminal", place="Ada")
    clock.at = MONDAY + timedelta(days=2)
    chat = Chat()
    await herald(promises, brand, pages, clock, chat).look(brand)
    assert [place for _, place, _ in chat.told] == [""]


async def test_put_off_it_rings_again_tomorrow_morning_and_kept_never(
    promises: Promises, left: Callable[..., Any], brand: Brand, pages: Pages, clock: Clock
) -> None:
    await left("On vous rappelle demain.")
    (one,) = await promises.listed("", ("open",))
    chat = Chat()
    watching = herald(promises, brand, pages, clock, chat)
    clock.at = MONDAY + timedelta(days=1, hours=2)
    await watching.look(brand)
    assert (await promises.later(one.id, "Fay")).applied
    await watching.look(brand)
    assert len(chat.told) == 1
    clock.at = datetime(2026, 11, 25, 9, 1, tzinfo=PARIS)
    await watching.look(brand)
    assert len(chat.told) == 2
    assert len({key for key, _, _ in chat.told}) == 2
    await promises.later(one.id, "Fay")
    await promises.keep(one.id, "Fay")
    clock.at += timedelta(days=3)
    await watching.look(brand)
    assert len(chat.told) == 2


async def test_presses_race_and_one_wins(promises: Promises, left: Callable[..., Any]) -> None:
    await left("On vous rappelle demain.")
    (one,) = await promises.listed("", ("open",))
    came = await asyncio.gather(*(promises.keep(one.id, who) for who in ("Ada", "Ben", "Chloé", "Dan") * 5))
    assert sum(settled.applied for settled in came) == 1


async def test_in_chat_promises_lists_what_is_due_and_a_tap_marks_it_kept(
    promises: Promises, left: Callable[..., Any], brand: Brand, pages: Pages, clock: Clock
) -> None:
    await left("On vous rappelle demain.")

    class Desk:
        pass

    desk: Any = Desk()
    desk.promises = promises
    flow = Flow(desk, clock)
    teller = Teller("slack", "U0ADA", "C1", "e1", View(pages, "fr"), [brand])
    (listed,) = [shown async for shown in flow.said("", teller)]
    block = listed.panel.blocks[0]
    assert block.quote == "On vous rappelle demain."
    assert "17:00" in block.note
    assert [button.words for button in block.buttons] == ["Tenue", "Me le rappeler demain", "Sans objet"]
    told, drawn = [shown async for shown in flow.pressed(block.buttons[0].press.partition(":")[2], teller)]
    assert told.to == "private"
    assert "tenue" in drawn.panel.title
    assert not drawn.panel.blocks[0].buttons
    (empty,) = [shown async for shown in flow.said("", teller)]
    assert [one.text for one in empty.panel.blocks] == ["Aucune promesse à tenir."]
    stranger = Teller("slack", "U0NOBODY", "C1", "e2", View(pages, "fr"), [brand])
    with pytest.raises(NotAllowed):
        [shown async for shown in flow.pressed(block.buttons[0].press.partition(":")[2], stranger)]


def test_a_reminder_never_comes_before_half_the_time_is_over(new_draft: Callable[..., NewDraft], brand: Brand) -> None:
    draft = Draft(**new_draft(text="x").model_dump(), id=1, revision=1, state="released", hash="", created_at=MONDAY)
    when = Outcome(
        draft=1, revision=1, text="On vous rappelle dans l’heure.", hash="", approved_by=(), released_at=MONDAY
    )
    (one,) = made(draft, when, brand)
    assert (one.ring_at, one.due) == (MONDAY + timedelta(minutes=30), MONDAY + timedelta(hours=1))
    assert not isinstance(one, Promise)


async def test_a_crash_between_the_release_and_the_promise_loses_neither(
    ledger: SqlLedger, promises: Promises, new_draft: Callable[..., NewDraft], brand: Brand
) -> None:
    class Crashing:
        left = 1

        async def enter(self, draft: Draft, outcome: Outcome) -> None:
            self.left -= 1
            if self.left >= 0:
                raise ConnectionError
            await promises.enter(draft, outcome)

    nobody: Any = None
    assistant = Assistant(
        pages=nobody,
        brand=lambda _: brand,
        library=nobody,
        ledger=ledger,
        writer=nobody,
        situations=nobody,
        skills=nobody,
        keeper=Crashing(),
    )
    (draft,) = await ledger.submit(
        [new_draft("r9", text="On vous rappelle demain.")], Request(id="r9", text="Late!", brand="moulin-dore")
    )
    await ledger.decide(Decision(draft=draft.id, verb="approve", by="Ada"), lambda one, press: judge(one, press, brand))
    with pytest.raises(ConnectionError):
        await assistant.release(draft.id, 1)
    for _ in range(2):  # durable work runs the step again
        await assistant.release(draft.id, 1)
    assert len(await promises.listed("", ())) == 1
