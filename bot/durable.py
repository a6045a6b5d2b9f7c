"""Durable work on DBOS: a request, a release or a timer that has begun is finished after any crash, and begun once.

The workflow's id is the front-end's event id, so a redelivery joins the first. Steps may run twice, and are safe to. DBOS is
one per process, and so is this: the process that owns the data folder (`owner.py`). It knows no rule of the product.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID

from bot.domain.decision import Outcome
from bot.domain.draft import Draft
from bot.domain.model import Said
from bot.domain.reply import Prepared, Reply
from bot.domain.request import Request
from bot.seams import Steps
from knowledge.brand import Brand

VERSION = "1"
"""Pinned: with another version or executor id, DBOS would strand what a crash left (raised when a workflow's shape changes)."""
EXECUTOR = "bonton"
TIMERS = "timers"
PATIENCE = 20.0
"""Seconds that a start waits for the work of a crash, unless told otherwise; what takes longer goes on behind."""
AT_ONCE = 2
"""Requests worked on side by side: more would only wait for the processor, and for each other's writes to the database."""
STAGES = ("draft.reminded", "draft.escalated", "draft.expired")

log = structlog.get_logger()
_steps: Steps | None = None
_rang: Callable[[int, str], Awaitable[None]] | None = None


def _core() -> Steps:
    if _steps is None:
        raise RuntimeError("durable work was started before it was opened")
    return _steps


@DBOS.step(name="prepare", retries_allowed=True, interval_seconds=0.2, max_attempts=3)
async def _prepare(request: str) -> str:
    return (await _core().prepare(Request.model_validate_json(request))).model_dump_json()


@DBOS.step(name="submit")
async def _submit(request: str, prepared: str) -> str:
    reply = await _core().submit(Request.model_validate_json(request), Prepared.model_validate_json(prepared))
    return reply.model_dump_json()


@DBOS.step(name="release")
async def _release(draft: int, revision: int) -> str:
    return (await _core().release(draft, revision)).model_dump_json()


@DBOS.step(name="nudge")
async def _nudge(draft: int, revision: int, what: str) -> bool:
    return await _core().nudge(draft, revision, what)


@DBOS.workflow(name="answer")
async def _answering(request: str) -> str:
    try:
        prepared = await _prepare(request)
    except Exception as error:  # whatever it is, the person who asked is told, and the request is not tried for ever
        asked = Request.model_validate_json(request).id
        log.error("request.failed", request=asked, error=type(error).__name__)
        said = Said(key="request.failed", details={"request": asked})
        prepared = Prepared(refused=said).model_dump_json()
    reply = await _submit(request, prepared)
    for number in Reply.model_validate_json(reply).drafts:
        await _set_timer(number, 1, 0, await _hours(number))
    return reply


@DBOS.workflow(name="release")
async def _releasing(draft: int, revision: int) -> str:
    return await _release(draft, revision)


@DBOS.workflow(name="watch")
async def _watching(draft: int, revision: int, stage: int, hours: list[float]) -> None:
    if await _nudge(draft, revision, STAGES[stage]) and _rang is not None:
        await _rang(draft, STAGES[stage])
    if stage + 1 < len(STAGES):
        await _set_timer(draft, revision, stage + 1, hours)


@DBOS.step(name="hours")
async def _hours(draft: int) -> list[float]:
    return list(await _core().timers(draft))


async def _set_timer(draft: int, revision: int, stage: int, hours: list[float]) -> None:
    """Each timer sets the next, so that a pending draft has one row in the queue, not three."""
    since = hours[stage] - (hours[stage - 1] if stage else 0)
    name = f"watch:{draft}:{revision}:{STAGES[stage]}"
    with SetWorkflowID(name), SetEnqueueOptions(delay_seconds=max(since, 0) * 3600):
        await DBOS.enqueue_workflow_async(TIMERS, _watching, draft, revision, stage, hours)


def _release_name(draft: int, revision: int, cleared: int) -> str:
    return f"release:{draft}:{revision}" + (f":{cleared}" if cleared else "")


class Durable:
    """Implements `bot.seams.Work`."""

    def __init__(self, url: str, *, poll_seconds: float = 1.0) -> None:
        self._url = url
        self._poll = poll_seconds
        self._step = min(poll_seconds, 0.1)
        self._room = asyncio.Semaphore(AT_ONCE)

    async def open(
        self,
        steps: Steps,
        rang: Callable[[int, str], Awaitable[None]] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Starts, resumes what a crash left, and releases what was approved and not yet released.

        Waits at most `patience` seconds for what the crash left.
        """
        global _steps, _rang  # DBOS finds workflows by name in the module
        _steps, _rang = steps, rang
        logging.getLogger("dbos").handlers[:] = [logging.NullHandler()]  # its errors carry arguments: people's words
        DBOS(
            config=DBOSConfig(
                name="bonton",
                system_database_url=self._url,
                application_version=VERSION,
                executor_id=EXECUTOR,
                log_level="CRITICAL",
                enable_otlp=False,
                notification_listener_polling_interval_sec=0.1,  # also how long closing waits for its thread
            )
        )
        DBOS.launch()
        await DBOS.register_queue_async(TIMERS, polling_interval_sec=self._poll)
        for draft, revision, cleared in await steps.unreleased():
            await self._start(_release_name(draft, revision, cleared), _releasing, draft, revision)
        await self._settle(patience)

    async def _settle(self, patience: float) -> None:
        """Waits for what a crash left: a command that lives for a second must see it done, and do it."""
        for _ in range(int(patience / self._step)):
            unfinished = await DBOS.list_workflows_async(status=["PENDING", "ENQUEUED"], name=["answer", "release"])
            if not unfinished:
                return
            await asyncio.sleep(self._step)

    async def close(self) -> None:
        with contextlib.suppress(Exception):
            DBOS.destroy()  # what is under way is taken up again at the next start
        # it made the loop's threads its own, and has ended them
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())

    async def answer(self, request: Request) -> Reply:
        async with self._room:
            handle = await self._start(request.id, _answering, request.model_dump_json())
            return Reply.model_validate_json(await handle.get_result())

    async def release(self, draft: int, revision: int, cleared: int = 0) -> Outcome:
        handle = await self._start(_release_name(draft, revision, cleared), _releasing, draft, revision)
        return Outcome.model_validate_json(await handle.get_result())

    async def watch(self, draft: Draft, brand: Brand) -> None:
        rule = brand.escalation
        hours = [rule.remind_hours, rule.escalate_hours, rule.expire_hours]
        await _set_timer(draft.id, draft.revision, 0, hours)

    async def _start(self, number: str, workflow: Any, *arguments: Any) -> Any:
        with SetWorkflowID(number):
            return await DBOS.start_workflow_async(workflow, *arguments)
