"""How long a text is, by each network's own way of counting. Pure, and never raises, whatever the characters.

Units and their sources are on the network pages. X weighs by its own table (twitter-text 3, docs.x.com, 2026-08-22): a link (`x_links.py`)
23, an emoji 2, most Latin text 1 a sign, the rest 2. Threads counts an emoji by its UTF-8 bytes, as documented; Mastodon a link as 23,
and of a remote account its name alone (its server's length validator, 2026-11-23).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

import regex

from bot.domain.x_links import MASTODON, has_protocol, links

_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3|\ufe0f")
_MAY_BE_EMOJI = regex.compile(r"[\p{Emoji}\u200d\ufe0f\u20e3\U000e0020-\U000e007f]{2,}")
"""What emoji of several code points are made of (UTS #51); figures are among it."""
_LINES = re.compile(r"\r\n?")
_HEAVY = re.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
"""What weighs 2 on X: all that is outside these ranges."""
LINK_WEIGHT = 23
SELECTOR = "\ufe0f"
"""Asks for the look of an emoji."""
SKIN = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_REMOTE = regex.compile(r"(?<![=/\w])(@[A-Za-z0-9_]++(?:[.\-]++[A-Za-z0-9_]++)*+)@(\w++(?:[.\-]++\w++)*+)(?![@＠]|://)")
"""A mention of an account on another server."""
LONGEST_DOMAIN = 253
LONGEST_FLAGS = 64
_FLAGS = re.compile(rf"(?<=[\U0001f1e6-\U0001f1ff]{{{LONGEST_FLAGS}}})[\U0001f1e6-\U0001f1ff]+")
"""Letters of flags in a row, of which two make a sign (GB12): to look back over all of them at each takes the square of their time."""


def length(text: str, unit: str) -> int:
    """The text's length in `unit`, as on the network pages. Raises KeyError for a unit that is none of theirs."""
    return _COUNTERS[unit](text)


def clusters(text: str) -> list[str]:
    """Extended grapheme clusters (UAX #29): what a person takes for one sign."""
    cuts = [place for run in _FLAGS.finditer(text) for place in range(run.start(), run.end(), LONGEST_FLAGS)]
    if not cuts:
        return regex.findall(r"\X", text)
    return [one for start, end in pairwise([0, *cuts, len(text)]) for one in regex.findall(r"\X", text[start:end])]


def is_emoji(cluster: str) -> bool:
    """Whether a cluster is an emoji, or a text holds any."""
    return bool(_EMOJI.search(cluster))


def _utf16(text: str) -> int:
    return len(text) + sum(1 for sign in text if sign > "\uffff") if not text.isascii() else len(text)


def _utf8(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", errors="surrogatepass"))


def _x(text: str) -> int:
    text = unicodedata.normalize("NFC", _LINES.sub("\n", text))
    weight, at = 0, 0
    for start, end in links(text):
        weight += _weight(text[at:start]) + LINK_WEIGHT
        at = end
    return weight + _weight(text[at:])


def _weight(text: str) -> int:
    """Of a text that holds no link."""
    if text.isascii() and "\u20e3" not in text:
        return len(text)
    saved = sum(
        _plain_weight(one) - 2 for run in _MAY_BE_EMOJI.finditer(text) if not run[0].isascii() for one in _emoji(run[0])
    )
    return _plain_weight(text) - saved


def _plain_weight(text: str) -> int:
    """Sign by sign."""
    return len(text) + len(_HEAVY.findall(text))


def _emoji(run: str) -> Iterator[str]:
    """The emoji of several code points in a run, each the longest that Unicode knows from where it begins."""
    known, longest = _known()
    at = 0
    while at < len(run) - 1:
        ends = range(min(len(run), at + longest), at + 1, -1)
        end = next((end for end in ends if run[at:end] in known), 0)
        if end:
            yield run[at:end]
        at = end or at + 1


@cache
def _known() -> tuple[frozenset[str], int]:
    """Every emoji of Unicode that is more than one code point, in each of its spellings, and how long the longest is."""
    from emoji import EMOJI_DATA  # 60 ms to load: only where there are emoji

    known = {one for one in EMOJI_DATA if len(one) > 1}
    for one, told in EMOJI_DATA.items():
        if "variant" in told and len(one) == 1:  # may be asked to look like an emoji, even before a colour of skin
            known.add(one + SELECTOR)
            known |= {one + SELECTOR + tone for tone in SKIN if one + tone in EMOJI_DATA}
    return frozenset(known), max(map(len, known))


def _threads(text: str) -> int:
    return sum(_utf8(cluster) if is_emoji(cluster) else len(cluster) for cluster in clusters(text))


def _mastodon(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    shortened, at = [], 0
    for start, end in links(text, MASTODON):
        if has_protocol(text, start):
            shortened += [text[at:start], "x" * LINK_WEIGHT]
            at = end
    return len(clusters(_REMOTE.sub(_local, "".join([*shortened, text[at:]]))))


def _local(mention: regex.Match[str]) -> str:
    return mention[1] if len(mention[2]) <= LONGEST_DOMAIN else mention[0]


def _youtube_tags(text: str) -> int:
    tags = [tag.strip() for tag in text.split(",") if tag.strip()]
    return sum(len(tag) + (2 if any(sign.isspace() for sign in tag) else 0) for tag in tags)


def cut(text: str, most: int, unit: str) -> str:
    """The longest beginning of the text that has at most `most` of `unit`, between two signs as people see them."""
    if length(text, unit) <= most:
        return text
    seen = clusters(text)
    low, high = 0, len(seen)
    while low < high:  # lengths grow with the text, but for a link that a few signs more complete
        middle = (low + high + 1) // 2
        if length("".join(seen[:middle]), unit) <= most:
            low = middle
        else:
            high = middle - 1
    while low and length("".join(seen[:low]), unit) > most:
        low -= 1
    return "".join(seen[:low])


_COUNTERS: dict[str, Callable[[str], int]] = {
    "characters": _utf16,
    "code_points": len,
    "utf16": _utf16,
    "utf8_bytes": _utf8,
    "graphemes": lambda text: len(clusters(text)),
    "x_weighted": _x,
    "threads": _threads,
    "mastodon": _mastodon,
    "youtube_tags": _youtube_tags,
    "words": lambda text: len(text.split()),
}
