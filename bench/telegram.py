"""Telegram, from outside: update to card, thirty chats at once, five hundred updates with two kills, and both chats on one draft.

A fake Telegram (and Slack) in this process, `bonton serve` in another, on a data folder that has learned its brand. The fakes take
messages as fast as they come: what is measured is Bonton, not the vendors' pace.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fakes.flood import COMMENTS
from tests.fakes.racing import pour, race
from tests.fakes.serving import Serve, brand_folder, populate, populate_telegram
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

CARD_MS = 600
ALONE, CHATS = 40, 30
FLOOD, DRAFTS, KILLS = 500, 200, 2


async def measure() -> None:
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        brand_folder(home / "brands")
        await _cards(home)
        async with FakeTelegram(burst=100_000) as telegram:
            populate_telegram(telegram)
            rooms = tuple(-1002000000000 - number for number in range(CHATS))
            for room in rooms:
                telegram.add_group(room, "a chat")
            start = time.perf_counter()
            serving = Serve(_again(home, "flood"), telegram.environment())
            shown = Counter((await pour(telegram, serving, events=FLOOD, kills=KILLS, rooms=rooms)).values())
            print(
                f"{FLOOD} updates × 3 deliveries, killed {KILLS} times: {shown[1]} with one card, {shown[0]} with none, "
                f"{FLOOD - shown[0] - shown[1]} with more; {time.perf_counter() - start:.0f} s"
            )
        both = _again(home, "both")
        shutil.rmtree(both / "brands")
        await _race(both)


async def _cards(home: Path) -> None:
    async with FakeTelegram(burst=100_000) as telegram:
        populate_telegram(telegram)
        for number in range(CHATS):
            telegram.add_group(-1002000000000 - number, f"chat {number}")
        async with Serve(home, telegram.environment()):
            await _one(telegram, 103, 0)  # learns the brand
            await asyncio.sleep(5)
            times = [await _one(telegram, 103, number + 1) for number in range(ALONE)]
            middle, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            print(
                f"update to card, one at a time: median {middle:.0f} ms ({middle / CARD_MS:.0%} of {CARD_MS}), p95 {p95:.0f} ms"
            )
            start = time.perf_counter()
            rooms = [-1002000000000 - number for number in range(CHATS)]
            each = sorted(await asyncio.gather(*(_one(telegram, room, 100 + n) for n, room in enumerate(rooms))))
            print(
                f"{CHATS} chats at once: first card after {each[0]:.0f} ms, half after {statistics.median(each):.0f} ms, "
                f"all after {(time.perf_counter() - start) * 1000:.0f} ms"
            )


async def _one(telegram: FakeTelegram, chat: int, number: int) -> float:
    """Milliseconds from a message to its card."""
    words = COMMENTS[number % len(COMMENTS)].format(n=number + 2)
    before, start = telegram.now(), time.perf_counter()
    await telegram.say(103, f"@BontonBot on Instagram: “{words}”", chat)
    await telegram.until(lambda: telegram.posted(chat, after=before), timeout=120, what="a card")
    return (time.perf_counter() - start) * 1000


def _again(home: Path, name: str) -> Path:
    """What was learned, without what happened: another fake counts its updates from the beginning."""
    copy = home.with_name(name)
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("*.sqlite*", "owner.*"))
    return copy


async def _race(home: Path) -> None:
    brand_folder(home / "brands", fronts=True)
    async with (
        FakeSlack(burst=100_000, rate_limits=False, echo=False) as slack,
        FakeTelegram(burst=100_000) as telegram,
    ):
        populate(slack)
        populate_telegram(telegram)
        serving = Serve(home, {**slack.environment(), **telegram.environment()})
        slack.deliver_to = serving.events
        done = await race(slack, telegram, serving, drafts=DRAFTS, deciding=KILLS)
    decided = {"draft.approved", "draft.ignored"}
    outcomes = [draft for draft in done.drafts if len(decided & {*done.trail[draft]}) == 1]
    torn = [
        draft
        for draft in done.drafts
        if sum(what in decided for what in done.trail[draft]) != 1
        or done.trail[draft].count("draft.released") != done.trail[draft].count("draft.approved")
        or len({words.split()[-1] for words in done.said[draft]}) != 1
    ]
    print(
        f"{DRAFTS} drafts in Slack and Telegram, decided by racing taps, killed {done.killed} times: {len(outcomes)} outcomes, "
        f"{sum(done.locked.values())} locked cards of {sum(done.cards.values())}, {len(torn)} contradictions; {done.seconds:.0f} s"
    )


if __name__ == "__main__":
    asyncio.run(measure())
