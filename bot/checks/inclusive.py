"""Inclusive writing: one house style, the brand's own (`inclusive` in `brand.toml`). French only; a brand that says nothing is asked nothing.

Midpoints (« client·e·s », also typed with stops or brackets), both forms in full (« clientes et clients », « toutes et tous »), and
new words (« iel », « toustes »), each told from ordinary words by its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.folded import Folded
from bot.checks.subject import Finding, Subject

_ASIDE = re.compile(
    r"«[^«»]{0,200}»|“[^“”]{0,200}”|https?://\S+|[@#]\w+|(?<!\S)[^\s@]{1,64}@\S+|(?<![\w.])\w{1,63}(?:\.\w{1,63}){0,4}\.(?:com|fr|org|net|example|eu|be|ch)\b"
)
"""Quotations, addresses, hashtags: not the brand's own prose."""
_ENDINGS = r"(?:e|es|ne|nes|le|les|te|tes|se|ses|ve|ves|rice|rices|trice|trices|euse|euses|ere|eres|iere|ieres|fe|ve)"
_POINT = re.compile(
    rf"(?<!\w)\w{{2,40}}(?:[·•‧∙⋅]{_ENDINGS}(?:[·•‧∙⋅]s)?|\.(?:e|ne|le|rice|trice|euse|ere)\.s|\.e(?=[\s,!?;:]|$)|\((?:e|ne|le|rice|trice|euse)\)s?)(?!\w)"
)
_NEW = re.compile(r"(?<!\w)(?:iels?|celleux|ceulles|toustes|touxtes|froeurs?)(?!\w)")
_PAIR = re.compile(
    r"(?<!\w)(\w{4,30}) (?:et|ou) (?:(?:les|des|aux|nos|vos|mes|tes|ses|leurs|chers|cheres|ces|de|nouveaux|nouvelles|tous|toutes) ){0,2}(\w{4,30})(?!\w)"
)
_FIXED = re.compile(
    r"(?<!\w)(?:toutes (?:et|&) (?:a )?tous|tous (?:et|&) (?:a )?toutes|celles (?:et|ou) ceux|ceux (?:et|ou) celles|(?:il|ils) ou elles?|elles? (?:et|ou) ils?)(?!\w)"
)
_SUFFIXES = (
    ("trice", "teur"),
    ("euse", "eur"),
    ("ere", "er"),
    ("enne", "en"),
    ("onne", "on"),
    ("elle", "el"),
    ("ive", "if"),
    ("esse", "e"),
    ("ette", "et"),
    ("e", ""),
)
"""How a feminine ends, and the masculine beside it."""


def check(subject: Subject) -> Iterator[Finding]:
    wanted = subject.brand.inclusive if subject.brand else ""
    if not wanted or subject.language is None or subject.language.name != "fr":
        return
    text = Folded.of(_ASIDE.sub(lambda aside: " " * len(aside.group()), subject.text))
    point = _POINT.search(text.text) or _NEW.search(text.text)
    double = _FIXED.search(text.text) or next((pair for pair in _PAIR.finditer(text.text) if _both(pair)), None)
    odd = point if wanted == "double" else double if wanted == "point" else point or double
    if odd:
        yield Finding(check="inclusive", level="warn", key=f"inclusive.{wanted}", excerpt=text.excerpt(odd))


def _both(pair: re.Match[str]) -> bool:
    """Whether two words are the feminine and the masculine of one."""
    return bool({pair[1].rstrip("s"), pair[1].rstrip("sx")} & _masculines(pair[2])) or bool(
        {pair[2].rstrip("s"), pair[2].rstrip("sx")} & _masculines(pair[1])
    )


def _masculines(word: str) -> set[str]:
    feminine = word.rstrip("s")
    return {feminine[: -len(end)] + male for end, male in _SUFFIXES if feminine.endswith(end)}
