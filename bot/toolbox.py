"""What a model may do for the person who asked, in free talk: the steps of the product, within one brand.

Nothing here approves, sends, or reads another brand: who asks and for which brand comes from the request, never from the model.
What a tool tells the model is our own words and the brand's; of other people's comments it tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.decision import Decision
from bot.domain.draft import Draft, NewDraft
from bot.domain.model import now
from bot.domain.request import Request
from bot.domain.triage import POSTURES, Posture
from bot.errors import Refused
from bot.steps.retrieve import retrieve
from bot.steps.route import Routed
from bot.triage.language import detect
from bot.triage.text import clean, fold
from knowledge.brand import Brand

if TYPE_CHECKING:
    from bot.assistant import Assistant

MOST_DRAFTS = 4
MOST_CHANGES = 2
PASSAGES = 5
LONGEST = 500
"""Characters of one passage or text that a tool tells."""
LISTED = 8
FARTHEST = 365
"""Days that may be looked back."""


class Toolbox:
    """Implements `bot.seams.Tools` for one request.

    What was written is kept by the assistant when the talk is over, so that a talk that fails leaves nothing.
    """

    def __init__(self, assistant: Assistant, request: Request, brand: Brand) -> None:
        self._assistant = assistant
        self._request = request
        self.brand = brand
        self.used = False
        self.drafts: list[NewDraft] = []
        self.changed: list[int] = []

    async def search_guidelines(self, question: str) -> str:
        """Passages of the brand's guidelines, best first."""
        language, _ = detect(question, self.brand.languages)
        passages = await retrieve(self._assistant.library, self.brand.slug, clean(question)[:LONGEST], language)
        self.used = self.used or bool(passages)
        told = [f"{one.heading}: {' '.join(one.text.split())[:LONGEST]}" for one in passages[:PASSAGES]]
        return "\n\n".join(told) or "The guidelines say nothing near enough."

    async def write(self, skill: str, text: str, networks: Sequence[str], posture: str = "", language: str = "") -> str:
        """Drafts for a person to approve, one a network; nothing is kept before the talk is over."""
        return await self._write(skill, text, networks, posture, language)

    async def _write(
        self, skill: str, text: str, networks: Sequence[str], posture: str, language: str, plain: str = ""
    ) -> str:
        pages = self._assistant.pages
        named = [network for name in networks if (network := pages.network(name)) is not None]
        if not named:
            return f"Say for which networks: {', '.join(self.brand.networks)}."
        words = clean(text)
        if not words:
            return "There is nothing to write about."
        spoken = language if language in pages.languages else detect(words, self.brand.languages)[0]
        spoken = spoken if spoken in pages.languages else self.brand.languages[0]
        wanted: Posture | None = next((one for one in POSTURES if one == posture), None)
        told = []
        for network in named:
            if len(self.drafts) >= MOST_DRAFTS:
                told.append(f"{network.title}: not written, {MOST_DRAFTS} drafts at once is the most.")
                continue
            routed = Routed(skill=skill, networks=(network.name,), text=words, language=spoken)
            request = self._request.model_copy(update={"posture": wanted})
            try:
                draft = await self._assistant.write(request, self.brand, routed, network.name, plain=plain)
            except Refused as refusal:
                told.append(f"{network.title}: not written ({refusal.key}).")
                continue
            self.drafts = [one for one in self.drafts if one.network != draft.network] + [draft]
            told.append(f"{network.title}, waiting for approval: {draft.body.text[:LONGEST]}")
        return "\n\n".join(told)

    async def again(self, draft: int, networks: Sequence[str], posture: str = "", language: str = "") -> str:
        """What an earlier draft was about, for other networks."""
        earlier = await self._mine(draft)
        if earlier is None:
            return f"There is no draft {draft} of {self.brand.name}."
        kept = language or earlier.body.language
        plain = "orders" if earlier.body.why == "orders" else ""  # what no model was shown is shown to none now
        wanted = posture or earlier.body.posture or ""
        return await self._write(earlier.skill, earlier.prompt, networks, wanted, kept, plain)

    async def revise(self, draft: int, wish: str) -> str:
        """The next revision of a draft that waits, as the person's own wish."""
        earlier = await self._mine(draft)
        if earlier is None or earlier.state != "pending":
            return f"Draft {draft} is not waiting."
        if len(self.changed) >= MOST_CHANGES:
            return "Not changed: two changes at once is the most."
        person = self.brand.person_in(self._request.front, self._request.user) or self.brand.person(
            self._request.author
        )
        if person is None:
            return "Not changed: the person who asks is not on the team."
        decision = Decision(
            draft=draft,
            revision=earlier.revision,
            verb="ask",
            by=person.name,
            text=clean(wish)[:200],
            front=self._request.front,
            event=f"{self._request.id}:{len(self.changed)}",
        )
        try:
            ruling = await self._assistant.decide(decision)
        except Refused as refusal:
            return f"Not changed ({refusal.key})."
        self.changed.append(draft)
        return f"Draft {draft}, revision {ruling.draft.revision}: {ruling.draft.body.text[:LONGEST]}"

    async def look_up(self, words: str = "", days: int = 30) -> str:
        """Past drafts and what people decided, the latest first; those that speak of `words` when some are given."""
        since = now() - timedelta(days=max(1, min(days, FARTHEST)))
        roots = {word[:5] for word in fold(words).split() if len(word) > 3}

        def near(draft: Draft) -> int:
            told = fold(f"{draft.prompt} {draft.body.text}")
            return sum(root in told for root in roots)

        found = [
            draft for draft in await self._assistant.ledger.recent(self.brand.slug, since) if not roots or near(draft)
        ]
        found.sort(key=lambda draft: (-near(draft), -draft.id))
        return self._listed(found) or "Nothing like that was drafted since."

    async def pending(self) -> str:
        """What waits for an approval."""
        waiting = await self._assistant.ledger.pending(self.brand.slug)
        return self._listed([*reversed(waiting)]) or "Nothing waits."

    def _listed(self, found: Sequence[Draft]) -> str:
        self.used = self.used or bool(found)
        titles = self._assistant.pages.networks
        lines = []
        for draft in found[:LISTED]:
            by = f" by {', '.join(draft.body.approvals.by)}" if draft.body.approvals.by else ""
            about = f"{draft.skill}, {titles[draft.network].title}, {draft.created_at:%Y-%m-%d}, {draft.state}{by}"
            lines.append(f"Draft {draft.id} ({about}): {' '.join(draft.body.text.split())[:LONGEST]}")
        return "\n".join(lines)

    async def _mine(self, number: int) -> Draft | None:
        """A draft of this brand; another's does not exist here."""
        try:
            draft = await self._assistant.ledger.draft(number)
        except Refused:
            return None
        return draft if draft.brand == self.brand.slug else None
