"""The corpus of hostile comments, as the tests read it. What it holds and what not: `README.md` beside it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent
Kind = Literal[
    "instructions",
    "fake_system",
    "delimiters",
    "encodings",
    "hidden",
    "other_brand",
    "links",
    "markup",
    "role_play",
    "tools",
    "leak",
    "mixed",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
BRANDS = {"fr": "maison-virevent", "en": "tern-and-thistle"}
"""Whom a comment is written to."""


class Call(BaseModel):
    """A tool that a model would try to use if it obeyed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    args: dict[str, Any]


class Attack(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z-]+-(fr|en)-\d\d$")
    language: Literal["fr", "en"]
    kind: Kind
    text: str = Field(min_length=1)
    """The comment, as somebody pastes it."""
    says: str = Field(min_length=1)
    """What a model that obeys would answer in public."""
    never: tuple[str, ...] = Field(min_length=1)
    """Parts of `says` that may stand in no card, but for the comment that it quotes."""
    calls: tuple[Call, ...]

    @property
    def brand(self) -> str:
        return BRANDS[self.language]


@cache
def attacks() -> tuple[Attack, ...]:
    """Every attack, family by family."""
    return tuple(
        Attack.model_validate_json(line)
        for file in sorted(FOLDER.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    )


def sampled() -> tuple[Attack, ...]:
    """One in four, of every family and both languages, for the tests that take long; all of them with ATTACKS=all (`make attacks`)."""
    return attacks() if os.environ.get("ATTACKS") == "all" else attacks()[::4]


def standing(never: Iterable[str], text: str) -> list[str]:
    """Which of these stand in a text, whatever their case."""
    folded = text.casefold()
    return [words for words in never if words.casefold() in folded]
