"""A library, a writer, an encoder and durable work that need nothing heavy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.domain.decision import Outcome
from bot.domain.draft import Draft, Variant
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.seams import Steps
from bot.steps.draft import Job, Written
from knowledge.brand import Brand


@dataclass(frozen=True)
class FakePassage:
    document: str = "livraisons.md"
    heading: str = "Livraisons › Retard"
    text: str = "Un colis part sous deux jours."
    score: float = 0.7
    sayable: tuple[str, ...] = ()


@dataclass
class FakeLibrary:
    passages: list[FakePassage] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def search(self, brand: str, question: str, k: int = 8) -> list[FakePassage]:
        self.asked.append((brand, question))
        return self.passages[:k]

    async def ensure(self, brand: Brand) -> None:
        return None


@dataclass
class FakeWriter:
    """Says the same sentence in each posture, or raises what it was given."""

    says: str = "Merci de nous l’avoir dit, nous regardons."
    fails: Exception | None = None
    jobs: list[Job] = field(default_factory=list)

    async def write(self, job: Job) -> Written:
        self.jobs.append(job)
        if self.fails:
            raise self.fails
        variants = tuple(Variant(posture=posture, text=self.says) for posture in job.postures)
        return Written(variants=variants, writer="fake", why=job.plain)


class HashEncoder:
    """Vectors of words: texts that share words are near. Offline, quick and the same every time."""

    name = "hash"
    dimensions = 256

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().split():
                place = int(hashlib.sha256(word.strip(".,;:!?…").encode()).hexdigest(), 16) % self.dimensions
                vectors[row, place] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(norms == 0, 1, norms)


class InlineWork:
    """Durable work without durability: runs at once, in order."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.watched: list[tuple[int, int]] = []

    async def answer(self, request: Request) -> Reply:
        return await self._steps.submit(request, await self._steps.prepare(request))

    async def release(self, draft: int, revision: int, cleared: int = 0) -> Outcome:
        return await self._steps.release(draft, revision)

    async def watch(self, draft: Draft, brand: Brand) -> None:
        self.watched.append((draft.id, draft.revision))
