"""Telegram's HTML, read and refused as its servers do (core.telegram.org/bots/api#html-style, Bot API 10.0)."""

from __future__ import annotations

import html
import re

TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "a", "code", "pre", "blockquote"}
ALONE = {"code", "pre"}
"""Nothing else may stand inside, save `code` in `pre`."""
_PART = re.compile(r"<(?P<end>/?)(?P<tag>[^\s>/]*)(?P<rest>[^>]*)>|&(?P<name>#?\w+);|<", re.DOTALL)


class Wrong(Exception):
    """What Telegram would answer."""


def visible(text: str) -> tuple[str, list[str]]:
    """What a reader sees, and the tags around it; raises Wrong for markup that Telegram refuses."""
    shown, used, opened, at = "", [], [], 0
    for part in _PART.finditer(text):
        shown += text[at : part.start()]
        at, byte = part.end(), len(text[: part.start()].encode())
        if part["name"]:
            shown += (
                html.unescape(part[0]) if part["name"] in ("lt", "gt", "amp", "quot") or "#" in part[0] else part[0]
            )
            continue
        tag = (part["tag"] or "").lower()
        if part["end"]:
            if not opened:
                raise Wrong(f"can't parse entities: Unexpected end tag at byte offset {byte}")
            if tag not in ("", opened[-1]):
                expected = f'expected "</{opened[-1]}>", found "</{tag}>"'
                raise Wrong(f"can't parse entities: Unmatched end tag at byte offset {byte}, {expected}")
            opened.pop()
            continue
        if tag not in TAGS:
            raise Wrong(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {byte}')
        if ALONE & {*opened} and (opened[-1], tag) != ("pre", "code"):
            raise Wrong(f"can't parse entities: Entity {tag} nested in {opened[-1]} at byte offset {byte}")
        opened.append(tag)
        used.append(tag + part["rest"])
    if opened:
        raise Wrong(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1]}\"")
    return (shown + text[at:]).strip(), used


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
