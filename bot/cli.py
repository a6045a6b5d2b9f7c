"""The `bonton` command. Parses, calls, prints; every answer is somebody else's.

Heavy parts are imported inside the commands that need them, so that `bonton --help` stays instant. Every command exits
non-zero on failure with one line on stderr; with `--json` stdout holds one JSON document (JSON Lines with `--lines`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from bot import (
    cli_alarm,
    cli_crisis,
    cli_inbox,
    cli_legal,
    cli_networks,
    cli_promises,
    cli_report,
    cli_rules,
    cli_triage,
)

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.domain.decision import Event
    from bot.domain.draft import Draft
    from bot.domain.request import Request
    from bot.domain.triage import Triage
    from bot.domain.voice import Edit
    from bot.view import View

T = TypeVar("T")
app = typer.Typer(
    name="bonton",
    help="Le bon ton au bon endroit: drafts in the tone of each network, checked by code, released by people.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
drafts = typer.Typer(help="Draft a reply or a post from what is on stdin.", no_args_is_help=True)
brands = typer.Typer(help="Brand folders: make, check, list.", no_args_is_help=True)
slack = typer.Typer(help="Set up the Slack app.", no_args_is_help=True)
crises = typer.Typer(help="A brand's crises, and what is told of them.", no_args_is_help=True)
app.add_typer(drafts, name="draft")
app.add_typer(brands, name="brand")
app.add_typer(slack, name="slack")
app.add_typer(crises, name="crisis")

BrandOption = Annotated[str, typer.Option("--brand", help="The brand's folder name.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")]
LinesOption = Annotated[bool, typer.Option("--lines", help="JSON Lines in ({id, text, …}) and out.")]
AsOption = Annotated[str, typer.Option("--as", help="Who decides: a name from the brand's people.")]
TRIES = 20
LONGEST_LINE = 4 * 2**20
"""Bytes of one JSON line: more than any text that a network takes, so that a stream is read in little memory."""


def main() -> None:
    """The entry point: whatever fails says so in one line, in the person's language."""
    from bot import logs, tracing
    from bot.errors import BontonError, Refused

    logs.configure()
    tracing.configure()
    try:
        app()
    except Refused as refusal:
        _fail(_view().say(refusal.key, **refusal.details))
    except BontonError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
    except PermissionError as error:
        _fail(f"no right to use {error.filename}: choose another BONTON_HOME or give this user the right")
    except OSError as error:
        _fail(f"{error.strerror or error} {error.filename or ''}".strip())
    except Exception as error:
        if os.environ.get("BONTON_DEBUG"):
            raise
        _fail(f"{type(error).__name__}: something failed on our side; BONTON_DEBUG=1 shows where")


@drafts.command("reply")
def draft_reply(
    brand: BrandOption,
    network: Annotated[str, typer.Option(help="Where the comment is: instagram, google, x…")] = "",
    language: Annotated[str, typer.Option(help="fr or en; else the comment's own.")] = "",
    posture: Annotated[str, typer.Option(help="sober, empathetic or firm; else the situation's own.")] = "",
    who: AsOption = "",
    lines: LinesOption = False,
    as_json: JsonOption = False,
) -> None:
    """The comment on stdin → the draft of a reply, pending approval."""
    options = {"brand": brand, "network": network, "language": language, "posture": posture, "as": who}
    _draft("reply", options, lines=lines, as_json=as_json)


@drafts.command("post")
def draft_post(
    brand: BrandOption,
    network: Annotated[str, typer.Option(help="One or several, with commas: linkedin,x")] = "",
    kind: Annotated[
        str, typer.Option(help="story, carousel, thread, reel…; else what the network usually takes.")
    ] = "",
    language: Annotated[str, typer.Option(help="fr or en; else the brief's own.")] = "",
    who: AsOption = "",
    lines: LinesOption = False,
    as_json: JsonOption = False,
) -> None:
    """The brief on stdin → one draft per network (a JSON list when there are several)."""
    options = {"brand": brand, "network": network, "kind": kind, "language": language, "as": who}
    _draft("post", options, lines=lines, as_json=as_json)


