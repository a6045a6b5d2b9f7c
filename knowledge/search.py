"""The brand's passages for a question: best window by meaning, helped by the share of the question's rare words it holds.

`cosine + 0.3 × BM25 share` found the right section in the first five for 61 % of 80 questions on public guidelines, where either
alone or rank fusion found less (2026-11-22). Under a floor, nothing: "no guideline found" is an answer.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from knowledge.bm25 import Coverage, Shares, language_of
from knowledge.brand import Brand
from knowledge.documents import Section
from knowledge.embed import Vectors
from knowledge.index import Gone, Index, Known

WINDOWS = 60
LEXICAL = 30
WEIGHT = 0.3
FLOOR = 0.34
"""Nearness of the best passage under which nothing is said to be found. Measured on the sample brands (2026-11-23) with the 309
questions of `bench/quality.jsonl` that name their section, and 26 off-topic ones to each brand: .34 leaves 96 % of the off-topic
unanswered and loses 7 % of the questions whose section was among the first five; .36 loses 10 % for the same silence, .32 loses 4 %
and answers 6 % of the off-topic. The same questions chose it and measured it: there is no held-out set."""
NOTHING = Known(0, (), {}, (), "", exact=False)
LONGEST_QUESTION = 2_000
"""Characters looked up: what a comment is about is said by then, and 200,000 would take the encoder three seconds."""


@dataclass(frozen=True)
class Passage:
    document: str
    heading: str
    text: str
    score: float
    sayable: tuple[str, ...] = ()
    language: str = ""
    """`fr`, `en`, or empty."""


class Library:
    """Searches what the index knows, one brand at a time."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._coverage: dict[str, tuple[Known, Coverage]] = {}
        self._ensuring: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._counting: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    async def ensure(self, brand: Brand) -> None:
        """The brand's own guidelines stand in the index as they are on disk; quick when nothing changed."""
        await asyncio.to_thread(self._ensure, brand)

    async def search(self, brand: str, question: str, k: int = 8, *, floor: bool = True) -> list[Passage]:
        """At most `k` passages, best first, one a section; none when nothing is close enough (unless `floor` is off)."""
        return await asyncio.to_thread(self._search, brand, question, k, floor)

    def _ensure(self, brand: Brand) -> None:
        with self._ensuring[brand.slug]:
            if not self.index.fresh(brand.slug, brand.guidelines, own=True):
                self.index.learn(brand.slug, [brand.guidelines], own=True)

    def _search(self, brand: str, question: str, k: int, floor: bool = True) -> list[Passage]:
        asked = question.strip()[:LONGEST_QUESTION]
        if not asked or self.index.known(brand) is None:
            return []
        vector = self.index.encoder.encode([asked])[0]
        known, share, near = self._near(brand, asked, vector)
        scored = sorted(
            ((cosine + WEIGHT * float(share[place]), place) for place, cosine in near.items()), reverse=True
        )
        if not scored or (floor and scored[0][0] < FLOOR):
            return []
        return [_passage(known.sections[place], score) for score, place in scored[:k]]

    def _near(self, brand: str, asked: str, vector: Vectors) -> tuple[Known, Shares, dict[int, float]]:
        """The share of every section, and the cosine of those that either way of looking brings up."""
        for attempt in itertools.count():
            known = self.index.known(brand)
            if known is None or not known.sections:
                break
            share = self._bm25(brand, known).of(asked)
            lexical = [int(place) for place in np.argsort(share)[::-1][:LEXICAL] if share[place] > 0]
            try:
                return known, share, self.index.nearest(known, vector, WINDOWS, lexical)
            except Gone:  # a learn has swapped the collection; if not, it is lost, and made again from the manifest
                if attempt == 2:
                    raise
                self.index.look_again(brand)
                if attempt == 1:
                    self.index.learn(brand, [])
        return NOTHING, np.zeros(0, dtype=np.float32), {}

    def _bm25(self, brand: str, known: Known) -> Coverage:
        with self._counting[brand]:
            held = self._coverage.get(brand)
            if held is None or held[0] is not known:
                held = self._coverage[brand] = (known, Coverage(known.sections))
            return held[1]


def _passage(section: Section, score: float) -> Passage:
    return Passage(section.document, section.heading, section.text, score, section.sayable, language_of(section.text))
