"""The local reading by its front door: what a comment is, what it is sure of, and that code's words of danger stand."""

from __future__ import annotations

import pytest

from bot.app import Bonton
from bot.domain.triage import Triage
from bot.settings import Settings
from bot.triage.corrections import Taught, follow
from bot.triage.cues import Cues
from bot.triage.text import cue, fold


@pytest.fixture(scope="module")
def bonton(tmp_path_factory: pytest.TempPathFactory) -> Bonton:
    return Bonton(Settings(BONTON_HOME=tmp_path_factory.mktemp("home")))


def read(bonton: Bonton, *texts: str) -> list[Triage]:
    return bonton.read_here(texts, ("fr", "en"))


@pytest.mark.parametrize(
    ("text", "kind", "least", "most"),
    [
        ("Trois semaines que j'attends mon colis, toujours rien", "complaint", 2, 4),
        ("Do you ship to Canada?", "question", 1, 1),
        ("My card payment was declined abroad, do I have to switch something on?", "question", 1, 2),
        ("J'adore, merci à toute l'équipe 😍", "praise", 1, 1),
        ("Une version sans parfum, ce serait top !", "suggestion", 1, 1),
        ("Gagne 500 € par jour depuis chez toi, lien dans ma bio", "spam", 1, 1),
        ("Bande de clowns", "troll", 1, 3),
        ("Mon fils a fait une réaction allergique, il est aux urgences", "complaint", 4, 5),
        ("je veux mourir, personne ne m'écoute", "crisis", 5, 5),
        ("N'achetez plus rien chez eux, faites tourner !", "crisis", 3, 5),
    ],
)
def test_what_an_ordinary_comment_is(bonton: Bonton, text: str, kind: str, least: int, most: int) -> None:
    (told,) = read(bonton, text)
    assert told.kind == kind
    assert least <= told.severity <= most
    assert told.decided_by == "classifier"
    assert told.probabilities
    assert 0.98 <= sum(told.probabilities[name] for name in ("negative", "neutral", "positive")) <= 1.02


def test_many_are_read_as_each_alone(bonton: Bonton) -> None:
    texts = [
        "Toujours pas livré",
        "Love it!",
        "",
        "😡" * 50,
        "Hello? anyone",
        "a" * 5_000,
        "مرحبا",
        "Danke, alles super",
    ]
    together = read(bonton, *texts)
    for text, told in zip(texts, together, strict=True):
        (alone,) = read(bonton, text)
        assert (alone.kind, alone.severity, alone.risks, alone.situation) == (
            told.kind,
            told.severity,
            told.risks,
            told.situation,
        )
    assert read(bonton) == []


def test_cues_are_those_that_one_after_another_would_find() -> None:
    words = ["brule* la peau", "a&e", "the er", "👏", "*degre", "mon avocat*", "j'ai 14 ans", "au *degre"]
    texts = [
        "ça brûle la peau !",
        "went to A&E",
        "in the ER now",
        "bravo 👏",
        "au 2degre",
        "Mon Avocate, j’ai 14 ans",
        "rien",
    ]
    known = Cues(words)
    for text in map(fold, texts):
        assert known.found(text) == [place for place, word in enumerate(words) if cue(word).search(text)]


def test_a_like_comment_follows_a_correction_but_no_danger_is_lowered(bonton: Bonton) -> None:
    was, alike, grave = read(
        bonton,
        "Bravo, encore en retard",
        "Bravo pour le retard",
        "Bravo, mon fils a fini aux urgences avec une brûlure",
    )
    playbooks = bonton.pages.playbooks
    told = follow(
        alike.model_copy(update={"kind": was.kind, "risks": ()}), Taught(text="", what="irony", was=was), playbooks
    )
    assert (told.kind, told.irony, told.decided_by) == ("complaint", True, "person")
    calm = follow(grave, Taught(text="", what="calm", was=was), playbooks)
    assert calm.severity == grave.severity
