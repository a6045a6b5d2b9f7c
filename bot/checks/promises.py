"""Promises and admissions: what only the guidelines may promise, and what nobody admits in public.

« nous vous rembourserons », "we'll replace it", « c'est notre faute »; the words are in `promises.toml`. A promise that a guideline
makes in the same words is the brand's own rule and passes; a guideline that quotes a promise to forbid it permits nothing. What is
asked, quoted, supposed, denied, or the customer's own act is no promise. When one falls due is `bot/promises.py`'s affair.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from bot.checks.folded import Folded
from bot.checks.numbers import NUMBER, value
from bot.checks.subject import Finding, Subject
from bot.domain.triage import Risk
from bot.triage.text import fold

RISKS: Mapping[str, tuple[Risk, ...]] = {
    "refund": ("compensation",),
    "replace": ("compensation",),
    "never": ("legal",),
    "admission": ("legal",),
}
"""What saying it all the same puts at stake: who must approve it depends on that (`domain/approval.py`)."""
TOPICS = ("refund", "replace", "callback", "delay", "result", "never", "admission")
_FORMS = ("now", "will", "do", "doing", "done", "noun")
_DELAY = re.compile(
    rf"(?<!\w)(?P<number>un|une|an?|{NUMBER})(?: (?:working|business|prochain\w+|petit\w+|good))? ?"
    r"(?P<unit>h\b|heure|jour|semaine|mois|minute|an\b|hour|hr|day|week|month)"
)
_DURATION = (
    rf"(?:un |une |an? |{NUMBER} ?)(?:petite?s? |prochaine?s? |working |business |good )*"
    r"(?:h\b|heure|jour|semaine|mois|minute|an\b|hour|hr|day|week|month)"
)
_QUOTED = re.compile(r"«[^«»]{0,2000}»|“[^“”]{0,2000}”|\"[^\"\n]{0,2000}\"")
_MOSTLY = 0.7
"""Of a text: who quotes more than that hides behind the marks."""
_BOUND = re.compile(r"[.!?…;:,()«»“”\"—–]|(?<= )(?:et|mais|donc|alors|puis|car|and|but|so|then|because)(?= )")
_STOP = re.compile(r"[.!?…;:,]")
_FORBIDS = re.compile(
    r"\b(?:jamais|eviter|evitez|interdi\w+|proscri\w+|banni\w*|n'ecri\w+|ne (?:pas|dites|dis|promett\w+|disons|ecriv\w+)|plutot que|au lieu de"
    r"|never|do not|don't|avoid|forbidden|banned|must not|mustn't|not to|rather than|instead of)\b"
)
"""In a guideline's sentence: what it quotes is not what it grants."""
REMEMBERED = 2_048
"""Pages that many drafts rest on are read once."""
_AFTER = 2
"""Words after a promise that the guideline must hold too: « nous remboursons sous 14 jours » grants no « nous remboursons tout »."""
_GAP = (
    r" (?:(?!(?:ne|pas|jamais|que|si|comment|quand|pourquoi|not|never|if|whether|how|when|why|what|who|which|that|until|before)\b"
    r"|[nq]u?')[^\s,;:.!?…()«»“”\"]+ ){0,5}?"
)
"""Up to five other words of a clause, none that turns it round."""
_WIDE = r"\b[^,;:.!?…]{0,60}?\b ?"
_REACH = 90
"""Signs before a promise in which its own clause may turn it round."""


@dataclass(frozen=True)
class Lexicon:
    """The page of one language, compiled."""

    topics: Mapping[str, re.Pattern[str]]
    before: re.Pattern[str]
    after: re.Pattern[str]
    yours: re.Pattern[str]
    innocent: re.Pattern[str]
    when: re.Pattern[str]


@dataclass(frozen=True)
class Promise:
    """Words of a text that bind the brand; `topic` is one of TOPICS."""

    topic: str
    match: re.Match[str]


