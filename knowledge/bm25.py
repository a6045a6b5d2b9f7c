"""The share of a question's weight that a section holds (BM25), stemmed in French and in English, and which of the two it is in.

Both stems of every word are counted: a bilingual brand's sections hold either language, and a question may be in the other. No
vectors here; `search.py` adds the two.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from knowledge.documents import Section

Shares = NDArray[np.float32]
K1, B = 1.4, 0.6
SMALL = {
    "fr": frozenset(
        """a au aux avec ce ces cette c d dans de des du elle en est et il j je l la le les leur lui m ma mais me mes mon n ne nos
        notre nous on ou par pas pour qu que qui s sa se ses son sur t ta te tes ton tu un une vos votre vous y""".split()
    ),
    "en": frozenset(
        """a an and are as at be but by did do does for from has have he her his i if in is it its me my no not of on or our s she
        so t that the their them they this to us was we were what with you your""".split()
    ),
}
SKIPPED = SMALL["fr"] | SMALL["en"]


class Coverage:
    """BM25 over a brand's sections."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._stems = _Stems()
        counts = [Counter(self._stems.of(f"{section.heading} {section.text}")) for section in sections]
        lengths = np.array([sum(count.values()) for count in counts] or [1], dtype=np.float32)
        self._norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1.0))
        postings: dict[str, tuple[list[int], list[int]]] = {}
        for place, count in enumerate(counts):
            for stem, times in count.items():
                places, many = postings.setdefault(stem, ([], []))
                places.append(place)
                many.append(times)
        self._postings = {
            stem: (np.array(places, dtype=np.int32), np.array(many, dtype=np.float32))
            for stem, (places, many) in postings.items()
        }
        self._size = len(sections)

    def of(self, question: str) -> Shares:
        """One number a section, 0 to 1."""
        scores = np.zeros(self._size, dtype=np.float32)
        weight = 0.0
        for stem in set(self._stems.of(question)):
            posting = self._postings.get(stem)
            holding = len(posting[0]) if posting else 0
            idf = math.log(1 + (self._size - holding + 0.5) / (holding + 0.5))
            weight += idf
            if posting:
                places, many = posting
                scores[places] += idf * many * (K1 + 1) / (many + self._norm[places])
        return np.clip(scores / weight, 0, 1) if weight else scores


def language_of(text: str) -> str:
    """`fr` or `en`, by the small words; empty when neither stands out."""
    words = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    french, english = (
        sum(words[word] for word in SMALL[one] - SMALL[other]) for one, other in (("fr", "en"), ("en", "fr"))
    )
    return "" if french == english else "fr" if french > english else "en"


class _Stems:
    def __init__(self) -> None:
        self._stemmers = [snowballstemmer.stemmer(language) for language in ("french", "english")]
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, text: str) -> list[str]:
        """Both stems of every word that counts."""
        stems: list[str] = []
        for word in re.findall(r"\w+", text.casefold()):
            found = self._known.get(word)
            if found is None:
                found = self._known[word] = self._of(word)
            stems += found
        return stems

    def _of(self, word: str) -> tuple[str, ...]:
        if word in SKIPPED:
            return ()
        return tuple(dict.fromkeys(_bare(stemmer.stemWord(word)) for stemmer in self._stemmers))


def _bare(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))
