"""A brand's crisis on a desk in memory, and people who speak to its flow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.frontends.flows import Teller
from bot.frontends.flows.crisis import Crisis
from bot.frontends.panel import Panel, Shown
from bot.pages import Pages
from bot.view import View
from knowledge.brand import Brand
from tests.fakes.crisis import Clock, FakeDesk


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(brand: Brand, clock: Clock) -> FakeDesk:
    return FakeDesk(brand, clock)


@pytest.fixture
def flow(desk: FakeDesk, clock: Clock) -> Crisis:
    return Crisis(desk, clock)  # type: ignore[arg-type]  # what the flow asks of it is there


@pytest.fixture
def speaks(brand: Brand, pages: Pages) -> Callable[..., Teller]:
    count = iter(range(1_000))

    def teller(who: str, **more: Any) -> Teller:
        values = {"front": "slack", "user": f"U0{who.upper().replace('É', 'E')}", "place": "C1", "below": "C1/7.7"}
        values |= {"event": f"e{next(count)}", "view": View(pages, "fr"), "brands": [brand]} | more
        return Teller(**values)

    return teller


async def all_of(shown: AsyncIterator[Shown]) -> list[Shown]:
    return [one async for one in shown]


def told(panel: Panel) -> str:
    parts = [panel.title]
    for block in panel.blocks:
        parts += [block.title, block.text, block.quote, block.note, *(button.words for button in block.buttons)]
    return "\n".join(part for part in parts if part)


def press(panel: Panel, words: str) -> str:
    """What the button of those words brings back, without the flow's name."""
    found = [
        one for block in panel.blocks for one in block.buttons if one.words.replace("\u00a0", " ").startswith(words)
    ]
    assert found, f"no “{words}” in {told(panel)}"
    return found[0].press.removeprefix("crisis:")
