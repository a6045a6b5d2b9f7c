"""Irony, read by its marks: praise beside trouble that nobody mended, set phrases, mocking faces; and what an understatement means.

« Trop bien, encore en panne » praises nothing; « pas mal » praises, « pas terrible » does not. Praise and reproach joined by « mais »
are sincere, trouble that was mended is thanked for. A reading is a feature with its reasons: what the comment is, `steps/triage.py`
decides. The marks are in `irony.toml`; irony without one (« j'y serais allé à pied ») is beyond it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from bot.triage.phrases import Phrases, read
from bot.triage.text import fold

IRONIC = 0.5
"""Score from which a text is taken for irony."""
_SET, _MOCKING, _CLASH, _AFTER, _SCARE = 0.8, 0.3, 0.6, 0.1, 0.2
_TURNED, _ASKED = -0.4, -0.2
_NEAR = 60
"""Signs between praise and trouble for one to be about the other; with more between them, a text has two subjects."""
_QUOTES = re.compile(r"«[^»]{3,40}»|“[^”]{3,40}”|(?<!\w)['\"][^'\"\n]{3,30}['\"](?!\w)")
Litotes = Literal["positive", "negative", ""]


@dataclass(frozen=True)
class Reading:
    score: float
    """0 (meant as said) to 1 (the opposite is meant)."""
    litotes: Litotes
    """What an understatement means; empty where there is none."""
    reasons: tuple[str, ...]
    """The words that said so, folded."""

    @property
    def ironic(self) -> bool:
        return self.score >= IRONIC


def irony(text: str, language: str) -> Reading:
    """Reads a comment; in a language without marks of its own, by all of them. Linear, whatever the text."""
    folded = fold(text)
    said = (_lexicon().get(language) or _lexicon()[""]).groups(folded)
    litotes: Litotes = "negative" if "blamed" in said else "positive" if "praised" in said else ""
    score, reasons = 0.0, [match.group() for group in ("blamed", "praised") for match in said.get(group, ())[:1]]
    if "set" in said:
        score += _SET
        reasons.append(said["set"][0].group())
    if "mocking" in said:
        score += _MOCKING
        reasons.append(said["mocking"][0].group())
    if "mended" not in said and (clash := _clash(said)):
        praise, trouble = clash
        score += _CLASH + (_AFTER if praise.start() < trouble.start() else 0)
        score += _SCARE if _QUOTES.search(folded) else 0
        score += _TURNED if "turn" in said and "set" not in said else 0
        score += _ASKED if "asks" in said else 0
        reasons += [praise.group(), trouble.group()]
    elif "mocking" in said and (beside := said.get("praise") or said.get("trouble")):
        score += _MOCKING
        reasons.append(beside[0].group())
    return Reading(round(max(0.0, min(1.0, score)), 2), litotes, tuple(dict.fromkeys(reasons)))


def _clash(said: dict[str, list[re.Match[str]]]) -> tuple[re.Match[str], re.Match[str]] | None:
    """A praise and the trouble close by it, that is not the praise itself."""
    troubles = said.get("trouble", [])
    place = 0
    for praise in said.get("praise", ()):
        while place < len(troubles) and troubles[place].end() < praise.start() - _NEAR:
            place += 1
        for trouble in troubles[place : place + 2]:
            apart = trouble.start() >= praise.end() or praise.start() >= trouble.end()
            if apart and trouble.start() - praise.end() <= _NEAR:
                return praise, trouble
    return None


@cache
def _lexicon() -> dict[str, Phrases]:
    return read(Path(__file__).with_suffix(".toml"))
