"""How every domain value behaves: frozen, and strict about unknown fields."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(Value):
    """Something to be told to people in their language: the words are in `prompts/interface/`, under `key`."""

    key: str
    details: dict[str, Any] = {}


def now() -> datetime:
    return datetime.now(UTC)
