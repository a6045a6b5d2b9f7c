"""A lexicon of set phrases, looked for in one walk over a text: what tact, irony and law are told by.

A phrase is plain words, matched whole on folded text (`triage/text.py`), with four marks: `*` any ending, `a|b` either word,
`[a]` a word that may be missing, `..` up to four other words of the same sentence. The module decides nothing: the caller knows
what a group of phrases means.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.triage.text import fold

INNOCENT = "innocent"
"""The group whose phrases say something else: what they cover is no hit of another group."""
_START = re.compile(r"(?<!\w)\w|[^\w\s]")
_BETWEEN = r"[\s,]+"
_ANY = ".."
KNOWN_BY = 4
"""Signs at the start of a phrase by which it is found."""
_GAP = r"(?:[\w'%€$£-]+[\s,]+){0,4}?"


@dataclass(frozen=True)
class Hit:
    group: str
    match: re.Match[str]
    """On the folded text."""


class Phrases:
    """Groups of phrases by name. Built once; a walk costs one look a word, whatever the number of phrases."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self._by_start: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for group, phrases in groups.items():
            for phrase in dict.fromkeys(phrases):
                pattern = re.compile(_pattern(phrase))
                for start in _starts(phrase):
                    self._by_start.setdefault(start, []).append((group, pattern))

    def find(self, folded: str) -> Iterator[Hit]:
        """Every phrase at every place of a folded text, in the order of the text."""
        for start in _START.finditer(folded):
            place = start.start()
            for length in range(min(KNOWN_BY, len(folded) - place), 0, -1):
                for group, pattern in self._by_start.get(folded[place : place + length], ()):
                    if match := pattern.match(folded, place):
                        yield Hit(group, match)

    def groups(self, folded: str) -> dict[str, list[re.Match[str]]]:
        """The groups that the text holds, each with its matches; none inside an innocent phrase."""
        found: dict[str, list[re.Match[str]]] = {}
        for hit in self.find(folded):
            found.setdefault(hit.group, []).append(hit.match)
        covered = [False] * len(folded) if INNOCENT in found else []
        for match in found.pop(INNOCENT, ()):
            covered[match.start() : match.end()] = [True] * (match.end() - match.start())
        if not covered:
            return found
        kept = {group: [one for one in matches if not covered[one.start()]] for group, matches in found.items()}
        return {group: matches for group, matches in kept.items() if matches}


def read(file: Path) -> dict[str, Phrases]:
    """The lexicon of a file of `[group] fr = […] en = […]`, by language; under "" all languages together."""
    raw: dict[str, dict[str, list[str]]] = tomllib.loads(file.read_text(encoding="utf-8"))
    languages = sorted({language for group in raw.values() for language in group})
    by_language = {
        language: {group: phrases.get(language, []) for group, phrases in raw.items()} for language in languages
    }
    together = {group: [one for said in phrases.values() for one in said] for group, phrases in raw.items()}
    return {language: Phrases(groups) for language, groups in (*by_language.items(), ("", together))}


def _pattern(phrase: str) -> str:
    body, gap, opened = "", "", False
    for token in fold(phrase).split():
        if token == _ANY:
            gap = _GAP
            continue
        bare = token.strip("[]") if token.startswith("[") else token
        words = "|".join(re.escape(word).replace(r"\*", r"[\w'-]*") for word in bare.split("|"))
        word = f"(?:{words})" + (r"(?!\w)" if bare[-1].isalnum() else "")
        if bare == token:
            body += (_BETWEEN + gap if opened else "") + word
            opened = True
        else:
            body += f"(?:{_BETWEEN}{gap}{word})?" if opened else f"(?:{word}{_BETWEEN})?"
        gap = ""
    return body


def _starts(phrase: str) -> set[str]:
    """The first signs of every word that the phrase may open with. Raises ValueError where anything may."""
    starts: set[str] = set()
    for token in fold(phrase).split():
        for word in token.strip("[]").split("|"):
            plain = word.split("*")[0]
            if not plain or plain == _ANY:
                raise ValueError(f"“{phrase}”: a phrase opens with a word")
            starts.add(plain[:KNOWN_BY])
        if not token.startswith("["):
            break
    return starts
