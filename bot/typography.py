"""French typography, for what we write and for what people type into pages.

Sets apostrophes, quotation marks, no-break spaces (narrow before `; ! ?` and in thousands, full before `:`, `€`, `%` and inside « », as
the Imprimerie nationale's lexicon has it) and the accent of a capital where the word leaves no doubt (« À bientôt », « Ça », « État »).
It never touches web addresses, hashtags, mentions, code between backticks, times or smileys, and leaves English alone but for apostrophes
and quotes.

Applied to what a writer wrote, never to what a person typed: an edit is released as it was signed, to the character, and a finding
under every straight apostrophe would hide the others.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.domain.counters import length

NARROW = "\u202f"
FULL = "\u00a0"

_HELD = "\ue000"
"""Stands for what is not prose while the rest is set (private use: no text of people holds it)."""
_ADDRESS = re.compile(
    r"https?://\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]+|(?<![\w.])\w+(?:\.\w+)+/\S*|[#@]\w+|`[^`\n]+`"
)
"""What is not prose; a no-break space may stand after it, nothing changes within."""
_HIGH = re.compile(r"(?<=[^\s;!?:(])[ \u00a0\u202f]?(?!;\))([;!?]+)(?=\s|$|[»”\")\u00a0\u202f])")
_COLON = re.compile(r"(?<=[\w»)}…%€\ue000])[ \u00a0\u202f]?:(?=\s|$|»)")
_OPEN = re.compile(r"«[ \u00a0\u202f]?(?=\S)")
_CLOSE = re.compile(r"(?<=\S)[ \u00a0\u202f]?»")
_STRAIGHT = re.compile(r'"([^"\n]+)"')
_UNITS = re.compile(r"(?<=\d)[ \u202f](?=(?:€|%|h\b|ml\b|g\b|kg\b|cl\b))|(?<=\d)(?=[€%](?!\w))")
_THOUSANDS = re.compile(
    r"(?<![\d.,])(?<!\d[ \u00a0\u202f])[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?![\d.]|,\d{3}|[ \u00a0\u202f]\d)"
)
"""« 10 000 », and no telephone number: those open with 0 or go on in pairs."""
_SENTENCE = r"(?:^|(?<=[.!?…] )|(?<=\n)|(?<=«\u00a0)|(?<=—\u00a0))"
_TO = re.compile(
    _SENTENCE
    + r"A (?=(?:la|l’\w+|cette|cet|ce|bientôt|demain|vous|toi|très|tout|toute|tous|toutes|partir|noter|propos|votre|ton|ta|notre"
    r"|nos|vos|tes|chaque|jamais|peine|table|découvrir|retrouver|savoir|suivre|gagner|lire|voir|nouveau|présent|moins|côté|défaut"
    r"|condition|quel|quelle|qui|quoi|samedi|dimanche|lundi|mardi|mercredi|jeudi|vendredi)\b)"
)
_IT = re.compile(r"(?<!\w)Ca(?= [a-zà-ÿ])")
_ACUTE = re.compile(
    r"(?<![\w-])E(?=(?:tat|tats|tait|taient|tant|té|tés|cole|coles|coute|coutez|coutes|cris|crivez|crire|galement|galité|quipe|quipes"
    r"|videmment|tape|tapes|tude|tudes|tudiant|tudiants|lève|lèves|toile|toiles|vite|vitez|viter|vénement|vénements|mission|nergie|dition"
    r"|ditions|tranger|cran|crans|conomie|conomies|cologie|poque|glise|clat|dith|tonnant|puisé|puisée)\b)"
)
_DASH = re.compile(r"(^|\n)([—–]) (?=\S)")
_CIRCUMFLEX = re.compile(r"(?<![\w-])E(?=(?:tre|tes)\b)")


def french(text: str, *, narrow: str = NARROW) -> str:
    """`text` with French typography; `narrow` is the space before `; ! ?` (X counts U+202F as two signs, U+00A0 as one)."""
    if _HELD in text:
        return text
    aside: list[str] = []

    def hold(address: re.Match[str]) -> str:
        aside.append(address.group())
        return _HELD

    held = iter(aside)
    return re.sub(_HELD, lambda _: next(held), _french(_ADDRESS.sub(hold, text), narrow))


def _french(text: str, narrow: str) -> str:
    text = text.replace("'", "’").replace("...", "…")
    text = _STRAIGHT.sub(r"« \1 »", text)
    text = _OPEN.sub("«" + FULL, text)
    text = _CLOSE.sub(FULL + "»", text)
    text = _HIGH.sub(narrow + r"\1", text)
    text = _COLON.sub(FULL + ":", text)
    text = _DASH.sub(r"\1\2" + FULL, text)
    text = _CIRCUMFLEX.sub("Ê", _ACUTE.sub("É", _IT.sub("Ça", _TO.sub("À ", text))))
    text = _THOUSANDS.sub(lambda number: re.sub(r"\s", narrow, number.group()), text)
    return _UNITS.sub(FULL, text)


def english(text: str) -> str:
    """`text` with typographic apostrophes and quotes."""
    text = re.sub(r"(?<=\w)'(?=\w)|(?<=\w)'(?=\s|$|[.,;:!?)])", "’", text)
    return re.sub(r'"([^"\n]+)"', r"“\1”", text)


@lru_cache(maxsize=4_096)
def typeset(text: str, language: str, *, narrow: str = NARROW) -> str:
    return french(text, narrow=narrow) if language == "fr" else english(text)


def narrow_for(unit: str) -> str:
    """The space before `; ! ?` on a network that counts in `unit`: on X U+202F weighs two and U+00A0 one."""
    return FULL if unit == "x_weighted" else NARROW


def typeset_within(text: str, language: str, unit: str, most: int | None) -> str:
    """`text` set for a network that counts in `unit`, or as it stands where the spaces would take it over the limit."""
    done = typeset(text, language, narrow=narrow_for(unit))
    if most is not None and length(done, unit) > most >= length(text, unit):
        return text
    return done


def capital(text: str) -> str:
    """`text` with its first letter a capital, accents kept."""
    return text[:1].upper() + text[1:]
