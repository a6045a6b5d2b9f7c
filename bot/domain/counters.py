"""How long a text is, by each network's own way of counting. Pure.

Units and their sources are on the network pages. X is counted by `twitter-text-parser`, the maintained port of X's own
library; Threads by its documented rule (an emoji counts its UTF-8 bytes), Mastodon by its server's (a link is 23).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import regex

_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3|\ufe0f")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)»’]")
_REMOTE = re.compile(r"(@[\w.-]+)@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"\S+")
_LABELS = 8
"""Dots in one word beyond which it is no link: X's own pattern takes time by their square (5 s for 1,600 signs)."""


def length(text: str, unit: str) -> int:
    """The text's length in `unit`, as on the network pages. Raises KeyError for a unit that is none of theirs."""
    return _COUNTERS[unit](text)


def clusters(text: str) -> list[str]:
    """Extended grapheme clusters (UAX #29): what a person takes for one sign."""
    return regex.findall(r"\X", text)


def is_emoji(cluster: str) -> bool:
    return bool(_EMOJI.search(cluster))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _x(text: str) -> int:
    from twitter_text import parse_tweet  # its tables take 0.1 s to load

    return int(parse_tweet(_WORD.sub(_undotted, text)).weightedLength) if text else 0


def _undotted(word: re.Match[str]) -> str:
    """The word, its dots made middle dots (which weigh the same) where there are too many of them for a link."""
    return word.group().replace(".", "·") if word.group().count(".") > _LABELS else word.group()


def _threads(text: str) -> int:
    return sum(len(cluster.encode()) if is_emoji(cluster) else len(cluster) for cluster in clusters(text))


def _mastodon(text: str) -> int:
    return len(clusters(_REMOTE.sub(r"\1", _LINK.sub("x" * 23, text))))


def _youtube_tags(text: str) -> int:
    tags = [tag.strip() for tag in text.split(",") if tag.strip()]
    return sum(len(tag) + (2 if " " in tag else 0) for tag in tags)


_COUNTERS: dict[str, Callable[[str], int]] = {
    "characters": _utf16,
    "code_points": len,
    "utf16": _utf16,
    "utf8_bytes": lambda text: len(text.encode()),
    "graphemes": lambda text: len(clusters(text)),
    "x_weighted": _x,
    "threads": _threads,
    "mastodon": _mastodon,
    "youtube_tags": _youtube_tags,
    "words": lambda text: len(text.split()),
}
