"""Coherence: what a draft states, held against what left for the same brand in the last days.

Two statements of one subject may not name another figure, date, price or hour, nor say yes and no; who apologised for something does not
deny it the next week. Precise before complete: statements are of one subject when they share every word that carries meaning
(`coherence.toml` says which are the same and which the opposite), and what concerns one customer's own order is left alone. The texts
are handed in (`Subject.released`); nothing here asks a model or an index.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from bot.checks.numbers import FIGURE, SPELT, value
from bot.checks.subject import Finding, Released, Subject
from bot.triage.days import MONTHS, WEEKDAYS, month
from bot.triage.language import detect
from bot.triage.text import fold

Figures = frozenset[tuple[str, float | str]]
_SENTENCE = re.compile(r"[^.!?;\n…]+(?:\.(?=\d)[^.!?;\n…]+)*[.!?;…]*")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DATE = re.compile(
    r"(?<!\w)(?P<day>\d{1,2})(?:er|st|nd|rd|th)? (?:of )?(?P<month>[a-z]{3,9})\b"
    r"|\b(?P<first>[a-z]{3,9}) (?P<second>\d{1,2})(?:st|nd|rd|th)?\b"
)
_CLOCK = re.compile(
    r"(?<!\w)(?P<hour>\d{1,2})(?: ?h ?(?P<minute>\d{2})?| heures?)(?![\w%])"
    r"|(?<!\w)(?P<twelve>\d{1,2})(?:[:.](?P<past>\d{2}))? ?(?P<half>am|pm)\b"
)
_MONEY = re.compile(
    rf"(?P<before>[€£$]) ?(?P<sum>{FIGURE})|(?P<amount>{FIGURE}) ?(?P<after>€|£|\$|euros?|pounds?|dollars?)"
)
_COUNT = re.compile(rf"(?<![\w.,])(?P<number>{FIGURE}|(?:{SPELT})(?!\w)) ?(?:working |business )?(?P<unit>%|[a-z]+)")
_STEM = 5
_LEAST = 2
"""Words of meaning that two statements share before they can speak of one subject."""
_TELLING = frozenset({"€", "£", "$", "%", "clock", "day", "days", "jour"})
"""Units that tell what a statement is of where one word alone says it: "members get 10% off"."""
REMEMBERED = 4_096
_SHOWN = 160


@dataclass(frozen=True)
class Statement:
    """One sentence as a claim: its words of meaning, whether it denies them, and its figures by unit."""

    written: str
    language: str
    order: tuple[str, ...]
    denies: bool
    figures: Figures
    opens: bool = False
    """It says when something is open or closed: on several days, both may be true."""
    posture: str = ""
    """`apology`, `denial`, or neither."""

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.order)

    def tail(self, words: frozenset[str]) -> bool:
        """Whether what it says beside these words comes after them: « en Belgique, et au Luxembourg », not "the travel kettle"."""
        others = [place for place, word in enumerate(self.order) if word not in words]
        return not others or others[0] > max(place for place, word in enumerate(self.order) if word in words)

    def of(self, unit: str) -> frozenset[float | str]:
        return frozenset(value for name, value in self.figures if name == unit)


def check(subject: Subject) -> Iterator[Finding]:
    if not subject.released:
        return
    ours = statements(subject.text, subject.prompt, subject.language.name if subject.language else "")
    if not ours:
        return
    seen: set[str] = set()
    for other in subject.released:
        for theirs in statements(other.text, other.prompt, other.language):
            for mine in ours:
                if mine.written not in seen and (what := contradiction(mine, theirs)):
                    seen.add(mine.written)
                    yield _finding(what, mine, theirs, other)


def contradiction(mine: Statement, theirs: Statement) -> str:
    """`figure`, `yes_no`, `posture`, or nothing when both may be said."""
    shared = mine.words & theirs.words
    if mine.language != theirs.language or not shared:
        return ""
    if mine.denies != theirs.denies:
        no, yes = (mine, theirs) if mine.denies else (theirs, mine)
        if len(shared) < _LEAST or not (no.words <= yes.words and no.figures <= yes.figures and yes.tail(no.words)):
            return ""
        return "posture" if {no.posture, yes.posture} == {"apology", "denial"} else "yes_no"
    units = {unit for unit, _ in mine.figures}
    if mine.words != theirs.words or units != {unit for unit, _ in theirs.figures}:
        return ""
    others = [
        unit for unit in units if mine.of(unit) != theirs.of(unit)
    ]  # of two, one tells what the other is of: 200 ml, 29 €
    if len(others) != 1 or len(mine.of(others[0])) != len(theirs.of(others[0])) or (mine.opens and others == ["date"]):
        return ""
    return "figure" if len(shared) >= _LEAST or others[0] in _TELLING else ""


def _finding(what: str, mine: Statement, theirs: Statement, other: Released) -> Finding:
    details = {"draft": other.draft, "date": other.at.date().isoformat(), "other": theirs.written[:_SHOWN]}
    return Finding(check="coherence", level="warn", key=f"coherence.{what}", details=details, excerpt=mine.written)


@lru_cache(maxsize=REMEMBERED)
def statements(text: str, prompt: str, language: str = "") -> tuple[Statement, ...]:
    """What a text claims. Questions, thanks, what concerns one customer alone, and the comment's own figures claim nothing."""
    page = _pages().get(language or detect(text)[0])
    if page is None:
        return ()
    given = _figures(fold(prompt))
    found = [_statement(match.group().strip(), page, given) for match in _SENTENCE.finditer(text)]
    return tuple(one for one in found if one and one.order)


