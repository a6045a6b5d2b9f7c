"""Comments that ask for the same, found together: « 37 about the late delivery ». Pure; it answers none of them.

A group has a centre that every member is near to (no chains), one kind and one situation, and no two members that want the opposite:
different sides of a demand (`opposites.toml`), or the same words with and without a negation. The order of the comments changes nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.domain.triage import Triage
from bot.triage.cues import Cues
from bot.triage.text import fold

Vectors = NDArray[np.float32]
NEAR, NEAR_IN_SITUATION = 0.55, 0.42
"""Cosine to the centre; less where the situation itself says what is wanted."""
BROAD = frozenset(
    {"complaint", "question", "other", "irony", "mixed", "suggestion", "troll", "bad_service", "disappointing_product"}
)
"""Situations that say little of what is wanted."""
FEWEST = 2
_LONGEST = 600
"""Signs that are read for what is wanted."""
_REACH = 4
"""Words before one that may turn it round."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_CLAUSE = re.compile(r"[.,;:!?]| (?:mais|but) ")
_NOT = frozenset(
    "ne n pas plus jamais sans aucun aucune ni not no never without stop "
    "don't doesn't didn't won't can't cannot isn't wasn't dont wont cant".split()
)
_OVERLAP = 0.6
"""Share of their words that two comments have in common, from which a negation in one alone makes them opposite."""


@dataclass(frozen=True)
class Wanted:
    """What a comment asks for: its side on each axis, its own words, and whether something is negated."""

    sides: dict[str, int]
    words: frozenset[str]
    negated: bool

    def opposes(self, other: Wanted) -> bool:
        if any(side * other.sides.get(axis, side) < 0 for axis, side in self.sides.items()):
            return True
        if self.negated == other.negated or not self.words or not other.words:
            return False
        return len(self.words & other.words) >= _OVERLAP * min(len(self.words), len(other.words))


def wanted(text: str) -> Wanted:
    folded = fold(text[:_LONGEST])
    axes, cues = _opposites()
    sides: dict[str, int] = {}
    found = [(*axes[place], words) for place, words in cues.matches(folded)]
    for axis, side, words in found:
        if any(axis == other and words != longer and words in longer for other, _, longer in found):
            continue
        clause = _CLAUSE.split(folded[: folded.index(words)])[-1]
        before = _WORD.findall(clause)[-_REACH:]
        turned = bool(_NOT & {part for word in before for part in (word, *word.split("'"))}) and not _NOT & {
            *words.split()
        }
        sides[axis] = sides.get(axis, 0) + (-side if turned else side)
    said = _WORD.findall(folded)
    plain = frozenset(word[:6] for word in said if len(word) > 3 and word not in _NOT)
    negated = any(part in _NOT for word in said for part in (word, *word.split("'")))
    return Wanted({axis: side for axis, side in sides.items() if side}, plain, negated)


def groups(texts: Sequence[str], triages: Sequence[Triage], vectors: Vectors) -> list[list[int]]:
    """Places of comments, the largest group first; in each, the centre first, then the nearest to it. `vectors`: one row a text."""
    together: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, triage in enumerate(triages):
        together[(triage.kind, triage.situation, triage.sentiment)].append(place)
    found = []
    for (_, situation, _), places in together.items():
        if len(places) >= FEWEST:
            near = NEAR if situation in BROAD else NEAR_IN_SITUATION
            found += _grouped(sorted(places, key=lambda place: (texts[place], place)), texts, vectors, near)
    return sorted(found, key=lambda group: (-len(group), texts[group[0]]))


def _grouped(places: list[int], texts: Sequence[str], vectors: Vectors, near: float) -> list[list[int]]:
    """The comment with most neighbours is the first centre; what is left is grouped again."""
    rows = vectors[places]
    closeness = rows @ rows.T
    wants = [wanted(texts[place]) for place in places]
    free = np.ones(len(places), dtype=bool)
    close = closeness >= near
    found: list[list[int]] = []
    while True:
        counts = (close & free).sum(axis=1) * free
        centre = int(counts.argmax())
        if counts[centre] < FEWEST:
            return found
        group = [centre]
        for row in sorted(np.flatnonzero(close[centre] & free), key=lambda row: (-closeness[centre, row], row)):
            if row != centre and not any(wants[row].opposes(wants[member]) for member in group):
                group.append(int(row))
        free[group] = False
        if len(group) >= FEWEST:
            found.append([places[row] for row in group])


@cache
def _opposites() -> tuple[tuple[tuple[str, int], ...], Cues]:
    """The axis and the side of every cue, and the cues."""
    raw = tomllib.loads(Path(__file__).with_name("opposites.toml").read_text(encoding="utf-8"))
    told = [
        (axis, side, word)
        for axis, sides in raw.items()
        for side, name in ((1, "for"), (-1, "against"))
        for word in sides[name]
    ]
    return tuple((axis, side) for axis, side, _ in told), Cues([word for _, _, word in told])
