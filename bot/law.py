"""A rule of law as the legal pages write it: where it holds, what makes it apply, what the text must then say or not.

The shape alone: `pages.py` reads the pages of `prompts/legal/`, `checks/legal.py` applies them. No rule decides what is lawful; each
says which words a lawyer should see, with its source and the day it was read.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Jurisdiction = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166 code of a country, or EU."""
Phrases = dict[Literal["fr", "en"], tuple[str, ...]]
"""By language; the marks are those of `bot/triage/phrases.py`."""
EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
"""Member states (European Union, country profiles, 2026-11-22)."""


class Law(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z0-9]+)+$")]
    """Unique over all pages: `brand.toml` names rules by it."""
    countries: tuple[Jurisdiction, ...] = ()
    """Empty: those of its page."""
    law: dict[Literal["fr", "en"], str]
    """The text that says so, as it is cited."""
    says: dict[Literal["fr", "en"], str]
    """What is told to the person who reads the finding."""
    level: Literal["warn", "note"] = "warn"
    """`note`: a reminder, nothing in the words is wrong."""
    skills: tuple[Literal["post", "reply"], ...] = ("post",)
    networks: tuple[str, ...] = ()
    """Empty: everywhere."""
    when: Phrases = {}
    """What makes it apply, in the text or in the brief; empty: always."""
    unless: Phrases = {}
    """What in the text says that it does not apply after all."""
    must: Phrases = {}
    """One of these must then stand in the text."""
    must_first: int = Field(default=0, ge=0)
    """Within so many characters from the start; 0: anywhere."""
    never: Phrases = {}
    """None of these may stand in the text."""
    source: tuple[str, ...] = Field(min_length=1)
    confidence: Literal["high", "medium", "low", "unverified"]
    checked: date
    counsel: Literal[True]
    """Every finding says to have counsel confirm; a page cannot leave that out."""

    def __hash__(self) -> int:
        return hash(self.id)

    @model_validator(mode="after")
    def whole(self) -> Law:
        for name in ("law", "says", *(field for field in ("when", "must", "never") if getattr(self, field))):
            if set(getattr(self, name)) != {"fr", "en"}:
                raise ValueError(f"{name}: French and English are expected")
        if not (self.when or self.never):
            raise ValueError("when or never is expected: what makes the rule apply?")
        return self

    def holds_in(self, country: str) -> bool:
        return country in self.countries or ("EU" in self.countries and country in EU)
