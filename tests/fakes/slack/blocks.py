"""Block Kit as Slack refuses it: which blocks may stand where, their keys, their lengths, and how many.

`message(blocks)` and `view(view)` give what is wrong, in Slack's own words with a JSON pointer; nothing when all is well. Limits
are those of docs.slack.dev, "Block Kit reference" (2026-11). Left out and refused: blocks that only Slack posts (calls, remote
files), videos, tables, task cards and workflow buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]
Check = Callable[[Any, str], Iterator[str]]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 13_200
"""Characters of all texts of a message; not in the reference, seen as `msg_blocks_too_long`."""
VIEW_BYTES = 250_000
OPTIONED = {"static_select", "multi_static_select", "radio_buttons", "checkboxes"}


def _wrong(what: str, at: str) -> str:
    return f"[ERROR] {what} [json-pointer:{at}]"


# --- small checks ---


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield _wrong("must be a string", at)
        elif len(value) > most:
            yield _wrong(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield _wrong(f"must be more than {least - 1} characters", at)

    return check


def number(least: int, most: int) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield _wrong("must be an integer", at)
        elif not least <= value <= most:
            yield _wrong(f"must be between {least} and {most}", at)

    return check


def flag(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield _wrong("must be a boolean", at)


def among(*values: str) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if value not in values:
            yield _wrong(f"must be one of {', '.join(values)}", at)

    return check


def url(value: Any, at: str) -> Iterator[str]:
    yield from string(3000)(value, at)
    if isinstance(value, str) and not value.startswith(("https://", "http://", "mailto:", "slack://")):
        yield _wrong("invalid url", at)


def listing(each: Check, least: int, most: int) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield _wrong("must be an array", at)
            return
        if len(value) > most:
            yield _wrong(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield _wrong(f"no fewer than {least} items allowed", at)
        for place, one in enumerate(value):
            yield from each(one, f"{at}/{place}")

    return check


def shape(needed: Mapping[str, Check], **optional: Check) -> Check:
    """An object with these keys and no others."""
    known = {**needed, **optional}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _wrong("must be an object", at)
            return
        for key in needed:
            if key not in value:
                yield _wrong(f"missing required field: {key}", at)
        for key, inner in value.items():
            if key in known:
                yield from known[key](inner, f"{at}/{key}")
            elif key != "type":
                yield _wrong(f"invalid additional property: {key}", at)

    return check


def kinds(table: Mapping[str, Check]) -> Check:
    """An object that says its own `type`."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _wrong("must be an object", at)
        elif "type" not in value:
            yield _wrong("missing required field: type", at)
        elif value["type"] not in table:
            yield _wrong(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from table[value["type"]](value, at)

    return check


def plain(most: int) -> Check:
    return kinds({"plain_text": shape({"text": string(most)}, emoji=flag)})


def text(most: int) -> Check:
    return kinds(
        {
            "plain_text": shape({"text": string(most)}, emoji=flag),
            "mrkdwn": shape({"text": string(most)}, verbatim=flag),
        }
    )


# --- pieces of elements ---

CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}, style=among("primary", "danger")
)
ACTION_ID = string(255)
OPTION = shape({"text": plain(75), "value": string(150)}, description=plain(75))
RICH_OPTION = shape({"text": text(75), "value": string(150)}, description=text(75))
OVERFLOW_OPTION = shape({"text": plain(75), "value": string(150)}, description=plain(75), url=url)
GROUP = shape({"label": plain(75), "options": listing(OPTION, 1, 100)})
DISPATCH = shape({"trigger_actions_on": listing(among("on_enter_pressed", "on_character_entered"), 1, 2)})
FILTER = shape(
    {},
    include=listing(among("im", "mpim", "private", "public"), 1, 4),
    exclude_external_shared_channels=flag,
    exclude_bot_users=flag,
)
COMMON: dict[str, Check] = {"action_id": ACTION_ID, "focus_on_load": flag}
SELECT: dict[str, Check] = {**COMMON, "placeholder": plain(150), "confirm": CONFIRM}
TYPED: dict[str, Check] = {**COMMON, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
ID = string(255)
MOMENT = string(40)


def chosen_from(check: Check, *, groups: bool = False) -> Check:
    """A menu whose first choices must be among its options."""

    def checked(value: Json, at: str) -> Iterator[str]:
        yield from check(value, at)
        if groups and ("options" in value) == ("option_groups" in value):
            yield _wrong("must define either `options` or `option_groups`", at)
        known = [one for one in _options(value) if isinstance(one, dict)]
        first = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
        for one in first if isinstance(first, list) else []:
            if one not in known:
                yield _wrong("initial option is not one of the options", at)

    return checked


def _options(menu: Json) -> list[Any]:
    options = list(menu.get("options") or [])
    for group in menu.get("option_groups") or []:
        options += group.get("options", []) if isinstance(group, dict) else []
    return options


def _menu(option: Check, most: int, *, several: bool, groups: bool) -> Check:
    listed: dict[str, Check] = {"options": listing(option, 1, most)}
    if groups:
        optional = {**SELECT, **listed, "option_groups": listing(GROUP, 1, 100)}
        needed: dict[str, Check] = {}
    else:
        optional = {**COMMON, "confirm": CONFIRM}
        needed = listed
    first = {"initial_options": listing(option, 1, most)} if several else {"initial_option": option}
    more: dict[str, Check] = {"max_selected_items": number(1, 100)} if several and groups else {}
    return chosen_from(shape(needed, **optional, **first, **more), groups=groups)


def _typed(**more: Check) -> Check:
    return shape({}, **TYPED, **more)


def _text_input(value: Json, at: str) -> Iterator[str]:
    yield from _typed(
        initial_value=string(3000), multiline=flag, min_length=number(0, 3000), max_length=number(1, 3000)
    )(value, at)
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield _wrong("min_length must be less than or equal to max_length", at)


BUTTON = shape(
    {"text": plain(75)},
    action_id=ACTION_ID,
    value=string(2000),
    url=url,
    style=among("primary", "danger"),
    confirm=CONFIRM,
    accessibility_label=string(75),
)
IMAGE = shape({"alt_text": string(2000)}, image_url=url, slack_file=shape({}, id=ID, url=url))
OVERFLOW = shape({"options": listing(OVERFLOW_OPTION, 1, 5)}, action_id=ACTION_ID, confirm=CONFIRM)

PICKERS: dict[str, Check] = {
    "datepicker": shape({}, **SELECT, initial_date=string(10, 10)),
    "timepicker": shape({}, **SELECT, initial_time=string(5, 5), timezone=string(100)),
    "datetimepicker": shape({}, **COMMON, confirm=CONFIRM, initial_date_time=number(10**9, 10**10 - 1)),
}
SELECTS: dict[str, Check] = {
    "static_select": _menu(OPTION, 100, several=False, groups=True),
    "external_select": shape({}, **SELECT, initial_option=OPTION, min_query_length=number(1, 100)),
    "users_select": shape({}, **SELECT, initial_user=ID),
    "conversations_select": shape(
        {},
        **SELECT,
        initial_conversation=ID,
        default_to_current_conversation=flag,
        response_url_enabled=flag,
        filter=FILTER,
    ),
    "channels_select": shape({}, **SELECT, initial_channel=ID, response_url_enabled=flag),
}
MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": _menu(OPTION, 100, several=True, groups=True),
    "multi_external_select": shape(
        {}, **SELECT, initial_options=listing(OPTION, 1, 100), max_selected_items=number(1, 100)
    ),
    "multi_users_select": shape({}, **SELECT, initial_users=listing(ID, 1, 100), max_selected_items=number(1, 100)),
    "multi_conversations_select": shape(
        {}, **SELECT, initial_conversations=listing(ID, 1, 100), max_selected_items=number(1, 100), filter=FILTER
    ),
    "multi_channels_select": shape(
        {}, **SELECT, initial_channels=listing(ID, 1, 100), max_selected_items=number(1, 100)
    ),
}
BOXES: dict[str, Check] = {
    "radio_buttons": _menu(RICH_OPTION, 10, several=False, groups=False),
    "checkboxes": _menu(RICH_OPTION, 10, several=True, groups=False),
}
TEXTS: dict[str, Check] = {
    "plain_text_input": _text_input,
    "email_text_input": _typed(initial_value=string(3000)),
    "url_text_input": _typed(initial_value=string(3000)),
    "number_input": shape(
        {"is_decimal_allowed": flag}, **TYPED, initial_value=MOMENT, min_value=MOMENT, max_value=MOMENT
    ),
}
FILES: dict[str, Check] = {
    "file_input": shape({}, action_id=ACTION_ID, filetypes=listing(string(20), 1, 100), max_files=number(1, 10))
}

