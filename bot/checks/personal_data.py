"""Personal data: none revealed, and none asked for in public.

Found by shape and check digit (cards by Luhn, IBAN by ISO 7064, French social security and SIRET by their keys) and phones
by `phonenumbers`. The brand's own addresses and numbers are its to give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from bot.checks.folded import folded_page
from bot.checks.subject import Finding, Subject
from bot.triage.text import fold

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){3,7}(?:[ \u00a0]?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<!\d)(?:\d[ \u00a0-]?){13,19}(?!\d)")
_NIR = re.compile(r"(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\d)")
_STREET = re.compile(
    r"\b\d{1,4}(?: ?bis| ?ter)?,? (?i:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|route|cours) "
    r"(?:(?i:du|de la|de l[’']|de|des|d[’']|l[’']|la|le|les) ?)*(?:[A-ZÀ-Ý\d][\wÀ-ÿ’'-]*)(?: [A-ZÀ-Ý][\wÀ-ÿ’'-]*){0,3}"
    r"|\b\d{1,4} (?:[A-Z][\w’'-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Lane|Drive|Close|Court)\b"
)
_ORDER_NUMBER = re.compile(
    r"(?i)\b(?:commande|order|colis|parcel|tracking|suivi)\s*(?:n[°ºo.]\s*|num[ée]ro\s*|number\s*|no\.?\s*|#\s*)(?:is\s*|est\s*)?[A-Z]{0,4}-?\d{4,}"
    r"|\b(?:commande|order|colis|parcel)\s[A-Z]{0,4}-?\d{5,}"
)
_OF_THEIRS = r"(?:votre|ton|vos|tes|your|the|une?|an?)"
_WANTED = re.compile(
    rf"(?i)\b(?:(?:num[ée]ro|n°|r[ée]f[ée]rence)s? (?:de |du |d[’']|de (?:votre|ta) )(?:commande|t[ée]l[ée]phone|suivi|client|colis|carte|dossier)"
    rf"|{_OF_THEIRS} (?:num[ée]ro|adresse|e-?mail|mail|t[ée]l[ée]phone|portable|coordonn[ée]es|nom|ordonnance|rib|iban|code postal|date de naissance)"
    rf"|adresse (?:e-?mail|mail|postale|de livraison)"
    rf"|{_OF_THEIRS} (?:order|phone|mobile|account|tracking|card|customer) (?:number|no\.?|reference|ref|details)"
    rf"|(?:your|the) (?:full |e-?mail |home |postal |bank )?(?:address|e-?mail|phone|name|postcode|zip code|details|date of birth))\b"
)
_ASKING = re.compile(
    r"(?i)\b(?:(?:donn|indiqu|communiqu|laiss|pr[ée]cis|partag|gliss|confirm|rappel)(?:e|es|ez|er)|envo(?:ie|ies|yez|yer)|transmet(?:s|tez|tre)|[ée]cri(?:s|vez|re)"
    r"|met(?:s|tez|tre)|dites|dis|joign(?:ez|s)|joindre|fourni(?:s|ssez|r)|quels? est|quelle est|avons besoin|a besoin|nous fau(?:t|drait)|merci de"
    r"|send|give|giving|share|tell|leave|drop|post(?:ing)? (?:it|your|the)|message us|write|let us (?:have|know)|include|provide|confirm|pop|add (?:it|your|the)"
    r"|could we|can we|may we|reply with|comment with|what(?:’|'| i)s|we need|we(?:’|')d need|we(?:’|')ll need)\b"
)
_BARE_QUESTION = re.compile(r"(?i)^\W*(?:et |and )?(?:votre|ton|your) [^?.!]{3,40}\?\W*$")
_NOT_ASKING = re.compile(
    r"(?i)\b(?:ne|n[’'])\s?(?:\w+ )?(?:\w+-)?(?:donn|envoy|indiqu|communiqu|laiss|transmet|partag|[ée]cri|mett|publi|dites|demand)\w*"
    r"|\bne (?:pas|jamais|plus|rien)\b|\bjamais (?:votre|ton|vos|de num)|\bsans (?:donner|indiquer|[ée]crire|laisser)|\bpas besoin\b|\binutile\b|\b[ée]vite[zr]?\b"
    r"|\b(?:please )?(?:don[’']t|do not|never|no need to|without|avoid|rather than)\b|\bwon[’']t (?:ask|need)\b|\bwe never ask\b"
)
_PRIVATE = re.compile(
    r"(?i)\b(?:en (?:message )?priv[ée]|messages? priv[ée]s?|messagerie|mp|dms?|pm|par (?:e-?mail|mail|courriel|t[ée]l[ée]phone)|(?:by|in a|via|through) (?:private|direct) message"
    r"|private(?:ly)?|direct message|by (?:e-?mail|phone)|inbox|formulaire|contact form)\b"
)
_PUBLIC = re.compile(
    r"(?i)\b(?:en commentaires?|dans les commentaires|sous (?:ce|cette|le) (?:post|publication|commentaire|avis|vid[ée]o)|ci-dessous|en r[ée]ponse [àa]"
    r"|in (?:the|a|your) (?:comments?|repl(?:y|ies))|below|publicly|under this (?:post|comment|review))\b"
)


SHORTEST_PHONE = 4
"""Digits without which no telephone is looked for."""


def check(subject: Subject) -> Iterator[Finding]:
    yield from _revealed(subject)
    before = ""
    for sentence in re.split(r"(?<=[.!?…])\s+|\n", subject.text):
        wanted = _WANTED.search(sentence)
        if wanted and _asks(sentence) and not _hidden(sentence, before):
            yield Finding(check="personal_data", level="block", key="finding.data_asked", excerpt=wanted.group())
        before = sentence


def _hidden(sentence: str, before: str) -> bool:
    """Whether a sentence sends people to a private place, itself or the one before it."""
    private = any(_PRIVATE.search(one) or EMAIL.search(one) for one in (sentence, before))
    return private and not _PUBLIC.search(sentence)


def _asks(sentence: str) -> bool:
    if _NOT_ASKING.search(sentence):
        return False
    return bool(_ASKING.search(sentence) or _BARE_QUESTION.search(sentence))


def _revealed(subject: Subject) -> Iterator[Finding]:
    public = "\n".join((subject.brand.facts if subject.brand else "", *subject.passages, *subject.facts))
    for what, excerpt in found(subject.text, public, subject.brand.country if subject.brand else "FR"):
        yield Finding(check="personal_data", level="block", key=f"finding.data_{what}", excerpt=excerpt)


def found(text: str, public: str = "", country: str = "FR") -> Iterator[tuple[str, str]]:
    """(kind, words) of each person's datum in a text; what stands in `public` is nobody's secret. Phones are read as in `country`."""
    seen: list[tuple[str, str]] = [("email", one) for one in EMAIL.findall(text) if one not in public]
    seen += [("iban", one) for one in _IBAN.findall(text) if _iban(one) and one not in public]
    seen += [("social_security", one) for one in _NIR.findall(text) if _nir(one)]
    seen += [("card", one.strip()) for one in _CARD.findall(text) if _luhn(one) and _digits(one) not in _digits(public)]
    seen += [("address", one) for one in _STREET.findall(text) if fold(one) not in folded_page(public)]
    seen += [("order_number", match.group()) for match in _ORDER_NUMBER.finditer(text)]
    if len(_digits(text)) >= SHORTEST_PHONE:
        for match in phonenumbers.PhoneNumberMatcher(text, country):
            if _digits(match.raw_string)[-9:] not in _digits(public):
                seen.append(("phone", match.raw_string))
    told: set[str] = set()
    for what, excerpt in seen:
        if not any(excerpt in longer for longer in told):
            told.add(excerpt)
            yield what, excerpt


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _luhn(text: str) -> bool:
    digits = [int(digit) for digit in _digits(text)]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and sum(doubled) % 10 == 0


def _iban(text: str) -> bool:
    code = re.sub(r"\s", "", text)
    return 15 <= len(code) <= 34 and int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97 == 1


def _nir(text: str) -> bool:
    digits = _digits(text)
    return len(digits) == 15 and 97 - int(digits[:13]) % 97 == int(digits[13:])
