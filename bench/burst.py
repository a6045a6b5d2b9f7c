"""Whether every chat act answers within a second while 5,000 comments come in within a minute and a crisis is open.

`python -m bench.burst [COMMENTS] [SECONDS]`. Comments come in as the webhook brings them, fifty at a time; meanwhile the same acts are
done over and over, each timed from the press to its answer, beside the same acts at rest in the same run. Prints the slowest, too, and
whether anything was lost.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.app import Bonton
from bot.domain.comment import NewComment
from bot.domain.decision import Decision
from bot.domain.incident import Change, Incident, Opening
from bot.domain.request import Request
from bot.settings import Settings

LABELLED = Path(__file__).parent / "triage"
BRAND = "maison-virevent"
AT_ONCE, LIMIT = 50, 1_000


class Acts:
    """What people do in an open crisis, and how long each answer took, in milliseconds."""

    def __init__(self, bonton: Bonton, incident: Incident, drafts: list[int]) -> None:
        self._desk, self._incident, self._drafts = bonton, incident, iter(drafts)
        self._numbers = itertools.count(1)
        self.took: dict[str, list[float]] = {}

    async def _timed(self, name: str, act: Callable[[], Awaitable[object]]) -> None:
        began = time.perf_counter()
        await act()
        self.took.setdefault(name, []).append((time.perf_counter() - began) * 1_000)

    async def round(self) -> None:
        number, crisis = next(self._numbers), self._desk.crisis

        def changed(**asked: object) -> Callable[[], Awaitable[object]]:
            change = Change.model_validate({"incident": self._incident.id, "by": "Gaspard", **asked})
            return lambda: crisis.change(change)

        await self._timed("the card", lambda: crisis.room(self._incident.id))
        await self._timed("a line of truth", changed(verb="add", sort="confirmed", words=f"Le lot {number} est retiré"))
        await self._timed("the level", changed(verb="level", level=2 + number % 3))
        await self._timed("comments by group", lambda: self._desk.inbox.box(BRAND))
        if draft := next(self._drafts, 0):
            await self._timed("a thaw", changed(verb="thaw", draft=draft))
            press = Decision(draft=draft, verb="approve", by="Maud")
            await self._timed("an approval", lambda: self._desk.decide(press))
        asked = Request(
            id=f"burst{number}",
            text=f"Mon colis {number} n’arrive pas",
            brand=BRAND,
            skill="reply",
            networks=("instagram",),
            author="Noé",
        )
        await self._timed("a draft", lambda: self._desk.handle(asked))

    def told(self) -> dict[str, tuple[float, float]]:
        return {name: (statistics.median(took), max(took)) for name, took in self.took.items()}


def comments(many: int) -> list[NewComment]:
    drawing = random.Random(23)
    texts = [
        json.loads(line)["text"] for file in sorted(LABELLED.glob("*.jsonl")) for line in file.open(encoding="utf-8")
    ]
    return [
        NewComment(brand=BRAND, text=f"{drawing.choice(texts)} {number}", network="instagram", ref=f"b{number}")
        for number in range(many)
    ]


async def poured(bonton: Bonton, batch: list[NewComment], seconds: float) -> tuple[int, float]:
    """How many were stored, and the seconds until the last was."""
    began, stored, waiting = time.perf_counter(), 0, []
    pieces = [batch[start : start + AT_ONCE] for start in range(0, len(batch), AT_ONCE)]
    for place, piece in enumerate(pieces):
        await asyncio.sleep(max(0.0, began + seconds * place / len(pieces) - time.perf_counter()))
        waiting.append(asyncio.create_task(bonton.inbox.receive(BRAND, piece)))
    for received in await asyncio.gather(*waiting):
        stored += len(received.stored)
    return stored, time.perf_counter() - began


async def measure(many: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BONTON_HOME"] = folder
        bonton = Bonton(Settings())
        async with bonton.running():
            numbers = []
            for number in range(60):
                request = Request(
                    id=f"d{number}",
                    text=f"Colis {number} en retard",
                    brand=BRAND,
                    skill="reply",
                    networks=("instagram",),
                    author="Noé",
                )
                numbers += (await bonton.handle(request)).drafts
            opening = Opening(brand=BRAND, title="Lait solaire", subject="lait solaire", by="Gaspard", level=3)
            incident = (await bonton.crisis.open(opening)).incident
            acts = Acts(bonton, incident, numbers)
            for _ in range(8):
                await acts.round()
            rest, acts.took = acts.told(), {}
            pouring = asyncio.create_task(poured(bonton, comments(many), seconds))
            while not pouring.done():
                await acts.round()
            stored, took = pouring.result()
            counted = (
                len(await bonton.crisis._incidents.refs(incident)) - 1
            )  # those without a name of their own are one
    print(
        f"{many} comments over {seconds:.0f} s, all in after {took:.1f} s: stored {stored}, there by their names {counted}"
    )
    print(f"{'act':<20} {'at rest, ms':>20} {'in the burst, ms':>24}")
    for name, (middle, worst) in acts.told().items():
        still = rest.get(name, (0.0, 0.0))
        print(
            f"{name:<20} {still[0]:>9.0f} (max {still[1]:>4.0f}) {middle:>12.0f} (max {worst:>5.0f}, × {worst / LIMIT:.2f} of the limit)"
        )


if __name__ == "__main__":
    asyncio.run(
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000, float(sys.argv[2]) if len(sys.argv) > 2 else 60)
    )
