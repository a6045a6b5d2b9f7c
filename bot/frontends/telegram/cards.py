"""A draft's card as Telegram HTML with an inline keyboard. Pure: a draft, its trail and the reader's language in, markup out.

Limits: 4,096 UTF-16 units a message once its tags are read, 64 bytes a button (core.telegram.org, Bot API 10.0). Every word that
is not ours is escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from babel.dates import format_date, format_time

from bot.domain.decision import Event
from bot.domain.draft import Draft, Source
from bot.domain.request import Clarify
from bot.domain.triage import POSTURES
from bot.frontends import looks
from bot.frontends.telegram import taps
from bot.frontends.telegram.taps import Tap
from bot.view import View
from knowledge.brand import Brand

MOST = 4_096
SHOWN_TEXT = 2_400
"""UTF-16 units of the draft on the card; the rest comes when asked for."""
PIECE = 3_800
COMMENT = 240
Row = list[tuple[str, str]]
"""Buttons side by side: (words, data)."""


@dataclass(frozen=True)
class Card:
    text: str
    """HTML."""
    rows: list[Row] = field(default_factory=list)
    asks: bool = False
    """The answer is expected as a reply to this message."""
    answers: int = 0
    """The message that it answers."""


def card(draft: Draft, view: View, brand: Brand, trail: Sequence[Event] = ()) -> Card:
    lines = [*_head(draft, view, brand)]
    if draft.state == "pending":
        lines += [*_words(draft, view), *_read(draft, view), *_summary(draft, view)]
        lines.append(f"👥 {escape(view.approvals(draft, brand))}" if draft.body.text else "")
    else:
        lines += [*_words(draft, view), *_decided(draft, view, trail)]
    return Card(within([line for line in lines if line]), list(_rows(draft, view)))


def _head(draft: Draft, view: View, brand: Brand) -> Iterator[str]:
    yield f"<b>{escape(clip(looks.title(draft, view, brand), 160))}</b>"
    yield escape(clip(" · ".join(looks.about(draft, view)), 300))
    comment = clip(re.sub(r"[ \t\r\n]+", " ", draft.prompt).strip(), COMMENT)
    if comment:
        yield f"<blockquote>{escape(comment)}</blockquote>"


def _words(draft: Draft, view: View) -> Iterator[str]:
    body = draft.body
    if not body.text:
        yield f"<i>{escape(view.say('card.no_reply'))}</i>"
        return
    shown = pieces(body.text, SHOWN_TEXT)[0]
    if draft.state in ("approved", "released"):
        yield f"<b>{escape(view.say('front.to_copy'))}</b>"
    yield (
        f"<blockquote>{escape(shown)}</blockquote>"
        if looks.settled(draft) and draft.state != "released"
        else pre(shown)
    )
    if len(shown) < len(body.text):
        yield f"<i>{escape(view.say('front.more', count=view.number(len(body.text) - len(shown))))}</i>"
    if draft.state == "pending":
        yield escape(looks.measure(draft, view))


def _read(draft: Draft, view: View) -> Iterator[str]:
    if draft.body.triage:
        name, told = looks.situation(draft.body.triage, view)
        mark = "🔴 " if draft.body.triage.severity >= looks.GRAVE else ""
        yield f"{mark}<b>{escape(name)}</b> · {escape(' · '.join(told))}"


def _summary(draft: Draft, view: View) -> Iterator[str]:
    """The findings in one line each as long as they are few; the rest is behind its button."""
    found = draft.body.findings
    if not found:
        yield f"✓ {escape(view.say('card.clean'))}"
    for finding in found[:3]:
        yield f"{looks.MARKS[finding.level]} {escape(clip(view.finding(finding), 160))}"


def _decided(draft: Draft, view: View, trail: Sequence[Event]) -> Iterator[str]:
    if last := looks.decision(trail):
        for line in looks.decided(last, draft, view, "telegram", moment(last, view)):
            yield escape(clip(line, 320))


def moment(event: Event, view: View) -> str:
    """When it was, by this machine's clock: Telegram does not know the reader's."""
    at = event.at.astimezone()
    day = format_date(at, format="medium", locale=view.locale)
    return view.say("front.when", date=day, time=f"{format_time(at, format='short', locale=view.locale)} {at:%Z}")


def _rows(draft: Draft, view: View) -> Iterator[Row]:
    def to(words: str, verb: taps.Verb, more: str = "") -> tuple[str, str]:
        return words, Tap(verb, draft.id, draft.revision, more).data

    whole = [to(view.say("front.whole_button"), "whole")] if len(pieces(draft.body.text, SHOWN_TEXT)) > 1 else []
    if draft.state != "pending":
        if whole:
            yield whole
        return
    edit = to(f"✏️ {view.say('front.edit')}", "edit")
    if draft.body.text:
        blocked = draft.body.blocked
        approve = view.say("front.approve_anyway" if blocked else "front.approve")
        yield [to(f"{'⛔' if blocked else '✅'} {approve}", "override" if blocked else "approve"), edit]
        yield [to(f"💬 {view.say('front.ask')}", "ask"), to(f"🚫 {view.say('front.reject')}", "reject")]
    else:
        yield [edit, to(f"🚫 {view.say('front.reject')}", "reject")]
    if draft.skill == "reply":
        if draft.body.text and draft.body.triage is not None and len(draft.body.variants) > 1:
            others = [posture for posture in POSTURES if posture != draft.body.posture]
            yield [to(view.say(f"posture.{posture}"), "posture", posture) for posture in others]
        yield [to(f"🙈 {view.say('front.ignore')}", "ignore")]
    last = [*whole, to(f"🔎 {view.say('telegram.findings_button')}", "findings")]
    if draft.body.sources:
        last.append(to(f"📖 {view.say('card.sources')} ({len(draft.body.sources)})", "sources"))
    yield last


def reasons(draft: Draft, view: View) -> list[Row]:
    """The card's keyboard while somebody says why they reject."""
    rows = [
        [(view.say(f"front.reason_{name}"), Tap("why", draft.id, draft.revision, name).data)] for name in looks.REASONS
    ]
    return [*rows, [back(draft, view)]]


