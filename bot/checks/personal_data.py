"""Personal data: none revealed, and none asked for in public.

Found by shape and check digit (cards by Luhn, IBAN by ISO 7064, French social security and SIRET by their keys) and phones
by `phonenumbers`. The brand's own addresses and numbers are its to give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from bot.checks.subject import Finding, Subject

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){3,7}(?:[ \u00a0]?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<!\d)(?:\d[ \u00a0-]?){13,19}(?!\d)")
_NIR = re.compile(r"(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\d)")
_STREET = re.compile(
    r"(?i)\b\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|route) [\wÀ-ÿ’' -]{3,40}"
    r"|\b\d{1,4} (?:[A-Z][\w’'-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Lane|Drive|Close|Court)\b"
)
_ORDER_NUMBER = re.compile(
    r"(?i)\b(?:commande|order|colis|parcel|tracking|suivi)\s*(?:n[°ºo.]\s*|number\s*|no\.?\s*|#\s*)(?:is\s*)?([A-Z]{0,4}-?\d{4,})"
)
_WANTED = re.compile(
    r"(?i)\b(?:num[ée]ro de (?:commande|t[ée]l[ée]phone|suivi|client|colis)|(?:votre|ton|vos|tes) (?:num[ée]ro|adresse|e-?mail|mail|t[ée]l[ée]phone|coordonn[ée]es|nom"
    r"|ordonnance|rib)|(?:your|the) (?:order|phone|account|tracking|card) number|your (?:address|e-?mail(?: address)?|phone|full name|postcode|details|bank details|name))\b"
)
_ASKING = re.compile(
    r"(?i)\b(?:donn|envo|indiqu|communiqu|laiss|transmet|pr[ée]cis|partag|écri|ecri|mett|dites|dis-|glissez|glisse|joign"
    r"|send|give|share|tell|leave|drop|post|message|write|let us have|include|could we have|can we have|add)\w*"
)
_PRIVATE = re.compile(
    r"(?i)\b(?:en (?:message )?priv[ée]|message priv[ée]|messages priv[ée]s|\bmp\b|\bdm\b|\bdms\b|par (?:e-?mail|mail)|(?:by|in a|via) (?:private|direct) message"
    r"|private message|privately|direct message|by e-?mail|inbox|formulaire|contact form)\b"
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from _revealed(subject)
    for sentence in re.split(r"(?<=[.!?…])\s+|\n", subject.text):
        wanted = _WANTED.search(sentence)
        private = _PRIVATE.search(sentence) or EMAIL.search(sentence)
        if wanted and _ASKING.search(sentence) and not private:
            yield Finding(check="personal_data", level="block", key="finding.data_asked", excerpt=wanted.group())


def _revealed(subject: Subject) -> Iterator[Finding]:
    public = "\n".join((subject.brand.facts if subject.brand else "", *subject.passages, *subject.facts))
    bare = re.sub(r"\D", "", public)
    seen: list[tuple[str, str]] = [("email", found) for found in EMAIL.findall(subject.text) if found not in public]
    seen += [("iban", found) for found in _IBAN.findall(subject.text) if _iban(found)]
    seen += [("social_security", found) for found in _NIR.findall(subject.text) if _nir(found)]
    seen += [("card", found.strip()) for found in _CARD.findall(subject.text) if _luhn(found)]
    seen += [("address", found) for found in _STREET.findall(subject.text) if found.strip() not in public]
    seen += [("order_number", match.group()) for match in _ORDER_NUMBER.finditer(subject.text)]
    region = subject.brand.country if subject.brand else "FR"
    for match in phonenumbers.PhoneNumberMatcher(subject.text, region):
        if re.sub(r"\D", "", match.raw_string)[-9:] not in bare:
            seen.append(("phone", match.raw_string))
    told: set[str] = set()
    for what, excerpt in seen:
        if not any(excerpt in longer for longer in told):
            told.add(excerpt)
            yield Finding(check="personal_data", level="block", key=f"finding.data_{what}", excerpt=excerpt)


def _luhn(text: str) -> bool:
    digits = [int(digit) for digit in re.sub(r"\D", "", text)]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and sum(doubled) % 10 == 0


def _iban(text: str) -> bool:
    code = re.sub(r"\s", "", text)
    return 15 <= len(code) <= 34 and int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97 == 1


def _nir(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return len(digits) == 15 and 97 - int(digits[:13]) % 97 == int(digits[13:])