def _draft(skill: str, options: dict[str, str], *, lines: bool, as_json: bool) -> None:
    view = _view()

    async def made(desk: Desk, request: Request) -> list[Draft]:
        from bot.errors import Refused

        reply = await desk.handle(request)
        if reply.refused:
            raise Refused(reply.refused.key, **reply.refused.details)
        if reply.clarify:
            asked = view.said(reply.clarify.question)
            raise Refused("cli.clarify", question=asked, options=", ".join(reply.clarify.options))
        return [await desk.draft(number) for number in reply.drafts]

    async def line(desk: Desk, item: dict[str, Any]) -> dict[str, Any]:
        shown = [
            view.draft(draft) for draft in await made(desk, _request(skill, str(item["text"]), {**options, **item}))
        ]
        # A line answers with the caller's id, so the draft's own goes under its name.
        told = [{"draft": draft.pop("id"), **draft} for draft in shown]
        return told[0] if len(told) == 1 else {"drafts": told}

    if lines:
        _lines(line)
        return
    request = _request(skill, _stdin(), options)  # made once: a second try carries the same id and starts nothing twice
    found = _with_desk(lambda desk: made(desk, request))
    if as_json:
        shown = [view.draft(draft) for draft in found]
        _print_json(shown[0] if len(shown) == 1 and "," not in options["network"] else shown)
    else:
        _cards(found)


def _request(skill: str, text: str, options: dict[str, Any]) -> Request:
    from bot.domain.request import Request
    from bot.domain.triage import POSTURES
    from bot.errors import Refused

    posture = str(options.get("posture") or "")
    if posture and posture not in POSTURES:
        raise Refused("request.unknown_posture", posture=posture[:20], known=", ".join(POSTURES))
    return Request(
        id=f"cli:{options.get('request') or uuid.uuid4().hex}",
        text=text,
        brand=str(options["brand"]),
        skill=skill,
        networks=tuple(name.strip() for name in str(options.get("network") or "").split(",") if name.strip()),
        kind=options.get("kind") or None,
        language=str(options.get("language") or "") or None,
        posture=posture or None,
        author=str(options.get("as") or ""),
        locale=_view().locale,
    )