def back(draft: Draft, view: View) -> tuple[str, str]:
    return f"‹ {view.say('telegram.back')}", Tap("card", draft.id, draft.revision).data


def findings(draft: Draft, view: View) -> Card:
    """Every finding, and why the comment was read as it was; unfolded from the card."""
    lines = [f"<b>{escape(view.say('card.findings'))}</b> · #{draft.id}"]
    for finding in draft.body.findings[:20]:
        line = f"{looks.MARKS[finding.level]} {view.finding(finding)} {view.excerpt(finding)}"
        lines.append(escape(clip(line.rstrip(), 240)))
    if not draft.body.findings:
        lines.append(f"✓ {escape(view.say('card.clean'))}")
    if draft.body.triage:
        lines.append(escape(clip(looks.why(draft.body.triage, view), 800)))
    return Card(within(lines), [[back(draft, view)]])


def sources(draft: Draft, view: View) -> Card:
    title = view.say("front.sources_title", draft=draft.id)
    return Card(within(_passages(draft.body.sources, view, title)), [[back(draft, view)]])


def told(found: Sequence[Source], view: View, title: str) -> Card:
    """What the guidelines say, each passage folded."""
    return Card(within(_passages(found, view, title)))


def _passages(found: Sequence[Source], view: View, title: str) -> list[str]:
    lines = [f"<b>{escape(title)}</b>"]
    for source in found[:6]:
        mark = f" ({view.say('card.used')})" if source.used else ""
        lines.append(
            f"📖 <b>{escape(clip(looks.place(source), 160))}</b>{escape(mark)}\n"
            f"<blockquote expandable>{escape(clip(source.text.strip(), 480))}</blockquote>"
        )
    return lines


def question(clarify: Clarify, asked: str, options: Sequence[tuple[str, str]], view: View) -> Card:
    """A question of ours, three answers a row."""
    buttons = [(clip(words, 40), data) for words, value in options if (data := taps.answer(asked, value))]
    return Card(
        f"<b>{escape(view.said(clarify.question))}</b>", [buttons[at : at + 3] for at in range(0, len(buttons), 3)]
    )


def said(words: str, rows: Sequence[Row] = ()) -> Card:
    return Card(escape(clip(words, PIECE)), list(rows))


def whole(draft: Draft) -> list[Card]:
    """The draft's whole text, in as many messages as it takes."""
    return [Card(pre(part)) for part in pieces(draft.body.text, PIECE)]


def pre(words: str) -> str:
    """A block that copies on a tap."""
    return f"<pre>{escape(words)}</pre>"


def escape(words: str) -> str:
    return html.escape(words, quote=False)


def units(words: str) -> int:
    """Length as Telegram counts it."""
    return len(words.encode("utf-16-le")) // 2


def clip(words: str, most: int) -> str:
    """At most `most` UTF-16 units, cut at a word where there is one."""
    if units(words) <= most:
        return words
    cut = pieces(words, most - 1)[0]
    return cut.rstrip(" .,;:!?\n\u00a0\u202f") + "…"


def pieces(words: str, most: int) -> list[str]:
    """The whole text in parts of at most `most` UTF-16 units, cut at lines or words where it can be; one empty part for none."""
    parts = []
    while units(words) > most:
        end = len(words.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore"))
        cut = max(words.rfind("\n", 0, end), words.rfind(" ", 0, end))
        cut = cut + 1 if cut > end // 2 else end
        parts.append(words[:cut])
        words = words[cut:]
    return [*parts, words] if words or not parts else parts


def within(lines: Sequence[str]) -> str:
    """As many lines as one message takes: each is whole markup, so none is cut."""
    kept: list[str] = []
    for line in lines:
        if units("\n".join([*kept, line])) > MOST:
            break
        kept.append(line)
    return "\n".join(kept)
