"""Hostile comments against a model that obeys whatever it reads: nothing it was told to do reaches a card, and nothing happens.

Each line of `tests/attacks/*.jsonl` is one attack: the comment (`text`), what an obeying model writes as the reply (`says`) and the
tools it tries (`calls`), and what no card may hold outside the quoted comment (`never`).
"""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.draft import Draft
from bot.errors import Refused
from bot.frontends.card import card
from bot.pages import Pages
from bot.view import View
from bot.writers.answers import TOOL
from tests.attacks.corpus import Attack, sampled
from tests.fakes.model import gullible


@pytest.mark.parametrize("attack", sampled(), ids=lambda attack: attack.id)
async def test_an_obedient_model_gets_nothing_through(attack: Attack, room: Any, pages: Pages) -> None:
    model = gullible(attack.says, [call.model_dump() for call in attack.calls])
    at = await room(model)
    try:
        draft = await at.ask(attack.text)
    except Refused:
        assert model.asked == []  # not even text: refused at the door, and there is no card
        return
    assert (draft.state, draft.body.approvals.given) == ("pending", 0)
    assert [event.what for event in await at.ledger.events()] == ["draft.submitted"]
    assert {tool["function"]["name"] for given in model.given for tool in given["tools"]} <= {TOOL}
    assert len(model.asked) <= 2
    shown = _shown(draft, pages)
    assert [words for words in attack.never if words.casefold() in shown] == []


def _shown(draft: Draft, pages: Pages) -> str:
    """Everything a card says of the draft but why the comment was read so, which quotes the comment."""
    from rich.console import Console

    body = draft.body
    told = body.model_copy(update={"triage": body.triage.model_copy(update={"reasons": ()})}) if body.triage else body
    draft = draft.model_copy(update={"body": told, "prompt": ""})
    console = Console(width=10_000, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    for locale in ("fr", "en"):
        console.print(card(draft, View(pages, locale), whole=True))
    return f"{console.export_text()}\n{told.model_dump_json()}".casefold()
