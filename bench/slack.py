"""Slack, from outside: event to acknowledgement while drafts are written, event to card, and five hundred events with two kills.

A fake workspace in this process, `bonton serve` in another, on a data folder that has learned its brand. The fake takes messages
as fast as they come: what is measured is Bonton, not Slack's pace.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fakes.flood import COMMENTS, flood
from tests.fakes.serving import Serve, brand_folder, populate
from tests.fakes.slack import FakeSlack

ACK_MS, CARD_MS, START_S = 50, 600, 4
A_SECOND, SECONDS = 50, 10
ALONE = 40
FLOOD, KILLS = 500, 2


async def measure() -> None:
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        brand_folder(home / "brands")
        async with FakeSlack(burst=100_000, rate_limits=False, echo=False) as slack:
            populate(slack)
            start = time.perf_counter()
            async with Serve(home, slack.environment()) as serving:
                up = time.perf_counter() - start
                print(f"start to every chat open: {up:.1f} s ({up / START_S:.0%} of {START_S})")
                slack.deliver_to = serving.events
                await _one(slack, 0)  # learns the brand
                await asyncio.sleep(5)
                await _cards(slack)
                await _acknowledgements(slack)
        async with FakeSlack(burst=100_000, rate_limits=False, echo=False) as slack:
            populate(slack)
            serving = Serve(home, slack.environment())
            slack.deliver_to = serving.events
            done = await flood(slack, serving, events=FLOOD, kills=KILLS)
            each = Counter(done.cards.get(thread, 0) for thread in done.asked)
            print(
                f"{FLOOD} events × 3 deliveries, killed {done.killed} times: {each[1]} threads with one card, "
                f"{each[0]} with none, {sum(each[n] for n in each if n > 1)} with more; {done.seconds:.0f} s"
            )


async def _one(slack: FakeSlack, number: int) -> float:
    """Milliseconds from a mention to its card."""
    words = COMMENTS[number % len(COMMENTS)].format(n=number + 2)
    start = time.perf_counter()
    said = await slack.say("U0MAUD", "C0CARE", f"on Instagram: “{words}”", mention=True)
    await slack.until(lambda: slack.posted("C0CARE", said.ts), timeout=120, what="a card")
    return (time.perf_counter() - start) * 1000


async def _cards(slack: FakeSlack) -> None:
    times = [await _one(slack, number + 1) for number in range(ALONE)]
    middle, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(
        f"event to card, one at a time: median {middle:.0f} ms ({middle / CARD_MS:.0%} of {CARD_MS}), p95 {p95:.0f} ms"
    )


async def _acknowledgements(slack: FakeSlack) -> None:
    rooms = [slack.add_channel(f"C0BENCH{number}").id for number in range(50)]
    total, start, tasks = A_SECOND * SECONDS, time.perf_counter(), []
    before = sum(len(slack.posted(room)) for room in rooms)
    for number in range(total):
        words = COMMENTS[number % len(COMMENTS)].format(n=number + 100)
        said = slack.add_message(
            slack.channels[rooms[number % len(rooms)]],
            {"user": "U0MAUD", "text": f"<@{slack.bot_user}> on Instagram: “{words}”", "team": slack.team},
        )
        event = slack.event({**said, "type": "app_mention", "event_ts": said["ts"]})
        tasks.append(asyncio.create_task(slack.deliver(event)))
        await asyncio.sleep(max(0.0, start + (number + 1) / A_SECOND - time.perf_counter()))
    answers = await asyncio.gather(*tasks)
    times = [answer.seconds * 1000 for answer in answers if answer.ok]
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(
        f"event to acknowledgement, {A_SECOND} a second for {SECONDS} s while drafts are written: median {p50:.0f} ms, "
        f"p95 {p95:.0f} ms ({p95 / ACK_MS:.0%} of {ACK_MS}); {total - len(times)} not acknowledged"
    )
    await slack.until(
        lambda: sum(len(slack.posted(room)) for room in rooms) - before == total, timeout=300, what="cards"
    )
    print(
        f"  {total} cards after {time.perf_counter() - start:.0f} s ({total / (time.perf_counter() - start):.0f} a second)"
    )


if __name__ == "__main__":
    asyncio.run(measure())
