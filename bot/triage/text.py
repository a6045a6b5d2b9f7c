"""A comment made comparable: one case, no accents, one kind of apostrophe and space. For matching only, never for saying."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\U000e0000-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """`text` as it will be kept and read: NFC, without invisible, direction-changing or control characters."""
    text = text.encode("utf-8", errors="replace").decode("utf-8")  # lone surrogates are no text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub("", _INVISIBLE.sub("", text)).strip()


def fold(text: str) -> str:
    """`text` for matching: lower case, accents off, apostrophes straight, spaces single. Keeps no offsets."""
    text = unicodedata.normalize("NFKD", clean(text).casefold().replace("œ", "oe").replace("æ", "ae"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", re.sub("[’‘`´]", "'", text)).strip()


def cue(pattern: str) -> re.Pattern[str]:
    """A cue of a page as a pattern on folded text: whole words, `*` stands for any ending."""
    body = re.escape(fold(pattern)).replace(r"\*", r"\w*").replace(r"\ ", r"[\s,]+")
    start = r"(?<!\w)" if pattern[:1].isalnum() else ""
    end = r"(?!\w)" if pattern[-1:].isalnum() else ""
    return re.compile(start + body + end)