def _statement(written: str, page: _Page, given: Figures) -> Statement | None:
    folded = fold(written)
    if written.endswith("?") or page.own.search(folded):
        return None
    figures = _figures(folded)
    said = _WORD.findall(folded.replace("'", " "))
    words = [word[:_STEM] for word in said if word not in page.filler and not word[0].isdigit()]
    posture = "denial" if page.denial.search(folded) else "apology" if page.apology.search(folded) else ""
    turned = (page.negation.search(folded), page.without.search(folded), any(word in page.denies for word in words))
    denies = posture == "denial" or sum(map(bool, turned)) % 2 == 1
    meant = [page.same.get(word, word) for word in words if word not in page.postures]
    aside = {str(unit)[:_STEM] for unit, _ in figures} | _SPELT_STEMS
    if any(unit == "date" for unit, _ in figures):
        aside |= _MONTH_STEMS
    if any(page.event.match(word) for word in meant):
        figures |= {("weekday", float(WEEKDAYS[word])) for word in said if word in WEEKDAYS}
        aside |= _DAY_STEMS
    return Statement(
        written=written,
        language=page.language,
        order=tuple(word for word in meant if word not in aside),
        denies=denies,
        figures=figures - given,
        opens=bool(page.opens & {*meant}),
        posture=posture,
    )


def _figures(folded: str) -> Figures:
    """Every figure of a folded text with what it counts: money by currency, hours of the clock, dates, else the word that follows."""
    found: set[tuple[str, float | str]] = set()

    def money(match: re.Match[str]) -> str:
        sign = {"e": "€", "p": "£", "d": "$"}.get(
            (match["before"] or match["after"])[0], match["before"] or match["after"]
        )
        found.add((sign, value(match["sum"] or match["amount"])))
        return " "

    def date(match: re.Match[str]) -> str:
        named = month(match["month"] or match["first"])
        if named is None:
            return match.group()
        found.add(("date", f"{named}-{int(match['day'] or match['second'])}"))
        return " "

    def clock(match: re.Match[str]) -> str:
        if match["half"]:
            hour = int(match["twelve"]) % 12 + (12 if match["half"] == "pm" else 0) + int(match["past"] or 0) / 60
        else:
            hour = int(match["hour"]) + int(match["minute"] or 0) / 60
        found.add(("clock", float(hour)))
        return " "

    if not any(sign.isdigit() for sign in folded) and not _SPELLED.search(folded):
        return frozenset()
    rest = _CLOCK.sub(clock, _DATE.sub(date, _MONEY.sub(money, folded)))
    for match in _COUNT.finditer(rest):
        found.add((match["unit"][:4], value(match["number"])))
    return frozenset(found)


# --- the page ---

_SPELLED = re.compile(rf"(?<!\w)(?:{SPELT})(?!\w)")
_MONTH_STEMS = frozenset(name[:_STEM] for name in MONTHS)
_DAY_STEMS = frozenset(name[:_STEM] for name in WEEKDAYS)
_SPELT_STEMS = frozenset(word[:_STEM] for word in re.findall(r"[a-z]+", SPELT))


@dataclass(frozen=True)
class _Page:
    language: str
    filler: frozenset[str]
    negation: re.Pattern[str]
    without: re.Pattern[str]
    same: dict[str, str]
    denies: frozenset[str]
    postures: frozenset[str]
    opens: frozenset[str]
    apology: re.Pattern[str]
    denial: re.Pattern[str]
    own: re.Pattern[str]
    event: re.Pattern[str]


@cache
def _pages() -> dict[str, _Page]:
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {language: _page(language, told) for language, told in raw.items()}


def _page(language: str, told: dict[str, Any]) -> _Page:
    same = {word[:_STEM]: group[0][:_STEM] for group in told["same"] for word in group}
    pairs = [(yes[:_STEM], no[:_STEM]) for yes, no in told["opposite"]]
    same |= {no: same.get(yes, yes) for yes, no in pairs}
    return _Page(
        language=language,
        filler=frozenset(told["filler"].split()),
        negation=re.compile(told["negation"]),
        without=re.compile(told["without"]),
        same=same,
        denies=frozenset(no for _, no in pairs),
        postures=frozenset(word[:_STEM] for word in told["postures"].split()),
        opens=frozenset(same.get(word[:_STEM], word[:_STEM]) for word in told["opens"]),
        apology=re.compile(told["apology"]),
        denial=re.compile(told["denial"]),
        own=re.compile(told["own"]),
        event=re.compile(told["event"]),
    )
