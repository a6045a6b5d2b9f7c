"""A question about a brand is answered by people to whom that brand is open, even where two brands share a chat."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from telegram import User

from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.frontends.telegram.front import Front
from bot.pages import Pages
from knowledge.brand import Brand


class Wall:
    def __init__(self) -> None:
        self.told: list[str] = []

    async def put(self, key: str, place: str, card: Any, **_: Any) -> None:
        self.told.append(card.text)


async def test_a_brand_that_is_not_open_to_them_gets_no_draft(brand: Brand, pages: Pages) -> None:
    asked: list[Request] = []

    async def handle(request: Request) -> Reply:
        asked.append(request)
        return Reply(request=request.id)

    house: Any = SimpleNamespace(pages=pages, brands=lambda: [brand], brand=lambda _: brand, handle=handle)
    wall: Any = Wall()
    front = Front(house, None, wall, name="BontonBot", number=1, received=Path())  # type: ignore[arg-type]
    other = brand.model_copy(update={"slug": "other", "name": "Other"})
    user = User(id=555, first_name="Zoé", is_bot=False, language_code="en")
    request = Request(id="telegram:1", text="Late!", brand=brand.slug, front="telegram", place="-1")
    await front._send(request, [other], user)
    assert asked == []
    assert "You are not on the Moulin Doré team yet" in wall.told[0]
    await front._send(request, [brand], user)
    assert asked == [request]