# --- rich text ---

STYLE = shape({}, bold=flag, italic=flag, strike=flag, code=flag, underline=flag)
INLINE: dict[str, Check] = {
    "text": shape({"text": string(10**6)}, style=STYLE),
    "link": shape({"url": url}, text=string(10**6), unsafe=flag, style=STYLE),
    "user": shape({"user_id": ID}, style=STYLE),
    "usergroup": shape({"usergroup_id": ID}, style=STYLE),
    "channel": shape({"channel_id": ID}, style=STYLE),
    "emoji": shape({"name": string(100)}, unicode=string(100), skin_tone=number(1, 6), style=STYLE),
    "broadcast": shape({"range": among("here", "channel", "everyone")}, style=STYLE),
    "date": shape({"timestamp": number(0, 10**11), "format": string(500)}, url=url, fallback=string(3000), style=STYLE),
    "color": shape({"value": string(30)}, style=STYLE),
}
INLINES = listing(kinds(INLINE), 1, 10_000)
RICH_SECTION = shape({"elements": INLINES})
RICH: dict[str, Check] = {
    "rich_text_section": RICH_SECTION,
    "rich_text_preformatted": shape(
        {"elements": listing(kinds({key: INLINE[key] for key in ("text", "link")}), 1, 10_000)},
        border=number(0, 1),
        language=string(50),
    ),
    "rich_text_quote": shape({"elements": INLINES}, border=number(0, 1)),
    "rich_text_list": shape(
        {"style": among("bullet", "ordered"), "elements": listing(kinds({"rich_text_section": RICH_SECTION}), 1, 1000)},
        indent=number(0, 8),
        offset=number(0, 10_000),
        border=number(0, 1),
    ),
}

