"""Killed twice while events pour in, each delivered three times in any order: one card each, none missing, none double.

Here with as many events as a test may take; `python -m bench.slack` does the same with five hundred.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.fakes.flood import flood
from tests.fakes.serving import Serve, populate
from tests.fakes.slack import FakeSlack

EVENTS = 18


async def test_every_event_becomes_one_card_whatever_is_killed(learned: Path, new_home: Callable[[], Path]) -> None:
    async with FakeSlack(burst=1_000) as slack:
        populate(slack)
        serving = Serve(new_home(), {**slack.environment(), "BONTON_BRANDS": str(learned / "brands")})
        slack.deliver_to = serving.events
        done = await flood(slack, serving, events=EVENTS, kills=2)
    assert done.cards == dict.fromkeys(done.asked, 1)
    assert done.killed == 2
