"""The after-action report as Markdown, with its chart as an SVG beside it. People's words in it are never markup."""

from __future__ import annotations

from collections.abc import Iterator

from bot.alarm import chart
from bot.alarm.detector import Step
from bot.crisis import journal
from bot.crisis.journal import fenced, plain, table
from bot.crisis.telling import Telling

QUOTED = 8
"""First comments that are quoted."""


def markdown(telling: Telling, picture: str = "") -> str:
    """The whole report, its journal last; `picture`: the file of the chart, where there is one."""
    lines = [*_head(telling, picture), *_course(telling), *_words(telling), *_public(telling), *_lessons(telling)]
    return "\n".join([*lines, "", journal.markdown(telling, heading=2)])


def svg(telling: Telling) -> str:
    """Comments, the negative ones, and the moments when words left; empty where no comment was counted."""
    stretches, length = telling.volume(chart.POINTS)
    if not stretches:
        return ""
    steps = [Step(time=one.at, count=float(one.comments), negative=float(one.negative)) for one in stretches]
    marks = [chart.Mark(at, words) for at, words in telling.marks()]
    words = (telling.say("chart_mentions", span=telling.span(length)), telling.say("chart_negatives"))
    return chart.svg(steps, (), telling.title, *words, marks=marks, clock=telling.clock)


def _head(telling: Telling, picture: str) -> Iterator[str]:
    say = telling.say
    yield f"# {telling.kind} · {plain(telling.record.brand)}"
    yield ""
    yield f"**{plain(telling.title)}** · {telling.highest} · {telling.span_of_days}"
    for warning in telling.warnings():
        yield ""
        yield f"> {warning}"
    yield ""
    yield f"## {say('figures')}"
    yield ""
    for figure in telling.figures():
        yield f"- **{figure.value}** {figure.label}{f' ({plain(figure.note)})' if figure.note else ''}"
    yield ""
    yield f"## {say('chart')}"
    yield ""
    yield f"![{say('chart')}]({picture})" if picture else say("chart_none")


def _course(telling: Telling) -> Iterator[str]:
    say, noted = telling.say, telling.noted
    yield ""
    yield f"## {say('timeline')}"
    yield ""
    yield from table(
        [noted("at"), noted("who"), noted("what")], [(one.at, one.who, one.what) for one in telling.timeline()]
    )
    yield ""
    yield f"## {say('updates')}"
    yield ""
    awaited = [row[:4] for row in telling.awaited()]
    heads = [say(f"update_head_{name}") for name in ("due", "made", "by", "came")]
    yield from table(heads, awaited) if awaited else [say("updates_none")]
    yield ""
    yield f"## {say('roles')}"
    yield ""
    yield from [f"- {telling.noted('pair', name=role, words=plain(who))}" for role, who in telling.roles()] or [
        say("roles_none")
    ]
    yield ""
    yield f"## {say('levels')}"
    yield ""
    yield from [f"- {plain(step)}" for step in telling.levels()]


def _words(telling: Telling) -> Iterator[str]:
    say, noted = telling.say, telling.noted
    yield ""
    yield f"## {say('statements')}"
    said = list(telling.statements())
    if not said:
        yield from ("", say("statements_none"))
    for one in said:
        yield from ("", f"### {plain(one.title)}", "", plain(one.about), "", *fenced(one.text), "")
        yield from (f"`{say('hash', hash=name)}`" for name in one.hashes)
    yield ""
    yield f"## {say('truth')}"
    yield ""
    rows = [(f"v{one.version}", one.at, one.who, one.what, one.words) for one in telling.truth()]
    heads = [noted("facts"), noted("at"), noted("who"), noted("what"), ""]
    yield from table(heads, rows) if rows else [say("truth_none")]


def _public(telling: Telling) -> Iterator[str]:
    say, number = telling.say, telling.view.number
    yield ""
    yield f"## {say('comments')}"
    yield ""
    rows = [
        (title, number(share.received), number(share.negative), number(share.answered))
        for title, share in telling.shares()
    ]
    heads = [say(f"comments_head_{name}") for name in ("about", "received", "negative", "answered")]
    yield from table(heads, rows) if rows else [say("comments_none")]
    for comment in telling.record.first[:QUOTED]:
        yield ""
        yield f"> {plain(comment.text)} ({telling.comment(comment)})"
    yield ""
    yield f"## {say('promises')}"
    yield ""
    yield from [f"- {plain(one)}" for one in telling.promises()] or [say("promises_none")]


def _lessons(telling: Telling) -> Iterator[str]:
    say = telling.say
    yield ""
    yield f"## {say('lessons')}"
    yield ""
    yield say("lessons_how")
    for question in telling.questions():
        yield from ("", f"**{question}**", "", "…", "", f"_{say('owner')}_ …")
    yield ""
    yield f"## {say('proposals')}"
    yield ""
    yield say("proposals_how")
    yield ""
    proposals = [f"- [ ] **{plain(rule)}** {plain(because)}" for rule, because in telling.proposals()]
    yield from proposals or [say("proposals_none")]
