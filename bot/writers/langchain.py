"""The writer with a model: one structured call a draft, one rewrite at most, and the playbook writer when no model can.

A draft has so much time and two answers: what is turned away at the door is tried again, a model that fails hands over to the
second one, and both to the playbook writer, which says why. The model holds no tool that does anything: it hands over texts.
Answers are awaited whole, so that nothing half written is ever shown.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Sequence
from typing import Any

import structlog

from bot.domain.parts import Piece, lay
from bot.domain.spending import Spent, Usage
from bot.errors import SettingsError
from bot.logs import where
from bot.pages import Pages
from bot.seams import Spending
from bot.steps.draft import Job, Writer, Written
from bot.tracing import span
from bot.triage.orders import to_a_machine
from bot.writers import answers, models
from bot.writers.answers import Answer, Fault
from bot.writers.prompt import PASSAGES, Prompt, compose
from bot.writers.spending import Prices

ANSWERS = 2
"""Answers of models that one draft may use, whatever happens."""
TRIES = 2
"""How often one model is asked before it is given up, when it turns us away at the door."""
BACKOFF = 0.4
"""Seconds before the second try, doubled for the next, with some chance in them so that not all come back at once."""
LIMIT = 17.0
"""Seconds that a draft's models have in all: with triage, search and checks a card stands within 20."""
LEAST = 0.5
"""Seconds under which a call is not worth starting."""

_log = structlog.get_logger()


