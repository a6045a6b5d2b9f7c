"""Finds what the brand's guidelines say about a comment, a brief or a question."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.draft import Source
from bot.pages import Playbook
from bot.seams import Library
from bot.steps.draft import Passage

PASSAGES = 12
"""What a writer is handed: recall at 10 is .70 for the best system measured, at 5 .61 (2026-11-22); a bilingual brand says most
things twice."""
SHOWN = 5
EXCERPT = 700


async def retrieve(
    library: Library, brand: str, text: str, language: str, playbook: Playbook | None = None
) -> tuple[Passage, ...]:
    """Passages, best first; none when nothing is close enough.

    Two looks: what the comment says, and what such a situation needs. One query of both would drown a precise comment.
    """
    seek = playbook.seek.get(language, "") if playbook else ""
    if playbook is not None and playbook.help == "none" and not seek:
        return ()
    looks = [text, f"{text}\n{seek}"] if seek else [text]
    found: dict[tuple[str, str, str], Passage] = {}
    for look in looks:
        for passage in await library.search(brand, look, PASSAGES):
            place = (passage.document, passage.heading, passage.text)
            if place not in found or found[place].score < passage.score:
                found[place] = passage
    return tuple(sorted(found.values(), key=lambda passage: -passage.score)[:PASSAGES])


def sources(passages: Sequence[Passage], used: Sequence[int]) -> tuple[Source, ...]:
    """Citations for the card: what the draft rests on first, then the nearest that the approver may want to read."""
    order = [*used, *(place for place in range(len(passages)) if place not in used)][: max(SHOWN, len(used))]
    return tuple(
        Source(
            document=passages[place].document,
            heading=passages[place].heading,
            text=passages[place].text[:EXCERPT],
            score=round(passages[place].score, 3),
            used=place in used,
        )
        for place in order
    )
