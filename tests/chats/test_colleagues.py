"""Who is shown a draft that its author alone would see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.domain.draft import Approvals, Draft, NewDraft
from bot.frontends.colleagues import awaited
from knowledge.brand import Brand

TWO = Approvals(needed=2, lead=True, not_author=True)


def draft(new: NewDraft, *authors: str) -> Draft:
    kept = {"id": 1, "revision": 1, "state": "pending", "hash": "", "created_at": datetime.now(UTC), "authors": authors}
    return Draft(**new.model_dump(), **kept)


@pytest.mark.parametrize(
    ("rule", "author", "people"),
    [
        (Approvals(needed=1), "Ada", []),
        (Approvals(needed=1), "Fay", ["101", "102", "103", "104"]),
        (TWO, "Ada", ["102", "103", "104"]),
        (TWO.model_copy(update={"by": ("Ben",), "given": 1}), "Ada", ["103", "104"]),
    ],
)
def test_those_who_can_bring_it_further(
    brand: Brand, new_draft: Callable[..., NewDraft], rule: Approvals, author: str, people: list[str]
) -> None:
    assert awaited(draft(new_draft(approvals=rule), author), brand, "telegram") == people