class LangChainWriter:
    """Implements `bot.steps.draft.Writer`."""

    def __init__(
        self,
        names: tuple[str, ...],
        *,
        plain: Writer,
        pages: Pages,
        spending: Spending,
        prices: Prices,
        budget: float = 0.0,
        timeout: float = 8.0,
        limit: float = LIMIT,
        make: models.Maker = models.make,
    ) -> None:
        self._names = names
        self._plain = plain
        self._pages = pages
        self._spending = spending
        self._prices = prices
        self._budget = budget
        self._timeout = timeout
        self._limit = limit
        self._make = make
        self._made: dict[str, Any] = {}
        self.toolless: set[str] = set()
        """Models whose server passed over the tool it was given: from then on they are asked for JSON by its schema."""

    async def write(self, job: Job) -> Written:
        if job.plain:
            return await self._without(job, job.plain)
        if job.mend is not None:
            return await self._mend(job, job.mend.written)
        if to_a_machine(job.text):
            return await self._without(job, "orders")
        if self._budget and (await self._spending.today()).cost >= self._budget:
            return await self._without(job, "budget")
        draft = _Draft(self, job)
        written = await self._asked(draft, self._names)
        if written is not None:
            return written
        plain = await self._without(job, draft.why)
        return plain.model_copy(update={"usage": draft.usage if draft.usage.calls else None})

    async def _mend(self, job: Job, written: Written) -> Written:
        """The earlier words when they cannot be written again: in the time left, by the model that wrote them."""
        draft = _Draft(self, job, used=written.usage.calls if written.usage else 1, seconds=written.seconds)
        again = await self._asked(draft, (written.writer,))
        usage = (written.usage or Usage()) + draft.usage
        kept = again if again is not None else written
        return kept.model_copy(update={"usage": usage, "mendable": False, "why": written.why, "doubts": written.doubts})

    async def _asked(self, draft: _Draft, names: tuple[str, ...]) -> Written | None:
        """What the first model that can gives; None when none can. What it cost is kept whatever happens."""
        try:
            for name in names:
                if (written := await draft.by(name, last=name == names[-1])) is not None:
                    return written
        finally:
            await self._keep(draft)
        return None

    async def _keep(self, draft: _Draft) -> None:
        if draft.usage.calls:
            job = draft.job
            spent = Spent(request=job.request, brand=job.brand.slug, network=job.network.name, usage=draft.usage)
            await asyncio.shield(self._spending.spend(spent))

    async def _without(self, job: Job, why: str) -> Written:
        written = await self._plain.write(job)
        return written.model_copy(update={"why": why})

    async def model(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = await asyncio.to_thread(self._make, name, self._timeout)
        return self._made[name]

    def price(self, name: str, prompt: str, message: Any = None) -> Usage:
        return self._prices.usage(name, prompt, message)

    def prompt(self, job: Job) -> Prompt:
        return compose(job, self._pages, secrets.token_hex(6))

    def unaided(self, postures: Any, parts: tuple[str, ...]) -> str:
        """What a model without tools is told instead."""
        return self._pages.compose(self._pages.parts["json"], {"schema": json.dumps(answers.schema(postures, parts))})

    @property
    def timeout(self) -> float:
        return self._timeout

    @property
    def limit(self) -> float:
        return self._limit

    @property
    def first(self) -> str:
        return self._names[0]


class _Draft:
    """One draft on its way: the time, the answers and the money it has used, and why the last model failed."""

    def __init__(self, writer: LangChainWriter, job: Job, *, used: int = 0, seconds: float = 0.0) -> None:
        self.job = job
        self.usage = Usage()
        self.why = ""
        self._writer = writer
        self._used = used
        self._started = time.monotonic() - seconds

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    async def by(self, name: str, *, last: bool) -> Written | None:
        """The words by this model; None when it cannot, with `why`. Only the last one is asked again for what cannot be read."""
        told = self.why
        try:
            async with asyncio.timeout(max(self._left, 0.01)):
                model = await self._writer.model(name)
                while self._used < ANSWERS and self._left > LEAST:
                    prompt = self._writer.prompt(self.job)
                    try:
                        answer = await self._ask(name, model, prompt)
                    except Fault as fault:
                        self._failed(name, fault.why)
                        if fault.why != "garbage" or not last:
                            return None
                        continue
                    return self._written(name, prompt, answer, told)
        except TimeoutError:
            self._failed(name, "slow")
        except SettingsError as error:
            _log.warning("model.unusable", model=name, error=str(error))
            self.why = self.why or "missing"
        return None

    @property
    def _kind(self) -> str:
        """The content kind whose limit the words are set for: of several parts, the one that says most."""
        network = self.job.network
        return network.main(network.format(self.job.kind)).kind if self.job.skill == "post" else self.job.kind

    @property
    def _parts(self) -> tuple[str, ...]:
        """The names of the parts that are asked for; none where one text is."""
        job = self.job
        if job.skill != "post" or (format_ := job.network.format(job.kind)).single:
            return ()
        return tuple(part.name for part in format_.parts)

    @property
    def _join(self) -> answers.Join | None:
        if not self._parts:
            return None
        format_, job = self.job.network.format(self.job.kind), self.job

        def join(pieces: Sequence[Piece]) -> str:
            known = [piece for part in format_.parts for piece in pieces if piece.name == part.name]
            return lay(known, format_, job.labels)

        return join

    @property
    def _left(self) -> float:
        return self._writer.limit - self.seconds

    def _failed(self, name: str, why: str) -> None:
        self.why = self.why or why
        _log.warning("model.failed", model=name, why=why, request=self.job.request, seconds=round(self.seconds, 2))

    async def _ask(self, name: str, model: Any, prompt: Prompt) -> Answer:
        """One answer, read. Raises Fault."""
        from langchain_core.messages import HumanMessage, SystemMessage
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

        bound, aside = self._bound(name, model)
        system = SystemMessage(f"{prompt.system}\n\n{aside}".strip())
        asked = [system, HumanMessage(prompt.user)]
        sent = f"{system.content}{prompt.user}"
        retries = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, Exception) and models.passing(error)),
            wait=wait_random_exponential(multiplier=BACKOFF, min=BACKOFF, max=2),
            stop=stop_after_attempt(TRIES),
            reraise=True,
        )
        message: Any = None
        try:
            async for attempt in retries:
                with attempt, span("model", model=name, request=self.job.request):
                    message = await asyncio.wait_for(bound.ainvoke(asked), min(self._writer.timeout, self._left))
        except Exception as error:
            why = models.why(error)
            if why in ("slow", "garbage"):  # it may have written all that time, and is paid for it
                self._spent(self._writer.price(name, sent))
            _log.debug("model.error", model=name, error=where(error))
            raise Fault(why) from None
        self._spent(self._writer.price(name, sent, message))
        try:
            return answers.read(
                message,
                self.job.postures,
                min(len(self.job.passages), PASSAGES),
                self.job.language.name,
                self.job.network.kinds[self._kind].get("max"),
                join=self._join,
            )
        except Fault:
            if not getattr(message, "tool_calls", None) and not getattr(message, "invalid_tool_calls", None):
                self._writer.toolless.add(name)
            raise

    def _bound(self, name: str, model: Any) -> tuple[Any, str]:
        if name in self._writer.toolless:
            shape = {"name": answers.TOOL, "schema": answers.schema(self.job.postures, self._parts)}
            bound = model.bind(response_format={"type": "json_schema", "json_schema": shape})
            return bound, self._writer.unaided(self.job.postures, self._parts)
        choice = "any" if "mistral" in getattr(model, "_llm_type", "") else answers.TOOL
        try:
            return model.bind_tools([answers.tool(self.job.postures, self._parts)], tool_choice=choice), ""
        except NotImplementedError:
            return model, self._writer.unaided(self.job.postures, self._parts)

    def _spent(self, usage: Usage) -> None:
        self._used += 1
        self.usage = self.usage + usage

    def _written(self, name: str, prompt: Prompt, answer: Answer, why: str) -> Written:
        return Written(
            variants=answer.variants,
            used=tuple(number - 1 for number in answer.used),
            writer=name,
            why=why if name != self._writer.first else "",
            doubts=answer.doubts,
            told=prompt.told,
            proven=False,
            mendable=self._used < ANSWERS and self._left > LEAST,
            usage=self.usage,
            seconds=self.seconds,
        )
