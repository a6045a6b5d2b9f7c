"""`bonton promises`: what was promised in a brand's name, and what became of it. Parses and prints, as `cli.py` does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

import typer

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.domain.promise import Promise, Settled
    from bot.view import View
    from knowledge.brand import Brand

T = TypeVar("T")
IdArgument = Annotated[int, typer.Argument(metavar="ID", help="The promise's number, from `bonton promises`.")]
AsOption = Annotated[str, typer.Option("--as", help="Who says so: a name from the brand's people.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")]


class WithDesk(Protocol):
    def __call__(self, work: Callable[[Desk], Awaitable[T]]) -> T: ...


def commands(with_desk: WithDesk, view: Callable[[], View], print_json: Callable[[Any], None]) -> typer.Typer:
    """The group of commands, on the command line's own desk and voice."""
    promises = typer.Typer(
        help="What was promised in a brand's name, the first due first.", invoke_without_command=True
    )

    def line(promise: Promise) -> str:
        about = view().promise_about(promise, _brand(promise.brand))
        return f"{promise.id:>4}  {about}\n      {' '.join(promise.words.split())}"

    def settled(work: Callable[[Desk], Awaitable[Settled]], as_json: bool) -> None:
        done = with_desk(work)
        if as_json:
            print_json({**done.promise.model_dump(mode="json"), "applied": done.applied})
        else:
            typer.echo(view().said(done.said))

    @promises.callback()
    def listed(
        context: typer.Context,
        brand: Annotated[str, typer.Option("--brand", help="The brand's folder name; none: every brand.")] = "",
        every: Annotated[bool, typer.Option("--all", help="Those kept and dropped, too.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Lists what is still to be kept: the words, where they left, and when they fall due."""
        if context.invoked_subcommand:
            return
        found = with_desk(lambda desk: desk.promises.listed(brand, () if every else ("open",)))
        if as_json:
            print_json([promise.model_dump(mode="json") for promise in found])
            return
        for promise in found:
            typer.echo(line(promise))
        if not found:
            typer.echo(view().say("promise.nothing_due"))

    @promises.command()
    def keep(promise: IdArgument, who: AsOption, as_json: JsonOption = False) -> None:
        """It was kept."""
        settled(lambda desk: desk.promises.keep(promise, who), as_json)

    @promises.command()
    def drop(promise: IdArgument, who: AsOption, as_json: JsonOption = False) -> None:
        """It will not be kept, or binds nobody any more."""
        settled(lambda desk: desk.promises.drop(promise, who), as_json)

    @promises.command()
    def later(promise: IdArgument, who: AsOption, as_json: JsonOption = False) -> None:
        """Remind again tomorrow morning."""
        settled(lambda desk: desk.promises.later(promise, who), as_json)

    return promises


def _brand(slug: str) -> Brand:
    from bot.settings import Settings
    from knowledge.brand import find

    return find(slug, Settings().brand_places)
