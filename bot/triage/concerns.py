"""Whether a draft is on an open incident's subject: then two people release it, and the source of truth binds its words. Pure.

Torn, it says yes: one tap too many costs less than one sentence too many.
"""

from __future__ import annotations

import re

from bot.domain.incident import Incident
from bot.domain.triage import Triage
from bot.triage.text import fold

EVERYTHING = 4
"""The level from which everything that a brand says is on the subject."""
_WORD = re.compile(r"[^\W_]{4,}")
_STEM = 6


def stems(text: str) -> frozenset[str]:
    """The beginnings of its longer words, folded."""
    return frozenset(word[:_STEM] for word in _WORD.findall(fold(text)))


def concerns(incident: Incident, text: str, triage: Triage | None, *, asked_in_it: bool = False) -> bool:
    """`text`: the comment or the brief, and whatever is known of the draft's words."""
    if asked_in_it or not incident.subject or incident.level >= EVERYTHING:
        return True
    if triage is not None and incident.situation and triage.situation == incident.situation:
        return True
    return bool(stems(incident.subject) & stems(text))
