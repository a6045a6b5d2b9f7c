"""A statement may call the crisis by its name, whatever its lines say; it may not say what nobody knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.checks import truth
from bot.checks.subject import Subject
from bot.domain.incident import Line
from tests.fakes.crisis import START

TITLE = "Lait solaire, plaques rouges"


@pytest.mark.parametrize(
    ("text", "blocked"),
    [
        ("Nous avons connaissance de ce qui est signalé à propos de : Lait solaire, plaques rouges.", False),
        ("Nous ne savons pas encore la cause des plaques rouges.", False),
        ("La cause des plaques rouges est un parfum.", True),
    ],
)
def test_the_name_of_a_crisis_asserts_nothing(subject: Callable[..., Subject], text: str, blocked: bool) -> None:
    words = "la cause des plaques rouges"
    line = Line(id=1, incident=1, sort="unknown", words=words, version=1, by="Ada", at=START)
    found = list(
        truth.check(
            subject(text, skill="crisis", kind="caption", prompt=TITLE, called=TITLE, in_crisis=True, truth=(line,))
        )
    )
    assert [one.key for one in found] == (["finding.nobody_knows"] if blocked else [])
