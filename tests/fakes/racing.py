"""Drafts that stand in Slack and in Telegram, decided from both at once while the process is killed; and a flood of updates.

What must hold is the caller's to say: here is what happened.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tests.fakes.flood import COMMENTS, mention, message, until_heard
from tests.fakes.serving import CARE, FRONT, GROUP, Serve
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

NUMBER = re.compile(r"#(\d+) · ")
DECIDED = re.compile(r"(Approved|Left unanswered|Approuvé|Laissé sans réponse) (?:by|par) (\w+)")


@dataclass
class Raced:
    drafts: set[int] = field(default_factory=set)
    cards: Counter[int] = field(default_factory=Counter)
    """Draft → its cards, in both chats."""
    locked: Counter[int] = field(default_factory=Counter)
    """Those with no button that decides, which say who decided."""
    said: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Draft → what its cards say was decided, and by whom."""
    trail: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    killed: int = 0
    seconds: float = 0.0


async def race(
    slack: FakeSlack,
    telegram: FakeTelegram,
    serving: Serve,
    *,
    drafts: int,
    asking: int = 0,
    deciding: int = 2,
    seed: int = 1,
) -> Raced:
    """Half the drafts are asked for in each chat, each event delivered twice; `asking` and `deciding` are the kills meanwhile."""
    chance = random.Random(seed)
    await serving.start()
    loop = asyncio.get_running_loop()
    start = loop.time()
    done = Raced()
    at = chance.sample(range(1, drafts), asking)
    for number in range(drafts):
        if number in at:
            await again(serving, done)
        words = f"on Instagram: “{COMMENTS[number % 2].format(n=number + 2)}”"
        if number % 2:
            said = slack.add_message(slack.channels[FRONT], message(slack, words))
            for _ in range(2):
                await until_heard(slack, mention(slack, said))
        else:
            await telegram.say(103, f"@BontonBot {words}", GROUP)
            telegram.redeliver(telegram.delivered[-1])
    wanted = 2 * drafts
    await slack.until(lambda: len(cards(slack, telegram)) >= wanted, timeout=60 + drafts, what="every card in both")
    done.drafts = {number for number, _, _ in cards(slack, telegram)}
    tapped = [_tap(slack, telegram, number, chance) for number in sorted(done.drafts)]
    chance.shuffle(tapped)
    at = chance.sample(range(1, drafts), deciding)
    running = []
    for number, taps in enumerate(tapped):
        if number in at:
            await again(serving, done)
        running.append(asyncio.create_task(taps))
        await asyncio.sleep(0.02)
    await asyncio.gather(*running)

    def settled() -> bool:
        shown = cards(slack, telegram)
        return len(shown) >= wanted and all(_locked(text, buttons) for _, text, buttons in shown)

    await slack.until(settled, timeout=60 + drafts, what="every card locked")
    done.seconds = loop.time() - start
    await asyncio.sleep(1)  # time for one too many
    await serving.stop()
    for number, text, buttons in cards(slack, telegram):
        done.cards[number] += 1
        done.locked[number] += _locked(text, buttons)
        done.said[number] |= {" ".join(found) for found in DECIDED.findall(text)}
    for event in json.loads(await _log(serving)):
        done.trail[event["draft"]].append(event["what"])
    return done


async def again(serving: Serve, done: Raced) -> None:
    await serving.kill()
    done.killed += 1
    await serving.start()


def cards(slack: FakeSlack, telegram: FakeTelegram) -> list[tuple[int, str, list[str]]]:
    """(draft, text, buttons) of every card in the channel and the group that speak for the brand."""
    found = []
    for said in slack.posted(FRONT):
        elements = [one for block in said.get("blocks", []) for one in block.get("elements", [])]
        found.append((slack.text_of(said), [str(one.get("action_id")) for one in elements]))
    for said in telegram.posted(GROUP):
        found.append((said["text"], [one["callback_data"] for one in telegram.buttons(said)]))
    return [(int(number[1]), text, buttons) for text, buttons in found if (number := NUMBER.search(text))]


def _locked(text: str, buttons: list[str]) -> bool:
    acts = {"approve", "edit", "reject", "ignore"} & {*buttons} or [
        one for one in buttons if re.match("1:[aeri]:", one)
    ]
    return not acts and bool(DECIDED.search(text))


async def _tap(slack: FakeSlack, telegram: FakeTelegram, draft: int, chance: random.Random) -> None:
    """Two people at once: one approves in Slack, another approves or leaves it in Telegram."""
    there = next(one for one in telegram.posted(GROUP) if f"#{draft} · " in one["text"])
    here = next(one for one in slack.posted(FRONT) if f"#{draft} · " in slack.text_of(one))
    letter = chance.choice("ai")
    data = next(
        one["callback_data"] for one in telegram.buttons(there) if one["callback_data"].startswith(f"1:{letter}:")
    )
    telegram.press(104, there, data)
    for _ in range(100):  # a person presses again what Slack says did not work
        if (await slack.press("U0GASPARD", here, "approve", f"{draft}.1")).ok:
            return
        await asyncio.sleep(0.2)


async def _log(serving: Serve) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "log", "--json"),
        env={**os.environ, **serving.settings},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    return out.decode()


async def pour(
    telegram: FakeTelegram, serving: Serve, *, events: int, kills: int, seed: int = 1, rooms: tuple[int, ...] = (CARE,)
) -> Counter[str]:
    """Comments in groups, each update three times in any order, the process killed on the way: comment → its cards."""
    chance = random.Random(seed)
    said = [COMMENTS[0].format(n=number + 2) for number in range(events)]
    at = sorted(chance.sample(range(events // 4, events), kills))
    await serving.start()
    for number, words in enumerate(said):
        if number in at:
            await serving.kill()
            await serving.start()
        await telegram.say(103, f"@BontonBot on Instagram: “{words}”", rooms[number % len(rooms)])
        for _ in range(2):
            telegram.redeliver(chance.choice(telegram.delivered))
        await asyncio.sleep(0.02)

    def shown() -> Counter[str]:
        found = Counter(
            told[0]
            for room in rooms
            for one in telegram.posted(room)
            if (told := re.search(r"My parcel is \d+ days late[^<\n]*answers\.", one["text"]))
        )
        return Counter({words: found[words] for words in said})

    await telegram.until(lambda: min(shown().values()) > 0, timeout=60 + events, what="every card")
    await asyncio.sleep(1)  # time for one too many
    await serving.stop()
    return shown()
