"""Many mentions at once, each delivered several times in any order, to a server that is killed on the way."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from tests.fakes.serving import Serve
from tests.fakes.slack import Delivery, FakeSlack

COMMENTS = (
    "My parcel is {n} days late and nobody answers.",
    "The pump broke after {n} days, what a disappointment.",
    "Colis toujours pas arrivé depuis {n} jours, personne ne répond.",
    "Le flacon est arrivé cassé, {n} euros à la poubelle.",
    "{n} semaines que j’attends mon remboursement.",
)
DELIVERIES = 3


@dataclass
class Flooded:
    asked: list[str]
    """Threads in which something was asked."""
    cards: dict[str, int] = field(default_factory=dict)
    """Thread → cards in it."""
    killed: int = 0
    seconds: float = 0.0


async def flood(slack: FakeSlack, serving: Serve, *, events: int, kills: int, seed: int = 1) -> Flooded:
    """Delivers, kills, starts again, and waits until every card is there."""
    chance = random.Random(seed)
    rooms = [slack.add_channel(f"C0FLOOD{number}", f"flood-{number}").id for number in range(max(1, events // 10))]
    said = []
    for number in range(events):
        words = f"on Instagram: “{COMMENTS[number % len(COMMENTS)].format(n=number + 2)}”"
        said.append(slack.add_message(slack.channels[rooms[number % len(rooms)]], message(slack, words)))
    done = Flooded([one["ts"] for one in said])
    deliveries = [mention(slack, one) for one in said for _ in range(DELIVERIES)]
    chance.shuffle(deliveries)
    at = sorted(chance.sample(range(len(deliveries) // 5, len(deliveries)), kills))
    await serving.start()
    loop = asyncio.get_running_loop()
    start = loop.time()
    for number, payload in enumerate(deliveries):
        if number in at:
            await serving.kill()
            done.killed += 1
            await serving.start()
        await until_heard(slack, payload)
    await slack.until(lambda: len(_cards(slack, rooms)) == events, timeout=60 + events, what="every card")
    done.seconds = loop.time() - start
    await asyncio.sleep(2)  # time for one too many
    await serving.stop()
    done.cards = dict(_cards(slack, rooms))
    return done


def _cards(slack: FakeSlack, rooms: list[str]) -> Counter[str]:
    return Counter(str(one.get("thread_ts")) for room in rooms for one in slack.posted(room))


def message(slack: FakeSlack, words: str) -> dict[str, object]:
    return {"user": "U0MAUD", "text": f"<@{slack.bot_user}> {words}", "team": slack.team}


def mention(slack: FakeSlack, said: dict[str, object]) -> Delivery:
    return Delivery("event", slack.event({**said, "type": "app_mention", "event_ts": said["ts"]}))


async def until_heard(slack: FakeSlack, delivery: Delivery) -> None:
    for num in range(1, 20):
        if (await slack.redeliver(delivery, num)).ok:
            return
        await asyncio.sleep(0.2)
    raise AssertionError("an event was never heard")
