"""Praise that is none, understatements, and sincere words that must be left alone."""

from __future__ import annotations

import pytest

from bot.triage.irony import irony


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "merci pour rien"),
        ("fr", "bravo champion"),
        ("fr", "trop bien, encore en panne"),
        ("en", "Thanks for nothing"),
        ("en", "great job, broken again"),
        ("de", "Thanks for nothing"),
    ],
)
def test_the_mission_s_own_examples_are_read(language: str, text: str) -> None:
    reading = irony(text, language)
    assert reading.ironic
    assert reading.reasons


@pytest.mark.parametrize(
    ("language", "text", "means"),
    [
        ("fr", "Pas mal !", "positive"),
        ("fr", "c’est pas dégueu", "positive"),
        ("fr", "pas terrible", "negative"),
        ("fr", "pas mal de retard", ""),
        ("fr", "ça ne fait pas mal", ""),
        ("en", "not bad", "positive"),
        ("en", "not too shabby", "positive"),
        ("en", "Not great.", "negative"),
        ("en", "It is bad.", ""),
    ],
)
def test_an_understatement_means_what_people_mean(language: str, text: str, means: str) -> None:
    reading = irony(text, language)
    assert reading.litotes == means
    assert not reading.ironic


@pytest.mark.parametrize(
    "text",
    [
        "Super crème, mais livraison en retard.",
        "Merci, mon flacon cassé a été remplacé.",
        "Bravo à l’équipe !",
        "",
        "🌿",
    ],
)
def test_sincere_words_are_left_alone(text: str) -> None:
    assert not irony(text, "fr").ironic
