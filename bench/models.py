"""What the model writer adds around a model's call, and what every fault of a provider costs in time.

A scripted model answers at once, so that what is measured is ours: the prompt, the answer read, the checks of three texts, the
spending kept. The faults run with the settings as they ship (8 s a call).
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import structlog

from bot.assistant import Assistant
from bot.domain.draft import Variant
from bot.domain.request import Request
from bot.ledger.engine import address, connect
from bot.ledger.spending import SqlSpending
from bot.ledger.sql import SqlLedger
from bot.pages import shared
from bot.steps import triage
from bot.steps.draft import Job, Written
from bot.triage.situations import Nearest
from bot.view import View
from bot.writers.langchain import LangChainWriter
from bot.writers.playbook import PlaybookWriter
from bot.writers.spending import Prices
from tests.fakes.model import ScriptedModel, Turned, drafted, hangs, says
from tests.fakes.parts import FakeLibrary, FakePassage, HashEncoder, InlineWork
from tests.fakes.people import brand

ADDED_MS, FAULT_S, DRAFTS = 60, 20, 60
COMMENT = "Trois semaines que j'attends mon colis et personne ne répond, c'est honteux ({})"
TEXT = (
    "Trois semaines sans nouvelles de votre colis, c’est long, et nous en sommes désolés. "
    "Écrivez-nous en message privé : nous regardons où il en est. — L’équipe"
)
PASSAGES = [FakePassage(text="Sans mouvement du suivi pendant cinq jours, nous ouvrons une enquête. " * 5)] * 8
CUT = drafted(TEXT).model_copy(update={"response_metadata": {"finish_reason": "length"}})
FAULTS: dict[str, Any] = {
    "down (connection refused)": ConnectionError(),
    "down (HTTP 503)": Turned(503),
    "slow (no answer)": hangs(),
    "rate-limited (HTTP 429)": Turned(429),
    "wrong key (HTTP 401)": Turned(401),
    "garbage": says("I would be happy to help!"),
    "refusing": says("", stop_reason="refusal"),
    "cut in the middle": CUT,
}


async def measure() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder:
        ledger = SqlLedger(connect(address(Path(folder), "")))
        await ledger.open()
        spending = SqlSpending(ledger._engine)
        nearest = Nearest(triage.labelled(shared().playbooks), HashEncoder())

        def room(*models: ScriptedModel) -> Assistant:
            named = {f"model-{number}": model for number, model in enumerate(models, 1)}
            writer = LangChainWriter(
                tuple(named),
                plain=PlaybookWriter(HashEncoder()),
                pages=shared(),
                spending=spending,
                prices=Prices.of("0.4,1.6"),
                make=lambda name, _: named[name],
            )
            return _assistant(writer, ledger, nearest)

        await _added(room, ledger)
        await _faults(room, ledger)
        await ledger.close()


async def _added(room: Any, ledger: SqlLedger) -> None:
    calls: list[float] = []

    def answer(*_: Any) -> Any:
        return drafted(TEXT, TEXT, TEXT, used=[1])

    model = ScriptedModel(replies=[answer])
    with_model = room(model)
    for number in range(5):
        await _ask(with_model, COMMENT.format(f"w{number}"))
    for number in range(DRAFTS):
        started = time.perf_counter()
        await _ask(with_model, COMMENT.format(number))
        calls.append((time.perf_counter() - started) * 1000)
    asked = (len(model.asked) - 5) / DRAFTS
    rest = []
    with_model._writer = _There()
    for number in range(DRAFTS):
        started = time.perf_counter()
        await _ask(with_model, COMMENT.format(f"x{number}"))
        rest.append((time.perf_counter() - started) * 1000)
    added = statistics.median(calls) - statistics.median(rest)
    print(
        f"{DRAFTS} replies with a model that answers at once: median {statistics.median(calls):.0f} ms, {asked:.2f} calls each"
    )
    print(f"the same with words that are there already: median {statistics.median(rest):.0f} ms")
    print(f"added around the call: {added:.0f} ms; limit {ADDED_MS} ms: {added / ADDED_MS:.0%}")


class _There:
    """A writer whose words are there already: what is left is triage, search, the checks of the text shown and the ledger."""

    async def write(self, job: Job) -> Written:
        return Written(variants=tuple(Variant(posture=one, text=TEXT) for one in job.postures[:1]), writer="there")


async def _faults(room: Any, ledger: SqlLedger) -> None:
    view = View(shared(), "en")
    print("\n| the provider is | the card says | seconds | with a second model |\n|---|---|---|---|")
    for fault, reply in FAULTS.items():
        lines = []
        for models in ([reply], [reply, drafted(TEXT, TEXT, TEXT)]):
            started = time.perf_counter()
            draft = await ledger.draft(
                await _ask(room(*(ScriptedModel(replies=[one]) for one in models)), f"{fault}: {COMMENT}")
            )
            lines += [view.writer(draft), f"{time.perf_counter() - started:.1f}"]
            assert time.perf_counter() - started < FAULT_S
        print(f"| {fault} | {lines[0]} | {lines[1]} | {lines[2]} ({lines[3]} s) |")
    started = time.perf_counter()
    await _ask(room(ScriptedModel(replies=[hangs()]), ScriptedModel(replies=[hangs()])), COMMENT)
    print(f"\nboth models slow: {time.perf_counter() - started:.1f} s; limit {FAULT_S} s")


def _assistant(writer: Any, ledger: SqlLedger, nearest: Nearest) -> Assistant:
    assistant = Assistant(
        pages=shared(),
        brand=lambda _: brand(),
        library=FakeLibrary(passages=PASSAGES),
        ledger=ledger,
        writer=writer,
        situations=lambda: nearest,
        skills=lambda: nearest,
    )
    assistant.work = InlineWork(assistant)
    return assistant


async def _ask(assistant: Assistant, text: str) -> int:
    request = Request(id=str(uuid.uuid4()), text=text, brand="la-maison", skill="reply", networks=("instagram",))
    return (await assistant.handle(request)).drafts[0]


def main() -> None:
    asyncio.run(measure())


if __name__ == "__main__":
    main()
