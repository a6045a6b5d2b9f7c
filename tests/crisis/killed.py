"""Lives a crisis on a ledger and kills itself at a commit; another life tells what state is left, and presses everything again.

`python -m tests.crisis.killed ADDRESS…` writes a JSON line for each address: what stood after the kill, and after the second life.
Each address is an empty database; the commit at which it dies is its place among them, halved: before it, then after it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from bot.domain.approval import Verdict
from bot.domain.decision import Decision
from bot.domain.draft import Approvals, Body, NewDraft
from bot.domain.incident import Change, Opening
from bot.domain.model import Said, now
from bot.domain.request import Request
from bot.errors import Refused
from bot.ledger.engine import connect
from bot.ledger.incidents import SqlIncidents
from bot.ledger.sql import SqlLedger

BRAND, DRAFTS = "moulin", 3
DUE = now() + timedelta(hours=1)


async def prepared(ledger: SqlLedger) -> None:
    """Three drafts, all approved, none released."""
    await ledger.open()
    for number in range(1, DRAFTS + 1):
        body = Body(text="Bonjour", approvals=Approvals(needed=1), language="fr", writer="playbook", author="Ada")
        request = Request(id=f"r{number}", text="?", brand=BRAND, author="Ada")
        new = NewDraft(
            request=request.id, brand=BRAND, skill="reply", network="x", kind="comment", prompt="?", body=body
        )
        await ledger.submit([new], request)
        verdict = Verdict(state="approved", said=Said(key="decide.approved"), by=("Ada",))
        await ledger.decide(Decision(draft=number, verb="approve", by="Ada"), lambda *_, told=verdict: told)


async def lived(ledger: SqlLedger, incidents: SqlIncidents) -> None:
    """Every press, each under its own event: who presses again after a crash changes nothing twice."""

    async def press(verb: str, **more: Any) -> None:
        values = {"incident": incident.id, "verb": verb, "by": "Ada", "event": f"press:{verb}", **more}
        try:
            await incidents.change(Change.model_validate(values), lambda *_: "Ada")
        except Refused:
            return

    async def release(draft: int) -> None:
        try:
            await ledger.release(draft, 1)
        except Refused:
            return

    incident, _ = await incidents.open(Opening(brand=BRAND, title="Farine", by="Ada", event="opening"))
    await press("add", sort="confirmed", words="Le lot 12 est retiré")
    await press("take", role="lead")
    await release(1)  # held
    await press("thaw", draft=1)
    await release(1)
    await press("promise", due=DUE)
    await press("close")
    await release(2)  # held still
    await press("agree")
    await release(2)


async def told(ledger: SqlLedger, incidents: SqlIncidents) -> dict[str, Any]:
    known = await incidents.listed(BRAND)
    released = [
        (one.draft, one.what) for one in await ledger.events() if one.what in ("draft.released", "draft.approved")
    ]
    drafts = [await ledger.draft(number) for number in range(1, DRAFTS + 1)]
    state: dict[str, Any] = {
        "incidents": len(known),
        "released": sorted(draft for draft, what in released if what == "draft.released"),
        "states": {draft.id: draft.state for draft in drafts},
        "held": {draft.id: bool(draft.held) for draft in drafts},
        "to_take_up": sorted(draft for draft, _, _ in await ledger.unreleased()),
    }
    if known:
        incident = known[0]
        lines = await incidents.truth(incident.id)
        state |= {
            "state": incident.state,
            "froze": incident.froze,
            "version": incident.version,
            "lead": incident.roles.get("lead", ""),
            "promised": incident.next_update is not None,
            "lines": len(lines),
            "journal": [
                entry.what for entry in await incidents.journal(incident) if not entry.what.startswith("draft.app")
            ],
        }
    return state


def apart(work: Callable[[], Coroutine[Any, Any, Any]]) -> tuple[int, str]:
    """Runs it in a process of its own. The signal that ended it, or 0, and what it gave as JSON."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        result = json.dumps(asyncio.run(work()))
        os.write(into, result.encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return (os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0), said


async def dies(url: str, at: int, after: bool) -> None:
    ledger, incidents = SqlLedger(connect(url)), SqlIncidents(connect(url))
    await prepared(ledger)
    count = 0

    def committing(connection: Any) -> None:
        nonlocal count
        count += 1
        if count == at:
            if after:
                connection.dialect.do_commit(connection.connection)
            os.kill(os.getpid(), signal.SIGKILL)

    for engine in (ledger._engine, incidents._engine):
        event.listen(engine.sync_engine, "commit", committing)
    await lived(ledger, incidents)


async def looked(url: str, *, again: bool) -> dict[str, Any]:
    ledger, incidents = SqlLedger(connect(url)), SqlIncidents(connect(url))
    try:
        await ledger.open()
        if again:
            await lived(ledger, incidents)
            for draft, revision, _ in await ledger.unreleased():  # as the start does
                await ledger.release(draft, revision)
        return await told(ledger, incidents)
    finally:
        await ledger.close()
        await incidents._engine.dispose()


def main() -> None:
    for place, url in enumerate(sys.argv[1:]):
        at, after = place // 2 + 1, bool(place % 2)
        died, _ = apart(lambda url=url, at=at, after=after: dies(url, at, after))
        _, left = apart(lambda url=url: looked(url, again=False))
        _, ended = apart(lambda url=url: looked(url, again=True))
        life = {"at": at, "after": after, "died": died, "left": json.loads(left), "ended": json.loads(ended)}
        sys.stdout.write(f"{json.dumps(life)}\n")


if __name__ == "__main__":
    main()
