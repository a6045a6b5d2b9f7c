"""A process that releases a draft and is killed while it makes an example of it: started by `test_memory.py`."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.domain.approval import judge
from bot.domain.decision import Decision
from bot.domain.draft import Approvals, Body, NewDraft
from bot.domain.request import Request
from bot.ledger.engine import address, connect
from bot.ledger.sql import SqlLedger
from bot.ledger.voice import SqlVoice
from bot.memory import Memory
from tests.fakes.parts import HashEncoder
from tests.fakes.people import brand


class Deadly(HashEncoder):
    def encode(self, texts: Sequence[str]) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)


async def work(home: Path) -> None:
    engine = connect(address(home, ""))
    ledger = SqlLedger(engine)
    await ledger.open()
    body = Body(text="Three weeks, sorry.", approvals=Approvals(needed=1), language="en", writer="playbook")
    new = NewDraft(
        request="r",
        brand=brand().slug,
        skill="reply",
        network="x",
        kind="comment",
        prompt="Three weeks late!",
        body=body,
    )
    await ledger.submit([new], Request(id="r", text=new.prompt, brand=new.brand))
    press = Decision(draft=1, verb="approve", by="Ada")
    await ledger.decide(press, lambda draft, decision: judge(draft, decision, brand()))
    await ledger.release(1, 1)
    await Memory(SqlVoice(engine), lambda _: brand(), Deadly).catch_up([brand()])


def main(home: Path) -> None:
    asyncio.run(work(home))
