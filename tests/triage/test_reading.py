"""Irony and understatement as the whole triage reads them, on the pages' own examples."""

from __future__ import annotations

import pytest

from bot.app import Bonton
from bot.domain.triage import Triage
from bot.settings import Settings
from bot.steps.triage import triage


@pytest.fixture(scope="module")
def bonton(tmp_path_factory: pytest.TempPathFactory) -> Bonton:
    return Bonton(Settings(BONTON_HOME=tmp_path_factory.mktemp("home")))


def read(bonton: Bonton, text: str) -> Triage:
    return triage(text, bonton.situations, bonton.pages.playbooks, ("fr", "en"))


@pytest.mark.parametrize(
    "text",
    [
        "merci pour rien",
        "bravo champion",
        "trop bien, encore en panne",
        "Thanks for nothing",
        "great job, broken again",
    ],
)
def test_ironic_praise_is_the_complaint_under_it(text: str, bonton: Bonton) -> None:
    found = read(bonton, text)
    assert (found.irony, found.kind, found.sentiment) == (True, "complaint", "negative")
    assert "triage.irony" in [reason.key for reason in found.reasons]


@pytest.mark.parametrize(
    "text", ["pas mal", "Pas mal du tout cette crème !", "c’est pas dégueu", "not bad", "not too shabby"]
)
def test_an_understated_praise_is_praise(text: str, bonton: Bonton) -> None:
    found = read(bonton, text)
    assert (found.irony, found.kind) == (False, "praise")


@pytest.mark.parametrize("text", ["pas terrible", "not great", "pas mal de retard quand même", "Not bad, just meh."])
def test_an_understated_reproach_is_a_complaint(text: str, bonton: Bonton) -> None:
    assert (read(bonton, text).kind, read(bonton, text).irony) == ("complaint", False)
