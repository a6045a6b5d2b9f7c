"""Takes a person out of a text before it becomes an example: contact data, numbers, handles, and the name they gave.

By shape, as the personal-data check finds it; names only where a greeting or an introduction gives them away. What is grave
never becomes an example at all (`bot/memory.py`), so this is the second lock, not the only one.
"""

from __future__ import annotations

import re

from bot.checks import personal_data
from knowledge.brand import Brand

MASK = "[…]"
_HANDLE = re.compile(r"(?<![\w@])@[\w.]*\w")
_LONG_NUMBER = re.compile(r"(?<!\w)(?=[A-Z-]{0,5}\d)[A-Z]{0,4}[-#]?\d(?:[ \u00a0.-]?\d){5,}(?!\w)")
_NAME = r"[A-ZÀ-Ý][\w’'-]+(?: [A-ZÀ-Ý][\w’'.-]*){0,2}"
_TITLED = rf"(?:M\.|Mme|Mlle|Monsieur|Madame|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?) (?P<titled>{_NAME})"
_GREETED = (
    rf"\b(?i:bonjour|bonsoir|salut|coucou|ch[eè]re?|merci|hello|hi|hey|dear|thank you|thanks),? (?P<greeted>{_NAME})"
)
_INTRODUCED = (
    rf"\b(?i:je m[’']appelle|je suis|mon nom est|c[’']est|my name is|i am|i[’']m|this is|au nom de|cordialement|regards|signed),?\s+"
    rf"(?P<introduced>{_NAME})"
)
_SIGNED = rf"(?:^|\s)[—–-] ?(?P<signed>{_NAME})\s*$"
_NAMED = re.compile("|".join((_TITLED, _GREETED, _INTRODUCED, _SIGNED)), re.MULTILINE)


def mask(text: str, brand: Brand, names: frozenset[str] = frozenset()) -> str:
    """`text` without what would tell whose it is; `names` are a comment's own, to be masked in what answers it."""
    for _, excerpt in personal_data.found(text, brand.facts, brand.country):
        text = text.replace(excerpt, MASK)
    text = _HANDLE.sub(MASK, text)
    text = _LONG_NUMBER.sub(lambda found: found.group() if found.group() in brand.facts else MASK, text)
    for name in sorted(names | named(text, brand), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", MASK, text)
    return text


def named(text: str, brand: Brand) -> frozenset[str]:
    """Names of people that a text gives away, whole and in parts; the brand's own words and people are no secret."""
    own = set(re.findall(r"[\w’'-]+", brand.facts)) | {person.name for person in brand.people}
    found = {next(name for name in match.groups() if name) for match in _NAMED.finditer(text)}
    parts = {part.strip(".") for name in found for part in name.split()}
    return frozenset(part for part in parts if len(part) > 1 and part not in own)
