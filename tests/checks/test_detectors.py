"""Detectors of words on their written cases (`bench/detectors/`): a floor, and silence on the sentences of the house."""

from __future__ import annotations

import time

import pytest

from bench.fires import DETECTORS, FOLDER, cases, subject
from bot.discover import checks
from bot.pages import shared
from bot.triage.irony import irony
from bot.triage.language import detect
from bot.typography import french
from knowledge import brand

FILES = sorted(file.stem for file in FOLDER.glob("*.jsonl"))
WHOLE = ("newsjacking", "humour", "non_apology", "irony")
"""Detectors that owe sixty cases a language, half of them innocent."""
PRECISION, RECALL = 0.97, 0.93
OURS = ("tact", "newsjacking", "humour", "copied", "legal")
HOUSES = ("maison-virevent", "tern-and-thistle")
LONG = 200_000


@pytest.mark.parametrize("file", FILES)
def test_it_finds_what_it_should_and_little_else(file: str) -> None:
    name, language = file.split(".")
    told = [
        (case["fires"], DETECTORS[name](case["text"], language, case.get("context", {})), case["text"])
        for case in cases(name, language)
    ]
    found = [fires for fires, fired, _ in told if fired]
    assert sum(found) / len(found) >= PRECISION, [text for fires, fired, text in told if fired and not fires]
    wanted = [fired for fires, fired, _ in told if fires]
    assert sum(wanted) / len(wanted) >= RECALL, [text for fires, fired, text in told if fires and not fired]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", WHOLE)
def test_there_are_cases_enough_both_ways(name: str, language: str) -> None:
    told = [case["fires"] for case in cases(name, language)]
    assert len(told) >= 60
    assert min(sum(told), len(told) - sum(told)) >= 30


def _house() -> list[tuple[str, str, str]]:
    """Language, what the sentence answers, and the sentence: what the brands pre-approved and what the pages word."""
    pages = shared()
    said = [
        (detect(text, ("fr", "en"))[0], "praise", text)
        for slug in HOUSES
        for text in brand.find(slug, [brand.SAMPLES]).approved.texts
    ]
    said += [
        (language, page.kind, wording.text)
        for page in pages.playbooks.values()
        for language, moves in page.wordings.items()
        for wordings in moves.values()
        for wording in wordings
    ]
    said += [
        (name, "crisis", wording.text)
        for name, page in pages.languages.items()
        for wordings in page.wordings.values()
        for wording in wordings
    ]
    return said


def test_the_house_s_own_sentences_pass() -> None:
    broken = []
    for language, answers, text in _house():
        looked_at = subject(text, language, {"comment": "?", "answers": answers})
        for name in OURS:
            broken += [(finding.key, text) for finding in checks()[name](looked_at)]
    assert broken == []


def test_sincere_comments_of_the_playbooks_are_not_ironic() -> None:
    sincere = [
        (language, text)
        for name in ("praise", "thanks_after", "question", "suggestion")
        for language, texts in shared().playbooks[name].examples.items()
        for text in texts
    ]
    assert [text for language, text in sincere if irony(text, language).ironic] == []


@pytest.mark.parametrize(
    "piece",
    ["a", "« ", "“(e)", "🙃", "desole que ", "-20 % 1 ", "x et x ", "a@\n> "],
)
def test_the_longest_text_takes_no_time(piece: str) -> None:
    text = (piece * LONG)[:LONG]
    looked_at = subject(
        text, "fr", {"comment": text[:2_000], "answers": "complaint", "said": ["a b c d"] * 4, "inclusive": "none"}
    )
    for name in (*OURS, "inclusive", "register", "capitals"):
        started = time.process_time()
        list(checks()[name](looked_at))
        assert time.process_time() - started < 2, name
    started = time.process_time()
    irony(text, "fr")
    french(text)
    assert time.process_time() - started < 3
