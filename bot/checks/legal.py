"""Law: the rules of the legal pages that hold in the brand's country, as a careful press officer would ask counsel about them.

A rule fires on words, not on what is lawful, so it warns; a brand may raise one to a block, or silence one with its reason
(`brand.toml`, `[law]`). The brief counts as what the text is about: a paid partnership named there must be named in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.checks.folded import Folded
from bot.checks.subject import Finding, Subject
from bot.domain.draft import Level
from bot.law import Law
from bot.triage.phrases import Phrases
from bot.triage.text import fold

Found = dict[str, list[re.Match[str]]]


def check(subject: Subject) -> Iterator[Finding]:
    laws = tuple(law for law in subject.law if _concerns(law, subject))
    if not laws or not subject.text.strip():
        return
    draft = Folded.of(subject.text)
    said = _phrases(laws, subject.language.name if subject.language else "").groups(draft.text)
    asked = _phrases(laws, "").groups(fold(subject.prompt)) if subject.skill == "post" and subject.prompt else {}
    for law in laws:
        if (excerpt := _broken(law, draft, said, asked)) is not None:
            yield Finding(check="legal", level=_level(law, subject), key=f"law.{law.id}", excerpt=excerpt)


def _concerns(law: Law, subject: Subject) -> bool:
    silent = subject.brand.law.silenced if subject.brand else frozenset()
    return (
        law.id not in silent
        and (not subject.skill or subject.skill in law.skills)
        and (not law.networks or subject.network.name in law.networks)
    )


def _level(law: Law, subject: Subject) -> Level:
    return "block" if subject.brand and law.id in subject.brand.law.block else law.level


def _broken(law: Law, draft: Folded, said: Found, asked: Found) -> str | None:
    """The words of the draft that break the law; empty where what is missing is the breach, None where nothing is broken."""
    cause = next(iter(said.get(f"{law.id}.when", ())), None)
    applies = not law.when or cause is not None or f"{law.id}.when" in asked
    if not applies or f"{law.id}.unless" in said:
        return None
    if law.never and (broken := next(iter(said.get(f"{law.id}.never", ())), None)):
        return draft.excerpt(broken)
    if law.must:
        met = said.get(f"{law.id}.must", ())
        if any(not law.must_first or draft.places[match.start()] < law.must_first for match in met):
            return None
        return draft.excerpt(cause) if cause else ""
    return None if law.never else (draft.excerpt(cause) if cause else "")


@lru_cache(maxsize=64)
def _phrases(laws: Sequence[Law], language: str) -> Phrases:
    """One lexicon of all the rules, in a language, or in every one where it is "" or has no phrases of its own."""
    groups: dict[str, tuple[str, ...]] = {}
    for law in laws:
        for name in ("when", "unless", "must", "never"):
            phrases: dict[str, tuple[str, ...]] = getattr(law, name)
            spoken = (phrases[language],) if language in phrases else phrases.values()
            groups[f"{law.id}.{name}"] = tuple(phrase for told in spoken for phrase in told)
    return Phrases(groups)
