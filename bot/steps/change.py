"""Understands a wish for changes: shorter, warmer, more formal, firmer, in another language, another wording.

Without a model only these are understood, and what is not is said, never guessed.
"""

from __future__ import annotations

import re

from bot.domain.model import Value
from bot.domain.triage import Posture
from bot.errors import Refused
from bot.triage.text import fold

_WISHES: tuple[tuple[str, str], ...] = (
    ("shorter", r"court|bref|raccourci|concis|reduis|trop long|short|brief|concise|trim|too long|cut it"),
    (
        "empathetic",
        r"chaleur|empath|doux|douce|humain|gentil|moins froid|moins sec|warm|empath|kind|soft|friendl|human|less cold",
    ),
    (
        "sober",
        r"formel|sobre|factuel|neutre|serieux|professionnel|moins chaleureux|formal|sober|neutral|factual|serious|professional",
    ),
    ("firm", r"ferme|plus direct|assume|firm|stern|more direct"),
    ("fr", r"en francais|traduis.*francais|in french|french version|version francaise"),
    ("en", r"en anglais|traduis.*anglais|in english|english version|version anglaise"),
    ("another", r"autre|autrement|recommence|reformul|differe|another|again|reword|rephrase|different|else|retry"),
)


class Wish(Value):
    shorter: bool = False
    posture: Posture | None = None
    language: str | None = None
    another: bool = False


def understand(words: str) -> Wish:
    """Raises Refused when nothing in the words is understood."""
    text = fold(words)
    found = {name for name, pattern in _WISHES if re.search(rf"\b(?:{pattern})", text)}
    if not found:
        raise Refused("change.not_understood")
    posture: Posture | None = None
    if "firm" in found:
        posture = "firm"
    elif "empathetic" in found:
        posture = "empathetic"
    elif "sober" in found:
        posture = "sober"
    language = "en" if "en" in found else "fr" if "fr" in found else None
    return Wish(shorter="shorter" in found, posture=posture, language=language, another="another" in found)
