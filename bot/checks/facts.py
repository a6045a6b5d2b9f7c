"""Fact lock: every number, date, price, name and address in a draft must stand in a passage, the brand file or the comment.

Figures are compared by value (« 3 semaines », « trois semaines », "three weeks" and 3,0 are one), dates by day and month. Names
are the capitalised words that do not merely open a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.links import LINK
from bot.checks.personal_data import EMAIL
from bot.checks.subject import Finding, Subject
from bot.triage.text import fold

_FIGURE = re.compile(r"(?<![\w.,])\d+(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)?")
_COUNTED = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
)
_TENS = ("vingt trente quarante cinquante soixante", "twenty thirty forty fifty sixty seventy eighty ninety")
_WORDS = {word: value for words in _COUNTED for value, word in enumerate(words.split()) if value > 1} | {
    word: 10 * ten for words in _TENS for ten, word in enumerate(words.split(), 2)
}
_SPELT = re.compile(
    r"(?<!\w)(?:(vingt|trente|quarante|cinquante|soixante|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:-| et )(un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|one|two|three|four|five|six|seven|eight|nine)"
    r"|(" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r"))(?=\W|$)"
)
_NAME = re.compile(
    r"(?<![.!?…:»\n«“(#@\w’'-])(?<![.!?…:] )[ \u00a0]([A-ZÉÈÀÂÎÔÇŒ][\wÀ-ÿ’'-]+(?:[ \u00a0][A-ZÉÈÀÂÎÔÇŒ][\wÀ-ÿ’-]+)*)"
)
_COMMON = frozenset(
    """
    i i'm i'd i'll i've monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december instagram facebook linkedin tiktok youtube pinterest google trustpilot
    snapchat twitter threads bluesky mastodon vimeo reddit dm dms sav madame monsieur internet france french english
    """.split()
)
_SMALL = {1.0}
"""« une fois », "one of us": never a claim."""


def check(subject: Subject) -> Iterator[Finding]:
    ground = subject.ground
    known = figures(ground)
    text = subject.text
    bare = EMAIL.sub(" ", LINK.sub(" ", text))
    for figure, written in _figures(bare):
        if figure not in known and figure not in _SMALL:
            yield Finding(
                check="facts", level="block", key="finding.figure", details={"figure": written}, excerpt=written
            )
    folded = f" {fold(ground)} "
    for match in _NAME.finditer(bare):
        name = match[1].rstrip("'’-")
        words = [fold(word) for word in re.split(r"[ \u00a0]", name)]
        if not all(_stands(word, folded) or word in _COMMON for word in words):
            yield Finding(check="facts", level="warn", key="finding.name", details={"name": name}, excerpt=name)
    for address in dict.fromkeys([*EMAIL.findall(text), *LINK.findall(text)]):
        if address.rstrip("/").casefold() not in ground.casefold():
            yield Finding(check="facts", level="block", key="finding.address", excerpt=address)


def figures(text: str) -> frozenset[float]:
    """Every number in a text, by value, figures and words alike."""
    return frozenset(value for value, _ in _figures(text))


def _figures(text: str) -> Iterator[tuple[float, str]]:
    for match in _FIGURE.finditer(text):
        yield float(re.sub(r"[ \u00a0\u202f]", "", match.group()).replace(",", ".").rstrip(".")), match.group()
    for match in _SPELT.finditer(fold(text)):
        if match[1]:
            one = {"un": 1, "une": 1, "one": 1}.get(match[2]) or _WORDS[match[2]]
            yield float(_WORDS[match[1]] + one), match.group()
        else:
            yield float(_WORDS[match[3]]), match.group()


def _stands(word: str, ground: str) -> bool:
    stem = re.sub(r"(?:'s|’s|s)$", "", word)
    return bool(re.search(rf"(?<!\w){re.escape(stem)}", ground))