# --- blocks ---

BLOCK_ID: dict[str, Check] = {"block_id": string(255)}
IN_ACTIONS: dict[str, Check] = {"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **PICKERS, **BOXES}
IN_SECTION: dict[str, Check] = {**IN_ACTIONS, **MULTI_SELECTS, "image": IMAGE}
IN_INPUT: dict[str, Check] = {**SELECTS, **MULTI_SELECTS, **PICKERS, **BOXES, **TEXTS, **FILES}
IN_CONTEXT: dict[str, Check] = {
    "image": IMAGE,
    "plain_text": shape({"text": string(2000)}, emoji=flag),
    "mrkdwn": shape({"text": string(2000)}, verbatim=flag),
}
FEEDBACK = shape({"text": plain(75), "value": string(2000)}, accessibility_label=string(75))
IN_CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": shape({"positive_button": FEEDBACK, "negative_button": FEEDBACK}, action_id=ACTION_ID),
    "icon_button": shape(
        {"icon": among("trash"), "text": plain(75)},
        action_id=ACTION_ID,
        value=string(2000),
        confirm=CONFIRM,
        accessibility_label=string(75),
        visible_to_user_ids=listing(ID, 1, 100),
    ),
}


def _section(value: Json, at: str) -> Iterator[str]:
    yield from shape(
        {},
        **BLOCK_ID,
        text=text(3000),
        fields=listing(text(2000), 1, 10),
        accessory=kinds(IN_SECTION),
        expand=flag,
    )(value, at)
    if "text" not in value and "fields" not in value:
        yield _wrong("must define either `text` or `fields`", at)


