"""Promises and admissions: what only the guidelines may promise, and what nobody admits in public.

« nous vous rembourserons », "we'll replace it", « c'est notre faute ». A promise that a guideline makes in the same words is
the brand's own rule and passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject
from bot.triage.text import fold

_PROMISES = re.compile(
    r"(?:nous|on) (?:vous |te |l'|le |la |les )*(?:rembours\w+|remplac\w+|renv\w+|rappell?\w+|recontact\w+|indemnis\w+|dedommag\w+|offr\w+|echang\w+|livr\w+|regl\w+|resoud\w+|garanti\w+)(?<!e)(?<!es)"
    r"|(?:nous|on) (?:allons|va|vais) (?:vous |te |l'|le |la |les )*(?:rembours|remplac|renvoy|rappel|recontact|indemnis|dedommag|offrir|echang|regler|resoudre)\w*"
    r"|vous (?:serez|allez etre|recevrez|aurez) (?:rembours|indemnis|dedommag|rappel|recontact|livr|contact|votre rembours)\w*"
    r"|tu (?:seras|vas etre|recevras|auras) (?:rembours|indemnis|dedommag|rappel|recontact|livr|contact|ton rembours)\w*"
    r"|(?:on|nous) (?:revient|revenons|reviendra|reviendrons) vers (?:vous|toi) (?:demain|aujourd'hui|ce soir|dans|sous|d'ici|avant)[^.]{0,20}"
    r"|(?:sous|dans les|d'ici|avant) \d+ ?(?:h|heures|jours|semaines)\b"
    r"|cela ne se reproduira (?:plus|pas)|ca ne se reproduira (?:plus|pas)|plus jamais"
    r"|(?:we|i)(?:'ll| will| are going to|'re going to| shall) (?:\w+ ){0,2}?(?:refund|replace|resend|send you|call|phone|compensate|reimburse|exchange|fix|resolve|make it right|get back to you|give you)\b[^.]{0,25}"
    r"|you(?:'ll| will) (?:be (?:refunded|compensated|contacted|reimbursed|called)|get (?:a |your )?(?:refund|replacement|money)|receive (?:a |your )?(?:refund|replacement))"
    r"|(?:within|in the next) (?:\d+|an?|two|three) (?:hours?|days?|weeks?|working days?)"
    r"|(?:won't|will not|will never) happen again|we guarantee|we promise|nous garantissons|nous promettons|nous nous engageons"
)
_ADMISSIONS = re.compile(
    r"c'est (?:de )?notre (?:entiere )?(?:faute|erreur|responsabilite)|nous (?:sommes|etions) (?:entierement |pleinement )?(?:responsables|en tort|fautifs|coupables)"
    r"|nous (?:avons|aurions) (?:commis|fait) une (?:faute|erreur)|nous reconnaissons (?:notre|nos|etre|avoir)|nous aurions du|nous avons eu tort|par notre (?:faute|negligence)"
    r"|notre (?:produit|creme|cafe) (?:est|etait) (?:dangereux|contamine|defectueux)"
    r"|(?:it's|it is|it was|that's|this is) (?:entirely |all )?our (?:fault|mistake|error|responsibility)|we (?:are|were) (?:entirely |fully )?(?:to blame|at fault|responsible|liable|negligent|in the wrong)"
    r"|we made a mistake|we messed up|we screwed up|we should have|we admit|we accept (?:full )?(?:responsibility|liability)|our (?:product|coffee|cream) (?:is|was) (?:dangerous|contaminated|faulty)"
)


def check(subject: Subject) -> Iterator[Finding]:
    text = fold(subject.text)
    allowed = fold("\n".join((*subject.passages, *subject.facts)))
    for match in _PROMISES.finditer(text):
        if not _held(match, text, allowed) and not (subject.skill == "post" and match.group() in fold(subject.prompt)):
            yield Finding(
                check="promises", level="block", key="finding.promise", excerpt=_as_written(match, subject.text)
            )
    for match in _ADMISSIONS.finditer(text):
        if not _held(match, text, allowed):
            yield Finding(
                check="promises", level="block", key="finding.admission", excerpt=_as_written(match, subject.text)
            )


def _held(match: re.Match[str], text: str, allowed: str) -> bool:
    """Whether the guidelines hold these very words: the promise with the three words around it."""
    start = text.rfind(" ", 0, max(0, match.start() - 1)) + 1
    end = text.find(" ", match.end() + 1)
    return text[start : end if end > 0 else len(text)].strip(" .,;:!") in allowed


def _as_written(match: re.Match[str], text: str) -> str:
    """The words of the draft that the folded match stands for (same words, accents and case back)."""
    first, *rest = (re.escape(word) for word in match.group().split())
    words, folded = text.split(), [fold(word) for word in text.split()]
    size = len(rest) + 1
    for place in range(len(words) - size + 1):
        if match.group().strip() in " ".join(folded[place : place + size]):
            return " ".join(words[place : place + size])
    return first if not rest else match.group()
