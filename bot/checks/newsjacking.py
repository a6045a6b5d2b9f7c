"""Newsjacking: nothing is sold beside a death, a war, an attack, a disaster, an emergency or an election.

A text that sells, and that names such an event or was ordered to ride on one, blocks; condolences, a closed shop or a gift without
a sale say nothing that sells and pass. A sale whose proceeds are given warns: a person may judge it right. The words are in
`newsjacking.toml`; whether an event is really under way no word list knows, so a name of everyday use is only in there with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.checks.folded import Folded
from bot.checks.subject import Finding, Subject
from bot.triage.phrases import Phrases, read
from bot.triage.text import fold

EVENTS = ("grief", "war", "attack", "disaster", "emergency", "politics")
_PERCENT = re.compile(r"[-–−] ?\d{1,2} ?%|\b\d{1,2} ?% (?:off|de (?:remise|reduction)|sur)")
_PRICE = re.compile(r"(?<![\d\u202f\u00a0 .,])\d{1,3}(?:[.,]\d\d)? ?[€$£]|[€$£]\d{1,3}(?:\.\d\d)?(?![\d,])")
_NAMED = re.compile(
    r"\b(?:[Tt]emp[êe]te|[Oo]uragan|[Cc]yclone|[Tt]yphon|[Ss]torm|[Hh]urricane|[Tt]yphoon) [A-ZÀ-Ý][a-zà-ÿ]{2,}"
)
"""Weather services name what is grave: « la tempête Ciaran », and no « tempête de câlins »."""
_BARRED = re.compile(
    r"\b(?:ne|sans|eviter?|surtout pas|ni|avoid|without|don't|do not|never|no mention|not)\b[^.!?\n]{0,80}$"
)
"""What stands before an event in a brief that says to leave it alone."""


def check(subject: Subject) -> Iterator[Finding]:
    language = subject.language.name if subject.language else ""
    lexicon = _lexicon().get(language) or _lexicon()[""]
    draft = Folded.of(subject.text)
    said = lexicon.groups(draft.text)
    if not _sells(draft.text, said):
        return
    named = _NAMED.search(subject.text)
    event = next((said[group][0] for group in EVENTS if group in said), None)
    kind = next((group for group in EVENTS if group in said), "")
    excerpt = draft.excerpt(event) if event else ""
    if event is None and named:
        kind, excerpt = "disaster", named.group()
    elif event is None and subject.skill == "post":
        kind, excerpt = _ordered(subject.prompt)
    if kind:
        gift = "giving" in said
        yield Finding(
            check="newsjacking",
            level="warn" if gift else "block",
            key="tact.gift" if gift else f"tact.{kind}",
            excerpt=excerpt,
        )


def _sells(text: str, said: dict[str, list[re.Match[str]]]) -> bool:
    return bool("promotion" in said or _PERCENT.search(text) or ("giving" not in said and _PRICE.search(text)))


def _ordered(brief: str) -> tuple[str, str]:
    """The event that the brief wants to ride on, and its words; a brief that says to leave it alone wants none."""
    text = fold(brief)
    said = _lexicon()[""].groups(text)
    for group in EVENTS:
        for match in said.get(group, ()):
            if not _BARRED.search(text[max(0, match.start() - 100) : match.start()]):
                return group, match.group()
    return "", ""


@cache
def _lexicon() -> dict[str, Phrases]:
    return read(Path(__file__).with_suffix(".toml"))
