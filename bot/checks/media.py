"""Media: a publication that cannot go out without an image or a video, and a brief that names none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject
from bot.triage.text import fold

_NAMED = {
    "image": re.compile(
        r"\b(?:photos?|images?|visuels?|illustrations?|dessins?|pictures?|pics?|artwork|videos?|alt)\b"
        r"|\.(?:jpe?g|png|webp|gif)\b"
    ),
    "video": re.compile(r"\b(?:videos?|films?|tournage|rushs?|footage|clips?|reels?|shorts?)\b|\.(?:mp4|mov)\b"),
}


def whole(subject: Subject) -> Iterator[Finding]:
    needs = subject.format.needs if subject.format else ""
    if subject.skill != "post" or not needs or _NAMED[needs].search(fold(subject.prompt)):
        return
    if any(piece.name == "alt" for piece in subject.pieces):
        return
    details = {"network": subject.network.title}
    yield Finding(check="media", level="note", key=f"publication.needs_{needs}", details=details)
