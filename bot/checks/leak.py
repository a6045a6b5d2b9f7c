"""Leaks: nothing that a writer was told beside the brand's own words, and no talk of prompts and models, stands in a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.subject import Finding, Subject
from bot.triage.text import fold

RUN = 7
"""Words in a row that no reply shares with its instructions by chance."""
_MARK = re.compile(r"[0-9a-f]{12}")
"""What a marked block is marked with (`writers/prompt.py`)."""
_MACHINE = re.compile(
    r"(?i)\b(?:system prompts?|prompts? syst[eè]mes?|(?:my|these|previous|hidden|system|secret) instructions|(?:mes|ces) (?:instructions|consignes) (?:syst[eè]me|internes?|cach[ée]es|secr[eè]tes)"
    r"|instructions? syst[eè]me|(?:large )?language models?|mod[eè]les? de langage|as an ai\b|en tant qu[’']ia\b|i am an ai\b|i[’']m an ai\b|je suis une (?:ia|intelligence artificielle)\b"
    r"|chatgpt|openai|anthropic|gpt-?\d\w*|developer mode|mode d[ée]veloppeur|jailbreak\w*|prompt injection)\b"
    r"|<[^<>\n]{0,4}(?:comment|brief|passages|examples|rules|mend)-[^<>\n]{0,20}>?"
)


def check(subject: Subject) -> Iterator[Finding]:
    for said in _MACHINE.finditer(subject.text):
        yield Finding(check="leak", level="warn", key="finding.machine_talk", excerpt=said.group())
    if not subject.told:
        return
    for mark in _MARK.findall(subject.told):
        if mark in subject.text:
            yield Finding(check="leak", level="block", key="finding.leak", excerpt=mark)
    told, ground = _runs(subject.told), _runs(subject.ground)
    words = list(re.finditer(r"\w+", subject.text))
    spoken = [fold(word.group()) for word in words]
    for start in range(len(words) - RUN + 1):
        run = tuple(spoken[start : start + RUN])
        if run in told and run not in ground:
            excerpt = subject.text[words[start].start() : words[start + RUN - 1].end()]
            yield Finding(check="leak", level="block", key="finding.leak", excerpt=excerpt)
            return


@lru_cache(maxsize=64)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", fold(text))
    return frozenset(tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