def _image(value: Json, at: str) -> Iterator[str]:
    yield from shape(
        {"alt_text": string(2000)}, **BLOCK_ID, image_url=url, slack_file=shape({}, id=ID, url=url), title=plain(2000)
    )(value, at)
    if ("image_url" in value) == ("slack_file" in value):
        yield _wrong("must define either `image_url` or `slack_file`", at)


EVERYWHERE: dict[str, Check] = {
    "section": _section,
    "divider": shape({}, **BLOCK_ID),
    "header": shape({"text": plain(150)}, **BLOCK_ID),
    "image": _image,
    "context": shape({"elements": listing(kinds(IN_CONTEXT), 1, 10)}, **BLOCK_ID),
    "actions": shape({"elements": listing(kinds(IN_ACTIONS), 1, 25)}, **BLOCK_ID),
    "rich_text": shape({"elements": listing(kinds(RICH), 1, 1000)}, **BLOCK_ID),
    "input": shape(
        {"label": plain(2000), "element": kinds(IN_INPUT)},
        **BLOCK_ID,
        hint=plain(2000),
        optional=flag,
        dispatch_action=flag,
    ),
}
IN_MESSAGE: dict[str, Check] = {
    **EVERYWHERE,
    "markdown": shape({"text": string(12_000)}, **BLOCK_ID),
    "context_actions": shape({"elements": listing(kinds(IN_CONTEXT_ACTIONS), 1, 5)}, **BLOCK_ID),
}
_MESSAGE = listing(kinds(IN_MESSAGE), 0, MESSAGE_BLOCKS)
_VIEW_BLOCKS = listing(kinds(EVERYWHERE), 0, VIEW_BLOCKS)
_KEPT: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_VIEW = kinds(
    {
        "modal": shape(
            {"title": plain(24), "blocks": _VIEW_BLOCKS},
            **_KEPT,
            submit=plain(24),
            close=plain(24),
            clear_on_close=flag,
            notify_on_close=flag,
            submit_disabled=flag,
        ),
        "home": shape({"blocks": _VIEW_BLOCKS}, **_KEPT),
    }
)


def message(blocks: Any) -> list[str]:
    """What Slack would say against the blocks of a message."""
    return [*_MESSAGE(blocks, "/blocks"), *_names(blocks, "/blocks")]


def view(value: Any) -> list[str]:
    """What Slack would say against a modal or a home tab."""
    wrong = list(_VIEW(value, "/view"))
    if not isinstance(value, dict):
        return wrong
    blocks = value.get("blocks", [])
    wrong += _names(blocks, "/view/blocks")
    if (
        value.get("type") == "modal"
        and "submit" not in value
        and any(one["type"] == "input" for one in _blocks(blocks))
    ):
        wrong.append(_wrong("missing required field: submit", "/view"))
    return wrong


def _blocks(blocks: Any) -> list[Json]:
    return [one for one in blocks if isinstance(one, dict) and "type" in one] if isinstance(blocks, list) else []


def elements(block: Json) -> list[Json]:
    """What somebody can press, choose or fill in, in a block."""
    held = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
    known = IN_ACTIONS.keys() | IN_INPUT.keys() | IN_CONTEXT_ACTIONS.keys()
    return [one for one in held if isinstance(one, dict) and one.get("type") in known]


def _names(blocks: Any, at: str) -> Iterator[str]:
    """Ids that must differ, and the one element that may have the focus."""
    seen: set[str] = set()
    focused = 0
    for place, block in enumerate(_blocks(blocks)):
        name = block.get("block_id")
        if name in seen:
            yield _wrong(f"block_id `{name}` already exists", f"{at}/{place}/block_id")
        seen |= {name} if isinstance(name, str) else set()
        actions = [one["action_id"] for one in elements(block) if "action_id" in one]
        for double in {one for one in actions if actions.count(one) > 1}:
            yield _wrong(f"action_id `{double}` already exists", f"{at}/{place}")
        focused += sum(one.get("focus_on_load") is True for one in elements(block))
    if focused > 1:
        yield _wrong("only one element can have focus_on_load", at)


def length(value: Any) -> int:
    """Characters of all texts in blocks."""
    if isinstance(value, list):
        return sum(length(one) for one in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    return own + sum(length(inner) for inner in value.values())
