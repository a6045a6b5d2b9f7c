"""What a network's page states, row by row, in the reader's language: for the command line and for `docs/networks.md`.

Lays nothing out and judges nothing: a row says what the page says, how sure it is, who says so, and whether that was read too
long ago. The prose of the page (tone, codes) stays as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.network import Aim, ContentKind, Limit, Rule, Signs, Sourced, Span
from bot.pages import Network
from bot.view import View


@dataclass(frozen=True)
class Row:
    kind: str
    """The content kind, as `--kind` takes it; « every kind » in the reader's words."""
    fact: str
    says: str
    severity: str
    """Empty where nothing can be broken."""
    confidence: str
    sources: tuple[int, ...]
    """Places in the sheet's list of sources, from 1."""
    checked: date | None
    aged: bool
    note: str


@dataclass(frozen=True)
class Sheet:
    network: Network
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    sources: tuple[str, ...]


def sheet(network: Network, view: View, today: date) -> Sheet:
    sources: dict[str, int] = {}
    shared = dict(network.every.items())
    rows = [_row(view.say("networks.every"), name, fact, sources, view, today) for name, fact in shared.items()]
    for kind, known in network.kinds.items():
        rows += _of(kind, known, network, sources, view, today)
    return Sheet(network=network, head=tuple(_head(network, view)), rows=tuple(rows), sources=tuple(sources))


def told(network: Network, today: date) -> dict[str, Any]:
    """The page's facts for programs: every kind whole, each fact with `aged`."""
    return {
        "network": network.name,
        "title": network.title,
        "aliases": list(network.aliases),
        "register": network.register_,
        "private": network.private,
        "reply": network.reply.model_dump(),
        "post": network.post.model_dump(),
        "kinds": {
            kind: {
                name: {**fact.model_dump(mode="json", exclude_none=True), "aged": fact.aged(today)}
                for name, fact in known.items()
            }
            for kind, known in network.kinds.items()
        },
        "prose": network.body,
    }


def _head(network: Network, view: View) -> Iterator[str]:
    if network.aliases:
        yield view.say("networks.also", aliases=", ".join(network.aliases))
    for what, code in (("reply", network.reply), ("post", network.post)):
        span = code.words
        yield view.say(
            "networks.aims", what=view.say(f"networks.{what}"), kind=code.kind, min=str(span.min), max=str(span.max)
        )
    yield view.say("networks.register", register=network.register_)


def _of(
    kind: str, known: ContentKind, network: Network, sources: dict[str, int], view: View, today: date
) -> Iterator[Row]:
    """A kind's own facts: what it shares is said where it is stated."""
    shared = dict(network.every.items())
    if known.same_as:
        shared |= dict(network.kinds[known.same_as].items())
        yield _bare(kind, view.say("networks.same_as", kind=known.same_as))
    own = [(name, fact) for name, fact in known.items() if shared.get(name) != fact]
    for name, fact in own:
        yield _row(kind, name, fact, sources, view, today)
    if not own and not known.same_as:
        yield _bare(kind, view.say("networks.unknown"))


def _bare(kind: str, says: str) -> Row:
    return Row(kind, "", says, "", "", (), None, aged=False, note="")


def _row(kind: str, name: str, fact: Sourced, sources: dict[str, int], view: View, today: date) -> Row:
    breakable = isinstance(fact, Limit | Signs)
    return Row(
        kind=kind,
        fact=view.say(f"networks.fact_{name}"),
        says=_says(fact, view),
        severity=view.say(f"networks.severity_{fact.severity}") if breakable else "",
        confidence=view.say(f"networks.confidence_{fact.confidence}"),
        sources=tuple(sources.setdefault(source, len(sources) + 1) for source in fact.sources),
        checked=fact.checked,
        aged=fact.aged(today),
        note=fact.note,
    )


def _says(fact: Sourced, view: View) -> str:
    if isinstance(fact, Limit):
        return f"{view.number(fact.value)} {_unit(fact.unit, view)}".strip()
    if isinstance(fact, Aim):
        return f"{_between(fact.min, fact.value, view)} {_unit(fact.unit, view)}".strip()
    if isinstance(fact, Rule):
        return _value(fact.value, view)
    if isinstance(fact, Signs):
        return " ".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in fact.value)
    stated = fact.stated
    first = [_value(stated.pop("allowed"), view)] if "allowed" in stated else []
    fields = [
        view.say("networks.some", name=view.say(f"networks.field_{name}"), value=_value(value, view))
        for name, value in stated.items()
    ]
    return "; ".join(first + fields)


def _value(value: Any, view: View) -> str:
    if isinstance(value, bool):
        return view.say("networks.yes" if value else "networks.no")
    if isinstance(value, int):
        return view.number(value)
    if isinstance(value, Span):
        return _between(value.min or None, value.max, view)
    if isinstance(value, tuple):
        return ", ".join(value)
    known = f"networks.{value}" in view.pages.interface[view.locale]
    return view.say(f"networks.{value}") if known else str(value)


def _between(least: int | None, most: int | None, view: View) -> str:
    if least is None:
        return view.say("networks.up_to", max=view.number(most or 0))
    if most is None:
        return view.say("networks.from", min=view.number(least))
    return view.say("networks.from_to", min=view.number(least), max=view.number(most))


def _unit(unit: str, view: View) -> str:
    return "" if unit == "count" else view.say(f"networks.unit_{unit}")
