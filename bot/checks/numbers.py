"""Numbers by value, in figures and in French and English words, so that « 48 » and « quarante-huit » are one."""

from __future__ import annotations

import re

_FR = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
).split()
_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_FR_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 70: "septante", 90: "nonante"}
_EN_TENS = dict(enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2))


def _words() -> dict[str, int]:
    words = {word: number for names in (_FR, _EN) for number, word in enumerate(names) if number > 1}
    for ten, name in _EN_TENS.items():
        words |= {name: 10 * ten} | {f"{name}-{_EN[one]}": 10 * ten + one for one in range(1, 10)}
    for ten, name in _FR_TENS.items():
        words |= {name: ten, f"{name}-et-un": ten + 1, f"{name}-et-une": ten + 1}
        words |= {f"{name}-{_FR[one]}": ten + one for one in range(2, 10)}
    words |= {f"soixante-{_FR[one]}": 60 + one for one in range(10, 20)} | {"soixante-et-onze": 71}
    words |= {"quatre-vingt": 80, "quatre-vingts": 80, "quatre-vingt-une": 81}
    return words | {f"quatre-vingt-{_FR[one]}": 80 + one for one in range(1, 20)}


WORDS = _words()
"""Number words from two to ninety-nine, folded and hyphened. One is an article too, and never a claim."""
SPELT = "|".join(word.replace("-", "[- ]") for word in sorted(WORDS, key=len, reverse=True))
FIGURE = r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:[ \u00a0\u202f]\d{3}(?!\d))*(?:[.,]\d+)?"
NUMBER = rf"(?:{FIGURE}|{SPELT})"


def value(written: str) -> float:
    """The value of a number as `NUMBER` finds it; 1 for « un », « une », "a", "an"."""
    spelt = WORDS.get(written.replace(" ", "-"))
    if spelt is not None:
        return float(spelt)
    if not written[:1].isdigit():
        return 1.0
    figure = re.sub(r"[ \u00a0\u202f]", "", written)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", figure):
        return float(figure.replace(",", ""))
    return float(figure.replace(",", "."))