@app.command()
def learn(
    brand: BrandOption,
    paths: Annotated[list[Path] | None, typer.Argument(help="Folders or files; none: the brand's guidelines.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Documents into the brand's index (md, txt, html, pdf, docx); only what changed is embedded again."""
    view = _view()
    places = [str(path.expanduser().resolve()) for path in paths or []]
    with _progress() as advance:
        report = _with_desk(lambda desk: desk.learn(brand, places, advance))
    if as_json:
        _print_json(
            {
                **{
                    name: getattr(report, name)
                    for name in ("new", "changed", "unchanged", "deleted", "windows", "embedded")
                },
                "failed": [{"document": one.document, "reason": _unread(view, one)} for one in report.failed],
            }
        )
        return
    counts = {name: _count(getattr(report, name)) for name in ("new", "changed", "unchanged", "deleted", "embedded")}
    typer.echo(view.say("cli.learned", **counts))
    for one in report.failed:
        typer.echo(view.say("cli.unread", document=one.document, reason=_unread(view, one)), err=True)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for.")] = "",
    brand: BrandOption = "",
    k: Annotated[int, typer.Option("--k", min=1, max=50, help="How many passages at most.")] = 8,
    lines: LinesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Passages of the guidelines, best first, with document, heading and score."""
    if lines:

        async def line(desk: Desk, item: dict[str, Any]) -> Any:
            asked = str(item.get("question") or item["text"])
            found = await desk.search(str(item.get("brand") or brand), asked, int(item.get("k") or k))
            return {"passages": [_passage(one) for one in found]}

        _lines(line)
        return
    found = _with_desk(lambda desk: desk.search(brand, question, k))
    if as_json:
        _print_json({"passages": [_passage(one) for one in found]})
        return
    if not found:
        typer.echo(_view().say("cli.nothing_close"))
    for one in found:
        typer.secho(f"{one.score:.2f}  {one.document} › {one.heading}", bold=True)
        typer.echo(f"      {' '.join(one.text.split())}\n")


@app.command()
def triage(
    brand: BrandOption = "",
    report: Annotated[bool, typer.Option("--report", help="What people corrected, instead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """JSON Lines {id, text} on stdin → what each comment is, and why."""
    if report:
        cli_inbox.report(_with_desk, _view(), brand, as_json=as_json, print_json=_print_json)
        return
    from bot.app import Bonton
    from bot.settings import Settings

    settings, view = Settings(), _view()
    if settings.models:
        _with_desk(lambda desk: cli_triage.lines(_json_lines(), desk.read, brand, view, _print_line, _line_error))
        return
    bonton = Bonton(settings)

    async def read(slug: str, texts: Sequence[str]) -> list[Triage]:
        return bonton.read_here(texts, bonton.brand(slug).languages if slug else ("en", "fr"))

    asyncio.run(cli_triage.lines(_json_lines(), read, brand, view, _print_line, _line_error))


@app.command()
def check(
    network: Annotated[str, typer.Option(help="Where it would stand; with --lines each line may say.")] = "",
    kind: Annotated[str, typer.Option(help="post, comment, title… as on the network's page.")] = "post",
    brand: BrandOption = "",
    language: Annotated[str, typer.Option()] = "",
    lines: LinesOption = False,
    as_json: JsonOption = False,
) -> None:
    """A text on stdin → its length by the network's own counting, and what it breaks, each with the page that says so."""
    from bot.app import Bonton
    from bot.settings import Settings

    if not (network or lines):
        raise typer.BadParameter("say where the text would stand", param_hint="--network")
    bonton, view = Bonton(Settings()), _view()

    def one(text: str, item: dict[str, Any]) -> dict[str, Any]:
        return bonton.check(
            text,
            network=str(item.get("network") or network),
            kind=str(item.get("kind") or kind),
            brand=str(item.get("brand") or brand),
            language=str(item.get("language") or language),
            view=view,
        )

    if lines:
        _each_line(one)
        return
    found = one(_stdin(), {})
    if as_json:
        _print_json(found)
    else:
        _print_checked(found, view)


@app.command()
def pending(brand: BrandOption = "", as_json: JsonOption = False) -> None:
    """What waits for approval."""
    view = _view()
    waiting = _with_desk(lambda desk: desk.pending(brand))
    if as_json:
        _print_json([view.draft(draft) for draft in waiting])
        return
    if not waiting:
        typer.echo(view.say("cli.no_pending"))
    for draft in waiting:
        rule = draft.body.approvals
        first = (draft.body.text or "—").splitlines()[0]
        typer.echo(f"{draft.id:>4}  {draft.brand} · {draft.network} · {rule.given}/{rule.needed}  {first[:70]}")


@app.command()
def show(draft: int, as_json: JsonOption = False) -> None:
    """One draft, whole."""
    view = _view()

    async def read(desk: Desk) -> tuple[Draft, list[Edit]]:
        return await desk.draft(draft), await desk.changes(draft)

    found, edits = _with_desk(read)
    if as_json:
        changes = [{"revision": edit.revision, "by": edit.by, "changes": view.changes(edit)} for edit in edits]
        _print_json({**view.draft(found), "edits": changes})
        return
    _cards([found], whole=True)
    for edit in edits:
        typer.echo(view.say("rules.edited", revision=edit.revision, who=edit.by))
        for piece in edit.changed:
            typer.echo(f"  {view.change(piece)}")


@app.command()
def approve(
    draft: int,
    who: AsOption,
    revision: Annotated[int | None, typer.Option(help="The revision you read; a newer one is not approved.")] = None,
    override: Annotated[str, typer.Option(help="Your reason for approving in spite of a blocking finding.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Approve the draft's exact text."""
    _decide({"draft": draft, "verb": "approve", "by": who, "revision": revision, "override": override}, as_json=as_json)


@app.command()
def edit(
    draft: int,
    who: AsOption,
    text: Annotated[str | None, typer.Option(help="The new text; without it, $EDITOR opens, or stdin is read.")] = None,
    revision: Annotated[int | None, typer.Option(help="The revision you read.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Replace the text with your own words: the next revision, pending again."""
    if text is None:
        if sys.stdin.isatty():
            from bot.frontends import editor

            current = _with_desk(lambda desk: desk.draft(draft))
            text = editor.edit(current.body.text).strip()
            revision = revision if revision is not None else current.revision
        else:
            text = _stdin()
    _decide({"draft": draft, "verb": "edit", "by": who, "revision": revision, "text": text}, as_json=as_json)


@app.command()
def change(
    draft: int,
    wish: Annotated[str, typer.Argument(help="“plus court”, “more formal”, “en anglais”…")],
    who: AsOption,
    as_json: JsonOption = False,
) -> None:
    """Ask for changes in plain words: the next revision, pending again."""
    _decide({"draft": draft, "verb": "ask", "by": who, "text": wish}, as_json=as_json)


@app.command()
def reject(
    draft: int,
    who: AsOption,
    reason: Annotated[str, typer.Option(help="Why: it is kept with the draft.")],
    revision: Annotated[int | None, typer.Option()] = None,
    as_json: JsonOption = False,
) -> None:
    """Set the draft aside, with the reason."""
    _decide({"draft": draft, "verb": "reject", "by": who, "text": reason, "revision": revision}, as_json=as_json)


@app.command()
def ignore(draft: int, who: AsOption, as_json: JsonOption = False) -> None:
    """Not worth answering: set aside without a reply."""
    _decide({"draft": draft, "verb": "ignore", "by": who}, as_json=as_json)


def _decide(values: dict[str, Any], *, as_json: bool) -> None:
    from bot.domain.decision import Decision

    view = _view()
    ruling = _with_desk(lambda desk: desk.decide(Decision(**values)))
    if as_json:
        asks = {"asks": view.rule_told(ruling.asks)} if ruling.asks else {}
        told = {"applied": ruling.applied, "message": view.said(ruling.said), "draft": view.draft(ruling.draft)}
        _print_json({**told, **asks})
    else:
        typer.echo(view.said(ruling.said))
        if ruling.draft.state == "released":
            typer.echo(f"\n{ruling.draft.body.text}")
        if ruling.asks:
            typer.echo(f"{view.asked(ruling.asks)}  bonton rules accept|refuse {ruling.asks.id} --as …")
    if not ruling.applied:
        raise typer.Exit(3)


@app.command()
def log(draft: Annotated[int, typer.Option(help="Only this draft's.")] = 0, as_json: JsonOption = False) -> None:
    """The audit trail: who did what, when."""
    from bot.view import made

    view = _view()

    async def read(desk: Desk) -> tuple[list[Event], list[Edit]]:
        return await desk.events(draft), await desk.changes(draft)

    events, edits = _with_desk(read)
    if as_json:
        _print_json([view.event(event, edits) for event in events])
        return
    for event in events:
        typer.echo(view.trail(event))
        for edit in made(event, edits):
            for piece in edit.changed:
                typer.echo(f"{'':21}{view.change(piece)}")


@app.command()
def chat(brand: BrandOption = "", who: AsOption = "") -> None:
    """A conversation in the terminal, as one would have it in Slack."""
    from bot.frontends.terminal import Terminal

    async def talk(desk: Desk) -> None:
        await Terminal(desk, _settings(), _view(), brand=brand, who=who).run()

    _with_desk(talk)


@app.command()
def serve() -> None:
    """Every front-end that has its settings, until it is stopped."""
    from bot.serve import serve as serving

    def tell(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    _with_desk(lambda desk: serving(desk, _settings(), tell), serving=True)


@slack.command("manifest")
def slack_manifest(
    url: Annotated[str, typer.Option(help="Public https address of `bonton serve`; none: Socket Mode.")] = "",
) -> None:
    """The Slack app's manifest, to paste under “Create an app › From a manifest”."""
    from bot.frontends.slack.manifest import manifest

    if url and not url.startswith("https://"):
        _fail("--url: Slack needs an https:// address")
    _print_json(manifest(url))


@app.command()
def demo() -> None:
    """The whole path on the sample brands: a conversation with a terminal, three cases played to their end without."""
    from bot.frontends import demo as played

    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    _with_desk(lambda desk: (played.converse if interactive else played.play)(desk, _settings(), _view()))


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Checks settings, data folder, database, index, model and brands; says how to mend each."""
    from bot.doctor import examine

    found = asyncio.run(examine(_settings()))
    if as_json:
        _print_json([{"part": part, "ok": fine, "message": message} for part, fine, message in found])
    else:
        for part, fine, message in found:
            typer.echo(f"{'✓' if fine else '✗'} {part:<12} {message}")
    if not all(fine for _, fine, _ in found):
        raise typer.Exit(1)


@brands.command("list")
def brand_list(as_json: JsonOption = False) -> None:
    """The brands there are."""
    from knowledge.brand import folders

    found = folders(_settings().brand_places)
    if as_json:
        _print_json([{"brand": slug, "folder": str(folder)} for slug, folder in found.items()])
        return
    for slug, folder in found.items():
        typer.echo(f"{slug:<24} {folder}")


@brands.command("check")
def brand_check(brand: str, as_json: JsonOption = False) -> None:
    """What is wrong in a brand's folder, by file and field."""
    from bot.app import Bonton

    problems = Bonton(_settings()).problems(brand)
    if as_json:
        _print_json({"brand": brand, "problems": problems})
    for problem in [] if as_json else problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)


@brands.command("new")
def brand_new(brand: str) -> None:
    """A new brand folder to fill in."""
    from knowledge.scaffold import make

    place = _settings().brand_places[0]
    typer.echo(str(make(place, brand)))


def _settings() -> Any:
    from pydantic import ValidationError

    from bot.errors import SettingsError
    from bot.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{first['loc'][0]}: {first['msg']}") from None


def _view() -> View:
    from bot.pages import shared
    from bot.view import View, locale

    return View(shared(), locale())


def _with_desk(work: Callable[[Desk], Awaitable[T]], *, serving: bool = False) -> T:
    """Runs `work` on the desk, ours or the owner's; again when the owner went away in the middle."""
    from bot.app import Bonton
    from bot.owner import owning

    settings = _settings()

    async def run() -> T:
        bonton = Bonton(settings)
        async with owning(settings.folder, partial(bonton.running, serving=serving)) as desk:
            done = await work(desk)
        if (
            serving
        ):  # all is closed; a thread that still embeds guidelines is not waited for, the next start embeds them
            sys.stdout.flush()
            os._exit(0)
        return done

    for attempt in range(TRIES):
        try:
            return asyncio.run(run())
        except (ConnectionError, FileNotFoundError):
            if attempt == TRIES - 1:
                raise
    raise AssertionError


def _lines(one: Callable[[Desk, dict[str, Any]], Awaitable[Any]]) -> None:
    """JSON Lines in, JSON Lines out, in the same order; a bad line is answered by its error and stops nothing."""

    items = _json_lines()
    held: list[
        dict[str, Any]
    ] = []  # the line under way: tried again, under the same request id, when the owner goes away

    async def every(desk: Desk) -> None:
        while True:
            if not held:
                item = next(items, None)
                if item is None:
                    return
                held.append({**item, "request": uuid.uuid4().hex})
            try:
                held[0]["text"] = cli_triage.text(held[0])
                _print_line({"id": held[0].get("id"), **await one(desk, held[0])})
            except ConnectionError:
                raise
            except Exception as error:
                _print_line({"id": held[0].get("id"), "error": _line_error(error)})
            held.clear()

    _with_desk(every)


def _each_line(answer: Callable[[str, dict[str, Any]], dict[str, Any]]) -> None:
    """The same, where an answer needs no desk."""
    for item in _json_lines():
        try:
            _print_line({"id": item.get("id"), **answer(cli_triage.text(item), item)})
        except Exception as error:
            _print_line({"id": item.get("id"), "error": _line_error(error)})


def _json_lines() -> Iterator[dict[str, Any]]:
    """One at a time, whatever their number; what is no object is one without a text."""
    while raw := sys.stdin.buffer.readline(LONGEST_LINE):
        item: Any = None
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            while (more := sys.stdin.buffer.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
                pass
        elif not raw.strip():
            continue
        else:
            with contextlib.suppress(ValueError, RecursionError):
                item = json.loads(raw)
        yield (
            item if isinstance(item, dict) else {"id": None, "error": f"no JSON object of at most {LONGEST_LINE} bytes"}
        )


def _line_error(error: Exception) -> str:
    from bot.errors import BontonError, Refused

    if isinstance(error, Refused):
        return _view().say(error.key, **error.details)
    if isinstance(error, KeyError):
        return f"missing: {error.args[0]}"
    return str(error) if isinstance(error, (BontonError, ValueError)) else type(error).__name__


def _stdin() -> str:
    """What was piped in, without the line end that `echo` adds: one, for what else stands at the end counts."""
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    return text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")


def _cards(shown: list[Draft], *, whole: bool = False) -> None:
    from rich.console import Console

    from bot.frontends.card import card, lengths

    view, console = _view(), Console()
    for draft in shown:
        console.print(card(draft, view, whole=whole))
    if len(shown) > 1 and all(draft.skill == "post" for draft in shown):
        console.print(lengths(shown, view))


def _print_json(value: Any) -> None:
    sys.stdout.write(_json(value, indent=2) + "\n")


def _print_line(value: Any) -> None:
    sys.stdout.write(_json(value) + "\n")
    sys.stdout.flush()


def _json(value: Any, indent: int | None = None) -> str:
    """Readable, but for lone surrogates, which no encoding writes: they stay escaped."""
    told = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return told.encode("utf-8", errors="backslashreplace").decode("utf-8")


def _print_checked(found: dict[str, Any], view: View) -> None:
    limit = view.number(found["limit"]) if found["limit"] else "—"
    typer.echo(f"{view.number(found['length'])} / {limit} {view.say('networks.unit_' + found['unit'])}")
    for finding in found["findings"]:
        quoted = f" [{finding['excerpt']}]" if finding["excerpt"] else ""
        typer.echo(f"{view.say('checked.' + finding['level'])} {finding['message']}{quoted}")
        typer.echo(f"    {finding['rule']}" + (f": {finding['source']}" if finding["source"] else ""))
    if not found["findings"]:
        typer.echo(view.say("checked.nothing"))


def _passage(source: Any) -> dict[str, Any]:
    return {name: getattr(source, name) for name in ("document", "heading", "text", "score")}


def _count(value: Any) -> int:
    return value if isinstance(value, int) else len(value)


def _progress() -> Any:
    """A progress bar on stderr, once the work has lasted two seconds."""
    from bot.frontends.progress import progress

    return progress()


def _unread(view: View, failed: Any) -> str:
    return view.say(f"unread.{failed.reason}", **failed.details)


def _fail(message: str) -> NoReturn:
    sys.stderr.write(f"bonton: {' '.join(message.split())}\n")
    sys.exit(1)


app.command("legal")(cli_legal.command(_view, _print_json))
app.add_typer(cli_rules.commands(_with_desk, _view, _print_json), name="rules")
app.add_typer(cli_inbox.commands(_with_desk, _view, _print_json), name="inbox")
app.add_typer(cli_promises.commands(_with_desk, _view, _print_json), name="promises")
app.command("import")(cli_inbox.importing(_with_desk, _view, _print_json))
app.command("networks")(cli_networks.command(_view, _print_json))
_crisis = cli_crisis.Commands(_with_desk, _view, _print_json)
cli_report.add(_crisis.crisis(crises), _with_desk, _view, _print_json)
app.add_typer(_crisis.drill(), name="drill")
app.command("alarm")(cli_alarm.command(_view, _print_json))
