"""Killed at any point between request and outcome, nothing accepted is lost and nothing is released twice."""

from __future__ import annotations

import json
import multiprocessing
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.durable.killed import POINTS, main

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.durable.killed"])


def run(home: Path, point: str) -> int | None:
    """The exit code of a fresh process: minus the signal that killed it."""
    process = PROCESSES.Process(target=main, args=(home, point))
    process.start()
    process.join(timeout=60)
    return process.exitcode


def told(home: Path, name: str) -> dict[str, Any]:
    return dict(json.loads((home / f"{name}.json").read_text()))


@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_at_any_point_loses_nothing_and_releases_once(tmp_path: Path, point: str) -> None:
    assert run(tmp_path, point) == -signal.SIGKILL

    assert run(tmp_path, "recover") == 0
    after = told(tmp_path, "recovered")
    assert len(after["drafts"]) == 1, "the accepted request has its draft after a restart, without being asked again"
    decided = POINTS.index(point) >= POINTS.index("after decide")
    assert after["drafts"][0][1] == ("released" if decided else "pending"), (
        "a decision that was committed is carried out"
    )

    again = told(tmp_path, "told")
    assert len(again["drafts"]) == 1, "a redelivery of the same event starts nothing twice"
    assert again["outcomes"] == 1
    assert again["events"].count("draft.released") == 1
    assert again["events"].count("draft.submitted") == 1
