"""Both chats at once: events delivered twice, people who decide the same draft from both, and a process that is killed on the way.

Here with as many as a test may take; `python -m bench.slack` and `python -m bench.telegram` do the same with hundreds.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.fakes.racing import race
from tests.fakes.serving import Serve, populate, populate_telegram
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram


async def test_each_comment_has_one_card_a_chat_and_one_outcome(learned: Path, new_home: Callable[[], Path]) -> None:
    async with FakeSlack(burst=1_000) as slack, FakeTelegram() as telegram:
        populate(slack)
        populate_telegram(telegram)
        chats = {**slack.environment(), **telegram.environment(BONTON_BRANDS=str(learned / "brands"))}
        serving = Serve(new_home(), chats)
        slack.deliver_to = serving.events
        done = await race(slack, telegram, serving, drafts=8, asking=1, deciding=1)
    assert done.killed == 2
    assert len(done.drafts) == 8
    assert {*done.cards.values()} == {2}
    assert done.locked == done.cards
    for draft in done.drafts:
        told = done.trail[draft]
        assert len([what for what in told if what in ("draft.approved", "draft.ignored")]) == 1
        assert told.count("draft.released") == told.count("draft.approved")
        assert len({words.split()[-1] for words in done.said[draft]}) == 1
