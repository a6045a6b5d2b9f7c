"""A publication in parts (title, description, tags; the posts of a thread) as one text, and the parts of such a text. Pure.

The text is what a person reads, edits and approves, so the parts are read from it: a line « ▸ Titre » opens each. A publication whose
first part stands alone has no such line. Which parts a network wants is on its page; what is wrong with them is for `checks/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from bot.domain.model import Value

MARK = "▸"
_HEADING = re.compile(
    rf"^{MARK}[ \t\u00a0]{{0,3}}(?P<label>[^\W\d_][^\d\n·:]{{0,39}}?)(?:[ \u00a0](?P<number>\d{{1,3}}))?"
    rf"(?:[ \u00a0]{{1,3}}·[ \u00a0]{{1,3}}(?P<note>\S[^\n]{{0,299}}))?[ \t\u00a0]{{0,3}}:?$",
    re.MULTILINE,
)
_OPENING = re.compile(rf"(?m)^([ \t\u00a0]*){MARK}")


class PartCode(Value):
    """One part of a format: its label's key, the content kind whose limits hold for it, and how many there are."""

    name: str
    kind: str
    min: int = Field(default=1, ge=0)
    max: int = Field(default=1, ge=1)


class Format(Value):
    """What is published at once on a network, part by part, in order."""

    parts: tuple[PartCode, ...] = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    """As people call it, in any language: « story », « fil »."""
    needs: Literal["image", "video", ""] = ""
    """What it cannot be published without."""
    leads: tuple[str, ...] = ()
    """What of a brief this network tells first, in this order (`writers/posts.py`); the rest follows as the brief has it."""

    @property
    def single(self) -> bool:
        return len(self.parts) == 1 and self.parts[0].max == 1

    def part(self, name: str) -> PartCode | None:
        return next((part for part in self.parts if part.name == name), None)


class Piece(Value):
    """One part of a publication as it is written."""

    name: str
    text: str
    note: str = ""
    """For the person who publishes, beside the heading: the image that an alternative text is for, the link of a sticker."""


def lay(pieces: Sequence[Piece], format_: Format, labels: Mapping[str, str]) -> str:
    """The publication as one text; `labels` names each part in its language. Parts without words are left out.

    `read` gives the same pieces back. A « ▸ » that opens a line of a piece becomes « • », so that it opens no part.
    """
    kept = [piece for piece in pieces if piece.text.strip()]
    if [(piece.name, piece.note) for piece in kept] == [(format_.parts[0].name, "")] and format_.parts[0].max == 1:
        return _plain(kept[0].text)
    return "\n\n".join(
        f"{heading(piece, place, format_, labels)}\n{_plain(piece.text)}" for piece, place in placed(kept)
    )


def heading(piece: Piece, place: int, format_: Format, labels: Mapping[str, str]) -> str:
    """« ▸ Post 2 », « ▸ Texte alternatif 1 · four.jpg »."""
    note = " ".join(piece.note.split())[:300]
    return f"{MARK} {titled(piece.name, place, format_, labels)}{f' · {note}' if note else ''}"


def titled(name: str, place: int, format_: Format, labels: Mapping[str, str]) -> str:
    """A part's label, with its number where there may be several."""
    part = format_.part(name)
    return f"{labels.get(name, name)} {place}" if part is None or part.max > 1 else labels.get(name, name)


def read(text: str, format_: Format, names: Mapping[str, str]) -> tuple[Piece, ...]:
    """The parts of a text, in its order; `names` gives a part's name for its label in lower case, in every language.

    What stands before the first heading, or without any, is the format's first part. Words are never lost: a heading that
    nobody knows is text.
    """
    if format_.single:
        return (Piece(name=format_.parts[0].name, text=text.strip()),) if text.strip() else ()
    found = [match for match in _HEADING.finditer(text) if match["label"].strip().casefold() in names]
    before = text[: found[0].start()] if found else text
    pieces = [Piece(name=format_.parts[0].name, text=before.strip())] if before.strip() else []
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=False):
        name = names[match["label"].strip().casefold()]
        pieces.append(
            Piece(name=name, text=text[match.end() : end].strip(), note=(match["note"] or "").strip(" \u00a0:"))
        )
    return tuple(pieces)


def placed(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, int]]:
    """Each piece with its number among those of its name, from 1."""
    seen: dict[str, int] = {}
    for piece in pieces:
        seen[piece.name] = seen.get(piece.name, 0) + 1
        yield piece, seen[piece.name]


def _plain(text: str) -> str:
    return _OPENING.sub(r"\1•", text.strip())
