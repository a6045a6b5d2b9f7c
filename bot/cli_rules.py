"""`bonton rules`: what people's corrections proposed, and what became of it. Parses and prints, as `cli.py` does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

import typer

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.domain.voice import Rule
    from bot.view import View

T = TypeVar("T")
RuleArgument = Annotated[int, typer.Argument(metavar="ID", help="The rule's number, from `bonton rules`.")]
AsOption = Annotated[str, typer.Option("--as", help="Who decides: a name from the brand's people.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")]


class WithDesk(Protocol):
    def __call__(self, work: Callable[[Desk], Awaitable[T]]) -> T: ...


def commands(with_desk: WithDesk, view: Callable[[], View], print_json: Callable[[Any], None]) -> typer.Typer:
    """The group of commands, on the command line's own desk and voice."""
    rules = typer.Typer(help="Rules that people's edits proposed.", invoke_without_command=True)

    def settled(work: Callable[[Desk], Awaitable[Rule]], as_json: bool) -> None:
        rule = with_desk(work)
        if as_json:
            print_json(view().rule_told(rule))
        else:
            typer.echo(view().ruled(rule))

    @rules.callback()
    def listed(
        context: typer.Context,
        brand: Annotated[str, typer.Option("--brand", help="The brand's folder name; none: every brand.")] = "",
        as_json: JsonOption = False,
    ) -> None:
        """Lists what was proposed, accepted, refused and undone, with the drafts that led there."""
        if context.invoked_subcommand:
            return
        found = with_desk(lambda desk: desk.rules(brand))
        if as_json:
            print_json([view().rule_told(rule) for rule in found])
            return
        for rule in found:
            typer.echo(view().rule(rule))
        if not found:
            typer.echo(view().say("rules.none"))

    @rules.command()
    def accept(rule: RuleArgument, who: AsOption, as_json: JsonOption = False) -> None:
        """Make it a rule: every draft of that brand and network obeys from now on."""
        settled(lambda desk: desk.rule_accept(rule, who), as_json)

    @rules.command()
    def refuse(rule: RuleArgument, who: AsOption, as_json: JsonOption = False) -> None:
        """Not a rule: it is never asked again."""
        settled(lambda desk: desk.rule_refuse(rule, who), as_json)

    @rules.command()
    def undo(rule: RuleArgument, who: AsOption, as_json: JsonOption = False) -> None:
        """No longer a rule."""
        settled(lambda desk: desk.rule_undo(rule, who), as_json)

    return rules
