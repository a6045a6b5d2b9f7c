"""Free talk with a model: a LangChain agent whose tools are the steps, for the person who asked and their brand alone.

Bounded in calls and in time; when it fails, or its words may not be shown, the desk asks back as it does without a model. Which
words are free talk is the assistant's affair; what the tools may do is `bot/toolbox.py`'s.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

import structlog

from bot.checks import codes, dictated, leak, links, markup
from bot.checks.subject import Subject
from bot.domain.chat import Turn
from bot.domain.request import Request
from bot.domain.spending import Spent, Usage
from bot.logs import where
from bot.pages import Pages
from bot.seams import Spending, Tools
from bot.steps.route import speaks_back
from bot.triage.orders import views
from bot.triage.text import fold
from bot.writers import models
from bot.writers.prompt import plain
from bot.writers.spending import Prices

CALLS = 4
"""Of the model, in one talk."""
ACTS = 6
"""Of tools, in one talk."""
LIMIT = 18.0
"""Seconds that a talk has in all, drafts included."""
LONGEST = 1_200
"""Characters of the model's own words that a chat shows."""
LONGEST_TURN = 300

_WORD = re.compile(r"\w{4,}")

_log = structlog.get_logger()


class LangChainTalker:
    """Implements `bot.seams.Talker`."""

    def __init__(
        self,
        names: tuple[str, ...],
        *,
        pages: Pages,
        spending: Spending,
        prices: Prices,
        budget: float = 0.0,
        timeout: float = 8.0,
        limit: float = LIMIT,
        make: models.Maker = models.make,
    ) -> None:
        self._names = names
        self._pages = pages
        self._spending = spending
        self._prices = prices
        self._budget = budget
        self._timeout = timeout
        self._limit = limit
        self._make = make
        self._made: dict[str, Any] = {}

    async def talk(self, request: Request, turns: Sequence[Turn], tools: Tools) -> str | None:
        if self._budget and (await self._spending.today()).cost >= self._budget:
            return None
        name = self._names[0]
        system, user, told = self._prompt(request, turns, tools)
        answers: list[Any] = []
        usage = Usage()
        try:
            async with asyncio.timeout(self._limit):
                if name not in self._made:
                    self._made[name] = await asyncio.to_thread(self._make, name, self._timeout)
                words = await self._run(self._made[name], system, user, tools, answers)
        except Exception as error:
            why = models.why(error)
            if why == "slow":  # it may have written all that time, and is paid for it
                usage = self._prices.usage(name, f"{system}{user}")
            _log.warning("talk.failed", model=name, request=request.id, why=why, error=where(error))
            words = ""
        finally:
            for answer in answers:
                usage = usage + self._prices.usage(name, f"{system}{user}", answer)
            if usage.calls:
                spent = Spent(request=request.id, brand=tools.brand.slug, network="", usage=usage)
                await asyncio.shield(self._spending.spend(spent))
        return self._shown(words, request, tools, told)

    def _prompt(self, request: Request, turns: Sequence[Turn], tools: Tools) -> tuple[str, str, str]:
        """System, user, and what of them is never to be said."""
        mark = secrets.token_hex(6)
        brand = tools.brand
        earlier = "\n".join(f"- {_cut(turn.said)}\n  → {_cut(turn.came)}" for turn in turns)
        networks = [self._pages.networks[name].title for name in brand.networks if name in self._pages.networks]
        page = self._pages.parts["talk"]
        values = {
            "brand": brand.name,
            "about": brand.about.get(request.locale) or next(iter(brand.about.values())),
            "networks": ", ".join(networks),
            "today": f"{date.today():%A %Y-%m-%d}",  # noqa: DTZ011 - a day by this machine's clock
            "asker": plain(request.author)[:80] or "a colleague",
            "mark": mark,
            "earlier": earlier or "(nothing)",
            "said": plain(request.text),
        }
        system, _, user = self._pages.compose(page, values).partition("\n---\n")
        return system.strip(), user.strip(), f"{page.body.partition(chr(10) + '---' + chr(10))[0]}\n{mark}"

    async def _run(self, model: Any, system: str, user: str, tools: Tools, answers: list[Any]) -> str:
        """The model's last words; its answers, as far as it came, are left in `answers`."""
        from langchain.agents import create_agent
        from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware, ToolErrorMiddleware
        from langchain_core.messages import AIMessage

        from bot.writers.functions import FUNCTIONS, Context

        bounds: list[Any] = [
            ModelCallLimitMiddleware(run_limit=CALLS, exit_behavior="error"),
            ToolCallLimitMiddleware(run_limit=ACTS, exit_behavior="continue"),
            ToolErrorMiddleware(on_error=lambda *_: "That could not be done."),
        ]
        agent: Any = create_agent(model, FUNCTIONS, system_prompt=system, middleware=bounds, context_schema=Context)
        async for state in agent.astream(
            {"messages": [{"role": "user", "content": user}]}, context=Context(tools), stream_mode="values"
        ):
            answers[:] = [message for message in state["messages"] if isinstance(message, AIMessage)]
        return str(answers[-1].text) if answers and not answers[-1].tool_calls else ""

    def _shown(self, words: str, request: Request, tools: Tools, told: str) -> str | None:
        """The model's words, when nothing in them may not be shown; what it made is shown in any case."""
        made = bool(tools.drafts or tools.changed)
        if not tools.used and not speaks_back(request.text):
            words = ""  # with nothing to rest on, and a text that may be somebody's comment: the desk asks what it is
        said = plain(words).strip()[:LONGEST]
        language = self._pages.languages.get(request.locale) or self._pages.languages["en"]
        network = next(iter(self._pages.networks.values()))
        subject = Subject(
            text=said,
            network=network,
            kind=network.kind(None, "reply"),
            language=language,
            brand=tools.brand,
            register_="",
            skill="reply",
            prompt=request.text,
            told=told,
        )
        found = [finding for check in (codes, dictated, leak, links, markup) for finding in check.check(subject)]
        if any(finding.level != "note" for finding in found) or _decoded(said, request.text):
            _log.warning("talk.not_shown", request=request.id, checks=",".join(sorted({one.check for one in found})))
            said = ""
        return said if said or made else None


def _decoded(said: str, text: str) -> bool:
    """Whether words stand in `said` that the text holds only in disguise: a teammate has no reason to encode theirs."""
    written = {*_WORD.findall(fold(text))}
    disguised = {word for view in views(text) for word in _WORD.findall(fold(view))} - written
    return any(word in disguised for word in _WORD.findall(fold(said)))


def _cut(text: str) -> str:
    said = " ".join(plain(text).split())
    return said if len(said) <= LONGEST_TURN else f"{said[: LONGEST_TURN - 2]} …"
