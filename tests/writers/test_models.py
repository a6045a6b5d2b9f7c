"""Models from their settings: what is missing is said with its command, faults are told apart, spending is counted."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
from typing import Any

import httpx
import pytest

from bot.doctor import examine
from bot.domain.spending import Spent, Usage
from bot.errors import SettingsError
from bot.ledger.engine import address, connect
from bot.ledger.spending import SqlSpending
from bot.ledger.sql import SqlLedger
from bot.settings import Settings
from bot.writers import models
from bot.writers.spending import Prices
from tests.fakes.model import Turned, drafted, says


def test_help_and_the_playbooks_import_no_model_library() -> None:
    code = (
        "import sys, bot.cli, bot.app, bot.doctor, bot.writers.playbook, bot.writers.models\n"
        "sys.exit(', '.join(name for name in ('langchain', 'langchain_core', 'tenacity', 'openai') if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("setting", "command"),
    [
        ("openai:gpt-5-mini", "pip install 'bonton[openai]'"),
        ("mistralai:small", "pip install 'bonton[mistral]'"),
        ("groq:x", "pip install 'bonton[models]'"),
    ],
)
def test_what_is_not_installed_is_told_with_its_command(setting: str, command: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"its parts are missing; install them: ") as told:
        models.installed(setting)
    assert command in str(told.value)


@pytest.mark.parametrize("setting", ["gpt-5", "openai:", ":x"])
def test_a_model_is_a_provider_and_a_name(setting: str) -> None:
    with pytest.raises(SettingsError, match="provider:name"):
        models.installed(setting)


def test_a_provider_that_langchain_does_not_know_is_a_line() -> None:
    with pytest.raises(SettingsError, match=r"^BONTON_MODEL=pigeon:post cannot be made \("):
        models.make("pigeon:post", 1)


def test_a_model_is_made_with_our_limits_and_no_tries_of_its_own(monkeypatch: Any) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    model = models.make("openai:some-model", 3)
    assert (model.max_retries, model.request_timeout, model.max_tokens) == (0, 3, models.MOST_WORDS)


@pytest.mark.parametrize(
    ("error", "why", "again"),
    [
        (TimeoutError(), "slow", False),
        (httpx.ReadTimeout("x"), "slow", False),
        (httpx.ConnectError("x"), "down", True),
        (ConnectionResetError(), "down", True),
        (Turned(500), "down", True),
        (Turned(429), "limited", True),
        (Turned(401), "denied", False),
        (Turned(400), "denied", False),
        (KeyError("choices"), "garbage", False),
    ],
)
def test_faults_are_told_apart(error: Exception, why: str, again: bool) -> None:
    assert (models.why(error), models.passing(error)) == (why, again)


def test_prices_are_two_numbers_a_million_tokens() -> None:
    usage = Prices.of("0.4,1.6").usage("m", "prompt", drafted("x"))
    assert (usage.input_tokens, usage.output_tokens, usage.cost) == (1_200, 200, 0.0008)
    assert Prices.of(" ") == Prices()
    uncounted = says("mot " * 33).model_copy(update={"usage_metadata": None})
    assert Prices.of("1,1").usage("m", "a" * 330, uncounted).input_tokens == 100
    for wrong in ("0.4", "a,b", "1,2,3", "-1,2"):
        with pytest.raises(SettingsError, match="BONTON_MODEL_PRICE"):
            Prices.of(wrong)


async def test_doctor_tells_model_reach_and_spending_without_spending(home: Any, monkeypatch: Any) -> None:
    async def answer(*_: Any) -> None:
        seen.append("connected")

    seen: list[str] = []
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for name, value in {
        "BONTON_MODEL": "openai:some-model",
        "BONTON_MODEL_FALLBACK": "mistralai:absent",
        "BONTON_MODEL_PRICE": "1,2",
        "BONTON_MODEL_BUDGET": "0.5",
        "OPENAI_API_KEY": "k",
        "OPENAI_API_BASE": f"http://127.0.0.1:{port}/v1",
    }.items():
        monkeypatch.setenv(name, value)
    ledger = SqlLedger(connect(address(home, "")))
    await ledger.open()
    spending = SqlSpending(ledger._engine)
    await spending.spend(
        Spent(request="r", brand="b", network="x", usage=Usage(model="m", calls=1, input_tokens=10, cost=0.4))
    )
    found = {part: (works, told) for part, works, told in await examine(Settings())}
    assert found["model"] == (True, f"openai:some-model; 127.0.0.1:{port} answers")
    assert found["second model"][0] is False
    assert "pip install 'bonton[mistral]'" in found["second model"][1]
    assert found["spending"] == (True, "today 1 calls, 10 tokens in, 0 out, cost 0.4000 of 0.5")
    await spending.spend(Spent(request="r", brand="b", network="x", usage=Usage(model="m", calls=1, cost=0.2)))
    found = {part: (works, told) for part, works, told in await examine(Settings())}
    assert found["spending"][0] is False
    assert "the playbooks write until midnight UTC" in found["spending"][1]
    server.close()
    await server.wait_closed()
    found = {part: (works, told) for part, works, told in await examine(Settings())}
    assert found["model"][0] is False
    assert "does not answer" in found["model"][1]
    await ledger.close()
