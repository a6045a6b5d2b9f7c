"""What a model says of comments that the local classifier is unsure of: many in one question, answers out of closed lists alone.

A comment is data: it stands in a marked block, and nothing that comes back can be more than a name of a list. An answer that fails, or
lacks a comment, leaves the classifier's own.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Sequence
from typing import Any, get_args

import structlog
from pydantic import BaseModel, Field, ValidationError

from bot.domain.spending import Spent
from bot.domain.triage import Kind, Risk, Sentiment, Triage
from bot.logs import where
from bot.pages import Pages
from bot.seams import Spending
from bot.writers import models
from bot.writers.prompt import plain
from bot.writers.spending import Prices

AT_ONCE = 20
"""Comments of one question."""
LONGEST = 600
"""Signs of each that the model is shown."""

_log = structlog.get_logger()


class Opinion(BaseModel):
    """Of one comment."""

    number: int
    kind: Kind
    sentiment: Sentiment
    severity: int = Field(ge=1, le=5)
    risks: list[Risk] = []


class Opinions(BaseModel):
    """What each comment is."""

    comments: list[Opinion]


class SecondOpinion:
    """Implements `bot.seams.Opinions`."""

    def __init__(
        self,
        names: tuple[str, ...],
        *,
        pages: Pages,
        spending: Spending,
        prices: Prices,
        budget: float = 0.0,
        timeout: float = 8.0,
        make: models.Maker = models.make,
    ) -> None:
        self._name = names[0]
        self._pages = pages
        self._spending = spending
        self._prices = prices
        self._budget = budget
        self._timeout = timeout
        self._make = make
        self._model: Any = None

    async def of(self, texts: Sequence[str], triages: Sequence[Triage], brand: str) -> list[Triage]:
        """The triages, those that were unsure as the model reads them where it answered."""
        told = list(triages)
        unsure = [place for place, triage in enumerate(triages) if triage.unsure]
        for start in range(0, len(unsure), AT_ONCE):
            if self._budget and (await self._spending.today()).cost >= self._budget:
                break
            places = unsure[start : start + AT_ONCE]
            for number, opinion in (await self._asked([texts[place] for place in places], brand)).items():
                told[places[number]] = _with(triages[places[number]], opinion)
        return told

    async def _asked(self, texts: Sequence[str], brand: str) -> dict[int, Opinion]:
        """Place → opinion, of those that came back whole."""
        system, user = self._prompt(texts)
        message: Any = None
        paid = False
        try:
            async with asyncio.timeout(self._timeout):
                if self._model is None:
                    self._model = await asyncio.to_thread(self._make, self._name, self._timeout)
                paid = True
                message = await self._call(system, user)
        except Exception as error:
            why = models.why(error)
            paid = paid and why == "slow"
            _log.warning("triage.no_opinion", model=self._name, why=why, error=where(error))
        finally:
            if paid:
                usage = self._prices.usage(self._name, f"{system}{user}", message)
                await asyncio.shield(
                    self._spending.spend(Spent(request="triage", brand=brand, network="", usage=usage))
                )
        return {} if message is None else _read(message, len(texts))

    async def _call(self, system: str, user: str) -> Any:
        from langchain_core.messages import HumanMessage, SystemMessage

        asked = [SystemMessage(system), HumanMessage(user)]
        try:
            choice = "any" if "mistral" in getattr(self._model, "_llm_type", "") else "Opinions"
            bound = self._model.bind_tools([Opinions], tool_choice=choice)
        except NotImplementedError:
            bound = self._model
        return await bound.ainvoke(asked)

    def _prompt(self, texts: Sequence[str]) -> tuple[str, str]:
        mark = secrets.token_hex(6)
        values = {
            "mark": mark,
            "kinds": ", ".join(get_args(Kind)),
            "risks": ", ".join(get_args(Risk)),
            "schema": json.dumps(Opinions.model_json_schema()),
            "comments": "\n".join(
                f"<comment {mark} number={number}>\n{plain(text)[:LONGEST]}\n</comment {mark}>"
                for number, text in enumerate(texts)
            ),
        }
        system, _, user = self._pages.compose(self._pages.parts["triage"], values).partition("\n---\n")
        return system.strip(), user.strip()


def _read(message: Any, most: int) -> dict[int, Opinion]:
    """What a message holds, by a tool's call or as JSON; each opinion on its own, so that one that is wrong costs no other."""
    calls = getattr(message, "tool_calls", None) or []
    found: Any = calls[0]["args"] if calls else None
    if found is None:
        words = str(getattr(message, "text", "") or "")
        try:
            found = json.loads(words[words.index("{") : words.rindex("}") + 1])
        except ValueError:
            return {}
    opinions: dict[int, Opinion] = {}
    for one in found.get("comments", []) if isinstance(found, dict) else []:
        try:
            opinion = Opinion.model_validate(one)
        except ValidationError:
            continue
        if 0 <= opinion.number < most:
            opinions.setdefault(opinion.number, opinion)
    return opinions


PEOPLE_FIRST: frozenset[Risk] = frozenset({"safety", "health", "self_harm", "minors"})


def _with(triage: Triage, opinion: Opinion) -> Triage:
    """The model's reading; a danger to people that code found stays, whoever says that there is none."""
    kept = tuple(risk for risk in triage.risks if risk in PEOPLE_FIRST)
    risks = tuple(dict.fromkeys([*kept, *opinion.risks]))
    severity = max(triage.severity, opinion.severity) if kept else opinion.severity
    changes = {"kind": opinion.kind, "sentiment": opinion.sentiment, "severity": severity, "risks": risks}
    return triage.model_copy(update={**changes, "decided_by": "model"})
