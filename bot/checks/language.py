"""Language: a reply in the language of the comment, a post in the language that was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.personal_data import EMAIL
from bot.checks.subject import Finding, Subject
from bot.triage.language import detect

ENOUGH = 5
"""Words from which a text's language can be told without embarrassment."""
ENOUGH_TEXT = 2_000
"""Characters that tell it as well as all of them would."""


def check(subject: Subject) -> Iterator[Finding]:
    if subject.language is None:
        return
    words = re.sub(r"[#@]\w+|https?://\S+", " ", EMAIL.sub(" ", subject.text))
    if len(words.split()) < ENOUGH:
        return
    found, told = detect(words[:ENOUGH_TEXT], (subject.language.name,))
    if told and found != subject.language.name:
        yield Finding(
            check="language",
            level="warn",
            key="finding.language",
            details={"found": found, "expected": subject.language.title},
            excerpt=_opening(subject.text),
        )


def _opening(text: str) -> str:
    found = re.match(r"\s*((?:\S+\s+){0,5}\S+)", text)
    return found[1] if found else ""
