"""What the words of a draft cost: calls of a model, tokens, money. Money is in the currency that the team's prices are in."""

from __future__ import annotations

from bot.domain.model import Value


class Usage(Value):
    model: str = ""
    calls: int = 0
    """Answers asked for: a call that was turned away at the door is none."""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            model=other.model or self.model,
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost=round(self.cost + other.cost, 6),
        )


class Spent(Value):
    """One writing, as the ledger keeps it: which draft (request and network), whose, and what it cost."""

    request: str
    brand: str
    network: str
    usage: Usage
