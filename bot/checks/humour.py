"""Humour under a complaint: whoever waits for their money does not laugh along, and the readers take their side.

Laughter, winks and jokes in an answer to a complaint warn, in an answer to a crisis block. What the comment is, triage says
(`Subject.answers`); under praise, questions and jokes a brand may laugh as it likes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.checks.folded import Folded
from bot.checks.subject import Finding, Subject
from bot.domain.draft import Level
from bot.triage.phrases import Phrases, read

LEVELS: dict[str, Level] = {"complaint": "warn", "crisis": "block"}


def check(subject: Subject) -> Iterator[Finding]:
    level = LEVELS.get(subject.answers)
    if level is None or subject.skill != "reply":
        return
    language = subject.language.name if subject.language else ""
    lexicon = _lexicon().get(language) or _lexicon()[""]
    draft = Folded.of(subject.text)
    said = lexicon.groups(draft.text)
    for match in (*said.get("laughs", ())[:1], *said.get("jokes", ())[:1]):
        yield Finding(check="humour", level=level, key="tact.humour", excerpt=draft.excerpt(match))


@cache
def _lexicon() -> dict[str, Phrases]:
    return read(Path(__file__).with_suffix(".toml"))
