"""The networks in a terminal: their list, and one network's page with its facts by kind, its tone, and its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.pages import Network, Pages
from bot.sheet import Row, Sheet
from bot.view import View

SHARES = {"kind": 4, "fact": 4, "says": 7, "confidence": 4}
"""Of the terminal's width."""


def listed(pages: Pages, view: View) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("network", "reply", "post", "kind"):
        table.add_column(view.say(f"networks.{column}"), overflow="fold")
    for network in pages.networks.values():
        kinds = ", ".join(network.kinds)
        table.add_row(
            f"[bold]{network.name}[/bold]", _room(network, "reply", view), _room(network, "post", view), kinds
        )
    return table


def page(told: Sheet, view: View) -> RenderableType:
    return Group(*_parts(told, view))


def _parts(told: Sheet, view: View) -> Iterator[RenderableType]:
    yield Text(told.network.title, style="bold")
    for line in told.head:
        yield Text(line, style="dim")
    yield Text()
    table = Table(box=None, pad_edge=False, header_style="dim", expand=True)
    for column, share in SHARES.items():
        table.add_column(view.say(f"networks.{column}"), overflow="fold", ratio=share)
    last = ""
    for row in told.rows:
        if last and row.kind != last:
            table.add_section()
        table.add_row(
            f"[bold]{escape(row.kind)}[/bold]" if row.kind != last else "",
            escape(row.fact),
            _cell(row),
            _sure(row, view),
        )
        last = row.kind
    yield table
    yield Markdown(re.sub(r"^## ", "### ", told.network.body, flags=re.MULTILINE))
    yield Text()
    yield Text(view.say("networks.sources"), style="bold")
    for number, source in enumerate(told.sources, 1):
        yield Text(f"[{number}] {source}", style="dim")


def _cell(row: Row) -> str:
    note = f"\n[dim]{escape(row.note)}[/dim]" if row.note else ""
    refs = f" [dim]{escape(' '.join(f'[{number}]' for number in row.sources))}[/dim]" if row.sources else ""
    return f"{escape(row.says)}{refs}{note}"


def _sure(row: Row, view: View) -> str:
    """What happens when it is broken, how sure we are, and since when; each on its line."""
    day = f"[dim]{row.checked.isoformat()}[/dim]" if row.checked else ""
    aged = f"[yellow]{view.say('networks.aged')}[/yellow]" if row.aged else ""
    return "\n".join(line for line in (escape(row.severity), escape(row.confidence), day, aged) if line)


def _room(network: Network, skill: str, view: View) -> str:
    kind = network.kind(None, skill)
    limit = network.kinds[kind].max
    return f"{kind} {view.number(limit.value)} {view.say(f'networks.unit_{limit.unit}')}" if limit else f"{kind} —"
