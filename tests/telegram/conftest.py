"""`bonton serve` beside a fake Telegram: one process for the tests of a file, on a data folder that has learned already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.fakes.serving import Serve, populate_telegram
from tests.fakes.telegram import FakeTelegram


@pytest.fixture(scope="module", params=["polling", "webhook"])
async def telegram(
    request: pytest.FixtureRequest, learned: Path, new_home: Callable[[], Path]
) -> AsyncIterator[FakeTelegram]:
    """The brand's people and groups, and `bonton serve` listening to them, asked for updates or told of them."""
    async with FakeTelegram() as telegram:
        populate_telegram(telegram)
        address = {"BONTON_TELEGRAM_WEBHOOK": "https://bonton.example"} if request.param == "webhook" else {}
        settings = telegram.environment(BONTON_BRANDS=str(learned / "brands"), **address)
        serving = Serve(new_home(), settings)
        telegram.deliver_to = f"{serving.url}/telegram"
        async with serving:
            yield telegram
        assert "Traceback" not in serving.said, serving.said
        assert "level=error" not in serving.said, serving.said
