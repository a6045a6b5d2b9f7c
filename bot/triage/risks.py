"""Risks by their words: plain code, before any nearest neighbour or model."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast, get_args

from bot.domain.triage import Risk
from bot.triage.cues import Cues
from bot.triage.text import fold


@dataclass(frozen=True)
class RiskWords:
    risk: Risk
    situation: str
    severity: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Sign:
    """A risk that a comment speaks of, with the words that said so."""

    risk: Risk
    situation: str
    severity: int
    words: tuple[str, ...]


def signs(comment: str) -> list[Sign]:
    """Every risk named in the comment, in the order of the lexicon (gravest first). Both languages are looked for."""
    entries, cues, owners = _lexicon()
    said: dict[int, list[str]] = {}
    for place, words in cues.matches(fold(comment)):
        said.setdefault(owners[place], []).append(words)
    return [
        Sign(entries[number].risk, entries[number].situation, entries[number].severity, tuple(dict.fromkeys(words)))
        for number, words in sorted(said.items())
    ]


@cache
def _lexicon() -> tuple[tuple[RiskWords, ...], Cues, tuple[int, ...]]:
    """The risks, all their words together, and whose each of these is."""
    raw = tomllib.loads((Path(__file__).parent / "risks.toml").read_text(encoding="utf-8"))
    unknown = set(raw) - set(get_args(Risk))
    if unknown:
        raise ValueError(f"risks.toml: no such risk: {', '.join(sorted(unknown))}")
    entries = tuple(
        RiskWords(cast("Risk", risk), entry.get("situation", ""), entry["severity"], (*entry["fr"], *entry["en"]))
        for risk, entry in raw.items()
    )
    owners = tuple(number for number, entry in enumerate(entries) for _ in entry.words)
    return entries, Cues([word for entry in entries for word in entry.words]), owners
