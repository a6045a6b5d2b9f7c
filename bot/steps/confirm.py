"""In a crisis, an answer to a comment says what is confirmed about it: the line of the source of truth that matches, before the signature.

Pure. It adds nothing where no line is confirmed, where the words say it already, where the comment is in another language than the team's
lines, or where the network has no room.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

from bot.domain.incident import Ground
from bot.triage.concerns import stems
from bot.triage.text import fold

_SHORT = re.compile(r"\b(?:[a-z]{3}|\d+)\b")
_GRAMMAR = frozenset(
    "est les des que pas une qui son ses aux sur par nos vos mes mon ton ces moi toi lui ont ete ici the and for are you not was has "
    "his her its our but can did how who why all any out".split()
)
SAID = 0.6
"""Share of a line's words from which a text says it already."""


def matching(ground: Ground, comment: str) -> str:
    """The confirmed line that shares most with the comment, of several the latest; empty when none shares a word."""
    asked = _words(comment)
    lines = [
        (len(_words(line.words) & asked), line.id, line.words) for line in ground.truth if line.sort == "confirmed"
    ]
    shared, _, words = max(lines, default=(0, 0, ""))
    return words.strip() if shared else ""


def _words(text: str) -> frozenset[str]:
    """Its longer words' beginnings, its numbers, and short words that are not only grammar: « lot 12 »."""
    return stems(text) | frozenset(word for word in _SHORT.findall(fold(text)) if word not in _GRAMMAR)


def told(
    text: str,
    line: str,
    leads: Sequence[str],
    signature: str,
    request: str,
    fits: Callable[[str], bool],
) -> str:
    """The text with that line, introduced by one of `leads`, another one from answer to answer."""
    known = stems(line)
    if not line or not text or (known and len(known & stems(text)) / len(known) >= SAID):
        return text
    body = text.removesuffix(signature).rstrip() if signature and text.endswith(signature) else text
    after = text[len(body) :]
    first = int(hashlib.sha256(request.encode()).hexdigest(), 16) % len(leads)
    said = f"{leads[first]} {line[:1].lower() + line[1:] if line[1:2].islower() else line}"
    longer = f"{body} {said if said.endswith(tuple('.!?…')) else said + '.'}{after}"
    return longer if fits(longer) else text
