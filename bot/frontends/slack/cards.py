"""A draft's card in Block Kit: the text ready to copy, what was found about it, and the buttons that decide.

Pure: a draft, its trail and the reader's language in, blocks out. Limits of Slack are kept here (docs.slack.dev, "Block Kit
reference", 2026-11): 50 blocks, 3,000 characters a section, about 13,000 a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.decision import Event
from bot.domain.draft import Draft
from bot.domain.request import Clarify
from bot.domain.triage import POSTURES
from bot.frontends import looks
from bot.frontends.slack import text
from bot.view import View
from knowledge.brand import Brand

Block = dict[str, Any]
SHOWN_TEXT = 6_000
"""Characters of the draft on the card itself; the rest is behind a button."""
LONGEST_SAID = 9_000
COMMENT = 300
FINDINGS = 12
CHOICES = 20
"""Buttons under a question; with more, a menu."""


@dataclass(frozen=True)
class Card:
    blocks: list[Block]
    notice: str
    """What a notification says, and a client without blocks."""


def card(draft: Draft, view: View, brand: Brand, trail: Sequence[Event] = ()) -> Card:
    """`trail`: the draft's events, for who decided and when."""
    blocks = list(_head(draft, view, brand))
    if looks.settled(draft) or draft.state == "approved":
        blocks += [*_words(draft, view), *_decided(draft, view, trail)]
    else:
        grave = draft.body.triage is not None and draft.body.triage.severity >= looks.GRAVE
        read, words = list(_read(draft, view)), [*_words(draft, view), *_findings(draft, view)]
        blocks += [*read, *words] if grave else [*words, *read]
        blocks += [*_sources(draft, view), _context(_approvals(draft, view, brand))]
    blocks += _buttons(draft, view)
    network = view.pages.networks[draft.network].title
    notice = view.say(
        "front.notice",
        draft=draft.id,
        skill=view.say(f"skill.{draft.skill}"),
        network=network,
        state=view.say(f"card.state_{draft.state}"),
    )
    return Card(blocks, text.escape(notice))


def _head(draft: Draft, view: View, brand: Brand) -> Iterator[Block]:
    yield {"type": "header", "text": _plain(looks.title(draft, view, brand), 150)}
    yield _context(text.escape(" · ".join(looks.about(draft, view))))
    comment = text.clip(re.sub(r"[ \t\r\n]+", " ", draft.prompt).strip(), COMMENT)
    if comment:
        yield quoted(comment)


def _words(draft: Draft, view: View) -> Iterator[Block]:
    body = draft.body
    if not body.text:
        yield _section(f"_{text.escape(view.say('card.no_reply'))}_")
        return
    shown = body.text[:SHOWN_TEXT]
    if draft.state in ("approved", "released"):
        yield _section(f"*{text.escape(view.say('front.to_copy'))}*")
    for part in text.pieces(shown):
        yield preformatted(part) if not looks.settled(draft) or draft.state == "released" else quoted(part)
    if len(body.text) > SHOWN_TEXT:
        more = view.say("front.more", count=view.number(len(body.text) - SHOWN_TEXT))
        yield _context(text.escape(more))
    if draft.state == "pending" and (told := looks.measure(draft, view)):
        yield _context(text.escape(told))


def _findings(draft: Draft, view: View) -> Iterator[Block]:
    lines = []
    for finding in draft.body.findings[:FINDINGS]:
        line = f"{looks.MARKS[finding.level]} {text.safe(view.finding(finding), 220)}"
        excerpt = text.safe(view.excerpt(finding), 120)
        lines.append(f"{line} {excerpt}".rstrip())
    if lines:
        for part in text.pieces("\n".join(lines)):
            yield _section(part)
    else:
        yield _context(f"✓ {text.escape(view.say('card.clean'))}")


def _read(draft: Draft, view: View) -> Iterator[Block]:
    read = draft.body.triage
    if read is None:
        return
    name, told = looks.situation(read, view)
    mark = "🔴 " if read.severity >= looks.GRAVE else ""
    yield _section(f"{mark}*{text.escape(name)}* · {text.escape(' · '.join(told))}")
    if why := looks.why(read, view):
        yield _context(text.safe(why, 900))


def _sources(draft: Draft, view: View) -> Iterator[Block]:
    sources = draft.body.sources
    if not sources:
        yield _context(f"{text.escape(view.say('card.sources'))}: {text.escape(view.say('card.none_found'))}")
        return
    lines = []
    for source in sources[: looks.SHOWN_SOURCES]:
        mark = f" ({view.say('card.used')})" if source.used else ""
        lines.append(text.safe(f"📖 {looks.place(source)}{mark}", 200))
    yield _context("\n".join(lines))


