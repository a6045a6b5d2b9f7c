"""The one dialect of pages: `{slot}`, `{vous|tu}`, `{slot?one|many}`, filled in a single pass.

What a slot holds is never read again as a template, so a hostile comment stays data. Which wording suits a comment is
the writer's business; this module knows what a wording needs and how it reads once filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.triage import POSTURES
from bot.errors import PageError
from bot.typography import capital, typeset

_HOLE = re.compile(r"\{([^{}]*)\}")
_LINE = re.compile(r"^[-*] (?:\[([^\]]*)\] )?(.+)$")

SLOTS = frozenset(
    {"what", "delay", "product", "the product", "of product", "the place", "at place", "of place", "amount", "defect"}
    | {"silence", "symptom", "staff", "when", "liked", "private", "contact", "brand", "press", "legal", "data", "jobs"}
    | {"site", "fact", "helpline", "emergency", "poison", "emoji"}
)
MAYBE = frozenset({"emoji"})
"""Slots that may be empty without making a wording unfit."""
FACETS = frozenset(
    {"what", "delay", "product", "place", "amount", "defect", "silence", "symptom", "staff", "when", "liked", "fact"}
)
"""What a tag may ask for (`[delay]`) or rule out (`[!delay]`)."""


@dataclass(frozen=True)
class Phrase:
    """What fills a slot, and its number, for agreement."""

    text: str
    plural: bool = False


@dataclass(frozen=True)
class Wording:
    """One line of a page."""

    text: str
    tags: frozenset[str]
    slots: frozenset[str]

    @property
    def postures(self) -> frozenset[str]:
        return self.tags & frozenset(POSTURES) or frozenset(POSTURES)

    @property
    def wants(self) -> frozenset[str]:
        """Facets the comment must name."""
        return self.tags & FACETS

    @property
    def bars(self) -> frozenset[str]:
        """Facets the comment must not name."""
        return frozenset(tag[1:] for tag in self.tags if tag.startswith("!"))


def parse(line: str, language: str) -> Wording:
    """A wording line of a page (`- [tags] text`). Raises PageError saying what is unknown in it."""
    found = _LINE.match(line)
    if not found:
        raise PageError(f"not a wording line: {line[:60]}")
    tags = frozenset((found[1] or "").split())
    known = frozenset(POSTURES) | {"short", "long"} | FACETS | {f"!{facet}" for facet in FACETS}
    if tags - known:
        raise PageError(f"unknown tag {', '.join(sorted(tags - known))}: {line[:60]}")
    text = typeset(found[2].strip(), language)
    used = slots_of(text)
    if used - SLOTS:
        raise PageError(f"unknown slot {', '.join(sorted(used - SLOTS))}: {line[:60]}")
    return Wording(text=text, tags=tags, slots=used)


def slots_of(template: str) -> frozenset[str]:
    """The slots a template uses, by their lower-case names."""
    names = set()
    for hole in _HOLE.findall(template):
        if "?" in hole and "|" in hole:
            names.add(_name(hole.partition("?")[0]))
        elif "|" not in hole:
            names.add(_name(hole))
    return frozenset(names)


def fill(template: str, slots: Mapping[str, Phrase], register: str = "vous") -> str:
    """`template` with every hole filled once. Raises PageError naming the slots that nothing fills."""
    missing = slots_of(template) - slots.keys() - MAYBE
    if missing:
        raise PageError(f"nothing fills {', '.join(sorted(missing))}")

    def hole(match: re.Match[str]) -> str:
        inside = match[1]
        if "|" in inside:
            name, asks, forms = inside.partition("?")
            if asks:
                one, many = forms.split("|", 1)
                return many if slots[_name(name)].plural else one
            first, second = inside.split("|", 1)
            return second if register == "tu" else first
        if _name(inside) not in slots:
            return ""
        text = slots[_name(inside)].text
        return capital(text) if inside[:1].isupper() else text

    return re.sub(r"[ \u00a0]+(?=\n|$)|(?<= ) +", "", _HOLE.sub(hole, template)).strip()


def render(template: str, values: Mapping[str, str]) -> str:
    """A page's body with its slots filled, line breaks and spaces kept. Raises PageError naming what is missing."""
    missing = sorted(set(_HOLE.findall(template)) - values.keys())
    if missing:
        raise PageError(f"nothing fills {', '.join(missing)}")
    return _HOLE.sub(lambda match: values[match[1]], template)


def fits(wording: Wording, filled: Iterable[str], posture: str) -> bool:
    """Whether a wording can be said for what is known (`filled`: names of slots and facets) in this posture."""
    known = frozenset(filled)
    return (
        posture in wording.postures
        and not (wording.slots - known - MAYBE)
        and not (wording.wants - known)
        and not (wording.bars & known)
    )


def _name(hole: str) -> str:
    return hole[:1].lower() + hole[1:]
