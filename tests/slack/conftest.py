"""`bonton serve` beside a fake Slack: one process for the tests of a file, on a data folder that has learned already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest

from tests.fakes.serving import Serve, populate
from tests.fakes.slack import FakeSlack


@asynccontextmanager
async def listening(transport: Literal["http", "socket"], learned: Path, home: Path) -> AsyncIterator[FakeSlack]:
    """A workspace with the brand's people, and `bonton serve` listening to it."""
    async with FakeSlack(transport=transport, burst=1_000) as workspace:
        populate(workspace)
        serving = Serve(home, {**workspace.environment(), "BONTON_BRANDS": str(learned / "brands")})
        workspace.deliver_to = serving.events
        async with serving:
            if transport == "socket":
                await workspace.connected()
            yield workspace
        assert "Traceback" not in serving.said, serving.said
        assert "level=error" not in serving.said, serving.said


@pytest.fixture(scope="module")
async def slack(learned: Path, new_home: Callable[[], Path]) -> AsyncIterator[FakeSlack]:
    """Signed requests over HTTP."""
    async with listening("http", learned, new_home()) as workspace:
        yield workspace


@pytest.fixture(scope="module")
async def slack_by_socket(learned: Path, new_home: Callable[[], Path]) -> AsyncIterator[FakeSlack]:
    """Envelopes over Socket Mode."""
    async with listening("socket", learned, new_home()) as workspace:
        yield workspace
