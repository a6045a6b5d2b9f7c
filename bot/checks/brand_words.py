"""Words that the brand does not use, and words that betray a machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from bot.checks.subject import Finding, Subject


def check(subject: Subject) -> Iterator[Finding]:
    for avoided in subject.brand.avoid if subject.brand else ():
        if match := _find(avoided.word, subject.text):
            key = "finding.avoided_word_say" if avoided.say else "finding.avoided_word"
            details = {"word": avoided.word, "say": avoided.say, "why": avoided.why}
            yield Finding(
                check="brand_words", level="warn", key=key, details=details, excerpt=match, rule="brand.toml#avoid"
            )
    language = subject.language
    for phrase in language.machine_words if language else ():
        if language and (match := _find(phrase, subject.text)):
            yield Finding(
                check="brand_words",
                level="warn",
                key="finding.machine_words",
                excerpt=match,
                rule=f"languages/{language.name}.md#machine_words",
            )


def _find(phrase: str, text: str) -> str | None:
    """The phrase as it stands in the text, whatever its case, spaces and apostrophes; whole words."""
    if _rarest(phrase) not in _lowered(text):
        return None
    found = _pattern(phrase).search(text)
    return found.group() if found else None


@lru_cache(maxsize=16)
def _lowered(text: str) -> str:
    return text.casefold()


@cache
def _rarest(phrase: str) -> str:
    """The longest stretch of letters: a text without it holds no such phrase."""
    return max(re.findall(r"\w+", phrase.casefold()), key=len, default="")


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    body = r"\s+".join(re.escape(word.replace("’", "'")).replace("'", "['’]") for word in phrase.split())
    return re.compile(rf"(?i)(?<!\w){body}(?!\w)")
