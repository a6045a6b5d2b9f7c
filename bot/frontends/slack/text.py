"""Slack's way of writing, out and in: escaping, clipping, dates; and what a person typed, as plain text.

Only `& < >` are special in what is sent (docs.slack.dev, "Formatting message text", 2026-11): escaped, a comment can neither
mention a channel nor forge a link. What comes in is unescaped, its mentions and links put into words, its `:names:` made emoji.
"""

from __future__ import annotations

import html
import re
from datetime import datetime

import emoji

SECTION = 3000
"""Characters of a section's text."""
_TOKEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_NAMED = {"!channel": "@channel", "!here": "@here", "!everyone": "@everyone"}
_SKIN = re.compile(r":skin-tone-[2-6]:")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, most: int) -> str:
    """At most `most` characters, cut at a word where there is one."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > most // 2 else cut).rstrip(" .,;:!?\n\u00a0\u202f") + "…"


def safe(text: str, most: int = SECTION) -> str:
    """Escaped, and short enough once escaped: an `&` counts five."""
    escaped = escape(clip(text, most))
    while len(escaped) > most:
        text = clip(text, min(len(text), most) - (len(escaped) - most) // 4 - 1)
        escaped = escape(text)
    return escaped


def pieces(text: str, most: int = SECTION) -> list[str]:
    """The whole text in parts of at most `most` characters, cut at lines or words where it can be."""
    parts = []
    while len(text) > most:
        cut = max(text.rfind("\n", 0, most), text.rfind(" ", 0, most))
        cut = cut + 1 if cut > most // 2 else most
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text] if text else parts


def date(moment: datetime, *, style: str = "date_short_pretty") -> str:
    """The day, as each reader's Slack writes it in their own time zone."""
    return f"<!date^{int(moment.timestamp())}^{{{style}}}|{moment:%Y-%m-%d}>"


def time(moment: datetime) -> str:
    return f"<!date^{int(moment.timestamp())}^{{time}}|{moment:%H:%M} UTC>"


def plain(text: str, bot: str = "") -> str:
    """What a person meant: `bot`'s own mention dropped, other mentions, links and emoji as they read."""

    def token(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target.startswith("@"):
            return "" if target == f"@{bot}" else f"@{label or target[1:]}"
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        if target.startswith("!"):
            return _NAMED.get(target, label or "@" + target[1:].split("^")[0])
        return target.removeprefix("mailto:") if not label or label in target else f"{label} ({target})"

    said = html.unescape(_TOKEN.sub(token, text))
    return emoji.emojize(_SKIN.sub("", said), language="alias").strip()
