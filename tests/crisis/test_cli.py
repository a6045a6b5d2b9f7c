"""A crisis and a drill from the command line: the same acts, the same rights, JSON for machines and a card for people."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot import cli

B = ("--brand", "maison-virevent")


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(learned: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `bonton …` in this process, with no terminal to ask in."""
    for part in ("cache", "index"):
        shutil.copytree(learned / part, home / part, dirs_exist_ok=True)
    monkeypatch.setenv("BONTON_HOME", str(home))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115, PTH123 - closed with the process

    def ran(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["bonton", *arguments])
        capfd.readouterr()
        try:
            cli.main()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 1 if leaving.code else 0
        else:
            code = 0
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return ran


def test_a_crisis_from_its_opening_to_its_lift(run: Run) -> None:
    asked = run("crisis", "open", "Lait solaire", *B, "--as", "Gaspard")
    assert (asked.code, asked.out) == (1, "")
    assert "--yes" in asked.err
    opened = run("crisis", "open", "Lait solaire", *B, "--as", "Gaspard", "--level", "3", "--yes", "--json").json
    assert (opened["applied"], opened["incident"]["level"], opened["incident"]["state"]) == (True, 3, "open")
    number = str(opened["incident"]["id"])
    again = run("crisis", "open", "Encore", *B, "--as", "Inès", "--yes")
    assert again.code == 3
    assert "Lait solaire" in again.out
    for arguments in (
        ("role", number, "lead", "--as", "Gaspard"),
        ("fact", number, "Le lot L-2041 est retiré", "--as", "Inès"),
        ("fact", number, "la cause", "--unknown", "--as", "Inès"),
        ("fact", number, "cas isolé", "--never", "--as", "Inès"),
        ("fact", number, "Le lot L-2042 est retiré", "--line", "1", "--as", "Inès"),
        ("fact", number, "--line", "3", "--as", "Inès"),
        ("next", number, "in 45 min", "--as", "Inès"),
        ("level", number, "4", "--as", "Gaspard"),
    ):
        assert run("crisis", *arguments).code == 0, arguments
    room = run("crisis", "show", number, "--json").json
    assert [(line["sort"], line["words"]) for line in room["truth"]] == [
        ("unknown", "la cause"),
        ("confirmed", "Le lot L-2042 est retiré"),
    ]
    assert room["incident"]["roles"] == {"lead": "Gaspard"}
    card = run("crisis", "show", number).out
    assert "Gaspard leads" in card
    assert "L-2042" in card
    said = run("crisis", "say", number, "holding", "--as", "Maud", "--json").json
    assert all(draft["approvals"]["needed"] == 2 and "L-2042" in draft["text"] for draft in said)
    assert run("crisis", "close", number, "--as", "Inès").code == 0
    alone = run("crisis", "agree", number, "--as", "Inès")
    assert (alone.code, alone.out) == (1, "")
    assert run("crisis", "agree", number, "--as", "Gaspard", "--json").json["incident"]["state"] == "closed"
    assert [one["state"] for one in run("crisis", "list", *B, "--json").json] == ["closed"]
    assert "# " in run("crisis", "report", number).out


@pytest.mark.parametrize(
    "arguments",
    [
        ("open", "Rumeur", *B, "--as", "Zoé", "--yes"),
        ("open", "Rumeur", "--brand", "nobody", "--as", "Inès", "--yes"),
        ("show", "99"),
        ("level", "99", "2", "--as", "Inès"),
        ("role", "99", "boss", "--as", "Inès"),
    ],
)
def test_what_may_not_be_is_said_in_a_line(run: Run, arguments: tuple[str, ...]) -> None:
    refused = run("crisis", *arguments)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("bonton: ")
    assert len(refused.err.splitlines()) == 1


def test_a_drill_plays_here_until_it_is_over(run: Run) -> None:
    known = run("drill", "list", "--json").json
    assert len(known) == 10
    assert {"name", "title", "says", "level", "minutes"} <= set(known[0])
    played = run("drill", "start", "sunburn_milk", *B, "--as", "Gaspard", "--pace", "600")
    assert played.code == 0
    assert "From inside · minute 34" in played.out
    assert "voices on" in played.out
    assert "The story is over" in played.out
    (drill,) = run("crisis", "list", *B, "--json").json
    assert drill["drill"] == "sunburn_milk"
    assert run("drill", "start", "nothing", *B, "--as", "Gaspard").code == 1
