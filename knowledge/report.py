"""What came of learning: told to people and sent between processes. Imports no part of the index."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class Failed(BaseModel):
    document: str
    reason: str
    """Names the sentence of the interface pages."""
    details: dict[str, Any] = {}


class LearnReport(BaseModel):
    new: list[str] = []
    changed: list[str] = []
    unchanged: int = 0
    deleted: list[str] = []
    failed: list[Failed] = []
    windows: int = 0
    embedded: int = 0