def _approvals(draft: Draft, view: View, brand: Brand) -> str:
    if not draft.body.text:
        return text.escape(view.say("finding.answer_optional"))
    return f"👥 {text.safe(view.approvals(draft, brand), 500)}"


def _decided(draft: Draft, view: View, trail: Sequence[Event]) -> Iterator[Block]:
    if last := looks.decision(trail):
        lines = looks.decided(last, draft, view, "slack", "\0")
        told = "\n".join(text.safe(line, 900) for line in lines)
        yield _section(told.replace("\0", moment(last, view)))


def moment(event: Event, view: View) -> str:
    """When it was, in each reader's own time zone."""
    told = view.say("front.when", date="\1", time="\2")
    return told.replace("\1", text.date(event.at)).replace("\2", text.time(event.at))


def _buttons(draft: Draft, view: View) -> Iterator[Block]:
    value = f"{draft.id}.{draft.revision}"
    more = []
    if draft.body.sources and draft.state in ("pending", "approved", "released"):
        more.append(button(view.say("front.sources_button", count=len(draft.body.sources)), "sources", value))
    if len(draft.body.text) > SHOWN_TEXT:
        more.append(button(view.say("front.whole_button"), "whole", value))
    if draft.state == "pending":
        yield {"type": "actions", "block_id": f"decide.{value}", "elements": list(_deciding(draft, view, value))}
        if draft.skill == "reply" and draft.body.triage is not None and len(draft.body.variants) > 1:
            others = [posture for posture in POSTURES if posture != draft.body.posture]
            options = [option(view.say(f"posture.{posture}"), f"{value}.{posture}") for posture in others]
            menu = {"type": "static_select", "action_id": "posture", "options": options}
            more.insert(0, {**menu, "placeholder": _plain(view.say("front.posture"), 150)})
        if draft.skill == "reply":
            more.append(button(view.say("front.ignore"), "ignore", value))
    if more:
        yield {"type": "actions", "block_id": f"more.{value}", "elements": more}


def _deciding(draft: Draft, view: View, value: str) -> Iterator[Block]:
    if draft.body.text:
        if draft.body.blocked:
            yield button(view.say("front.approve_anyway"), "override", value)
        else:
            yield {**button(view.say("front.approve"), "approve", value), "style": "primary"}
    yield button(view.say("front.edit"), "edit", value)
    if draft.body.text:
        yield button(view.say("front.ask"), "ask", value)
    yield {**button(view.say("front.reject"), "reject", value), "style": "danger"}


def question(clarify: Clarify, asked: str, request: str, options: Sequence[tuple[str, str]], view: View) -> Card:
    """A question of ours with a button for each answer: `options` are (words, value); `asked` is brand, network or skill."""
    said = view.said(clarify.question)
    block_id = f"choose.{asked}"
    if len(options) <= CHOICES:
        elements = [
            button(words, f"choose.{place}", f"{asked}|{value}|{request}")
            for place, (words, value) in enumerate(options)
        ]
    else:
        menu = [option(words, f"{asked}|{value}"[:150]) for words, value in options[:100]]
        elements = [{"type": "static_select", "action_id": "choose", "options": menu, "placeholder": _plain(said, 150)}]
        block_id = f"choose|{request}"
    blocks: list[Block] = [_section(f"*{text.safe(said)}*")]
    if elements:
        blocks.append({"type": "actions", "block_id": block_id[:255], "elements": elements})
    return Card(blocks, text.safe(said, 300))


def passages(draft_sources: Sequence[Any], title: str, *, most: int = 1_200) -> Card:
    """What the guidelines say, as sections that fold."""
    blocks: list[Block] = [_section(f"*{text.safe(title, 300)}*")]
    for source in draft_sources:
        place = text.safe(f"{source.document} › {source.heading}", 300)
        words = text.safe(source.text.strip(), most)
        blocks.append({**_section(f"*{place}*\n{words}"), "expand": False})
    return Card(blocks[:45], text.safe(title, 300))


def said(words: str) -> Card:
    """A sentence of ours."""
    return Card([_section(part) for part in text.pieces(text.safe(words, LONGEST_SAID))], text.safe(words, 300))


def button(words: str, action: str, value: str) -> Block:
    return {"type": "button", "action_id": action, "text": _plain(words, 75), "value": value}


def option(words: str, value: str) -> Block:
    return {"text": _plain(words, 75), "value": value}


def quoted(words: str) -> Block:
    elements = [{"type": "text", "text": words}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": elements}]}


def preformatted(words: str) -> Block:
    """Characters as they are: no mention, link or emoji name is read in them, and a click copies them."""
    elements = [{"type": "text", "text": words}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": elements}]}


def _section(words: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}


def _context(words: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": words, "verbatim": True}]}


def _plain(words: str, most: int) -> Block:
    return {"type": "plain_text", "text": text.clip(words, most), "emoji": True}
