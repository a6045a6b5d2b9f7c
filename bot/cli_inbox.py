"""`bonton import` and `bonton inbox`: comments of files, and what is done with comments. Parses and prints, as `cli.py` does."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

import typer

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.domain.comment import Comment
    from bot.importing import Look
    from bot.view import View

T = TypeVar("T")
BrandOption = Annotated[str, typer.Option("--brand", help="The brand's folder name.")]
CommentArgument = Annotated[int, typer.Argument(metavar="ID", help="The comment's number.")]
AsOption = Annotated[str, typer.Option("--as", help="Who does it: a name from the brand's people.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")]
KEPT = 3
"""Exit code of what changed nothing, as for decisions."""


class WithDesk(Protocol):
    def __call__(self, work: Callable[[Desk], Awaitable[T]]) -> T: ...


def importing(with_desk: WithDesk, view: Callable[[], View], print_json: Callable[[Any], None]) -> Callable[..., None]:
    """The command `bonton import`."""

    def command(
        file: Annotated[Path, typer.Argument(help="CSV or JSON, as the usual tools export comments.")],
        brand: BrandOption,
        network: Annotated[str, typer.Option(help="Where they were written, if the file does not tell.")] = "",
        columns: Annotated[str, typer.Option(help="text=Comment,author=User…: over what is guessed.")] = "",
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Comments into the inbox, each once. Shows how it reads the file before it stores anything."""
        from bot import importing as files
        from bot.errors import Refused
        from bot.frontends.progress import progress

        said = view()
        named = dict(part.split("=", 1) for part in columns.split(",") if "=" in part)
        page = said.pages.network(network) if network else None
        if network and page is None:
            raise Refused("request.unknown_network", network=network[:40], known=", ".join(said.pages.networks))
        place = file.expanduser().resolve()
        look = files.look(place, said.pages, named)
        if not as_json:
            _show_look(look, said)
        if not yes and not _sure(said, as_json=as_json):
            if as_json:
                print_json({"look": look.model_dump()})
            raise typer.Exit(KEPT)
        where = page.name if page else ""
        with progress() as advance:
            done = with_desk(lambda desk: desk.inbox.bring(brand, str(place), look.columns, where, advance))
        refused = {key: {"count": count, "reason": said.say(key)} for key, count in done.refused.items()}
        if as_json:
            print_json({**done.model_dump(), "columns": look.columns, "refused": refused})
            return
        numbers = {name: said.number(getattr(done, name)) for name in ("rows", "stored", "duplicates")}
        typer.echo(said.say("import.done", **numbers, refused=said.number(sum(done.refused.values()))))
        for one in refused.values():
            typer.echo(
                "  " + said.say("import.refused", count=said.number(int(str(one["count"]))), reason=one["reason"])
            )

    return command


def _show_look(look: Look, view: View) -> None:
    typer.secho(view.say("import.looked", file=look.file), bold=True)
    for field, column in look.columns.items():
        typer.echo(f"  {field:<8} ← {column}")
    if look.other:
        typer.echo("  " + view.say("import.left", columns=", ".join(look.other)[:200]))
    for row in look.rows:
        shown = {key: view.say(value) if key == "error" else " ".join(value.split())[:80] for key, value in row.items()}
        typer.echo("  · " + " · ".join(shown.values()))


def _sure(view: View, *, as_json: bool) -> bool:
    if as_json or not sys.stdin.isatty():
        if not as_json:
            typer.echo(view.say("import.not_sure"))
        return False
    if typer.confirm(view.say("import.sure")):
        return True
    typer.echo(view.say("import.cancelled"))
    return False


