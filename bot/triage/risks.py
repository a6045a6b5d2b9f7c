"""Risks by their words: plain code, before any nearest neighbour or model."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast, get_args

from bot.domain.triage import Risk
from bot.triage.text import cue, fold


@dataclass(frozen=True)
class RiskWords:
    risk: Risk
    situation: str
    severity: int
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Sign:
    """A risk that a comment speaks of, with the words that said so."""

    risk: Risk
    situation: str
    severity: int
    words: tuple[str, ...]


def signs(comment: str) -> list[Sign]:
    """Every risk named in the comment, in the order of the lexicon (gravest first). Both languages are looked for."""
    text = fold(comment)
    found = []
    for entry in _lexicon():
        words = tuple(dict.fromkeys(match.group() for pattern in entry.patterns if (match := pattern.search(text))))
        if words:
            found.append(Sign(entry.risk, entry.situation, entry.severity, words))
    return found


@cache
def _lexicon() -> tuple[RiskWords, ...]:
    raw = tomllib.loads((Path(__file__).parent / "risks.toml").read_text(encoding="utf-8"))
    unknown = set(raw) - set(get_args(Risk))
    if unknown:
        raise ValueError(f"risks.toml: no such risk: {', '.join(sorted(unknown))}")
    return tuple(
        RiskWords(
            cast("Risk", risk),
            entry.get("situation", ""),
            entry["severity"],
            tuple(cue(word) for word in (*entry["fr"], *entry["en"])),
        )
        for risk, entry in raw.items()
    )
