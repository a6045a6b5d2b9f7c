"""Tact: the sentences that make an angry person angrier, whatever the case.

An apology for what somebody « felt », or only « if » they were hurt; the customer blamed; a threat, or an order to be silent, which
blocks. What stands between quotation marks is somebody else's. The sentences are in `tact.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.checks.folded import Folded
from bot.checks.subject import Finding, Subject
from bot.domain.draft import Level
from bot.triage.phrases import Phrases, read

LEVELS: dict[str, Level] = {"non_apology": "warn", "blame": "warn", "threat": "block"}
_QUOTED = re.compile(r"«[^«»]{0,2000}»|“[^“”]{0,2000}”")


def check(subject: Subject) -> Iterator[Finding]:
    language = subject.language.name if subject.language else ""
    lexicon = _lexicon().get(language) or _lexicon()[""]
    draft = Folded.of(_QUOTED.sub(lambda quoted: " " * len(quoted.group()), subject.text))
    said = lexicon.groups(draft.text)
    for group, level in LEVELS.items():
        for match in said.get(group, ())[:1]:
            yield Finding(check="tact", level=level, key=f"tact.{group}", excerpt=draft.excerpt(match))


@cache
def _lexicon() -> dict[str, Phrases]:
    return read(Path(__file__).with_suffix(".toml"))
