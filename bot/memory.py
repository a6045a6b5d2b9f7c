"""The memory of the voice: what people approved, as examples for a writer, and what they keep correcting, as rules.

Examples live in the ledger's database, a row each with its vector, made from released drafts when they are first wanted: so a
crash loses nothing, a decision waits for nothing, and deleting them all costs one re-reading. A brand's are read by its own name
alone. Whatever fails here is logged, and the draft is written without.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

import numpy as np
import structlog
from numpy.typing import NDArray

from bot.domain import approval
from bot.domain.draft import Body, Draft
from bot.domain.model import Said, Value
from bot.domain.voice import Edit, Habit, Like, Proposal, Rule, RuleState
from bot.errors import NotAllowed, Refused
from bot.steps.draft import Example
from bot.triage.situations import Encoder
from bot.triage.text import fold
from bot.voice.habits import proposal
from bot.voice.masking import mask, named
from knowledge.brand import Brand

Vectors = NDArray[np.float32]
GIVEN = 3
"""Examples a writer gets at most: they cost input tokens on every draft."""
QUOTED, SAID = 220, 480
"""Signs of a comment and of its answer: an ordinary reply whole, the point of a long post."""
SITUATION, NETWORK, EDITED = 0.4, 0.3, 0.15
"""What the same situation, the same network and a person's own words count beside a cosine (0 to 1, rarely above 0.7)."""
FAR = 0.35
"""Cosine under which a comment of another situation has nothing to show."""
AT_ONCE = 32
"""Released drafts learned before a draft is written: some 100 ms of the encoder. More are learned behind."""

log = structlog.get_logger()


class Lesson(Value):
    """A released draft, as the ledger tells it."""

    draft: int
    brand: str
    skill: str
    network: str
    prompt: str
    body: Body
    edited: bool


class Kept(Value):
    """An example as it is kept. Without `text`, a release that must not become one: it is not asked about again."""

    draft: int
    brand: str
    skill: str
    network: str
    situation: str = ""
    language: str
    prompt: str = ""
    text: str = ""
    edited: bool = False


class Notes(Protocol):
    """Where it is all kept (`bot/ledger/voice.py`). Every method that writes is one transaction, and safe to repeat."""

    async def edits(self, brand: str) -> list[Edit]: ...

    async def rules(self, brand: str | None = None) -> list[Rule]: ...

    async def rule(self, number: int) -> Rule:
        """Raises Refused when there is none."""
        ...

    async def propose(self, proposal: Proposal) -> Rule | None:
        """Keeps the question; None when it was asked before."""
        ...

    async def settle(self, number: int, state: RuleState, by: str, of: Collection[RuleState]) -> Rule | Said:
        """Moves a rule from one of the states `of`; else says what it is already."""
        ...

    async def unlearned(self, brand: str, encoder: str, limit: int) -> list[Lesson]:
        """Released drafts that are no examples yet, the newest first."""
        ...

    async def learn(self, kept: Sequence[tuple[Kept, Vectors]], encoder: str) -> None: ...

    async def examples(self, brand: str, encoder: str) -> list[tuple[Kept, Vectors]]: ...


