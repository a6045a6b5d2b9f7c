"""`bonton serve` beside a fake Slack: one process for the tests of a file, on a data folder that has learned already."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.fakes.serving import Serve, populate
from tests.fakes.slack import FakeSlack


@pytest.fixture(scope="session")
def new_home(learned: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """A data folder of its own, that need not learn again."""

    def make() -> Path:
        home = tmp_path_factory.mktemp("slack") / "home"
        shutil.copytree(learned, home)
        return home

    return make


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
