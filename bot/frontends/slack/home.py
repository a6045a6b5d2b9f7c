"""The App Home: what awaits me, what I asked for, what was decided today, the brand I speak for, and health for leads. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain import approval
from bot.domain.draft import Draft
from bot.frontends import looks
from bot.frontends.slack import text
from bot.frontends.slack.cards import Block, button, option
from bot.view import View
from knowledge.brand import Brand, Person

Found = tuple[str, bool, str]
FIRST = 140


@dataclass
class Home:
    brands: Sequence[Brand]
    brand: Brand | None
    person: Person | None
    user: str
    waiting: list[Block] = field(default_factory=list)
    asked: list[Block] = field(default_factory=list)
    decided: list[Block] = field(default_factory=list)
    health: list[Found] = field(default_factory=list)


def awaits(draft: Draft, brand: Brand, person: Person | None) -> bool:
    """Whether this person's press would bring the draft further."""
    return person is not None and person in approval.could(draft, brand)


def line(draft: Draft, view: View, link: str, place: int) -> Block:
    """One draft, with a button to its card."""
    network = view.pages.networks[draft.network].title
    rule, grave = draft.body.approvals, draft.body.triage is not None and draft.body.triage.severity >= looks.GRAVE
    told = view.say("front.pending_one", draft=draft.id, network=network, state=view.say(f"card.state_{draft.state}"))
    if draft.state == "pending" and rule.needed > 1:
        told += f" · {rule.given}/{rule.needed}"
    marks = looks.STATES[draft.state] + (" 🔴" if grave else "") + (" ⛔" if draft.body.blocked else "")
    first = text.safe(re.sub(r"\s*\n\s*", " ", draft.body.text) or view.say("card.no_reply"), FIRST)
    since = f"{text.date(draft.created_at)}, {text.time(draft.created_at)}"
    said = f"{marks} *{text.escape(told)}* · {since}\n{first}"
    words = {"type": "mrkdwn", "text": said, "verbatim": True}
    block: Block = {"type": "section", "text": words}
    if link:
        block["accessory"] = {**button(view.say("front.open"), f"link.{place}", str(draft.id)), "url": link}
    return block


def view(home: Home, view: View) -> Block:
    """The whole tab, within Slack's hundred blocks."""
    blocks: list[Block] = [_section(text.escape(view.say("slack.home_hello")))]
    start = [{**button(view.say("slack.home_new"), "home_new", "new"), "style": "primary"}]
    if len(home.brands) > 1 and home.brand is not None:
        options = [option(brand.name, brand.slug) for brand in home.brands[:100]]
        chosen = (
            next(one for one in options if one["value"] == home.brand.slug)
            if home.brand in home.brands[:100]
            else options[0]
        )
        placeholder = {"type": "plain_text", "text": view.say("slack.home_brand")}
        menu = {"type": "static_select", "action_id": "home_brand", "options": options, "initial_option": chosen}
        start.append({**menu, "placeholder": placeholder})
    if home.brand is None:
        blocks.append(_section(text.escape(view.say("slack.no_brand", user=home.user))))
    else:
        blocks.append({"type": "actions", "block_id": "home", "elements": start})
        nothing = [_context(text.escape(view.say("slack.home_nothing")))]
        for name, lines in (("waiting", home.waiting), ("asked", home.asked), ("decided", home.decided)):
            title = view.say(f"slack.home_{name}") + (f" — {home.brand.name}" if name == "waiting" else "")
            blocks.append({"type": "header", "text": {"type": "plain_text", "text": text.clip(title, 150)}})
            blocks += lines or nothing
    if home.health:
        blocks.append({"type": "header", "text": {"type": "plain_text", "text": view.say("slack.home_health")}})
        lines_ = [
            f"{'✅' if fine else '⚠️'} *{text.escape(part)}* {text.safe(told, 300)}" for part, fine, told in home.health
        ]
        blocks += [_context(part) for part in text.pieces("\n".join(lines_), 1_900)]
    return {"type": "home", "blocks": blocks[:100]}


def _section(words: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}


def _context(words: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": words, "verbatim": True}]}