def check(subject: Subject) -> Iterator[Finding]:
    draft = Folded.of(unquoted(subject.text))
    granted = _granted(subject)
    brief = fold(subject.prompt) if subject.skill == "post" else ""
    delays: frozenset[tuple[float, str]] | None = None
    for promise in promises(draft.text):
        said = promise.match.group()
        if _held(promise.match, draft.text, granted) or (promise.topic != "admission" and _asked(promise, brief)):
            continue
        spans = frozenset(_delays(said)) if promise.topic == "delay" else frozenset()
        if spans:
            if delays is None:
                delays = frozenset(chain(_delays(brief), *map(_delays_granted, _pages(subject))))
            if spans <= delays:
                continue
        yield Finding(
            check="promises",
            level="block",
            key=f"promises.{promise.topic}",
            risks=RISKS.get(promise.topic, ()),
            excerpt=draft.excerpt(promise.match),
        )


def promises(folded: str) -> list[Promise]:
    """What a folded text promises or admits, in its order; of words that overlap, the first topic of TOPICS."""
    found: list[Promise] = []
    taken: list[tuple[int, int]] = []
    for topic in TOPICS:
        for lexicon in _lexicons():
            pattern = lexicon.topics.get(topic)
            for match in pattern.finditer(folded) if pattern else ():
                start, end = match.span()
                if any(start < other_end and other < end for other, other_end in taken):
                    continue
                if not _silent(match, folded, lexicon, topic):
                    taken.append((start, end))
                    found.append(Promise(topic, match))
    return sorted(found, key=lambda one: one.match.start())


def _asked(promise: Promise, brief: str) -> bool:
    """Whether the brief of a post says it, or names the day: what a colleague announces is no slip of the draft's."""
    said = promise.match.group()
    days = [one.group() for lexicon in _lexicons() for one in lexicon.when.finditer(said)] if brief else []
    return bool(brief) and (
        said in brief or (promise.topic == "delay" and bool(days) and all(day in brief for day in days))
    )


def unquoted(text: str) -> str:
    """The text with somebody else's words blanked, sign for sign, so that places stay."""
    quoted = _QUOTED.findall(text)
    if not quoted or sum(map(len, quoted)) > _MOSTLY * len(text.strip()):
        return text
    return _QUOTED.sub(lambda words: f"{words[0][0]}{' ' * (len(words[0]) - 2)}{words[0][-1]}", text)


def _silent(match: re.Match[str], folded: str, lexicon: Lexicon, topic: str) -> bool:
    """Whether the clause asks, denies, supposes or reports what it seems to promise."""
    before = folded[max(0, match.start() - _REACH) : match.start()]
    bounds = [bound.end() for bound in _BOUND.finditer(before)]
    clause = before[bounds[-1] :] if bounds else before
    rest = folded[match.end() : match.end() + _REACH]
    stop = _STOP.search(rest)
    if stop and stop.group() == "?":
        return True
    if lexicon.before.search(clause) or lexicon.after.match(rest.lstrip()):
        return True
    if topic == "delay" and lexicon.yours.search(f"{clause}{match.group()}"):
        return True
    around = range(match.start(), match.end())
    near = folded[max(0, match.start() - 20) : match.end() + _REACH]
    shift = max(0, match.start() - 20)
    return any(
        one.start() + shift < around.stop and around.start < one.end() + shift
        for one in lexicon.innocent.finditer(near)
    )


# --- what the guidelines grant ---


def _granted(subject: Subject) -> tuple[str, ...]:
    """The sentences of the guidelines and the brand file that may be said, as plain words."""
    return tuple(sentence for page in _pages(subject) for sentence in _sayable(page))


def _pages(subject: Subject) -> tuple[str, ...]:
    return (*subject.passages, *subject.facts, subject.brand_facts)


@lru_cache(maxsize=REMEMBERED)
def _sayable(page: str) -> tuple[str, ...]:
    sentences: list[str] = []
    forbidden_list = False
    for line in page.splitlines():
        item = line.lstrip()[:1] in tuple("-*•")
        forbidden_list = forbidden_list and item
        for sentence in re.split(r"(?<=[.!?;…])\s+", line):
            folded = fold(sentence)
            if _FORBIDS.search(folded):
                forbidden_list = forbidden_list or folded.endswith(":")
            elif not forbidden_list:
                sentences.append(_plain(folded))
    return tuple(sentences)


