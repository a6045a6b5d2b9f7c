"""Modals and home tabs as Slack keeps them: ids, hashes, and what is typed and chosen in their inputs."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from tests.fakes.slack import blocks as kit
from tests.fakes.slack.workspace import Json, Workspace

STATE = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
"""Under which key an element's value stands in the state, and in the element itself at first."""
OPTIONS = {"selected_option", "selected_options"}


class Impossible(AssertionError):
    """No person could do that: the button is not there, or the client would not send it."""


def named(blocks: list[Json]) -> list[Json]:
    """A copy in which each block and each element has an id, as Slack keeps them."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in kit.elements(block):
            element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return kept


def state(blocks: list[Json], before: Json | None = None) -> Json:
    """What all inputs hold: what they held `before` under the same ids, else what they start with."""
    values: Json = {}
    for block in blocks:
        for element in kit.elements(block):
            if element["type"] not in STATE:
                continue
            key, initial = STATE[element["type"]]
            kept = (before or {}).get(block["block_id"], {}).get(element["action_id"])
            if kept is None or kept["type"] != element["type"]:
                kept = {"type": element["type"], key: element.get(initial, [] if key.endswith("s") else None)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = kept
    return values


def find(blocks: list[Json], action_id: str | None = None, block_id: str | None = None) -> tuple[Json, Json]:
    """The block and the element of these ids."""
    for block in blocks:
        for element in kit.elements(block):
            if action_id in (None, element["action_id"]) and block_id in (None, block["block_id"]):
                return block, element
    there = [(block["block_id"], one["action_id"]) for block in blocks for one in kit.elements(block)]
    raise Impossible(f"there is no {action_id or 'element'!r} in {block_id or 'any block'!r}; there are {there}")


def buttons(shown: Json) -> Json:
    """Of a message or a view, by `action_id`; of several with one id, the first."""
    found: Json = {}
    for block in shown.get("blocks", ()):
        for element in kit.elements(block):
            if element["type"] in ("button", "icon_button"):
                found.setdefault(element["action_id"], element)
    return found


def option(element: Json, value: str) -> Json:
    """The option of that value, or of those words."""
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    for one in options:
        if value in (one["value"], one["text"]["text"]):
            return dict(one)
    raise Impossible(f"{element['action_id']!r} has no option {value!r}; it has {[one['value'] for one in options]}")


def filled(element: Json, value: Any) -> Json:
    """The element's state once a person has put `value` there; an option is named by its value or its words."""
    key, _ = STATE[element["type"]]
    if key == "selected_options":
        value = [option(element, one) for one in value]
    elif key == "selected_option":
        value = option(element, value) if value is not None else None
    elif key == "value":
        value = str(value) if value not in (None, "") else None
    return {"type": element["type"], key: value}


def refused(block: Json, held: Json) -> str:
    """Why the client would not send the modal with what this input holds; empty when it would."""
    element = block["element"]
    value = held.get(STATE.get(element["type"], ("", ""))[0])
    if not value:
        return "" if block.get("optional") else "it must be filled in"
    if element["type"] == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"it needs {element['min_length']} characters"
        if len(value) > element.get("max_length", 3000):
            return f"it takes {element.get('max_length', 3000)} characters, not {len(value)}"
    return ""


def made(workspace: Workspace, view: Json, *, below: Json | None = None, before: Json | None = None) -> Json:
    """The view as Slack keeps it: over `below` in the stack, or instead of `before`."""
    kept = named(view["blocks"])
    ident = before["id"] if before else workspace.new("V")
    whole = {
        "id": ident,
        "team_id": workspace.team,
        "type": view["type"],
        "blocks": kept,
        "private_metadata": view.get("private_metadata", ""),
        "callback_id": view.get("callback_id", ""),
        "external_id": view.get("external_id", ""),
        "state": {"values": state(kept, before["state"]["values"] if before else None)},
        "hash": f"{workspace.ts()}.{secrets.token_hex(4)}",
        "clear_on_close": view.get("clear_on_close", False),
        "notify_on_close": view.get("notify_on_close", False),
        "root_view_id": before["root_view_id"] if before else below["root_view_id"] if below else ident,
        "previous_view_id": before["previous_view_id"] if before else below["id"] if below else None,
        "app_id": workspace.app,
        "app_installed_team_id": workspace.team,
        "bot_id": workspace.bot_id,
    }
    if view["type"] == "modal":
        whole |= {key: view.get(key) for key in ("title", "submit", "close")}
        whole["submit_disabled"] = view.get("submit_disabled", False)
    return whole
