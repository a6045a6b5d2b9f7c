"""Set phrases, found whole, in one walk, at a cost that does not depend on how hostile the text is."""

from __future__ import annotations

import time

import pytest

from bot.triage.phrases import Phrases


def found(phrase: str, text: str) -> list[str]:
    return [hit.match.group() for hit in Phrases({"it": [phrase]}).find(text)]


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("merci pour rien", "eh bien merci pour rien !", ["merci pour rien"]),
        ("merci pour rien", "remerci pour riens", []),
        ("Désolé* si", "desolees si", ["desolees si"]),
        ("l'enfer", "c'est l'enfer", ["l'enfer"]),
        ("nous|on avons|a", "on a", ["on a"]),
        ("[très] pas mal", "pas mal", ["pas mal"]),
        ("si vous [vous] sentez", "si vous sentez, si vous vous sentez", ["si vous sentez", "si vous vous sentez"]),
        ("si .. offense*", "si nous vous avons offensee", ["si nous vous avons offensee"]),
        ("si .. offense*", "si. offensee", []),
        ("si .. offense*", "si un deux trois quatre cinq offense", []),
        ("🙃", "bravo 🙃", ["🙃"]),
        ("a fond", "a fond", ["a fond"]),
    ],
)
def test_a_phrase_is_found_whole(phrase: str, text: str, words: list[str]) -> None:
    assert found(phrase, text) == words


@pytest.mark.parametrize("phrase", ["* bien", ".. bien"])
def test_a_phrase_that_anything_may_open_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="opens with a word"):
        Phrases({"it": [phrase]})


def test_what_an_innocent_phrase_covers_is_no_hit() -> None:
    lexicon = Phrases({"war": ["guerre"], "innocent": ["guerre des prix"]})
    assert lexicon.groups("la guerre des prix") == {}
    assert list(lexicon.groups("la guerre, pas la guerre des prix")) == ["war"]


@pytest.mark.parametrize("unit", ["a", "a ", "si ", "si nous ", "si, ", "desole si vous ", "'", "🙃"])
def test_two_hundred_thousand_signs_take_no_time(unit: str) -> None:
    lexicon = Phrases({"it": ["desole* si vous [vous] .. ressenti*", "si .. offense* ..  encore", "a* a* b"]})
    started = time.perf_counter()
    list(lexicon.find(unit * (200_000 // len(unit))))
    assert time.perf_counter() - started < 2
