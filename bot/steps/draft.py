"""From a request that is understood to words: what a writer is given, and what it must give back.

Chooses the postures, the register and the content kind; the words are the writer's. A writer never sees more than its
job, and whatever it returns goes through `check.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from pydantic import ConfigDict

from bot.domain.draft import Finding, Variant
from bot.domain.model import Value
from bot.domain.spending import Usage
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


Doubt = Literal["answer", "meaning", "irony", "rules", "grave"]
"""What a writer may say it is unsure of: the sentences are in the interface pages (`doubt.*`), so that a doubt carries no words of
its own."""


class Written(Value):
    variants: tuple[Variant, ...]
    """The first is the one shown."""
    used: tuple[int, ...] = ()
    """Positions in the job's passages that the words rest on."""
    writer: str
    why: str = ""
    """Why this writer wrote and not the model that was set (`why.*` of the interface pages)."""
    doubts: tuple[Doubt, ...] = ()
    told: str = ""
    """What the writer was told beside the brand's words and the comment: none of it may stand in a draft."""
    proven: bool = True
    """The words come from the brand's own pages; else a variant that breaks a rule is not shown at all."""
    mendable: bool = False
    """The writer can be asked once to mend what the checks found."""
    usage: Usage | None = None
    seconds: float = 0.0
    """How long it took: what is left of the time a draft may take."""


class Mend(Value):
    """Words to write again, and what is wrong with each variant."""

    written: Written
    findings: tuple[tuple[Finding, ...], ...]


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
    request: str = ""
    """The request that the draft is for: what it costs is counted under it."""
    mend: Mend | None = None
    """Asked to mend earlier words: the last time it is asked."""
    labels: Mapping[str, str] = {}
    """What the parts of a publication are called in its language."""
    plain: str = ""
    """Why no model may write it (`why.*`); empty when one may."""

    @property
    def guidelines(self) -> Sequence[Passage]:
        return self.passages  # type: ignore[return-value]


class Writer(Protocol):
    """Writes a job's words; a writer without a model has nothing to mend and may pass over `mend` and `plain`."""

    async def write(self, job: Job) -> Written: ...


def postures(playbook: Playbook, asked: Posture | None) -> tuple[Posture, ...]:
    """The playbook's postures, the one asked for (or its own) first."""
    first = asked if asked in playbook.postures else playbook.posture
    return (first, *(posture for posture in playbook.postures if posture != first))
