"""Over the wire with a real model server: protocol, structured output, streaming, time-outs, cancellation, and a draft from end to end.

The model has 135 million parameters: whether its words are good is not asked, only that nothing of it harms a card.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.steps.draft import Job
from bot.writers import models
from bot.writers.langchain import LangChainWriter
from bot.writers.spending import Prices
from tests.fakes.parts import FakeWriter
from tests.writers.conftest import FakeSpending

pytestmark = pytest.mark.model
NAME = "openai:smollm2"


class Server:
    """The server as a process that can be killed."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.fakes.model_server"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:"), "run it by `make test-model`, which installs the server"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.kill()


@pytest.fixture(autouse=True)
def address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_BASE", f"{server.address}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")


async def test_the_protocol_answers_and_counts(server: Server) -> None:
    answer = await models.make(NAME, 30).ainvoke("Say hello.")
    assert answer.text
    assert answer.usage_metadata["input_tokens"] > 0


async def test_what_is_streamed_is_what_was_said(server: Server) -> None:
    parts = [part async for part in models.make(NAME, 30).bind(max_tokens=40).astream("Count to ten.")]
    assert len(parts) > 3
    whole = parts[0]
    for part in parts[1:]:
        whole += part
    assert whole.text


async def test_a_schema_is_kept_to(server: Server) -> None:
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}},
        "required": ["n"],
        "additionalProperties": False,
    }
    shape = {"type": "json_schema", "json_schema": {"name": "number", "schema": schema}}
    answer = await models.make(NAME, 30).bind(response_format=shape, max_tokens=60).ainvoke("A number, please.")
    assert isinstance(json.loads(answer.text)["n"], int)


async def test_a_time_out_is_slow_and_the_server_lives_on(server: Server) -> None:
    with pytest.raises(Exception, match=r".*") as raised:
        await models.make(NAME, 0.01).ainvoke("Write a long story about a parcel.")
    assert models.why(raised.value) == "slow"
    assert (await models.make(NAME, 30).bind(max_tokens=5).ainvoke("Hello")).text is not None


async def test_a_cancelled_call_ends_at_once_and_the_next_is_answered(server: Server) -> None:
    task = asyncio.create_task(models.make(NAME, 60).ainvoke("Write the longest story you can. " * 20))
    await asyncio.sleep(0.3)
    start = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - start < 1
    assert (await models.make(NAME, 30).bind(max_tokens=5).ainvoke("Hello")).text is not None


async def test_a_writer_ends_in_words_whatever_this_model_says(
    server: Server, job: Callable[..., Job], pages: Any
) -> None:
    spending = FakeSpending()
    writer = LangChainWriter(
        (NAME,), plain=FakeWriter(), pages=pages, spending=spending, prices=Prices.of("1,5"), timeout=8.0
    )
    start = time.monotonic()
    written = await writer.write(job())
    assert time.monotonic() - start < 20
    assert written.variants
    assert written.writer in (NAME, "fake")
    assert written.writer == NAME or written.why
    assert sum(row.usage.input_tokens for row in spending.rows) > 500


def test_a_draft_from_end_to_end_then_without_the_server(learned: Path, tmp_path: Path) -> None:
    """What a person sees: a card either way, with a line that says who wrote and why."""
    home, own = tmp_path / "data", Server()
    for part in ("cache", "index"):
        shutil.copytree(learned / part, home / part)
    settings = {**os.environ, "BONTON_HOME": str(home), "BONTON_MODEL": NAME, "OPENAI_API_BASE": f"{own.address}/v1"}
    shown = []
    for _ in range(2):
        command = [
            sys.executable,
            "-m",
            "bot",
            "draft",
            "reply",
            "--brand",
            "tern-and-thistle",
            "--network",
            "x",
            "--json",
        ]
        start = time.monotonic()
        ran = subprocess.run(
            command, input=b"My parcel is two weeks late.", env=settings, capture_output=True, check=True
        )
        assert time.monotonic() - start < 40  # the start of the command included
        shown.append(json.loads(ran.stdout))
        own.kill()
    for draft in shown:
        assert draft["text"]
        assert draft["state"] == "pending"
    assert shown[1]["writer"] == "playbook"
