"""The modals: what opens, and what a person sent from it. Pure; ids that tie a modal to its draft travel in its metadata.

Limits of Slack (docs.slack.dev, "Modals" and "Plain-text input", 2026-11): 24 characters a title, 3,000 an input, 100 blocks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain import counters
from bot.domain.draft import Counter, Draft
from bot.domain.request import LONGEST
from bot.domain.triage import POSTURES
from bot.frontends import looks
from bot.frontends.slack import text
from bot.frontends.slack.cards import Block, option, preformatted
from bot.view import View

INPUT = 3_000
INPUTS = 8
"""Inputs of an edit: a text longer than one goes on in the next."""
WISHES = ("shorter", "warmer", "formal", "firmer", "another", "fr", "en")
Meta = Mapping[str, Any]
Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


def compose(
    view: View,
    meta: Meta,
    *,
    brands: Sequence[tuple[str, str]],
    brand: str = "",
    words: str = "",
    skill: str = "reply",
    networks: Sequence[str] = (),
) -> Block:
    """A new draft. `brands` are (slug, name); `meta` holds where the card goes."""
    pages = view.pages
    known = sorted(pages.networks.values(), key=lambda page: page.order)
    blocks = []
    if len(brands) > 1:
        options = [option(name, slug) for slug, name in brands[:100]]
        blocks.append(_select("brand", view.say("slack.compose_brand"), options, brand or brands[0][0]))
    skills = [option(view.say(f"slack.skill_{name}"), name) for name in ("reply", "post")]
    blocks.append(_select("skill", view.say("slack.compose_skill"), skills, skill))
    options = [option(page.title, page.name) for page in known]
    chosen = [one for one in options if one["value"] in networks]
    menu = {"type": "multi_static_select", "action_id": "networks", "options": options[:100]}
    menu |= {"initial_options": chosen} if chosen else {}
    blocks.append(_input("networks", view.say("slack.compose_network"), menu))
    automatic = option(view.say("slack.automatic"), "-")
    languages = [automatic, *(option(page.title, name) for name, page in pages.languages.items())]
    blocks.append(_select("language", view.say("slack.compose_language"), languages, "-"))
    postures = [automatic, *(option(view.say(f"posture.{name}"), name) for name in POSTURES)]
    blocks.append(_select("posture", view.say("slack.compose_posture"), postures, "-"))
    parts = text.pieces(words, INPUT)[:INPUTS] or [""]
    for place, part in enumerate(parts):
        label = view.say("slack.compose_text") + (f" ({place + 1}/{len(parts)})" if len(parts) > 1 else "")
        more = {"optional": True} if place else {}
        blocks.append({**_input(f"text{place}", label, _words(f"text{place}", part, needed=not place)), **more})
    return _modal("compose", view.say("slack.compose_title"), blocks, view, send="slack.compose_send", meta=meta)


def edit(draft: Draft, view: View, meta: Meta) -> Block:
    """The draft's text to rewrite, with the network's limit in its hint, counted as one types."""
    parts = text.pieces(draft.body.text, INPUT) or [""]
    if len(parts) < INPUTS and len(parts[-1]) > INPUT * 2 // 3:
        parts.append("")  # room to write on
    blocks = []
    for place, part in enumerate(parts[:INPUTS]):
        said = _words(f"text{place}", part, needed=False)
        if place == 0:
            said["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
        label = view.say("slack.edit_label") + (f" ({place + 1}/{len(parts)})" if len(parts) > 1 else "")
        block = _input(f"text{place}", label, said, hint=hint(draft, view, draft.body.text) if place == 0 else "")
        more = {"optional": True} if len(parts) > 1 else {}
        blocks.append({**block, **more, **({"dispatch_action": True} if place == 0 else {})})
    title = view.say("slack.edit_title", draft=draft.id)
    return _modal("edit", title, blocks, view, send="slack.save", meta={**meta, **_of(draft)})


def hint(draft: Draft, view: View, words: str) -> str:
    """How long the words are, by the network's own counting, and how long they may be."""
    if len(several := view.parts(draft, words)) > 1:
        return " · ".join(map(view.measured, several))
    counter = draft.body.counter or Counter(length=0, limit=None, unit="characters")
    length, unit = view.number(counters.length(words, counter.unit)), view.unit(counter)
    if counter.limit is None:
        return view.say("front.edit_hint_free", length=length, unit=unit)
    network = view.pages.networks[draft.network].title
    return view.say("front.edit_hint", length=length, unit=unit, limit=view.number(counter.limit), network=network)


def counted(modal: Block, draft: Draft, view: View, words: str) -> Block:
    """The same modal with the count of what was typed."""
    blocks = [dict(block) for block in modal["blocks"]]
    blocks[0]["hint"] = _plain(hint(draft, view, words), 2000)
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    return {**{name: modal[name] for name in kept if modal.get(name)}, "blocks": blocks}


