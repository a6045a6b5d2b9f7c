"""What left lately is not contradicted: the cases of `bench/detectors`, both texts on the finding, and nobody held to another's order."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bench.fires import DETECTORS, cases
from bot.checks.coherence import check
from bot.checks.subject import Released, Subject
from bot.view import View

AT = datetime(2026, 11, 20, tzinfo=UTC)


def released(text: str, language: str = "fr", prompt: str = "") -> tuple[Released, ...]:
    return (Released(draft=12, at=AT, text=text, language=language, prompt=prompt),)


def test_the_finding_shows_both_texts(subject: Callable[..., Subject], pages: object) -> None:
    text = "Bonjour. Nous ne livrons pas en Belgique, et nous le regrettons."
    said = released("Merci ! Oui, nous livrons en Belgique et au Luxembourg.")
    assert not list(check(subject(text)))
    (found,) = check(subject(text.replace(", et nous le regrettons", ""), released=said))
    assert (found.level, found.key, found.excerpt) == (
        "warn",
        "coherence.yes_no",
        "Nous ne livrons pas en Belgique.",
    )
    assert found.details == {
        "draft": 12,
        "date": "2026-11-20",
        "other": "Oui, nous livrons en Belgique et au Luxembourg.",
    }
    for locale in ("fr", "en"):
        shown = View(pages, locale).finding(found)  # type: ignore[arg-type]
        assert "Luxembourg" in shown
        assert "12" in shown


@pytest.mark.parametrize("language", ["fr", "en"])
def test_other_facts_are_no_contradiction(language: str) -> None:
    fires = DETECTORS["coherence"]
    wrong = [
        case["text"]
        for case in cases("coherence", language)
        if not case["fires"] and fires(case["text"], language, case["context"])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_most_contradictions_are_seen(language: str) -> None:
    fires = DETECTORS["coherence"]
    wanted = [case for case in cases("coherence", language) if case["fires"]]
    seen = [case for case in wanted if fires(case["text"], language, case["context"])]
    assert len(seen) >= 0.9 * len(wanted)


def test_saying_the_same_again_is_fine(subject: Callable[..., Subject]) -> None:
    text = "La livraison coûte 4,90 € et prend 3 jours. Nous ne livrons pas le dimanche."
    assert not list(check(subject(text, released=released(text))))


def test_two_hundred_released_texts_are_held_against_in_a_moment(subject: Callable[..., Subject]) -> None:
    said = tuple(
        Released(draft=n, at=AT, text=f"La recharge n° {n} coûte {n} €. Nous livrons en {n} jours.", language="fr")
        for n in range(200)
    )
    draft = subject("La crème coûte 12 €. Nous livrons en Belgique.", released=said)
    list(check(draft))
    started = time.perf_counter()
    list(check(draft))
    assert time.perf_counter() - started < 0.05
