"""The words of a crisis without a model: the pages of `prompts/crisis/`, filled from the source of truth and from nothing else.

A confirmed line is said as it stands; what nobody knows is said to be unknown; what is never to be said is not looked at. Where a network
is short, the less urgent goes: first what nobody knows, then the older facts, then where to write. No two drafts of a statement open
with the same words while other words are left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import product

from bot.domain.counters import length
from bot.domain.incident import Ground
from bot.pages import Network, Pages, Statement
from bot.typography import narrow_for, typeset
from knowledge.brand import Brand

LONGEST = 1_200
"""Signs of a statement where the network's page states no limit."""


def statement(
    page: Statement, ground: Ground, brand: Brand, network: Network, language: str, taken: frozenset[str], pages: Pages
) -> str:
    """The text; `taken`: texts that were said already."""
    limit = network.kinds[network.post.kind].get("max") if page.public else None
    most, unit = (limit.value, limit.unit) if limit else (LONGEST, "characters")
    signature = brand.signature_for(language, network.name) if page.public else ""
    best = ""
    for parts in _attempts(page, ground, brand, language):
        for end in dict.fromkeys((signature, "")):
            text = typeset("\n\n".join(part for part in (*parts, end) if part), language, narrow=narrow_for(unit))
            if length(text, unit) <= most and text not in taken:
                return text
            best = min(best or text, text, key=len)
    return best


def _attempts(page: Statement, ground: Ground, brand: Brand, language: str) -> Iterator[tuple[str, ...]]:
    """Paragraphs, the fullest first, each fullness in every wording that the page has."""
    confirmed = [_ended(line.words) for line in ground.truth if line.sort == "confirmed"]
    unknown = [_ended(line.words) for line in ground.truth if line.sort == "unknown"]
    words = page.words(language)
    title = ground.incident.title.rstrip(" .!?…")
    due = ground.incident.next_update
    values = {
        "title": title,
        "brand": brand.name,
        "contact": brand.contact.care,
        "press": brand.contact.press or brand.contact.care,
        "time": _time(due, brand, language) if due else "",
    }
    openings = _rotated(words["open"], f"{ground.incident.id}|{ground.incident.version}|{page.name}")
    for facts, doubts, close in _fullnesses(len(confirmed), bool(unknown)):
        said = confirmed[len(confirmed) - facts :]
        for opening, lead, aside in product(openings, words["known"], words["unknown"]):
            body = f"{lead} {' '.join(said)}" if said else words["checking"][0]
            doubt = f"{aside} {' '.join(unknown)}" if doubts else ""
            later = (words["next"] if due else words["later"])[0]
            last = words["close"][0] if close else ""
            yield tuple(_filled(part, values) for part in (opening, body, doubt, later, last))


def _fullnesses(facts: int, unknown: bool) -> Iterator[tuple[int, bool, bool]]:
    """How many of the latest facts, whether what nobody knows, whether where to write."""
    yield facts, unknown, True
    if unknown:
        yield facts, False, True
    for fewer in range(facts, -1, -1):
        yield fewer, False, False


def _rotated(wordings: Sequence[str], name: str) -> list[str]:
    """All of them, beginning with another one each time the source of truth changes."""
    first = int(hashlib.sha256(name.encode()).hexdigest(), 16) % len(wordings)
    return [*wordings[first:], *wordings[:first]]


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def _time(moment: datetime, brand: Brand, language: str) -> str:
    local = moment.astimezone(brand.zone)
    return f"{local:%H} h {local:%M}".replace(" h 00", " h") if language == "fr" else f"{local:%H:%M}"
