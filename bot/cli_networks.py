"""`bonton networks`: where the audience is, and what each network's page holds a text to. Parses and prints, as `cli.py` does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.view import View


def command(view: Callable[[], View], print_json: Callable[[Any], None]) -> Callable[..., None]:
    """The command, in the command line's own voice."""

    def networks(
        network: Annotated[str, typer.Argument(metavar="[N]", help="One network: instagram, x…; none: the list.")] = "",
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")] = False,
    ) -> None:
        """The networks, or one network's page: limits, rules, tone, and who says so."""
        from bot.errors import Refused
        from bot.sheet import sheet, told

        shown = view()
        known = shown.pages.networks
        if not network and as_json:
            print_json([{"network": one.name, "title": one.title, "kinds": list(one.kinds)} for one in known.values()])
            return
        found = shown.pages.network(network) if network else None
        if network and found is None:
            raise Refused("request.unknown_network", network=network[:40], known=", ".join(known))
        today = date.today()  # noqa: DTZ011 - a day by this machine's clock
        if found is not None and as_json:
            print_json(told(found, today))
            return
        from rich.console import Console

        from bot.frontends import pages

        laid = pages.page(sheet(found, shown, today), shown) if found is not None else pages.listed(shown.pages, shown)
        Console().print(laid)

    return networks