class Memory:
    """Implements `bot.seams.Voice`."""

    def __init__(self, notes: Notes, brand: Callable[[str], Brand], encoder: Callable[[], Encoder]) -> None:
        self._notes = notes
        self._brand = brand
        self._encoder = encoder
        self._held: dict[str, list[tuple[Kept, Vectors]]] = {}
        self._learning = asyncio.Lock()

    async def examples(self, brand: Brand, like: Like) -> tuple[Example, ...]:
        """The nearest approved texts of this brand, `GIVEN` at most; none when the memory fails."""
        try:
            await self.learn(brand)
            return await self._nearest(brand, like)
        except Exception as error:
            log.warning("voice.no_examples", brand=brand.slug, error=type(error).__name__)
            return ()

    async def rules(self, brand: str, network: str, language: str) -> tuple[Habit, ...]:
        """The accepted rules that hold there, the oldest first; none when the memory fails."""
        try:
            known = await self._notes.rules(brand)
        except Exception as error:
            log.warning("voice.no_rules", brand=brand, error=type(error).__name__)
            return ()
        return tuple(
            rule.habit
            for rule in known
            if rule.state == "accepted" and rule.network in ("", network) and rule.habit.language in ("", language)
        )

    async def noticed(self, draft: Draft) -> Rule | None:
        """After a person's edit: the question it gives rise to, once; None when there is none."""
        try:
            edits = await self._notes.edits(draft.brand)
            latest = next((one for one in edits if (one.draft, one.revision) == (draft.id, draft.revision)), None)
            found = proposal(latest, edits, await self._notes.rules(draft.brand)) if latest else None
            return await self._notes.propose(found) if found else None
        except Exception as error:
            log.warning("voice.not_noticed", draft=draft.id, error=type(error).__name__)
            return None

    async def settle(self, number: int, state: RuleState, by: str) -> Rule:
        """Accepts, refuses or undoes a rule. Raises NotAllowed for who, Refused where it does not stand to be."""
        brand = self._brand((await self._notes.rule(number)).brand)
        person = brand.person(by)
        if person is None:
            raise approval.unknown(by, brand)
        if state != "refused" and not person.decides:
            raise NotAllowed("rules.not_an_approver", who=person.name, brand=brand.name)
        of: dict[RuleState, tuple[RuleState, ...]] = {
            "accepted": ("proposed", "refused", "undone"),
            "refused": ("proposed",),
            "undone": ("accepted",),
        }
        settled = await self._notes.settle(number, state, person.name, of[state])
        if isinstance(settled, Said):
            raise Refused(settled.key, **settled.details)
        return settled

    async def learn(self, brand: Brand, limit: int = AT_ONCE) -> int:
        """Makes examples of the brand's released drafts that are none yet; how many it looked at."""
        async with self._learning:
            encoder = self._encoder()
            lessons = await self._notes.unlearned(brand.slug, encoder.name, limit)
            if lessons:
                kept = [_kept(lesson, brand) for lesson in lessons]
                vectors = await asyncio.to_thread(encoder.encode, [one.prompt for one in kept])
                await self._notes.learn(list(zip(kept, vectors, strict=True)), encoder.name)
                self._held.pop(brand.slug, None)
            return len(lessons)

    async def catch_up(self, brands: Iterable[Brand]) -> None:
        """Learns all that is left, a little at a time: behind the start, and behind a release, of a process that serves."""
        for brand in brands:
            try:
                learned = AT_ONCE
                while learned == AT_ONCE:
                    learned = await self.learn(brand)
            except Exception as error:
                log.warning("voice.not_learned", brand=brand.slug, error=type(error).__name__)

    async def _nearest(self, brand: Brand, like: Like) -> tuple[Example, ...]:
        encoder = self._encoder()
        if brand.slug not in self._held:
            self._held[brand.slug] = await self._notes.examples(brand.slug, encoder.name)
        same = [
            (kept, vector)
            for kept, vector in self._held[brand.slug]
            if kept.text and (kept.skill, kept.language) == (like.skill, like.language)
        ]
        if not same:
            return ()
        return await asyncio.to_thread(_best, same, like, encoder, _cut(mask(like.text, brand), QUOTED))


def _best(same: Sequence[tuple[Kept, Vectors]], like: Like, encoder: Encoder, text: str) -> tuple[Example, ...]:
    cosines = np.stack([vector for _, vector in same]) @ encoder.encode([text])[0]
    found = sorted(
        (
            (_nearness(kept, like, float(cosine)), kept)
            for (kept, _), cosine in zip(same, cosines, strict=True)
            if kept.situation == like.situation or cosine >= FAR
        ),
        key=lambda pair: (-pair[0], -pair[1].draft),
    )
    best: dict[str, Kept] = {}  # of equal texts, the nearest
    for _, kept in found:
        best.setdefault(fold(kept.text), kept)
        if len(best) == GIVEN:
            break
    return tuple(Example(**kept.model_dump(include=set(Example.model_fields))) for kept in best.values())


def _kept(lesson: Lesson, brand: Brand) -> Kept:
    body = lesson.body
    bare = Kept(**lesson.model_dump(include={"draft", "brand", "skill", "network"}), language=body.language)
    if not body.text or body.blocked or (body.triage and body.triage.risks):
        return bare  # overridden rules teach nothing; a risk is somebody's health, law or distress, and stays with them
    names = named(lesson.prompt, brand) if lesson.skill == "reply" else frozenset[str]()
    return bare.model_copy(
        update={
            "situation": body.triage.situation if body.triage else "",
            "prompt": _cut(mask(lesson.prompt, brand), QUOTED),
            "text": _cut(mask(body.text, brand, names), SAID),
            "edited": lesson.edited,
        }
    )


def _nearness(kept: Kept, like: Like, cosine: float) -> float:
    alike = SITUATION * (kept.situation == like.situation) + NETWORK * (kept.network == like.network)
    return cosine + alike + EDITED * kept.edited


def _cut(text: str, most: int) -> str:
    """The beginning of a text, whole words."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
