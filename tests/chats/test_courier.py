"""The courier: every change reaches every chat, a chat that is down catches up, and nothing is shown side by side twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

import bot.courier
from bot.courier import Courier


class Chat:
    """A front-end that may be down, and counts what it shows."""

    def __init__(self, name: str = "slack") -> None:
        self.name = name
        self.shown: list[int] = []
        self.rung: list[tuple[int, str]] = []
        self.down = False
        self.busy: set[int] = set()
        self.pause = 0.0

    async def show(self, draft: int) -> None:
        assert draft not in self.busy, "one draft is being shown twice at once"
        self.busy.add(draft)
        await asyncio.sleep(self.pause)
        self.busy.discard(draft)
        if self.down:
            raise ConnectionError("down")
        self.shown.append(draft)

    async def ring(self, draft: int, what: str) -> None:
        if self.down:
            raise ConnectionError("down")
        self.rung.append((draft, what))


class Memory:
    async def unsettled(self, front: str) -> list[int]:
        return [7] if front == "slack" else []


async def pending() -> Sequence[int]:
    return [3]


async def rung() -> Sequence[tuple[int, str]]:
    return [(3, "draft.reminded")]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.courier, "PAUSES", (0.01,))


async def test_a_start_compares_every_card_with_its_draft() -> None:
    slack, telegram = Chat(), Chat("telegram")
    courier = Courier(Memory(), pending, rung)  # type: ignore[arg-type]
    await courier.open(slack)  # type: ignore[arg-type]
    await courier.open(telegram)  # type: ignore[arg-type]
    await courier.close(1)
    assert (slack.shown, telegram.shown) == ([3, 7], [3])


async def test_a_chat_that_is_down_catches_up_and_holds_up_no_other() -> None:
    slack, telegram = Chat(), Chat("telegram")
    courier = Courier(Memory(), pending, rung)  # type: ignore[arg-type]
    slack.down = True
    await courier.open(slack)  # type: ignore[arg-type]
    await courier.open(telegram)  # type: ignore[arg-type]
    await courier.changed(12)
    await asyncio.sleep(0.1)
    assert slack.shown == []
    assert 12 in telegram.shown
    slack.down = False
    await asyncio.sleep(0.1)
    await courier.close(1)
    assert sorted(slack.shown) == [3, 7, 12]


async def test_a_change_during_a_showing_is_shown_after_it() -> None:
    slack = Chat()
    courier = Courier(Memory(), pending, rung)  # type: ignore[arg-type]
    await courier.open(slack)  # type: ignore[arg-type]
    slack.pause = 0.05
    await courier.changed(12)
    await asyncio.sleep(0.01)
    for _ in range(10):
        await courier.changed(12)
    await asyncio.sleep(0.2)
    await courier.close(1)
    assert slack.shown.count(12) == 2


async def test_a_timer_is_told_and_an_expiry_changes_the_card() -> None:
    slack, telegram = Chat(), Chat("telegram")
    telegram.down = True
    courier = Courier(Memory(), pending, rung)  # type: ignore[arg-type]
    await courier.open(telegram)  # type: ignore[arg-type]
    await courier.open(slack)  # type: ignore[arg-type]
    await courier.rang(12, "draft.reminded")
    await courier.rang(12, "draft.expired")
    await asyncio.sleep(0.05)
    await courier.close(0.1)
    assert sorted(slack.rung) == [(3, "draft.reminded"), (12, "draft.reminded")]
    assert 12 in slack.shown


async def test_what_rang_while_a_chat_was_down_is_told_after_its_card() -> None:
    slack = Chat()
    slack.down = True
    courier = Courier(Memory(), pending, rung)  # type: ignore[arg-type]
    await courier.open(slack)  # type: ignore[arg-type]
    await courier.rang(12, "draft.escalated")
    await asyncio.sleep(0.05)
    assert slack.rung == []
    slack.down = False
    await asyncio.sleep(0.05)
    await courier.close(1)
    assert sorted(slack.rung) == [(3, "draft.reminded"), (12, "draft.escalated")]
