"""Promises and admissions: what only the guidelines may promise, and what nobody admits in public.

« nous vous rembourserons », "we'll replace it", « c'est notre faute ». A promise that a guideline makes in the same words is
the brand's own rule and passes; a guideline that quotes a promise to forbid it permits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.folded import Folded
from bot.checks.numbers import NUMBER, value
from bot.checks.subject import Finding, Subject
from bot.triage.text import fold

_UNITS = r"(?P<unit>h\b|heure|jour|semaine|mois|minute|an\b|hour|hr|day|week|month)"
_DELAYS = re.compile(
    rf"\b(?:sous|d'ici|dans (?:les|un delai de)|en moins de|within|in the next|in under|inside) (?:(?:un|une|an?|{NUMBER}) ?)"
    rf"(?:petite?s? |prochaine?s? |working |business )*{_UNITS}\w*"
)
_DELAY = re.compile(rf"(?<!\w)(?P<number>un|une|an?|{NUMBER})(?: (?:working|business|prochain\w+|petit\w+))? ?{_UNITS}")

_WE = r"\b(?:nous|on|je) (?:(?:vous|te|le|la|les|lui|leur|en) |t'|l')*"
_THING = r"(?:votre|ton|vos|tes|cet?|cette|l'article|le produit|your|it|the|this)\b"
_REFUND_ETC = r"(?:rembours|indemnis|dedommag|rappele|recontact|credit|livre|contacte)\w*"

_PROMISES = re.compile(
    "|".join(
        (
            # nous remplaçons, on vous recontactera: the finite verb; « pour nous renvoyer » is the customer's own act
            rf"{_WE}(?:(?:rembours|remplac|recontact|livr|regl|credit)(?:e|ons|era|erons|erai)\b|(?:indemnis|dedommag)\w*(?:e|ons|ra|rai)\b)",
            rf"{_WE}(?:offr(?:e|ons|ira|irons|irai)|resou(?:t|dons)|resoudr(?:a|ons|ai)|garanti(?:t|s|ssons|ra|rons))\b",
            rf"{_WE}(?:renvo(?:ie|yons)|renverr(?:a|ons|ai))\b(?! (?:vers|a|au|aux)\b)",
            rf"{_WE}echang(?:e|eons|era|erons) {_THING}",
            r"\b(?:nous|on|je) (?:vous |te |t'|l'|la )rappell?e(?:ra|rai|rons|ns)?\b(?!-)(?! ?,?:? ?(?:qu|les? |la |nos |notre |l')|[^.!?]{0,40}\bqu[e'])",
            r"\b(?:nous|on|je) (?:vous |te |t'|l'|la )rappelons\b(?! ?,?:? ?(?:qu|les? |la |nos |notre |l')|[^.!?]{0,40}\bqu[e'])",
            r"\b(?:nous|on|je) (?:vous |te )?(?:ferons|fera|ferai|faisons|fait|fais) (?:un geste|le necessaire|en sorte)",
            r"\b(?:nous|on|je) proced(?:ons|erons|e|era) (?:au|a (?:un|votre|la|l')) ?(?:rembours|remplac|renvoi|echange|reexpe|virement)\w*",
            # going to
            r"\b(?:nous|on|je) (?:allons|va|vais) (?:(?:vous|te|le|la|les|lui|en) |t'|l')*(?:rembours|remplac|renvoyer(?! vers)|rappeler(?! qu)|recontact|indemnis|dedommag|offrir|regler|resoudre|livrer|credit|garantir|faire (?:un geste|le necessaire|en sorte)|echanger (?:votre|ton|le|la|l'))\w*",
            # what will be done to you
            rf"\b(?:vous serez|tu seras|vous allez etre|tu vas etre) (?:\w+ )?{_REFUND_ETC}",
            r"\b(?:vous (?:recevrez|aurez|obtiendrez|allez recevoir)|tu (?:recevras|auras|vas recevoir)) (?:\w+ ){0,2}?(?:rembours\w*|remplacement|bon|avoir|geste|colis|cadeau|produit|commande|dedommag\w*|echange)\b",
            r"\b(?:remboursement|avoir|remplacement|geste commercial|bon d'achat) (?:vous |te )?(?:sera|va etre|est (?:deja )?(?:en (?:cours|route)|parti))\b",
            r"\b(?:commande|colis|produit|article|paquet|flacon) (?:vous |te )?(?:sera|va (?:vous |t')?etre) (?:\w+ )?(?:rembours|remplac|renvoy|livr|reexped|exped|echang|offert)\w*",
            r"\b(?:vous|te) (?:sera|seront) (?:\w+ )?(?:rembours|remplac|renvoy|livr|reexped|exped|echang|offert)\w*",
            r"\b(?:votre|ta|ton) (?:\w+ ){1,3}(?:est|sera) offerte?s?\b",
            r"\b(?:vous avez|tu as|vous aurez|tu auras) droit a (?:un|une|votre|ton) ",
            r"\b(?:c'est (?:offert|cadeau|pour nous)|offert par la maison|a nos frais)\b",
            # when
            r"\b(?:nous|on|je) (?:(?:vous|te|y) |t')*(?:reviens|revient|revenons|reviendr\w+|repond(?:s|ons|ra|rons|rai)?|contact(?:e|ons|era|erons)|ecri(?:s|t|vons|ra|rons|rai))\b[^.!?]{0,30}?\b(?:demain|aujourd'hui|ce soir|dans (?:la (?:journee|matinee|soiree|semaine|foulee)|l'heure)|cette semaine|avant (?:ce|la|le|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\d))\b",
            # never again, on our word
            r"\b(?:ne|n') ?(?:se )?(?:re)?(?:produira|produiront|arrivera|arriveront) (?:plus|pas|jamais)\b",
            r"\bplus jamais (?:ca|cela)\b",
            r"\bc'est promis\b|\bpromis(?:,| ?!| jure)|\b(?:nous|on|je) (?:(?:vous|te|le) |t'|l')*(?:prome(?:ts?|ttons)|jur(?:e|ons))\b",
            r"\b(?:nous nous engageons|on s'engage|je m'engage)\b|\b(?:nous|on|je) (?:vous |te |t')assur(?:e|ons) qu",
            # English
            r"\b(?:we|i)(?:'ll| will| shall|(?:'re| are|'m| am) going to) (?:(?!not\b|never\b)\w+ ){0,2}?(?:refund|replace|resend|reship|call (?:you|back)|phone|ring you|compensate|reimburse|exchange (?:it|your|the)|fix|resolve|sort (?:this|it|that|everything)|make (?:it|this|things) (?:right|up)|give you|credit|deliver|waive|cover (?:the|your)|guarantee)\b",
            r"\b(?:we|i)(?:'ll| will| shall|(?:'re| are|'m| am) going to) (?:(?!not\b|never\b)\w+ ){0,2}?send (?:you|it|out|over|another)\b(?! (?:an? )?(?:dm|private|direct|message))",
            r"\b(?:we|i)(?:'ll| will) (?:\w+ )?(?:make sure|ensure|see to it)\b[^.!?]{0,30}\b(?:happens?|again)\b",
            r"\b(?:we|i)(?:'ll| will) (?:\w+ )?(?:get|come|be) back (?:to|with) you (?:\w+ )?(?:today|tonight|tomorrow|within|in (?:an?|\d)|by (?:\d|\w+day|tomorrow|tonight|noon|the end)|before|this|on \w+day|\w+day)\b",
            r"\bwe (?:refund|replace|reimburse|compensate|guarantee|promise|deliver)\b|\bi promise\b|\byou have our word\b",
            r"\b(?:we're|we are|i'm|i am) (?:\w+ )?(?:refunding|replacing|issuing|crediting|sending (?:you|out|a))\b",
            r"\b(?:we've|we have|i've|i have) (?:\w+ )?(?:refunded|replaced|issued|credited)\b",
            r"\byou(?:'ll| will) (?:\w+ )?(?:be (?:\w+ )?(?:refunded|compensated|contacted|reimbursed|called)|(?:get|receive|have) (?:an? |your )?(?:\w+ )?(?:refund|replacement|money|credit|voucher))\b",
            r"\b(?:refund|replacement|credit|voucher) (?:will|has been|is (?:on its way|being|coming|in progress))\b",
            r"\byour (?:order|parcel|package|item) will (?:be (?:\w+ )?(?:resent|replaced|delivered|refunded|there)|arrive)\b",
            r"\byou(?:'re| are) entitled to\b|\bon the house\b|\bour treat\b",
            r"\b(?:won't|will not|will never|shan't|is never going to|never going to) happen again\b",
        )
    )
)
_ADMISSIONS = re.compile(
    "|".join(
        (
            r"\bc'(?:est|etait) (?:bien |entierement |totalement |de )*notre (?:entiere )?(?:faute|erreur|responsabilite)\b(?! de \w+(?:er|ir|re)\b)",
            r"\b(?:nous (?:en )?(?:sommes|etions)|on (?:en )?(?:est|etait)) (?:\w+ )?(?:responsables?|en tort|en faute|fautifs?|coupables?)\b",
            r"\b(?:nous (?:avons|aurions)|on (?:a|aurait)) (?:commis|fait) une (?:\w+ )?(?:faute|erreur)\b",
            r"\b(?:nous reconnaissons|on reconnait) (?:notre|nos|etre|avoir)\b|\b(?:nous aurions|on aurait) du\b",
            r"\b(?:nous avons|on a) eu tort\b|\b(?:nous nous sommes|on s'est) tromp\w+|\bnous plaidons coupable\b",
            r"\bpar notre (?:faute|negligence)\b|\b(?:faute|erreur|negligence|manquement|defaillance) de notre part\b",
            r"\b(?:l'erreur|la faute) (?:vient|est venue|est) de (?:chez )?nous\b",
            r"\b(?:assumons|assume) (?:\w+ |l')*responsabilite",
            r"\b(?:notre|nos) \w+ (?:est|etait|sont|etaient) (?:dangereu|contamin|defectueu|toxique|impropre)\w*",
            r"\b(?:it's|it is|it was|that's|that is|that was|this is|this was) (?:\w+ )?our (?:fault|mistake|error|responsibility)\b(?! to)",
            r"\bwe(?:'re| are| were) (?:\w+ )?(?:to blame|at fault|responsible(?! for (?:the|our|every))|liable|negligent|in the wrong)\b",
            r"\bwe (?:made|have made|'ve made) an? (?:\w+ )?(?:mistake|error)\b|\bwe (?:messed|screwed|slipped) up\b|\bwe (?:got|have got) (?:it|this|that) wrong\b",
            r"\b(?:that's|this is|that is|that one's|this one's|it's) on us\b|\bour (?:bad|mistake)\b",
            r"\bwe should(?: never)? have (?:been|done|known|told|made|kept|given|taken|caught|sent|read|seen|said|\w+ed)\b|\bwe should(?:n't| not) have\b",
            r"\bwe admit\b|\bwe (?:accept|take|assume) (?:\w+ )?(?:responsibility|liability)\b|\bwe failed (?:you|to)\b",
            r"\bour (?:\w+ )?\w+ (?:is|was|are|were) (?:dangerous|contaminated|faulty|defective|unsafe)\b",
            r"\b(?:mistake|error|negligence|failure) on our (?:part|side|end)\b|\bdue to our (?:error|mistake|negligence)\b",
        )
    )
)
_FORBIDS = re.compile(
    r"\b(?:jamais|eviter|evitez|interdi\w+|proscri\w+|banni\w*|n'ecri\w+|ne (?:pas|dites|dis|promett\w+|disons|ecriv\w+)|plutot que|au lieu de"
    r"|never|do not|don't|avoid|forbidden|banned|must not|mustn't|not to|rather than|instead of)\b"
)
"""In a guideline's sentence: what it quotes is not what it grants."""
REMEMBERED = 2_048
"""Pages that many drafts rest on are read once."""
_AFTER = 2
"""Words after a promise that the guideline must hold too: « nous remboursons sous 14 jours » grants no « nous remboursons tout »."""


def check(subject: Subject) -> Iterator[Finding]:
    draft = Folded.of(subject.text)
    granted = _granted(subject)
    brief = fold(subject.prompt) if subject.skill == "post" else ""
    for match in _PROMISES.finditer(draft.text):
        if not _held(match, draft.text, granted) and match.group() not in brief:
            yield _finding("finding.promise", draft.excerpt(match))
    delays = {delay for page in _pages(subject) for delay in _delays_granted(page)} | {*_delays(brief)}
    for match in _DELAYS.finditer(draft.text):
        if not set(_delays(match.group())) <= delays:
            yield _finding("finding.promise", draft.excerpt(match))
    for match in _ADMISSIONS.finditer(draft.text):
        if not _held(match, draft.text, granted):
            yield _finding("finding.admission", draft.excerpt(match))


def _finding(key: str, excerpt: str) -> Finding:
    return Finding(check="promises", level="block", key=key, excerpt=excerpt)


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
