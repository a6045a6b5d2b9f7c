"""What the cards of all chats have in common: marks, order, and when a card must change. How it is laid out is each chat's own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.decision import Event
from bot.domain.draft import Draft, Source
from bot.domain.triage import Triage
from bot.view import View
from knowledge.brand import Brand

MARKS = {"block": "⛔", "warn": "⚠️", "note": "ℹ️"}
STATES = {"pending": "🟡", "approved": "✅", "released": "✅", "rejected": "🚫", "expired": "⌛", "superseded": "🚫"}
REASONS = ("facts", "tone", "long", "subject", "moment", "elsewhere", "other")
"""Why a draft is rejected; the words are in the interface pages."""
GRAVE = 4
"""Severity from which what was read stands out."""
SHOWN_SOURCES = 3
_DECIDED = ("draft.approved", "draft.rejected", "draft.ignored", "draft.expired")
_ASIDE = {"triage.example", "triage.unsure"}
"""Reasons of which a card need not speak."""


def version(draft: Draft) -> str:
    """Changes when the card must."""
    held = f".{draft.held}" if draft.held else ""
    return f"{draft.revision}.{draft.state}.{draft.body.approvals.given}{held}"


def settled(draft: Draft) -> bool:
    """Whether the card will not change again."""
    return draft.state not in ("pending", "approved")


def title(draft: Draft, view: View, brand: Brand) -> str:
    network = view.pages.networks[draft.network].title
    skill = view.say(f"skill.{draft.skill}")
    told = view.say("front.card", skill=skill[:1].upper() + skill[1:], network=network, brand=brand.name)
    return f"{STATES[draft.state]} {told}"


def about(draft: Draft, view: View) -> list[str]:
    """Number, state, revision, who asked, who wrote."""
    told = [f"#{draft.id}", view.say(f"card.state_{draft.state}")]
    if draft.revision > 1:
        told.append(view.say("card.revision", revision=draft.revision))
    if asked := next(iter(draft.authors), draft.body.author):
        told.append(view.say("front.asked_by", who=asked[:80]))
    writer = view.writer(draft)[:120]
    return [*told, writer[:1].lower() + writer[1:]]


def measure(draft: Draft, view: View) -> str:
    """« 288 / 2 196 caractères · posture sobre »; a person's own words have no posture."""
    body = draft.body
    if body.counter is None:
        return ""
    several = view.parts(draft)
    told = " · ".join(map(view.measured, several)) if len(several) > 1 else view.counter(body.counter)
    if body.posture and draft.skill == "reply" and body.writer not in (body.author, "person"):
        told += f" · {view.say('card.posture', posture=view.say(f'posture.{body.posture}'))}"
    return told


def situation(read: Triage, view: View) -> tuple[str, list[str]]:
    """What the comment is: its situation, then kind, sentiment, severity and risks."""
    page = view.pages.playbooks.get(read.situation)
    told = [view.say(f"kind.{read.kind}"), view.say(f"sentiment.{read.sentiment}")]
    told += [view.say("card.severity", severity=read.severity), *(view.say(f"risk.{risk}") for risk in read.risks)]
    return page.title.get(view.locale, read.situation) if page else read.situation, told


def why(read: Triage, view: View) -> str:
    reasons = dict.fromkeys(view.said(one) for one in read.reasons if one.key not in _ASIDE)
    return view.say("front.why", reasons="; ".join(reasons)) if reasons else ""


def place(source: Source) -> str:
    """Where it stands, short: the document's title and the section; its whole path is with the passage."""
    first, *rest = source.heading.split(" › ")
    return f"{first} › {rest[-1]}" if rest else first or source.document


def decision(trail: Sequence[Event]) -> Event | None:
    """The event that settled the draft."""
    return next((event for event in reversed(trail) if event.what in _DECIDED), None)


def decided(event: Event, draft: Draft, view: View, front: str, when: str) -> list[str]:
    """Who decided, when, and where if it was elsewhere; the reason; the reason for overriding."""
    who = ", ".join(draft.body.approvals.by) if event.what == "draft.approved" else event.who
    told = view.say(f"front.decided_{event.what.removeprefix('draft.')}", who=who[:200], when=when)
    there = str(event.details.get("front", ""))
    lines = [told if there in ("", front) else f"{told} {view.say(f'front.in_{there}')}"]
    if reason := str(event.details.get("reason", "")):
        lines.append(view.say("front.reason", reason=reason[:400]))
    if override := str(event.details.get("override", "")):
        lines.append(view.say("front.overridden", reason=override[:400]))
    return lines
