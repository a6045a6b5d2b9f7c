"""A comment made comparable: one case, no accents, one kind of apostrophe and space. For matching only, never for saying."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0d\ufeff\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    r"|(?<![0-9#*\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
)
"""What Unicode says to ignore where it is not drawn (DerivedCoreProperties 17.0, Default_Ignorable_Code_Point), and annotation marks:
a text can hide in these. The variation selector of an emoji stays."""
_BLANK = re.compile(r"[\u115f\u1160\u2800\u3164\uffa0]")
"""Letters that are drawn as a space."""
_ABOVE_LATIN = re.compile(r"[^\0-\u02ff]")
"""Where combining accents are."""
_LINES = re.compile(r"\r\n|[\r\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """`text` as it will be kept and read: NFC, without invisible, direction-changing or control characters."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.encode("utf-8", errors="replace").decode("utf-8")  # lone surrogates are no text
    text = unicodedata.normalize("NFC", text)
    seen = _BLANK.sub(" ", _LINES.sub("\n", _INVISIBLE.sub("", _CONTROL.sub("", text))))
    return unicodedata.normalize("NFC", seen).strip()


def fold(text: str) -> str:
    """`text` for matching: lower case, accents off, apostrophes straight, spaces single. Keeps no offsets."""
    text = clean(text).casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae"))
        text = _ABOVE_LATIN.sub(lambda sign: "" if unicodedata.combining(sign[0]) else sign[0], text)
    return re.sub(r"\s+", " ", re.sub("[’‘`´]", "'", text)).strip()


def cue(pattern: str) -> re.Pattern[str]:
    """A cue of a page as a pattern on folded text: whole words, `*` stands for any ending."""
    body = re.escape(fold(pattern)).replace(r"\*", r"\w*").replace(r"\ ", r"[\s,]+")
    start = r"(?<!\w)" if pattern[:1].isalnum() else ""
    end = r"(?!\w)" if pattern[-1:].isalnum() else ""
    return re.compile(start + body + end)
