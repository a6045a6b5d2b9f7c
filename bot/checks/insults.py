"""Insults and contempt: none leaves in the brand's name, whatever the comment deserved.

An insult blocks; a word that is also innocent (« ridicule », « un bâtard » at the baker's, "stupid") warns. What stands
between quotation marks is the comment's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.folded import Folded
from bot.checks.subject import Finding, Subject
from bot.domain.draft import Level
from bot.triage.text import cue

_INSULTS = """
con cons conne connes connard* connasse* salope salopes salopard* salaud* saloperie* enfoire* encule* putain pute putes
fils_de_pute merde merdes merdeux debile* abruti* cretin* idiot idiots idiote idiotes imbecile* tocard* raclure* sous-merde
menteur menteurs menteuse* hysterique* pauvre_type pauvre_fille pauvre_tache espece_d'* bande_de_cons bande_de_nuls
bande_d'* ta_gueule vos_gueules ferme-la fermez-la ferme_ta_* va_te_faire allez_vous_faire fous_le_camp foutez_le_camp
casse-toi cassez-vous tg ntm pede pedes mongol mongolien* gogol naze nazes pleurnichard*
moron* idiotically asshole* arsehole* bastard* bitch* fuck* shit shitty bullshit shut_up dumbass* loser* liar liars
get_lost wanker* twat* cunt* dickhead* you_prick scumbag* retarded piss_off bugger_off screw_you jackass* whiner* crybab*
""".split()
_CONTEMPT = """
ridicule ridicules mauvaise_foi pathetique* stupide* grotesque* lamentable* minable* batard* bouffon* illettre* fdp
stupid dumb pathetic crap ridiculous laughable clueless idiotic hysterical clown* troll* nonsense bad_faith
""".split()
_INNOCENT = re.compile(
    r"\bcomic[ -]con\b|\b(?:only|one|pros? (?:and|et)|pour et) con\b|\bbande d'(?:annonce|arret|essai)\w*"
)
_MASKED = re.compile(r"\b(?:f[*@#.]+c?k|sh[*@#!]+t|m[*@#]+rde|c[*@#]+n(?:ard)?|p[*@#]+tain|b[*@#]+tch)\w*|#@[!$&%]")
_GO_AWAY = re.compile(r"(?:(?<=[.!?;:,] )|^)degage[zr]?(?= ?[.!?,]|$| d'ici\b| de (?:la|notre)\b)")
_QUOTED = re.compile(r"«[^«»]{0,2000}»|“[^“”]{0,2000}”")


def _cues(words: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(cue(word.replace("_", " ")) for word in words)


_LEVELS: tuple[tuple[Level, tuple[re.Pattern[str], ...]], ...] = (
    ("block", (*_cues(_INSULTS), _MASKED, _GO_AWAY)),
    ("warn", _cues(_CONTEMPT)),
)
_WORD_STARTS = r"(?<!\w)"
_CUES = [cue.pattern.removeprefix(_WORD_STARTS) for cue in _cues([*_INSULTS, *_CONTEMPT])]
_ANY = re.compile(rf"{_WORD_STARTS}(?:{'|'.join(_CUES)})|{_MASKED.pattern}|{_GO_AWAY.pattern}")
"""Most texts hold none: asked once, at the words' starts."""


def check(subject: Subject) -> Iterator[Finding]:
    folded = Folded.of(_QUOTED.sub(_blank, subject.text))
    text = _INNOCENT.sub(_blank, folded.text)
    if not _ANY.search(text):
        return
    for level, patterns in _LEVELS:
        for pattern in patterns:
            if match := pattern.search(text):
                yield Finding(check="insults", level=level, key="finding.insult", excerpt=folded.excerpt(match))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
