"""Many cues looked for at once: each is tried only on a text that holds its most telling word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.triage.text import cue, fold

_RUN = re.compile(r"\*?\w+\*?")
_TOKEN = re.compile(r"\w+")


class Cues:
    """`words` as pages write them: whole words, `*` stands for any ending."""

    def __init__(self, words: Sequence[str]) -> None:
        self._patterns = [cue(word) for word in words]
        self._whole: dict[str, list[int]] = {}
        self._begun: dict[str, list[int]] = {}
        self._other: list[int] = []
        for place, word in enumerate(words):
            runs = [run for run in _RUN.findall(fold(word)) if not run.startswith("*")]
            longest = max(runs, key=lambda run: len(run.rstrip("*")), default="")
            if longest.endswith("*"):
                self._begun.setdefault(longest[:-1], []).append(place)
            elif longest:
                self._whole.setdefault(longest, []).append(place)
            else:
                self._other.append(place)
        self._lengths = sorted({len(start) for start in self._begun})

    def found(self, folded: str) -> list[int]:
        """The places of those that stand in the text, in order."""
        return sorted(place for place in self._candidates(folded) if self._patterns[place].search(folded))

    def matches(self, folded: str) -> list[tuple[int, str]]:
        """The same, each with the words of the text that it is."""
        met = ((place, self._patterns[place].search(folded)) for place in sorted(self._candidates(folded)))
        return [(place, match.group()) for place, match in met if match]

    def _candidates(self, folded: str) -> Iterable[int]:
        candidates = set(self._other)
        for token in set(_TOKEN.findall(folded)):
            candidates.update(self._whole.get(token, ()))
            for length in self._lengths:
                if length > len(token):
                    break
                candidates.update(self._begun.get(token[:length], ()))
        return candidates
