"""How long somebody says they waited: « 3 semaines de retard », "waited 40 mins", said back in words.

Only a duration that stands near a word of waiting counts: « j'ai 30 ans » is nobody's delay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.triage.text import fold
from bot.wordings import Phrase

_ONES = {
    "fr": """
        zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf
    """.split(),
    "en": """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen
    """.split(),
}
_TENS = {
    "fr": {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"},
    "en": {2: "twenty", 3: "thirty", 4: "forty", 5: "fifty", 6: "sixty", 7: "seventy", 8: "eighty", 9: "ninety"},
}
_UNITS = {
    "fr": {
        "minute": ("minute", "minutes", "f"),
        "min": ("minute", "minutes", "f"),
        "mn": ("minute", "minutes", "f"),
        "h": ("heure", "heures", "f"),
        "heure": ("heure", "heures", "f"),
        "j": ("jour", "jours", "m"),
        "jour": ("jour", "jours", "m"),
        "sem": ("semaine", "semaines", "f"),
        "semaine": ("semaine", "semaines", "f"),
        "mois": ("mois", "mois", "m"),
        "an": ("an", "ans", "m"),
    },
    "en": {
        "minute": ("minute", "minutes", ""),
        "min": ("minute", "minutes", ""),
        "hour": ("hour", "hours", ""),
        "hr": ("hour", "hours", ""),
        "day": ("day", "days", ""),
        "week": ("week", "weeks", ""),
        "wk": ("week", "weeks", ""),
        "month": ("month", "months", ""),
        "year": ("year", "years", ""),
    },
}
_NUMBER = {
    "fr": r"\d{1,3}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante",
    "en": r"\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty",
}
_FIND = {
    "fr": re.compile(
        rf"(plus d[e'] ?|presque |bientot |pres de )?(?<![\w.,])({_NUMBER['fr']}) ?(minute|min|mn|heure|h|jour|j|semaine|sem|mois|an)s?(?!\w)"
    ),
    "en": re.compile(
        rf"(more than |over |almost |nearly )?(?<![\w.,])({_NUMBER['en']})[ -]?(minute|min|hour|hr|day|week|wk|month|year)s?(?!\w)"
    ),
}
_WAITING = {
    "fr": re.compile(
        r"retard|attend|attente|patient|depuis|toujours (pas|rien|aucun)|sans (reponse|nouvelle)|ca fait|pour (recevoir|avoir|etre servi)"
        r"|de queue|de delai|que j|promis en|au lieu de|apres|plus tard|aucun|rien|jamais"
    ),
    "en": re.compile(
        r"late|wait|since|still|(and|for) (counting|nothing)|ago|later|queue|on hold|delay|for (a|my|an|one|two|three|the)\b|no (reply|answer|sign|word|news)"
        r"|took|take|without|chasing|nothing|never"
    ),
}
_LASTED = re.compile(r"(?:depuis|attend\w*|attente de|pendant|fait|en|de|presque|hours?|waited|for) $")
_NEAR = 60


@dataclass(frozen=True)
class Waited:
    length: Phrase
    """« trois semaines »"""
    echo: Phrase
    """« trois semaines de retard », "a three-week delay" """


def find(comment: str, language: str) -> Waited | None:
    """The longest wait that the comment names, or None."""
    if language not in _FIND:
        return None
    text = fold(comment)
    waits = []
    for match in _FIND[language].finditer(text):
        around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        age = text[match.end() : match.end() + 5].startswith((" old", "-old", " yo")) or text[: match.start()].endswith(
            "j'ai "
        )
        # « 19 h » is a time of day unless a word of waiting stands right before it
        clock = match[3] == "h" and not _LASTED.search(text[: match.start()])
        before = re.match(r"s? (?:avant|before|earlier)\b", text[match.end(3) :])
        if _WAITING[language].search(around) and not (age or clock or before):
            waits.append((_minutes(match[3]) * _value(match[2], language), match, around))
    if not waits:
        return None
    _, match, around = max(waits, key=lambda wait: wait[0])
    return _french(match, around) if language == "fr" else _english(match, around)


def _french(match: re.Match[str], around: str) -> Waited:
    value = _value(match[2], "fr")
    one, many, gender = _UNITS["fr"][match[3]]
    number = "une" if value == 1 and gender == "f" else in_words(value, "fr")
    more = {"plus": "plus de ", "pres": "près de ", "pre": "presque ", "bie": "bientôt "}
    qualifier = next((said for start, said in more.items() if (match[1] or "").startswith(start)), "")
    if qualifier == "plus de " and number.startswith("u"):
        qualifier = "plus d’"
    length = f"{qualifier}{number} {many if value > 1 else one}"
    plural = value > 1
    if re.search(r"retard", around[_NEAR // 2 :]):
        tail = " de retard"
    elif re.search(r"sans (reponse|nouvelle)", around):
        tail = " sans réponse" if "sans reponse" in around else " sans nouvelles"
    else:
        tail = " d’attente"
    return Waited(Phrase(length, plural), Phrase(length + tail, plural))


def _english(match: re.Match[str], around: str) -> Waited:
    value = _value(match[2], "en")
    one, many, _ = _UNITS["en"][match[3]]
    number = "an" if value == 1 and one == "hour" else "a" if value == 1 else in_words(value, "en")
    qualifier = match[1] or ""
    length = f"{qualifier}{number} {many if value > 1 else one}"
    if re.search(r"no (reply|answer|word|news|response)|without (an |a |any )?(reply|answer|response)", around):
        return Waited(Phrase(length, value > 1), Phrase(f"{length} without an answer", value > 1))
    kind = "delay" if re.search(r"\blate\b|delay", around) else "wait"
    if qualifier or value == 1:
        noun = "of delay" if kind == "delay" else "of waiting"
        return Waited(Phrase(length, value > 1), Phrase(f"{length} {noun}", value > 1))
    article = "an" if number[0] in "e" or number == "eleven" else "a"
    return Waited(Phrase(length, value > 1), Phrase(f"{article} {number}-{one} {kind}"))


def in_words(value: int, language: str) -> str:
    """A whole number in words up to 69 (French) or 99 (English), else in figures."""
    ones, tens = _ONES[language], _TENS[language]
    if value < len(ones):
        return ones[value]
    ten, one = divmod(value, 10)
    if ten not in tens:
        return str(value)
    if one == 0:
        return tens[ten]
    if language == "fr" and one == 1:
        return f"{tens[ten]} et un"
    return f"{tens[ten]}-{ones[one]}"


def _value(number: str, language: str) -> int:
    if number.isdigit():
        return int(number)
    if number in ("un", "une", "a", "an"):
        return 1
    if number in _ONES[language]:
        return _ONES[language].index(number)
    return next((ten * 10 for ten, word in _TENS[language].items() if word == number), 1)


def _minutes(unit: str) -> int:
    sizes = {"m": 1, "h": 60, "j": 1440, "d": 1440, "s": 10080, "w": 10080, "a": 525600, "y": 525600}
    return 43200 if unit.startswith("mo") else sizes[unit[0]]
