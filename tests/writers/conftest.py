"""A writer with scripted models, alone or behind the whole assistant on a real ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from bot.domain.draft import Draft
from bot.domain.request import Request
from bot.domain.spending import Spent, Usage
from bot.errors import Refused
from bot.ledger.engine import address, connect
from bot.ledger.spending import SqlSpending
from bot.ledger.sql import SqlLedger
from bot.pages import Pages
from bot.steps import triage
from bot.steps.draft import Job
from bot.triage.situations import Nearest
from bot.writers.langchain import LangChainWriter
from bot.writers.playbook import PlaybookWriter
from bot.writers.spending import Prices
from knowledge.brand import Brand
from tests.fakes.model import ScriptedModel
from tests.fakes.parts import FakeLibrary, FakePassage, FakeWriter, HashEncoder, InlineWork

PASSAGES = [
    FakePassage(
        text="Un colis part sous deux jours. Sans mouvement du suivi pendant cinq jours, nous ouvrons une enquête."
    ),
    FakePassage("boutiques.md", "Boutiques › Horaires", "La boutique de Wazemmes ouvre de 8 h à 19 h.", 0.6),
    FakePassage(
        "delivery.md", "Delivery › Late", "We open an enquiry when the tracking has not moved for five days.", 0.5
    ),
]
FR = (
    "Trois semaines sans nouvelles de votre colis, c’est long, et nous en sommes désolés. "
    "Écrivez-nous en message privé : nous regardons où il en est. — Nora"
)
EN = (
    "Three weeks without news of your parcel is long, and we are sorry. "
    "Write to us by private message and we will look at where it is. — Nora"
)
COMMENT = {
    "fr": "Trois semaines que j'attends mon colis et personne ne répond, c'est honteux",
    "en": "Three weeks waiting for my parcel and nobody answers, shame on you",
}
SAID = {"fr": FR, "en": EN}


@dataclass
class FakeSpending:
    rows: list[Spent] = field(default_factory=list)
    before: float = 0.0

    async def spend(self, spent: Spent) -> None:
        self.rows.append(spent)

    async def today(self, brand: str = "") -> Usage:
        total = Usage(cost=self.before)
        for row in self.rows:
            total = total + row.usage
        return total


@pytest.fixture
def spending() -> FakeSpending:
    return FakeSpending()


@pytest.fixture
def make_writer(pages: Pages, spending: FakeSpending) -> Callable[..., LangChainWriter]:
    """A writer on these models: the first, then the second. Small times: no test waits for a provider."""

    def make(*models: ScriptedModel | Exception, plain: Any = None, **more: Any) -> LangChainWriter:
        named = {f"fake:model-{number}": model for number, model in enumerate(models, 1)}

        def made(name: str, timeout: float) -> Any:
            if isinstance(named[name], Exception):
                raise named[name]
            return named[name]

        options: dict[str, Any] = {"timeout": 1.5, "limit": 4.0, "prices": Prices.of("1,5"), "spending": spending}
        return LangChainWriter(
            tuple(named),
            plain=plain or FakeWriter(says="Les mots des pages."),
            pages=pages,
            make=made,
            **(options | more),
        )

    return make


@pytest.fixture
def job(brand: Brand, pages: Pages) -> Callable[..., Job]:
    def make(**changes: Any) -> Job:
        language = changes.pop("language", "fr")
        network = pages.networks[changes.pop("network", "instagram")]
        values: dict[str, Any] = {
            "skill": "reply",
            "text": COMMENT[language],
            "brand": brand,
            "network": network,
            "kind": network.kind(None, changes.get("skill", "reply")),
            "language": pages.languages[language],
            "register_": brand.register_for(language, network.name),
            "postures": ("empathetic", "sober", "firm"),
            "passages": tuple(PASSAGES),
            "playbook": pages.playbooks["late_delivery"],
            "request": "r-1",
        }
        return Job(**(values | changes))

    return make


@dataclass
class Room:
    """The assistant with scripted models: what is asked in, the draft on the card out."""

    assistant: Assistant
    ledger: SqlLedger
    spending: SqlSpending
    asked: int = 0

    async def ask(self, text: str, network: str = "instagram", skill: str = "reply", **more: Any) -> Draft:
        self.asked += 1
        request = Request(
            id=f"r-{self.asked}", text=text, brand="moulin-dore", skill=skill, networks=(network,), **more
        )
        reply = await self.assistant.handle(request)
        if reply.refused is not None:
            raise Refused(reply.refused.key)
        return await self.ledger.draft(reply.drafts[0])


@pytest.fixture
async def room(
    home: Path, brand: Brand, pages: Pages, nearest: Nearest, make_writer: Callable[..., LangChainWriter]
) -> AsyncIterator[Callable[..., Any]]:
    opened: list[SqlLedger] = []

    async def make(*models: ScriptedModel | Exception, **more: Any) -> Room:
        engine = connect(address(home, ""))
        ledger, kept = SqlLedger(engine), SqlSpending(engine)
        await ledger.open()
        opened.append(ledger)
        assistant = Assistant(
            pages=pages,
            brand=lambda _: brand,
            library=FakeLibrary(passages=PASSAGES),
            ledger=ledger,
            writer=make_writer(*models, plain=PlaybookWriter(HashEncoder()), **({"spending": kept} | more)),
            situations=lambda: nearest,
            skills=lambda: nearest,
        )
        assistant.work = InlineWork(assistant)
        return Room(assistant, ledger, kept)

    yield make
    for ledger in opened:
        await ledger.close()


@pytest.fixture(scope="session")
def nearest(pages: Pages) -> Nearest:
    return Nearest(triage.labelled(pages.playbooks), HashEncoder())
