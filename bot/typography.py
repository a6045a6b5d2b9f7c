"""French typography, for what we write and for what people type into pages.

Sets apostrophes, quotation marks and no-break spaces (narrow before `; ! ?`, full before `:` and inside « », as the
Imprimerie nationale's lexicon has it). It never touches web addresses, times or smileys, and leaves English alone but for apostrophes.
"""

from __future__ import annotations

import re
from functools import lru_cache

NARROW = "\u202f"
FULL = "\u00a0"

_ADDRESS = re.compile(r"https?://\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]+|(?<![\w.])\w+(?:\.\w+)+/\S*")
_HIGH = re.compile(r"(?<=[^\s;!?:(])[ \u00a0\u202f]?(?!;\))([;!?]+)(?=\s|$|[»”\")\u00a0\u202f])")
_COLON = re.compile(r"(?<=[\w»)}…%€])[ \u00a0\u202f]?:(?=\s|$|»)")
_OPEN = re.compile(r"«[ \u00a0\u202f]?(?=\S)")
_CLOSE = re.compile(r"(?<=\S)[ \u00a0\u202f]?»")
_STRAIGHT = re.compile(r'"([^"\n]+)"')
_UNITS = re.compile(r"(?<=\d)[ \u202f](?=(?:€|%|h\b|ml\b|g\b|kg\b|cl\b))")
_DASH = re.compile(r"(^|\n)([—–]) (?=\S)")


def french(text: str, *, narrow: str = NARROW) -> str:
    """`text` with French typography; `narrow` is the space before `; ! ?` (X counts U+202F as two signs, U+00A0 as one)."""
    parts: list[str] = []
    last = 0
    for address in _ADDRESS.finditer(text):
        parts += [_french(text[last : address.start()], narrow), address.group()]
        last = address.end()
    return "".join([*parts, _french(text[last:], narrow)])


def _french(text: str, narrow: str) -> str:
    text = text.replace("'", "’").replace("...", "…")
    text = _STRAIGHT.sub(r"« \1 »", text)
    text = _OPEN.sub("«" + FULL, text)
    text = _CLOSE.sub(FULL + "»", text)
    text = _HIGH.sub(narrow + r"\1", text)
    text = _COLON.sub(FULL + ":", text)
    text = _DASH.sub(r"\1\2" + FULL, text)
    return _UNITS.sub(FULL, text)


def english(text: str) -> str:
    """`text` with typographic apostrophes and quotes."""
    text = re.sub(r"(?<=\w)'(?=\w)|(?<=\w)'(?=\s|$|[.,;:!?)])", "’", text)
    return re.sub(r'"([^"\n]+)"', r"“\1”", text)


@lru_cache(maxsize=4_096)
def typeset(text: str, language: str, *, narrow: str = NARROW) -> str:
    return french(text, narrow=narrow) if language == "fr" else english(text)


def capital(text: str) -> str:
    """`text` with its first letter a capital, accents kept."""
    return text[:1].upper() + text[1:]
