"""Killed while updates pour in, and while both chats decide the same drafts: one card each, one outcome each, no contradiction.

Here with as many as a test may take; `python -m bench.telegram` does the same with five hundred updates and two hundred drafts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.fakes.racing import pour, race
from tests.fakes.serving import Serve, populate, populate_telegram
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram


async def test_every_update_becomes_one_card_whatever_is_killed(learned: Path, new_home: Callable[[], Path]) -> None:
    async with FakeTelegram() as telegram:
        populate_telegram(telegram)
        serving = Serve(new_home(), telegram.environment(BONTON_BRANDS=str(learned / "brands")))
        shown = await pour(telegram, serving, events=8, kills=2)
    assert {*shown.values()} == {1}


async def test_two_chats_decide_one_draft_once(learned: Path, new_home: Callable[[], Path]) -> None:
    async with FakeSlack(burst=1_000) as slack, FakeTelegram() as telegram:
        populate(slack)
        populate_telegram(telegram)
        chats = {**slack.environment(), **telegram.environment(BONTON_BRANDS=str(learned / "brands"))}
        serving = Serve(new_home(), chats)
        slack.deliver_to = serving.events
        done = await race(slack, telegram, serving, drafts=8, kills=2)
    assert done.killed == 2
    assert {*done.cards.values()} == {2}
    assert done.locked == done.cards
    for draft in done.drafts:
        told = done.trail[draft]
        assert len([what for what in told if what in ("draft.approved", "draft.ignored")]) == 1
        assert told.count("draft.released") == told.count("draft.approved")
        assert len({words.split()[-1] for words in done.said[draft]}) == 1
