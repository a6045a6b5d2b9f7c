"""Articles, possessives and contractions: « l’huile », « du café », "an oat latte"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.triage.text import fold

_ASPIRATED = (
    "hall",
    "hamac",
    "hamburger",
    "haricot",
    "herisson",
    "hot",
    "housse",
    "hublot",
    "huit",
    "hibou",
    "harnais",
)
"""French words whose h forbids elision, among those that shops sell."""


@dataclass(frozen=True)
class Noun:
    """A common noun, without article. Gender matters in French only."""

    text: str
    gender: str = "m"
    plural: bool = False

    @property
    def feminine(self) -> bool:
        return self.gender == "f"

    @property
    def elides(self) -> bool:
        start = fold(self.text)
        return start[:1] in "aeiouyh" and not start.startswith(_ASPIRATED)


def the(noun: Noun, language: str) -> str:
    if language != "fr":
        return f"the {noun.text}"
    if noun.plural:
        return f"les {noun.text}"
    if noun.elides:
        return f"l’{noun.text}"
    return f"{'la' if noun.feminine else 'le'} {noun.text}"


def indefinite(noun: Noun, language: str) -> str:
    if language != "fr":
        if noun.plural:
            return noun.text
        return f"{'an' if re.match(r'(?i)[aeio]|u(?!ni|se)', noun.text) else 'a'} {noun.text}"
    if noun.plural:
        return f"des {noun.text}"
    return f"{'une' if noun.feminine else 'un'} {noun.text}"


def possessive(noun: Noun, language: str, register: str) -> str:
    """« votre crème », « ton huile », "your beans"."""
    if language != "fr":
        return f"your {noun.text}"
    if register != "tu":
        return f"{'vos' if noun.plural else 'votre'} {noun.text}"
    if noun.plural:
        return f"tes {noun.text}"
    return f"{'ta' if noun.feminine and not noun.elides else 'ton'} {noun.text}"


def at(named: str, language: str) -> str:
    """« à la boutique », « au café », "at the café" from a name with its article."""
    if language != "fr":
        return f"at {named}"
    return re.sub(r"^à les ", "aux ", re.sub(r"^à le ", "au ", f"à {named}"))


def of(named: str, language: str) -> str:
    """« de la boutique », « du café », "of the café" from a name with its article."""
    if language != "fr":
        return f"of {named}"
    return re.sub(r"^de les ", "des ", re.sub(r"^de le ", "du ", f"de {named}"))
