"""Source of truth of an open incident: a draft on it says nothing that the team did not confirm.

A figure, a date or a quantity that no confirmed line, no guideline and no line of the brand's file holds blocks; so does a sentence that
asserts what a line says nobody knows yet, and one that says what a line says is never to be said. A sentence that says that it is not
known, or is being looked into, asserts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks import facts
from bot.checks.subject import Finding, Subject
from bot.triage.concerns import stems
from bot.triage.text import fold

_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
_SAME, _NEVER = 0.6, 0.7
"""Share of a line's words in a sentence from which the sentence says it."""
_OPEN = re.compile(
    r"\b(?:a etablir|a verifier|pas etabli|pas encore|ne savons pas|ne sait pas|ignorons|verifi\w+|enquet\w+|cherch\w+|reviendrons"
    r"|des que nous|remains? to be|to be established|to be checked|investigat\w+|looking into|do not know|don't know|not know|not yet"
    r"|checking|establish\w*|as soon as|when we know|will update|confirm\w*)\b"
)


def check(subject: Subject) -> Iterator[Finding]:
    if not subject.in_crisis:
        return
    known = subject.model_copy(update={"prompt": subject.called, "facts": (*subject.facts, *subject.confirmed)})
    named = stems(subject.called)
    for finding in facts.check(known):
        if finding.key == "finding.figure":
            yield Finding(
                check="truth",
                level="block",
                key="finding.not_confirmed",
                details=finding.details,
                excerpt=finding.excerpt,
            )
    for sentence in _SENTENCE.findall(subject.text):
        said = stems(sentence)
        if not said:
            continue
        for line in subject.truth:
            if line.sort == "never" and _share(stems(line.words), said) >= _NEVER:
                yield _broken("finding.never", line.words, sentence)
            elif (
                line.sort == "unknown"
                and _share(stems(line.words) - named or stems(line.words), said) >= _SAME
                and not _OPEN.search(fold(sentence))
            ):
                yield _broken("finding.nobody_knows", line.words, sentence)


def _share(words: frozenset[str], said: frozenset[str]) -> float:
    return len(words & said) / len(words) if words else 0.0


def _broken(key: str, line: str, sentence: str) -> Finding:
    return Finding(check="truth", level="block", key=key, details={"line": line}, excerpt=sentence.strip())
