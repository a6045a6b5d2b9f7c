"""Insults and contempt: none leaves in the brand's name, whatever the comment deserved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject
from bot.triage.text import cue, fold

WORDS = (
    "con conne connard* connasse* salop* encul* putain merde debile* abruti* cretin* idiot idiote imbecile* "
    "pauvre_type ta_gueule ferme-la degage va_te_faire menteur menteuse ridicule mauvaise_foi hysterique* "
    "idiot* moron* stupid asshole* bastard* bitch* fuck* shit* shut_up dumb loser* liar pathetic get_lost crap hysterical"
).split()
_PATTERNS = tuple(cue(word.replace("_", " ")) for word in WORDS)


def check(subject: Subject) -> Iterator[Finding]:
    text = fold(re.sub(r"«[^»]*»|“[^”]*”", " ", subject.text))
    for pattern in _PATTERNS:
        if match := pattern.search(text):
            yield Finding(check="insults", level="block", key="finding.insult", excerpt=match.group())
