"""Runs every check on a draft's words, part by part, and says how long they are. Adds no judgement of its own."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.subject import Subject
from bot.discover import checks, wholes
from bot.domain.counters import length
from bot.domain.draft import Counter, Finding
from bot.domain.parts import placed

ONCE = frozenset({"legal"})
"""Checks of what a publication says first and all in all: run once on its words, those of its main part before the others."""
_WORST = {"block": 0, "warn": 1, "note": 2}


def findings(subject: Subject) -> tuple[Finding, ...]:
    """What the draft breaks, the worst first; each part by the limits of its own kind."""
    spoken = _spoken(subject)
    found = [_ruled(finding, name) for name, check in wholes().items() for finding in check(subject)]
    found += [_ruled(finding, name) for name, check in checks().items() if name in ONCE for finding in check(spoken)]
    each = {name: check for name, check in checks().items() if name not in ONCE}
    for part, place in _parts(subject):
        said = _named(part, place) if len(subject.pieces) > 1 else {}
        found += [_ruled(one, name).model_copy(update=said) for name, check in each.items() for one in check(part)]
    return tuple(sorted(found, key=lambda finding: _WORST[finding.level]))


def _ruled(finding: Finding, check: str) -> Finding:
    """With the page that states its rule: that of the check itself, where no other does."""
    return finding if finding.rule else finding.model_copy(update={"rule": f"docs/checks.md#{check}"})


def counter(subject: Subject) -> Counter:
    """The draft's length in the network's own unit, and its limit where there is one; of several parts, the one that says most."""
    main = next((part for part, _ in _parts(subject) if part.kind == subject.kind), subject)
    limit = main.limit("max")
    unit = limit.unit if limit else "characters"
    return Counter(length=length(main.measured, unit), limit=limit.value if limit else None, unit=unit)


def _named(part: Subject, place: int) -> dict[str, str | int]:
    code = part.format.part(part.part) if part.format else None
    return {"part": part.part, "place": 0 if code and code.max == 1 else place} if part.part else {}


def _spoken(subject: Subject) -> Subject:
    """The publication as it is read, without its headings."""
    parts = [part for part, _ in _parts(subject)]
    ordered = sorted(parts, key=lambda part: part.kind != subject.kind)
    return (
        subject if len(parts) < 2 else subject.model_copy(update={"text": "\n\n".join(part.text for part in ordered)})
    )


def _parts(subject: Subject) -> Iterator[tuple[Subject, int]]:
    """The parts as subjects of their own. A part that this format does not have is read as its main one: no words go unread."""
    if subject.format is None or not subject.pieces:
        yield subject, 1
        return
    for piece, place in placed(subject.pieces):
        known = subject.format.part(piece.name)
        kind = known.kind if known else subject.kind
        yield subject.model_copy(update={"text": piece.text, "given": "", "kind": kind, "part": piece.name}), place
