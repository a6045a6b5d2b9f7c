"""Fact lock: every number, date, price, name and address in a draft must stand in a passage, the brand file or the comment.

Figures are compared by value: « 3 semaines », « trois semaines », "three weeks" and 3,0 are one. Names
are the capitalised words that do not merely open a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.folded import Folded, folded_page
from bot.checks.links import LINK
from bot.checks.numbers import FIGURE, SPELT, value
from bot.checks.personal_data import EMAIL
from bot.checks.subject import Finding, Subject
from bot.triage.text import fold

_FIGURE = re.compile(rf"(?<![\w.,])(?:{FIGURE})")
_SPELT = re.compile(rf"(?<!\w)(?:{SPELT})(?!\w)(?!-\w)")
_IMPLIED = {
    word: float(number)
    for number, words in enumerate(
        ("deuxieme second seconde twice double", "troisieme third thrice", "quatrieme fourth", "cinquieme fifth"), 2
    )
    for word in words.split()
}
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_IMPLIED)})\b")
_IDLE = re.compile(
    r"\b(?:(?:les|tous|toutes|nos|vos|tes|ces)(?: les)? (?:deux|trois|quatre)"
    r"|entre deux|en deux mots|a deux pas|deux (?:choses|mots|precisions|points)"
    r"|(?:(?:the|these|those|your|our|all|between) (?:two|three|four))|two (?:things|points|minds))\b"
    r"|\b(?:du|au|le|un|notre|votre|leur) four\b"
    r"|\bneuf\b(?! (?:heure|jour|minute|semaine|mois|an|euro|fois|personne|client|article|produit|boutique|flacon)s?\b)"
)
"""Number words that count nothing: « les deux », « un flacon neuf », « sorti du four »."""
_NAME = re.compile(
    r"(?<![.!?…:»\n«“(—–-])(?<![.!?…:] )[ \u00a0]([A-ZÉÈÀÂÎÔÇŒ][\wÀ-ÿ’'-]+(?:[ \u00a0][A-ZÉÈÀÂÎÔÇŒ][\wÀ-ÿ’-]+)*)"
)
_ASIDE = re.compile(rf"{LINK.pattern}|{EMAIL.pattern}|(?<!\w)(?:\+\d|0)\d?(?:[ .()\u00a0-]{{0,2}}\d){{7,14}}(?!\d)")
"""Links, addresses and telephones: looked at whole (below, and in `personal_data.py`), and no ground for a figure."""
_TAGGED = re.compile(r"[#@]\w+")
_COMMON = frozenset(
    """
    i i'm i'd i'll i've monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december instagram facebook linkedin tiktok youtube pinterest google trustpilot
    snapchat twitter threads bluesky mastodon vimeo reddit dm dms sav madame monsieur internet france french english
    """.split()
)
REMEMBERED = 2_048
"""Passages that many drafts rest on are read once."""
_SMALL = {1.0}
"""« une fois », "one of us": never a claim."""


def check(subject: Subject) -> Iterator[Finding]:
    if subject.brand is None:  # nobody says what is true
        return
    parts = (subject.prompt, subject.brand_facts, *subject.passages, *subject.facts)
    known = [_known(part) for part in parts]
    text = subject.text
    bare = _TAGGED.sub(" ", _ASIDE.sub(" ", text))
    for figure, written in _figures(bare):
        if not any(figure in told for told in known) and figure not in _SMALL:
            yield Finding(
                check="facts", level="block", key="finding.figure", details={"figure": written}, excerpt=written
            )
    folded = ""
    for match in _NAME.finditer(bare):
        folded = folded or "\n".join(f" {folded_page(part)} " for part in parts)
        name = match[1].rstrip("'’-")
        words = [fold(word) for word in re.split(r"[ \u00a0]", name)]
        if not all(_stands(word, folded) or word in _COMMON for word in words):
            yield Finding(check="facts", level="warn", key="finding.name", details={"name": name}, excerpt=name)
    for address in dict.fromkeys([*EMAIL.findall(text), *LINK.findall(text)]):
        if address.rstrip("/").casefold() not in subject.ground.casefold():
            yield Finding(check="facts", level="block", key="finding.address", excerpt=address)


@lru_cache(maxsize=REMEMBERED)
def _known(part: str) -> frozenset[float]:
    return figures(_ASIDE.sub(" ", part))


def figures(text: str) -> frozenset[float]:
    """Every number in a text, by value, figures and words alike, and what ordinals imply: who lost a third parcel lost three."""
    implied = {_IMPLIED[match.group()] for match in _ORDINAL.finditer(fold(text))}
    return frozenset({number for number, _ in _figures(text)} | implied)


def _figures(text: str) -> Iterator[tuple[float, str]]:
    for match in _FIGURE.finditer(text):
        yield value(match.group()), match.group()
    folded = Folded.of(text)
    idle = {place for match in _IDLE.finditer(folded.text) for place in range(*match.span())}
    for match in _SPELT.finditer(folded.text):
        if match.start() not in idle:
            yield value(match.group()), folded.excerpt(match)


def _stands(word: str, ground: str) -> bool:
    stem = re.sub(r"(?:'s|’s|s)$", "", word)
    return bool(re.search(rf"(?<!\w){re.escape(stem)}", ground))
