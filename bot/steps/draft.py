"""From a request that is understood to words: what a writer is given, and what it must give back.

Chooses the postures, the register and the content kind; the words are the writer's. A writer never sees more than its
job, and whatever it returns goes through `check.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import ConfigDict

from bot.domain.draft import Variant
from bot.domain.model import Value
from bot.domain.triage import Posture, Triage
from bot.pages import Language, Network, Playbook
from knowledge.brand import Brand


class Passage(Protocol):
    """A section of the guidelines, as `knowledge.search` returns it."""

    @property
    def document(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def sayable(self) -> tuple[str, ...]: ...


class Example(Value):
    """A text that people of the brand approved: how it sounds."""

    network: str
    prompt: str
    """The comment or brief that it answered."""
    text: str
    edited: bool = False
    """A person wrote or changed these words: they weigh more than what was only let through."""


class Job(Value):
    """Everything a writer may know about one draft."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    skill: str
    text: str
    """The comment to answer, or the brief."""
    brand: Brand
    network: Network
    kind: str
    language: Language
    register_: str
    postures: tuple[Posture, ...]
    """Wanted, the one to show first at the head."""
    passages: tuple[object, ...] = ()
    triage: Triage | None = None
    playbook: Playbook | None = None
    shorter: bool = False
    """Asked to be: as on a short network."""
    taken: frozenset[str] = frozenset()
    """Texts and openings that other comments were lately given: not to be said again."""
    examples: tuple[Example, ...] = ()
    """Nearest first; the writer may take their tone, never their facts."""
    rules: tuple[str, ...] = ()
    """What the brand's people accepted as standing rules for this network, in their own words."""

    @property
    def guidelines(self) -> Sequence[Passage]:
        return self.passages  # type: ignore[return-value]


class Written(Value):
    variants: tuple[Variant, ...]
    """The first is the one shown."""
    used: tuple[int, ...] = ()
    """Positions in the job's passages that the words rest on."""
    writer: str


class Writer(Protocol):
    async def write(self, job: Job) -> Written: ...


def postures(playbook: Playbook, asked: Posture | None) -> tuple[Posture, ...]:
    """The playbook's postures, the one asked for (or its own) first."""
    first = asked if asked in playbook.postures else playbook.posture
    return (first, *(posture for posture in playbook.postures if posture != first))
