"""Comments pour in while a crisis is open: nothing is lost, nothing is in twice, and what is pressed meanwhile holds.

How long an answer takes meanwhile is measured by `bench/burst.py`.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from bot.app import Bonton
from bot.domain.comment import NewComment
from bot.domain.incident import Change, Opening
from bot.settings import Settings

B = "maison-virevent"
MANY, AT_ONCE = 600, 40


async def test_nothing_is_lost_in_a_burst(learned: Path, home: Path) -> None:
    shutil.copytree(learned / "cache", home / "cache", dirs_exist_ok=True)
    async with Bonton(Settings(BONTON_HOME=home)).running() as desk:
        incident = (await desk.crisis.open(Opening(brand=B, title="Lait solaire", by="Gaspard", level=3))).incident
        comments = [
            NewComment(brand=B, text=f"Le lait {number} brûle la peau !", network="instagram", ref=f"c{number}")
            for number in range(MANY)
        ]
        pieces = [comments[start : start + AT_ONCE] for start in range(0, MANY, AT_ONCE)]
        twice = [desk.inbox.receive(B, piece) for piece in (*pieces, *pieces)]  # every delivery is repeated

        async def pressed(number: int) -> bool:
            words = f"Le lot {number} est retiré"
            change = Change(incident=incident.id, verb="add", sort="confirmed", words=words, by="Gaspard")
            return (await desk.crisis.change(change)).applied

        *received, lines = await asyncio.gather(*twice, asyncio.gather(*(pressed(number) for number in range(20))))
        assert sum(len(one.stored) for one in received) == MANY
        assert sum(len(one.stored) + one.duplicates for one in received) == 2 * MANY
        assert lines == [True] * 20
        room = await desk.crisis.room(incident.id)
        assert room.open_comments == MANY
        assert sorted(line.version for line in room.truth) == list(range(1, 21))
        assert (await desk.crisis.record(incident.id)).received == MANY
