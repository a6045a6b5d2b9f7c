"""`bonton serve` beside a fake Telegram: one process for the tests of a file, on a data folder that has learned already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes.serving import Serve, populate_telegram
from tests.fakes.telegram import FakeTelegram


@asynccontextmanager
async def listening(learned: Path, home: Path, **settings: str) -> AsyncIterator[FakeTelegram]:
    """The brand's people and groups, and `bonton serve` listening to them."""
    async with FakeTelegram() as telegram:
        populate_telegram(telegram)
        serving = Serve(home, telegram.environment(BONTON_BRANDS=str(learned / "brands"), **settings))
        telegram.deliver_to = f"{serving.url}/telegram"
        async with serving:
            yield telegram
        assert "Traceback" not in serving.said, serving.said
        assert "level=error" not in serving.said, serving.said


@pytest.fixture(scope="module")
async def telegram(learned: Path, new_home: Callable[[], Path]) -> AsyncIterator[FakeTelegram]:
    """Asked for its updates."""
    async with listening(learned, new_home()) as telegram:
        yield telegram


@pytest.fixture(scope="module")
async def telegram_by_webhook(learned: Path, new_home: Callable[[], Path]) -> AsyncIterator[FakeTelegram]:
    """Told of them."""
    async with listening(learned, new_home(), BONTON_TELEGRAM_WEBHOOK="https://bonton.example") as telegram:
        yield telegram
