"""`bonton serve` beside a fake Slack: one process for the tests of a file, on a data folder that has learned already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.fakes.serving import Serve, populate
from tests.fakes.slack import FakeSlack


@pytest.fixture(scope="module", params=["http", "socket"])
async def slack(
    request: pytest.FixtureRequest, learned: Path, new_home: Callable[[], Path]
) -> AsyncIterator[FakeSlack]:
    """A workspace with the brand's people, and `bonton serve` listening to it, over each transport."""
    async with FakeSlack(transport=request.param, burst=1_000) as workspace:
        populate(workspace)
        serving = Serve(new_home(), {**workspace.environment(), "BONTON_BRANDS": str(learned / "brands")})
        workspace.deliver_to = serving.events
        async with serving:
            if request.param == "socket":
                await workspace.connected()
            yield workspace
        assert "Traceback" not in serving.said, serving.said
        assert "level=error" not in serving.said, serving.said