def commands(with_desk: WithDesk, view: Callable[[], View], print_json: Callable[[Any], None]) -> typer.Typer:
    """The group `bonton inbox`."""
    inbox = typer.Typer(help="The comments that wait, the urgent ones first.", invoke_without_command=True)

    @inbox.callback()
    def glance(context: typer.Context, brand: BrandOption = "", as_json: JsonOption = False) -> None:
        """The few that matter, what many ask for together, and how many there are."""
        if context.invoked_subcommand:
            return
        if as_json:
            print_json(with_desk(lambda desk: desk.inbox.box(brand)).model_dump(mode="json"))
            return
        from bot.frontends.flows.inbox import Inbox

        known = _brand(brand)
        _draw(with_desk(lambda desk: Inbox(desk).box(known, view())))

    @inbox.command("list")
    def listed(
        brand: BrandOption,
        state: Annotated[list[str] | None, typer.Option(help="new, drafted, answered…; none: what waits.")] = None,
        most: Annotated[int, typer.Option(min=1, max=5000)] = 50,
        as_json: JsonOption = False,
    ) -> None:
        """Comments, the most urgent first."""
        from bot.domain.comment import STATES

        states = [known for known in STATES if known in (state or ())]
        found = with_desk(lambda desk: desk.inbox.listed(brand, states, most))
        if as_json:
            print_json([_told(comment, view()) for comment in found])
            return
        for comment in found:
            words = " ".join(comment.text.split())[:90]
            typer.echo(f"{comment.id:>6}  {comment.priority:>3}  {comment.state:<9} {comment.triage.kind:<10} {words}")

    @inbox.command()
    def show(comment: CommentArgument, as_json: JsonOption = False) -> None:
        """One comment, how it was read, and what was done with it."""

        async def read(desk: Desk) -> Any:
            return await desk.inbox.comment(comment), await desk.inbox.history(comment)

        found, history = with_desk(read)
        if as_json:
            print_json({**_told(found, view()), "history": [deed.model_dump(mode="json") for deed in history]})
            return
        typer.echo(f"{found.id} · {found.state} · {found.network} · {found.author}\n{found.text}")
        for reason in view().reasons(found.triage):
            typer.echo(f"  {reason}")
        for deed in history:
            typer.echo(f"  {deed.at:%Y-%m-%d %H:%M}  {view().say('event.' + deed.what.replace('.', '_'))}  {deed.who}")

    _deeds(inbox, with_desk, view, print_json)
    return inbox


def _deeds(
    inbox: typer.Typer, with_desk: WithDesk, view: Callable[[], View], print_json: Callable[[Any], None]
) -> None:
    """The commands that change something."""

    @inbox.command()
    def act(
        comment: CommentArgument,
        verb: Annotated[str, typer.Argument(help="take, drop, ignore, hide, escalate, reopen, answered")],
        who: AsOption,
        force: Annotated[bool, typer.Option(help="In spite of a colleague who has it.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Take a comment, or say what became of it."""
        from bot.domain.comment import VERBS, Act
        from bot.errors import Refused

        if verb not in VERBS:
            raise Refused("inbox.unknown_verb", verb=verb[:20], known=", ".join(VERBS))
        deed = Act.model_validate({"comment": comment, "verb": verb, "by": who, "force": force})
        acted = with_desk(lambda desk: desk.inbox.act(deed))
        message = view().said(acted.said)
        if as_json:
            print_json({"applied": acted.applied, "message": message, "comment": _told(acted.comment, view())})
        else:
            typer.echo(message)
        if not acted.applied:
            raise typer.Exit(KEPT)

    @inbox.command()
    def correct(
        comment: CommentArgument,
        what: Annotated[str, typer.Argument(help="irony, sincere, urgent, calm, complaint, question, praise, spam…")],
        who: AsOption,
        as_json: JsonOption = False,
    ) -> None:
        """Set right how a comment was read; comments like it follow."""
        from bot.domain.comment import CORRECTIONS
        from bot.errors import Refused

        correction = next((known for known in CORRECTIONS if known == what), None)
        if correction is None:
            raise Refused("inbox.unknown_verb", verb=what[:20], known=", ".join(CORRECTIONS))
        right = with_desk(lambda desk: desk.inbox.correct(comment, correction, who))
        if as_json:
            print_json(_told(right, view()))
        else:
            typer.echo(view().say("inbox.corrected", comment=comment))


def report(with_desk: WithDesk, view: View, brand: str, *, as_json: bool, print_json: Callable[[Any], None]) -> None:
    """`bonton triage --report`: what people corrected."""
    found = with_desk(lambda desk: desk.inbox.report(brand))
    if as_json:
        print_json(found.model_dump())
        return
    typer.echo(view.say("inbox.read", count=view.number(found.comments), corrected=view.number(found.corrected)))
    for changed, count in sorted(found.readings.items(), key=lambda pair: -pair[1]):
        typer.echo(f"  {count:>4}  {changed}")
    if not found.corrected:
        typer.echo(view.say("inbox.corrections_none"))


def _told(comment: Comment, view: View) -> dict[str, Any]:
    """The comment as JSON, with its reasons in words."""
    told = comment.model_dump(mode="json", exclude={"triage", "reasons"})
    reasons = [
        view.say(f"risk.{reason.details['risk']}") if reason.key == "triage.risk" else view.said(reason)
        for reason in comment.reasons
    ]
    return {**told, "reasons": reasons, "triage": view.triage(comment.triage)}


def _brand(slug: str) -> Any:
    from bot.settings import Settings
    from knowledge.brand import find

    return find(slug, Settings().brand_places)


def _draw(panel: Any) -> None:
    from rich.console import Console

    from bot.frontends.card import panel as drawn

    bare = panel.model_copy(
        update={"blocks": tuple(block.model_copy(update={"buttons": ()}) for block in panel.blocks)}
    )
    Console().print(drawn(bare)[0])
