"""In a terminal: a draft's card, with the text ready to copy, its counter, findings, sources, and why it was read this way; and
panels, whose buttons are numbers to type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.domain.draft import Counter, Draft
from bot.frontends import panel as panels
from bot.view import View

COLOURS = {"block": "bold red", "warn": "yellow", "note": "cyan"}
MARKS = {"block": "■", "warn": "▲", "note": "·"}
SHOWN = 3


def card(draft: Draft, view: View, *, whole: bool = False) -> RenderableType:
    """The card; `whole` unfolds the other postures, every source and the reasons."""
    network = view.pages.networks[draft.network].title
    title = view.say("card.title", id=draft.id, skill=view.say(f"skill.{draft.skill}"), network=network)
    if draft.revision > 1:
        title += " · " + view.say("card.revision", revision=draft.revision)
    return Panel(
        Group(*_parts(draft, view, whole=whole)),
        title=f"[bold]{escape(title)}[/bold]",
        title_align="left",
        subtitle=escape(view.say(f"card.state_{draft.state}")),
        subtitle_align="right",
        border_style="green" if draft.state == "released" else "dim" if draft.state != "pending" else "blue",
        padding=(1, 2),
    )


def lengths(drafts: Sequence[Draft], view: View) -> Table:
    """A line for each part of each draft: how long it is, how long it may be, and what is to be checked."""
    columns = [view.say(f"publication.{name}") for name in ("network", "part", "measure", "found")]
    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for draft in drafts:
        title = view.pages.networks[draft.network].title
        for place, part in enumerate(view.parts(draft)):
            found = [one for one in draft.body.findings if view.concerns(one, part) or (place == 0 and not one.part)]
            over = part["limit"] is not None and part["length"] > part["limit"]
            table.add_row(
                title if place == 0 else "",
                part["label"],
                Text(view.measure(part), style="red" if over else ""),
                Text("\n".join(f"{MARKS[one.level]} {view.finding(one)}" for one in found) or "✓"),
            )
    return table


def _parts(draft: Draft, view: View, *, whole: bool) -> Iterator[RenderableType]:
    body = draft.body
    yield Text(body.text or view.say("card.no_reply"), style="" if body.text else "italic")
    counter = body.counter
    if counter and body.text:
        yield from _measured(draft, view, counter)
    yield Rule(style="dim")
    if body.triage:
        read = body.triage
        said = [view.say(f"kind.{read.kind}"), view.say(f"sentiment.{read.sentiment}")]
        said.append(view.say("card.severity", severity=read.severity))
        said += [view.say(f"risk.{risk}") for risk in read.risks]
        page = view.pages.playbooks.get(read.situation)
        if page:
            said.insert(0, page.title.get(view.locale, read.situation))
        yield Text(" · ".join(said), style="bold" if read.severity >= 4 else "")
        if whole:
            for reason in view.reasons(read):
                yield Padding(Text(reason, style="dim"), (0, 0, 0, 2))
    for finding in body.findings:
        quoted = view.excerpt(finding)
        excerpt = f" [dim]{escape(quoted)}[/dim]" if quoted else ""
        mark = f"[{COLOURS[finding.level]}]{MARKS[finding.level]}[/] {escape(view.finding(finding))}"
        yield Text.from_markup(mark + excerpt)
    if not body.findings:
        yield Text(f"✓ {view.say('card.clean')}", style="dim green")
    yield from _sources(draft, view, whole=whole)
    if whole and len(body.variants) > 1:
        yield Rule(view.say("card.postures"), style="dim", align="left")
        for variant in body.variants[1:]:
            yield Text.from_markup(f"[dim]{view.say(f'posture.{variant.posture}')}[/dim]\n{escape(variant.text)}\n")
    given = body.approvals.by
    said_given = "  " + view.say("card.given", by=", ".join(given)) if given else ""
    if draft.state == "pending" and body.text:
        yield Text(view.approvals(draft) + said_given, style="dim")
    elif given:
        yield Text(said_given.strip(), style="dim")


def _measured(draft: Draft, view: View, counter: Counter) -> Iterator[RenderableType]:
    """How long the text is, or each of its parts, and who wrote it."""
    several = view.parts(draft)
    if len(several) > 1:
        for part in several:
            over = part["limit"] is not None and part["length"] > part["limit"]
            yield Text(view.measured(part), style="red" if over else "dim")
        yield Text(view.writer(draft), style="dim")
        return
    posture = ""
    if draft.body.posture and draft.skill == "reply":
        posture = f" · {view.say('card.posture', posture=view.say(f'posture.{draft.body.posture}'))}"
    style = "red" if counter.limit and counter.length > counter.limit else "dim"
    yield Text(f"{view.counter(counter)}{posture} · {view.writer(draft)}", style=style)


def _sources(draft: Draft, view: View, *, whole: bool) -> Iterator[RenderableType]:
    sources = draft.body.sources
    if not sources:
        yield Text(f"{view.say('card.sources')}: {view.say('card.none_found')}", style="dim")
        return
    yield Text(view.say("card.sources"), style="dim")
    for source in sources if whole else sources[:SHOWN]:
        mark = f" ({view.say('card.used')})" if source.used else ""
        yield Padding(
            Text(f"{source.document} › {source.heading}{mark}  {source.score:.2f}", style="dim"), (0, 0, 0, 2)
        )
        if whole:
            yield Padding(Text(source.text.strip(), style="dim italic"), (0, 0, 1, 4))


def panel(shown: panels.Panel, first: int = 0) -> tuple[RenderableType, dict[str, str]]:
    """The panel, and what each number on it brings; numbers begin after `first`."""
    presses: dict[str, str] = {}
    parts: list[RenderableType] = []
    for block in shown.blocks:
        if block.title:
            parts.append(Text(block.title, style="bold"))
        if block.text:
            parts.append(Text(block.text))
        if block.quote:
            parts.append(Padding(Text(block.quote, style="italic"), (0, 0, 0, 2)))
        if block.note:
            parts.append(Padding(Text(block.note, style="dim"), (0, 0, 0, 2)))
        keys = []
        for button in block.buttons:
            number = str(first + len(presses) + 1)
            presses[number] = button.press
            keys.append(f"[bold cyan]{number}[/] {escape(button.words)}")
        if keys:
            parts.append(Padding(Text.from_markup("   ".join(keys)), (0, 0, 1, 2)))
    title = f"[bold]{escape(shown.title)}[/bold]" if shown.title else None
    return Panel(Group(*parts), title=title, title_align="left", border_style="blue", padding=(1, 2)), presses
