"""Prices, budget and the counting of tokens. The sums are the ledger's (`bot/ledger/spending.py`)."""

from __future__ import annotations

from typing import Any

from bot.domain.model import Value
from bot.domain.spending import Usage
from bot.errors import SettingsError
from bot.writers.prompt import tokens

MILLION = 1_000_000


class Prices(Value):
    """A million tokens in and out, in the team's own currency."""

    input: float = 0.0
    output: float = 0.0

    @classmethod
    def of(cls, setting: str) -> Prices:
        """From `BONTON_MODEL_PRICE`, such as "0.4,1.6"; nothing costs nothing. Raises SettingsError."""
        if not setting.strip():
            return cls()
        try:
            given, made = (float(part) for part in setting.split(","))
        except ValueError:
            given = made = -1.0
        if not (0 <= given < MILLION and 0 <= made < MILLION):
            raise SettingsError(
                f'BONTON_MODEL_PRICE="{setting[:40]}": two prices a million tokens are expected, in and out: "0.4,1.6"'
            )
        return cls(input=given, output=made)

    def usage(self, model: str, prompt: str, message: Any = None) -> Usage:
        """What one call cost: as the provider counted it, else as we estimate it (a call that was given up is paid too)."""
        counted = getattr(message, "usage_metadata", None) or {}
        said = f"{getattr(message, 'content', '')}{getattr(message, 'tool_calls', '')}" if message is not None else ""
        given = int(counted.get("input_tokens") or tokens(prompt))
        made = int(counted.get("output_tokens") or (tokens(said) if said else 0))
        cost = (given * self.input + made * self.output) / MILLION
        return Usage(model=model, calls=1, input_tokens=given, output_tokens=made, cost=round(cost, 6))
