"""The conversations of `tests/conversations/*.md`, held with the real product in a terminal.

`> said` is what a person types; until the next one, `< words` must be in what Bonton shows and `! words` must not.
`~ these → those` is what they change in the editor that opens.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console

from bot.app import Bonton
from bot.frontends import editor
from bot.frontends.terminal import Terminal
from bot.pages import shared
from bot.settings import Settings
from bot.view import View

DIALOGUES = sorted((Path(__file__).parent / "conversations").glob("*.md"))


@dataclass
class Turn:
    said: str
    changed: tuple[str, str] = ("", "")
    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def read(file: Path) -> tuple[dict[str, str], list[Turn]]:
    head = dict(re.findall(r"(?m)^(brand|who|locale): (.+)$", file.read_text()))
    turns: list[Turn] = []
    for line in file.read_text().splitlines():
        mark, words = line[:2], line[2:].strip()
        if mark == "> ":
            turns.append(Turn(words))
        elif mark == "< ":
            turns[-1].shown.append(words)
        elif mark == "! ":
            turns[-1].hidden.append(words)
        elif mark == "~ ":
            these, _, those = words.partition(" → ")
            turns[-1].changed = (these, those)
    return head, turns


@pytest.fixture(scope="module")
async def bonton(tmp_path_factory: pytest.TempPathFactory, learned: Path) -> AsyncIterator[Bonton]:
    """The product on its real parts and the sample brands, in a data folder of its own."""
    home = tmp_path_factory.mktemp("real")
    for part in ("cache", "index"):
        shutil.copytree(learned / part, home / part)
    real = Bonton(Settings(home=home))
    async with real.running():
        yield real


@pytest.mark.parametrize("file", DIALOGUES, ids=lambda file: file.stem)
async def test_the_conversation_goes_as_written(bonton: Bonton, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await held(bonton, file, monkeypatch)


async def held(bonton: Bonton, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversation of that page, with that product."""
    head, turns = read(file)
    turn = turns[0]

    def edited(text: str) -> str:
        these, those = turn.changed
        found = re.subn(r"\s".join(map(re.escape, these.split())), those, text)  # whatever the typography of its spaces
        assert found[1], f"“{these}” is not in “{text}”"
        return found[0]

    monkeypatch.setattr(editor, "edit", edited)
    page = io.StringIO()
    terminal = Terminal(
        bonton,
        bonton.settings,
        View(shared(), head["locale"]),
        brand=head["brand"],
        who=head["who"],
        console=Console(file=page, width=200, color_system=None),
    )
    for turn in turns:
        page.seek(0)
        page.truncate()
        await terminal.hear(turn.said)
        shown = re.sub(r"[\s│]+", " ", page.getvalue())
        for words in turn.shown:
            assert re.sub(r"\s+", " ", words) in shown, f"after “{turn.said}”: no “{words}” in:\n{page.getvalue()}"
        for words in turn.hidden:
            assert words not in shown, f"after “{turn.said}”: “{words}” in:\n{page.getvalue()}"
