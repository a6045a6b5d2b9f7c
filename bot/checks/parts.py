"""Parts: what a publication is made of on its network, all there, none too many, none without words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject


def whole(subject: Subject) -> Iterator[Finding]:
    if subject.format is None or subject.format.single:
        return
    counts = Counter(piece.name for piece in subject.pieces if piece.text)
    for part in subject.format.parts:
        details: dict[str, str | int] = {
            "part": part.name,
            "network": subject.network.title,
            "count": counts[part.name],
        }
        if counts[part.name] < part.min:
            yield _finding("missing", {**details, "least": part.min})
        elif counts[part.name] > part.max:
            yield _finding("too_many", {**details, "limit": part.max})
    for name in dict.fromkeys(piece.name for piece in subject.pieces):
        if subject.format.part(name) is None:
            yield _finding("unknown", {"part": name, "network": subject.network.title})
    for piece in subject.pieces:
        if not piece.text:
            yield _finding("empty", {"part": piece.name})


def _finding(key: str, details: dict[str, str | int]) -> Finding:
    return Finding(check="parts", level="warn", key=f"publication.{key}", details=details)
