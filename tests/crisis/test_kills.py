"""Killed at any commit of opening, freezing, releasing, thawing and closing: what stands is one true state, and the journal tells it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.ledger.engine import address
from tests.ledger.conftest import postgresql  # noqa: F401 - a fixture

COMMITS = 9
"""Of a whole crisis, as `killed.py` lives it: opening, six changes, two releases."""


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    fresh = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    return [address(tmp_path, fresh() if fresh else "", f"{number}.sqlite") for number in range(2 * COMMITS + 2)]


def test_what_a_kill_leaves_is_true_and_the_next_life_ends_it(databases: list[str]) -> None:
    lived = subprocess.run(
        [sys.executable, "-m", "tests.crisis.killed", *databases],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2], timeout=120,
    )  # fmt: skip
    lives = [json.loads(line) for line in lived.stdout.splitlines()]
    assert [life["died"] for life in lives] == [9] * (2 * COMMITS) + [0, 0]
    for life in lives:
        true(life["left"])
        assert life["ended"] == lives[-1]["ended"], life
    before, after = lives[0]["left"], lives[1]["left"]
    assert (before["incidents"], after["incidents"]) == (0, 1)
    ended = lives[-1]["ended"]
    assert (ended["state"], ended["released"], ended["to_take_up"]) == ("closed", [1, 2, 3], [])
    journals = [len(life["left"].get("journal", ())) for life in lives[1:]]
    assert journals == sorted(journals)


def true(left: dict[str, Any]) -> None:
    """Nothing half done: each thing is there together with its line of the journal, or neither is."""
    assert len(set(left["released"])) == len(left["released"])
    for number, state in left["states"].items():
        assert (state == "released") == (int(number) in left["released"])
    if not left["incidents"]:
        assert not any(left["held"].values())
        assert left["to_take_up"] == [1, 2, 3]
        return
    told = left["journal"]
    assert told.count("incident.opened") == 1
    assert left["froze"] == 3
    assert left["version"] == left["lines"] == told.count("truth.added")
    assert bool(left["lead"]) == ("role.taken" in told)
    assert left["promised"] == ("update.promised" in told)
    assert left["state"] == (
        "closed" if "incident.closed" in told else "closing" if "closing.asked" in told else "open"
    )
    free = {1} if "draft.thawed" in told else set()
    free = {1, 2, 3} if left["state"] == "closed" else free
    held = {int(number) for number, incident in left["held"].items() if incident}
    assert held == {1, 2, 3} - free
    assert set(left["released"]) <= free
    assert set(left["to_take_up"]) == free - set(left["released"])