@lru_cache(maxsize=REMEMBERED)
def _delays_granted(page: str) -> frozenset[tuple[float, str]]:
    return frozenset(delay for sentence in _sayable(page) for delay in _delays(sentence))


def _held(match: re.Match[str], text: str, granted: tuple[str, ...]) -> bool:
    """Whether a guideline says these very words, and goes on as the draft does."""
    rest = re.split(r"[.!?;…\n]", text[match.end() :], maxsplit=1)[0]
    if rest[:1].isalnum():
        rest = " ".join(rest.split()[1:])
    wanted = _plain(" ".join((match.group(), *rest.split()[:_AFTER])))
    return any(f" {wanted} " in f" {sentence} " for sentence in granted)


def _plain(folded: str) -> str:
    return " ".join(re.findall(r"[\w'%€$£]+", folded))


def _delays(folded: str) -> Iterator[tuple[float, str]]:
    """Durations by value and unit: « 48 h » and « quarante-huit heures » are one."""
    for match in _DELAY.finditer(folded):
        unit = {"h": "heure", "hour": "heure", "hr": "heure", "day": "jour", "week": "semaine", "month": "mois"}
        yield value(match["number"]), unit.get(match["unit"], match["unit"])


# --- the page ---


@cache
def _lexicons() -> tuple[Lexicon, ...]:
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(_lexicon(page) for page in raw.values())


def _lexicon(page: dict[str, Any]) -> Lexicon:
    silence = page["silence"]
    words = {name: "|".join(said) for name, said in page["words"].items()}

    def either(phrases: Sequence[str], forms: Mapping[str, str] | None = None, gap: str = _GAP) -> str:
        return "|".join(f"(?:{_pattern(phrase, words | dict(forms or {}), gap)})" for phrase in phrases)

    topics = {}
    for topic in TOPICS:
        told = page.get(topic, {})
        forms = {form: "|".join(told[form]) for form in _FORMS if form in told}
        wanted = [*page["frames"], *(page["offers"] if told.get("offers") else ())]
        frames = [frame for frame in wanted if _asks(frame) and _asks(frame) <= forms.keys()]
        phrases = [*told.get("said", ()), *frames]
        phrases += [f"{act} .. {{when}}" for act in told.get("acts", ())]
        body = either(phrases, forms)
        if leads := told.get("leads"):
            body += f"|(?:{either(leads)}) {_DURATION}\\w*"
        topics[topic] = re.compile(rf"(?<![\w'-])(?:{body})(?!\w)")
    return Lexicon(
        topics=topics,
        before=re.compile(rf"(?<!\w)(?:{either(silence['before'], gap=_WIDE)}) ?$"),
        after=re.compile(rf"(?:{either(silence['after'])})(?!\w)"),
        yours=re.compile(rf"(?<!\w)(?:{either(silence['yours'], gap=_WIDE)})"),
        innocent=re.compile(rf"(?<!\w)(?:{either(silence['innocent'])})"),
        when=re.compile(rf"(?<!\w)(?:{either(['{when}'])})(?!\w)"),
    )


def _asks(frame: str) -> set[str]:
    """The forms of verbs that a frame is filled with."""
    return {name for name in re.findall(r"\{(\w+)\}", frame) if name in _FORMS}


def _pattern(phrase: str, words: Mapping[str, str], gap: str) -> str:
    """A phrase of the page as a pattern on folded text."""
    while "{" in phrase:
        phrase = re.sub(r"\{(\w+)\}", lambda name: f"({words[name[1]]})", phrase)
    folded = fold(f"x{phrase}x")[1:-1].replace("*", r"\w*")
    folded = re.sub(r"\((?!\?)", "(?:", folded).replace("[", "(?:").replace("]", ")?")
    return folded.replace(" .. ", gap)
