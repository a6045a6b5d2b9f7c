"""`bonton crisis report` and `bonton crisis journal`: what is told of an incident afterwards. Parses and prints, as `cli.py` does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

import typer

if TYPE_CHECKING:
    from bot.crisis.telling import Telling
    from bot.desk import Desk
    from bot.view import View

T = TypeVar("T")
IdArgument = Annotated[int, typer.Argument(metavar="ID", help="The crisis's number.")]


class Format(StrEnum):
    md = "md"
    pdf = "pdf"
    json = "json"


class WithDesk(Protocol):
    def __call__(self, work: Callable[[Desk], Awaitable[T]]) -> T: ...


def add(
    crisis: typer.Typer, with_desk: WithDesk, view: Callable[[], View], print_json: Callable[[Any], None]
) -> typer.Typer:
    """Adds both to the group of commands, on the command line's own desk and voice."""

    def telling(incident: int) -> Telling:
        from bot.crisis.telling import Telling
        from bot.settings import Settings
        from knowledge.brand import find

        record = with_desk(lambda desk: desk.crisis.record(incident))
        return Telling(record, find(record.incident.brand, Settings().brand_places), view())

    @crisis.command()
    def report(
        incident: IdArgument,
        form: Annotated[
            Format, typer.Option("--format", help="md (its chart as an SVG beside), pdf or json.")
        ] = Format.md,
        out: Annotated[
            Path | None, typer.Option("--out", help="The file to write; none: on stdout, and a PDF where you are.")
        ] = None,
    ) -> None:
        """The after-action report: figures, timeline, the texts that left, the source of truth, lessons, proposed rules."""
        told = telling(incident)
        if form is Format.pdf:
            from bot.crisis.pdf import pdf

            place = out or Path(f"{told.say('file', incident=incident)}.pdf")
            _write(place, pdf(told))
        elif form is Format.json:
            from bot.crisis import journal

            if out is None:
                print_json(journal.whole(told))
                return
            _write(place := out, journal.dumped(journal.whole(told)).encode())
        else:
            from bot.crisis import markdown

            picture = markdown.svg(told)
            if out is None:
                typer.echo(markdown.markdown(told))
                return
            place, beside = out, out.with_suffix(".svg")
            if picture:
                _write(beside, picture.encode())
            _write(place, markdown.markdown(told, beside.name if picture else "").encode())
        typer.echo(view().say("crisis.report.written", path=place), err=True)

    @crisis.command()
    def journal(
        incident: IdArgument,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")] = False,
    ) -> None:
        """The journal: who did what, when, with which text, and which facts stood then."""
        from bot.crisis import journal

        told = telling(incident)
        if as_json:
            print_json(journal.as_json(told))
        else:
            typer.echo(journal.markdown(told))

    return crisis


def _write(place: Path, data: bytes) -> None:
    """Raises Refused where it cannot be written."""
    from bot.errors import Refused

    try:
        place.write_bytes(data)
    except OSError as error:
        raise Refused("crisis.report.not_written", path=str(place), error=error.strerror or "") from None
