"""What a person types, as Slack sends it on; and what Slack keeps, as a person reads it.

Typed: `& < >` escaped, addresses made links, emoji made `:names:`, and the same again as rich text. Lists, bold and the other
marks of the composer are left as the characters they were typed with.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import emoji

Json = dict[str, Any]

_TOKEN = re.compile(r"<(?:[@#][UWC][A-Z0-9]+(?:\|[^<>]*)?|!(?:here|channel|everyone))>")
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_LINK = re.compile(rf"https?://[^\s<>|]+[^\s<>|.,;:!?)»”\"']|{_MAIL}")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
_WRITTEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
_LINE_QUOTED = re.compile(r"^>\s?")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def posted(text: str) -> str:
    """What an app sent, as Slack keeps it: what is special and stands alone is escaped, the rest left as it came."""
    text = _ENTITY.sub("&amp;", text)
    kept = _WRITTEN.split(text)
    if len(kept) == 1:
        return text.replace("<", "&lt;").replace(">", "&gt;")
    out, end = [], 0
    for found in _WRITTEN.finditer(text):
        out += [text[end : found.start()].replace("<", "&lt;").replace(">", "&gt;"), found[0]]
        end = found.end()
    return "".join([*out, text[end:].replace("<", "&lt;").replace(">", "&gt;")])


# --- typed ---


def typed(text: str, *, literal: bool = False) -> str:
    """The `text` of the event. Mentions as Slack writes them (`<@U0ADA>`) are kept, unless `literal`: then they are only characters."""
    out = []
    for kind, part in _parts(text, literal=literal):
        if kind == "token":
            out.append(part)
        elif kind == "link":
            out.append(f"<mailto:{part}|{part}>" if "://" not in part else f"<{part.replace('&', '&amp;')}>")
        else:
            out.append("".join(f":{name}:" if name else escape(said) for name, said in _emoji(part)))
    return "".join(out)


def rich(text: str, *, literal: bool = False) -> list[Json]:
    """The same as blocks."""
    elements: list[Json] = []
    for quoted, lines in groupby(text.split("\n"), key=lambda line: line.startswith(">")):
        words = "\n".join(_LINE_QUOTED.sub("", line) if quoted else line for line in lines)
        inner = list(_inline(words, literal=literal))
        if inner:
            elements.append({"type": "rich_text_quote" if quoted else "rich_text_section", "elements": inner})
    return [{"type": "rich_text", "elements": elements}] if elements else []


def _parts(text: str, *, literal: bool) -> Iterator[tuple[str, str]]:
    end = 0
    for found in re.finditer(f"{_TOKEN.pattern}|{_LINK.pattern}", text):
        if literal and found[0].startswith("<"):
            continue
        yield "text", text[end : found.start()]
        yield "token" if found[0].startswith("<") else "link", found[0]
        end = found.end()
    yield "text", text[end:]


def _emoji(text: str) -> Iterator[tuple[str, str]]:
    """Pieces: the name, if it is an emoji, and the characters."""
    end = 0
    for found in emoji.emoji_list(text):
        yield "", text[end : found["match_start"]]
        tone = _SKIN.search(found["emoji"])
        name = emoji.demojize(_SKIN.sub("", found["emoji"]), language="alias").strip(":")
        yield f"{name}::skin-tone-{ord(tone[0]) - 0x1F3FB + 2}" if tone else name, found["emoji"]
        end = found["match_end"]
    yield "", text[end:]


def _inline(text: str, *, literal: bool) -> Iterator[Json]:
    for kind, part in _parts(text, literal=literal):
        if not part:
            continue
        if kind == "link":
            yield {"type": "link", "url": part if "://" in part else f"mailto:{part}"} | (
                {} if "://" in part else {"text": part}
            )
        elif kind == "token":
            name = part[2:-1].split("|")[0]
            if part[1] == "!":
                yield {"type": "broadcast", "range": name}
            elif part[1] == "#":
                yield {"type": "channel", "channel_id": name}
            else:
                yield {"type": "user", "user_id": name}
        else:
            for name, said in _emoji(part):
                if name:
                    code = "-".join(f"{ord(one):x}" for one in said)
                    yield {"type": "emoji", "name": name, "unicode": code}
                elif said:
                    yield {"type": "text", "text": said}


# --- read ---


def plain(text: str) -> str:
    """mrkdwn as it reads: escapes undone, links by their words, dates by their fallback. Stars and underscores stay."""

    def token(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target.startswith("!date"):
            return label or ""
        if target[0] in "@#!":
            return f"{'#' if target[0] == '#' else '@'}{label or target[1:]}"
        return label or target.removeprefix("mailto:")

    return html.unescape(_WRITTEN.sub(token, text))


def text_of(shown: Json) -> str:
    """All that a person reads in a message, a modal or a home tab, from top to bottom.

    Of a message with blocks its `text` is not among it: only notifications show that.
    """
    blocks = shown.get("blocks") or []
    lines = [_object(shown["title"])] if "title" in shown else []
    lines += [line for block in blocks for line in _block(block)]
    if not blocks and shown.get("type") == "message":
        lines.append(plain(shown.get("text", "")))
    lines += [_object(shown[key]) for key in ("submit", "close") if isinstance(shown.get(key), dict)]
    lines += [one.get("name", "") for one in shown.get("files") or ()]
    return "\n".join(line for line in lines if line)


def _object(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return plain(value["text"]) if value.get("type") == "mrkdwn" else str(value.get("text", ""))


def _block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "rich_text":
            for part in block["elements"]:
                yield from _rich_part(part)
        case "markdown":
            yield block["text"]
        case "image":
            yield from (_object(block.get("title")), block["alt_text"])
        case "input":
            yield from (_object(block["label"]), *_element(block["element"]), _object(block.get("hint")))
        case "section":
            yield from (_object(one) for one in (block.get("text"), *block.get("fields", ())))
            if "accessory" in block:
                yield from _element(block["accessory"])
        case "context":
            yield " ".join(one.get("alt_text") or _object(one) for one in block["elements"])
        case "actions" | "context_actions":
            for element in block["elements"]:
                yield from _element(element)
        case _:
            yield _object(block.get("text"))


def _rich_part(part: Json) -> Iterator[str]:
    if part["type"] == "rich_text_list":
        for one in part["elements"]:
            yield from _rich_part(one)
        return
    yield "".join(_rich_word(one) for one in part["elements"])


def _rich_word(one: Json) -> str:
    match one["type"]:
        case "link":
            return str(one.get("text") or one["url"])
        case "user" | "usergroup" | "broadcast":
            return "@" + str(one.get("user_id") or one.get("usergroup_id") or one["range"])
        case "channel":
            return f"#{one['channel_id']}"
        case "emoji":
            return emoji.emojize(f":{one['name'].split('::')[0]}:", language="alias")
        case "date":
            return str(one.get("fallback", ""))
        case _:
            return str(one.get("text") or one.get("value", ""))


def _element(element: Json) -> Iterator[str]:
    yield element.get("alt_text", "")
    yield from (_object(element.get(key)) for key in ("text", "placeholder"))
    yield str(element.get("initial_value", ""))
    for group in element.get("option_groups", ()):
        yield _object(group["label"])
        yield from (_object(one["text"]) for one in group["options"])
    for option in element.get("options", ()):
        yield from (_object(option["text"]), _object(option.get("description")))
    for key in ("positive_button", "negative_button"):
        yield _object(element.get(key, {}).get("text"))