def ask(draft: Draft, view: View, meta: Meta) -> Block:
    options = [option(view.say(f"front.wish_{name}"), name) for name in WISHES if name != draft.body.language]
    if draft.skill != "reply":
        options = [one for one in options if one["value"] in ("shorter", "another", "fr", "en")]
    radio = {"type": "radio_buttons", "action_id": "wish", "options": options}
    words = {**_words("words", "", needed=False, lines=False, most=300)}
    words["placeholder"] = _plain(view.say("slack.ask_example"), 150)
    blocks = [
        {**_input("wish", view.say("slack.ask_presets"), radio), "optional": True},
        {**_input("words", view.say("slack.ask_words"), words), "optional": True},
    ]
    title = view.say("slack.ask_title", draft=draft.id)
    return _modal("ask", title, blocks, view, send="slack.ask_send", meta={**meta, **_of(draft)})


def reject(draft: Draft, view: View, meta: Meta) -> Block:
    options = [option(view.say(f"front.reason_{name}"), name) for name in looks.REASONS]
    radio = {"type": "radio_buttons", "action_id": "reason", "options": options}
    blocks = [
        _input("reason", view.say("slack.reject_label"), radio),
        {
            **_input("words", view.say("slack.reject_words"), _words("words", "", needed=False, most=500)),
            "optional": True,
        },
    ]
    title = view.say("slack.reject_title", draft=draft.id)
    return _modal("reject", title, blocks, view, send="front.reject", meta={**meta, **_of(draft)})


def override(draft: Draft, view: View, meta: Meta) -> Block:
    """A blocking point is approved in spite of only by name, with a reason."""
    found = [text.safe(view.finding(one), 300) for one in draft.body.findings if one.level == "block"]
    lines = "\n".join(f"⛔ {line}" for line in found)
    words = _words("words", "", most=500)
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": lines[: text.SECTION] or "⛔", "verbatim": True}},
        _input("words", view.say("slack.override_label"), words, hint=view.say("slack.override_hint")),
    ]
    title = view.say("slack.override_title")
    return _modal("override", title, blocks, view, send="front.approve", meta={**meta, **_of(draft)})


def whole(draft: Draft, view: View) -> Block:
    """The draft's whole text, in as many blocks as it takes."""
    blocks = [preformatted(part) for part in text.pieces(draft.body.text)[:90]]
    return _modal("whole", view.say("front.text_title", draft=draft.id), blocks, view)


def sources(draft: Draft, view: View) -> Block:
    blocks: list[Block] = []
    for source in draft.body.sources[:20]:
        mark = f" ({view.say('card.used')})" if source.used else ""
        head = text.safe(f"{source.document} › {source.heading}", 300)
        words = f"*{head}*{text.escape(mark)}\n{text.safe(source.text.strip(), 2_400)}"
        blocks += [
            {"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}},
            {"type": "divider"},
        ]
    return _modal("sources", view.say("front.sources_title", draft=draft.id), blocks[:-1], view)


def sent(values: Values, name: str) -> str:
    """What was typed or chosen in an input; empty when nothing."""
    for state in values.get(name, {}).values():
        if state.get("selected_option"):
            return str(state["selected_option"].get("value") or "")
        return str(state.get("value") or "")
    return ""


def chosen(values: Values, name: str) -> tuple[str, ...]:
    """What was chosen in a menu of several."""
    for state in values.get(name, {}).values():
        return tuple(str(one["value"]) for one in state.get("selected_options") or ())
    return ()


def edited(values: Values) -> str:
    """The whole text, from as many inputs as it took."""
    return "".join(sent(values, f"text{place}") for place in range(INPUTS))


def too_long(words: str) -> bool:
    return len(words) > LONGEST


def _modal(
    name: str, title: str, blocks: Sequence[Block], view: View, *, send: str = "", meta: Meta | None = None
) -> Block:
    modal: Block = {
        "type": "modal",
        "callback_id": name,
        "title": _plain(title, 24),
        "close": _plain(view.say("slack.cancel" if send else "slack.close"), 24),
        "blocks": list(blocks),
    }
    if send:
        modal["submit"] = _plain(view.say(send), 24)
        modal["private_metadata"] = json.dumps(dict(meta or {}), separators=(",", ":"))
    return modal


def _of(draft: Draft) -> dict[str, Any]:
    return {"draft": draft.id, "revision": draft.revision}


def _input(name: str, label: str, element: Block, *, hint: str = "") -> Block:
    block = {"type": "input", "block_id": name, "label": _plain(label, 2000), "element": element}
    return {**block, "hint": _plain(hint, 2000)} if hint else block


def _select(name: str, label: str, options: list[Block], chosen: str) -> Block:
    first = next((one for one in options if one["value"] == chosen), options[0])
    return _input(
        name, label, {"type": "static_select", "action_id": name, "options": options, "initial_option": first}
    )


def _words(name: str, words: str, *, needed: bool = True, lines: bool = True, most: int = INPUT) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": name, "multiline": lines, "max_length": most}
    if needed:
        element["min_length"] = 1
    return {**element, "initial_value": words} if words else element


def _plain(words: str, most: int) -> Block:
    return {"type": "plain_text", "text": text.clip(words, most), "emoji": True}
