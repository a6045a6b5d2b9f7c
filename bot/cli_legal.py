"""`bonton legal`: the rules of law that drafts are read by. Parses and prints, as `cli.py` does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.errors import Refused

if TYPE_CHECKING:
    from bot.law import Law
    from bot.view import View


def command(view: Callable[[], View], print_json: Callable[[Any], None]) -> Callable[..., None]:
    """The command, on the command line's own voice."""

    def legal(
        rule: Annotated[str, typer.Argument(metavar="[RULE]", help="One rule's name; none: every rule.")] = "",
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")] = False,
    ) -> None:
        """The legal pages' rules: where each holds, what it says, its law, source and date. Counsel confirms."""
        reader = view()
        laws = reader.pages.laws
        if rule and rule not in laws:
            raise Refused("legal.unknown", rule=rule[:60], known=", ".join(laws))
        shown = [laws[rule]] if rule else list(laws.values())
        if as_json:
            told = [{**law.model_dump(mode="json"), "message": reader.say(f"law.{law.id}")} for law in shown]
            print_json(told[0] if rule else told)
            return
        for law in shown:
            typer.echo(f"{law.id} ({', '.join(law.countries)})\n  {reader.say(f'law.{law.id}')}")
            if rule:
                typer.echo("\n".join(_marks(law, reader.locale)))

    return legal


def _marks(law: Law, locale: str) -> list[str]:
    """The phrases of one rule in the reader's language, as its page writes them."""
    groups = {"when": law.when, "unless": law.unless, "must": law.must, "never": law.never}
    spoken = {name: dict(phrases).get("fr" if locale == "fr" else "en", ()) for name, phrases in groups.items()}
    return [f"  {name}: {', '.join(phrases)}" for name, phrases in spoken.items() if phrases]
