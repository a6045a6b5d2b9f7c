"""What a comment names, ready to be said back in the right grammar: product, place, delay, amount, defect, silence…

The noun phrases live in `prompts/echoes/<language>.toml`; durations, sums, products and places are computed here. Only
what the comment itself says is ever named, and never an order number, an address or anybody's name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from bot.pages import FOLDER
from bot.triage.text import cue, fold
from bot.wordings import Phrase
from bot.writers import durations
from bot.writers.grammar import Noun, at, indefinite, of, possessive, the
from knowledge.brand import Brand, Product

EVENTS = """
        symptom hospital lost delay defect wrong fault refund cancel manner wait cost rise size dirty fees letdown tracking
        silence late
    """.split()
"""Facets that are something that happened, so that {what} may be made of them, most telling first."""
INSTEAD = {"late": {"delay", "lost", "tracking", "silence"}, "wait": {"delay"}, "rise": {"size"}, "tracking": {"lost"}}
"""A facet that says nothing more once one of these is said."""
OTHER_THINGS = {"fault"}
"""Facets whose words (« ne marche pas ») speak of a code or a site, not of a product."""
LIVED = {"manner", "wait", "dirty"}
"""Facets that happen in a shop or on a day, never on the way to a letter box."""
SAID = 2
"""Facets named at most in one echo: a third turns hearing into an inventory."""


@dataclass(frozen=True)
class Echo:
    facet: str
    find: tuple[re.Pattern[str], ...]
    say: str
    tu: str
    bare: str
    plural: bool


@dataclass(frozen=True)
class Heard:
    """What one comment names. `slots` fill wordings; `facets` are the names that tags may ask for."""

    slots: dict[str, Phrase] = field(default_factory=dict)
    facets: frozenset[str] = frozenset()


def hear(comment: str, language: str, register: str, brand: Brand, names: Sequence[str] = ()) -> Heard:
    """Everything the comment names, for wordings in `language`; `names` is the order in which {what} prefers it."""
    folded = fold(comment)
    found: dict[str, Phrase] = {}
    product = _product(folded, language, brand)
    place = _place(folded, language, brand)
    for echo in _echoes(language):
        if echo.facet != "defect" and echo.facet not in found and any(pattern.search(folded) for pattern in echo.find):
            found[echo.facet] = Phrase(echo.tu if register == "tu" and echo.tu else echo.say, echo.plural)
    defect = None if found.keys() & OTHER_THINGS else _defect(folded, language, product)
    if defect:
        found["defect"] = defect
    waited = durations.find(comment, language)
    if waited:
        found["delay"] = waited.echo
    amount = _amount(comment, language)
    if amount:
        found["cost"] = Phrase(_cost(comment, amount, language, product), plural=language == "fr")

    slots = {
        name: phrase for name, phrase in found.items() if name in ("defect", "silence", "symptom", "staff", "liked")
    }
    if waited:
        slots["delay"] = waited.length
    if amount:
        slots["amount"] = Phrase(amount, plural=language == "fr")
    if product:
        slots |= {
            "product": Phrase(possessive(product, language, register), product.plural),
            "the product": Phrase(the(product, language), product.plural),
            "of product": Phrase(of(the(product, language), language), product.plural),
        }
    if place:
        slots |= {
            "the place": Phrase(place),
            "at place": Phrase(at(place, language)),
            "of place": Phrase(of(place, language)),
        }
    when = _when(folded, language)
    if when:
        slots["when"] = Phrase(when)
    what = _compose(found, names, language)
    if what:
        there = [
            slots[name].text
            for name in (("when", "at place") if language == "fr" else ("at place", "when"))
            if name in slots
        ]
        slots["what"] = Phrase(" ".join([what.text, *there]), what.plural) if _spoken(found, names) else what
    facets = {*found, *slots} | ({"place"} if place else set())
    return Heard(slots, frozenset(facets))


def _spoken(found: dict[str, Phrase], names: Sequence[str]) -> bool:
    """Whether the echo is of something lived on the spot, so that place and day belong to it."""
    chosen = _chosen(found, names)
    lived = bool(chosen) and all(name in LIVED for name in chosen)
    return lived or (chosen[:1] == ["delay"] and bool(re.search(r"minute|heure|hour", found["delay"].text)))


def _chosen(found: dict[str, Phrase], names: Sequence[str]) -> list[str]:
    wanted = [name for name in names if name in EVENTS] or EVENTS
    there = [name for name in wanted if name in found]
    return [name for name in there if not (INSTEAD.get(name, set()) & set(there))][:SAID]


def _compose(found: dict[str, Phrase], names: Sequence[str], language: str) -> Phrase | None:
    """The echo {what}: the one or two most telling events, joined; None when the comment names no event."""
    chosen = _chosen(found, names)
    if not chosen:
        return None
    joint = " et " if language == "fr" else " and "
    parts = [found[name] for name in chosen]
    return Phrase(joint.join(part.text for part in parts), len(parts) > 1 or parts[0].plural)


def _product(folded: str, language: str, brand: Brand) -> Noun | None:
    """The brand's own product named in the comment (the longest name wins), else a common thing of commerce."""
    named: list[tuple[int, Noun]] = []
    for product in brand.products:
        say = product.name.get(language)
        if say is None:
            continue
        for name in (*product.name.values(), *product.also):
            if _whole(name).search(folded):
                named.append((len(name), Noun(say, product.gender, _plural(product, say, language))))
    if named:
        return max(named, key=lambda pair: pair[0])[1]
    for patterns, noun in _nouns(language):
        if any(pattern.search(folded) for pattern in patterns):
            return noun
    return None


def _plural(product: Product, say: str, language: str) -> bool:
    """The brand file tells the French noun's number; an English one shows it."""
    return product.plural if language == "fr" else bool(re.search(r"[^s]s$", say))


def _place(folded: str, language: str, brand: Brand) -> str | None:
    """A shop of the brand by any of its names; a place that the brand does not list is not said back, whatever it is called."""
    for shop in brand.shops:
        say = shop.name.get(language)
        if say and any(_whole(name).search(folded) for name in (*shop.name.values(), *shop.also)):
            return say
    return None


def _defect(folded: str, language: str, product: Noun | None) -> Phrase | None:
    """« une huile arrivée ouverte et à moitié vide »: up to two things wrong, agreeing with the product."""
    told: dict[int, Echo] = {}
    for echo in _echoes(language):
        places = [match.start() for pattern in echo.find if (match := pattern.search(folded))]
        if echo.facet == "defect" and places:
            told.setdefault(min(places), echo)
    if not told:
        return None
    said = [echo for _, echo in sorted(told.items())]
    first = said[0]
    if "{thing}" not in first.say:
        return Phrase(first.say, first.plural)
    if product is None or product.text in ("commande", "order"):
        return Phrase(first.bare, first.plural)
    marks = {
        "e": "e" if product.feminine else "",
        "s": "s" if product.plural else "",
        "was": "were" if product.plural else "was",
    }
    arrived = "arrivé" + marks["e"] + marks["s"] if re.search(r"arriv|recu|livr|colis", folded) else ""
    second = next((echo for echo in said[1:] if echo.say.startswith("{thing} ")), None)
    text = first.say.replace("{thing}", indefinite(product, language))
    if second:
        text += (" et " if language == "fr" else " and ") + second.say.removeprefix("{thing} ").removeprefix(
            "{arrivé} "
        )
    for mark, letters in marks.items():
        text = text.replace(f"{{{mark}}}", letters)
    return Phrase(re.sub(r" {2,}", " ", text.replace("{arrivé}", arrived)), product.plural)


_SUM = re.compile(
    r"(?<![\w.,])(?:([£$€])\s?(\d{1,5}(?:[.,]\d{1,2})?)|(\d{1,5}(?:[.,]\d{1,2})?)\s?(€|£|\$|euros?|eur|quid|pounds?|balles)(?!\w))",
    re.IGNORECASE,
)
_SIGN = {
    "€": "€",
    "£": "£",
    "$": "$",
    "euro": "€",
    "euros": "€",
    "eur": "€",
    "balles": "€",
    "quid": "£",
    "pound": "£",
    "pounds": "£",
}


def _amount(comment: str, language: str) -> str | None:
    """A sum as that language writes it: « 42 € », "£18.50"."""
    found = _SUM.search(comment)
    if not found:
        return None
    sign = _SIGN[(found[1] or found[4]).lower()]
    number = found[2] or found[3]
    if language == "fr":
        return f"{number.replace('.', ',')}\u00a0{sign}"
    return f"{sign}{number.replace(',', '.')}"


_SIZE = re.compile(r"(?<!\w)(\d{1,4})\s?(ml|cl|g|kg|oz|l)\b", re.IGNORECASE)


def _cost(comment: str, amount: str, language: str, product: Noun | None) -> str:
    """« 42 € pour 30 ml », « 42 € pour une crème », else the sum alone."""
    size = _SIZE.search(comment)
    link = " pour " if language == "fr" else " for "
    if size:
        space = "\u00a0" if language == "fr" else ""
        return f"{amount}{link}{size[1]}{space}{size[2].lower()}"
    if product and product.text not in ("commande", "colis", "order", "parcel", "package", "produit", "article"):
        return f"{amount}{link}{indefinite(product, language)}"
    return amount


_WHEN = {
    "fr": re.compile(
        r"\b(hier soir|hier|ce matin|ce midi|ce soir|cet apres-midi|aujourd'hui|avant-hier|samedi dernier|dimanche dernier"
        r"|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: (?:matin|midi|soir))?)\b"
    ),
    "en": re.compile(
        r"\b(yesterday|this morning|this afternoon|today|last night|last week|this week"
        r"|(?:on )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?: (?:morning|afternoon|evening))?)\b"
    ),
}


def _when(folded: str, language: str) -> str | None:
    found = _WHEN[language].search(folded) if language in _WHEN else None
    if not found:
        return None
    said = found[1]
    if language == "fr":
        return said.replace("apres", "après").replace("'", "’")
    day = re.sub(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day", lambda name: name.group().capitalize(), said)
    return day if re.match(r"[a-z]", day) else f"on {day}"


@cache
def _whole(name: str) -> re.Pattern[str]:
    return cue(name)


def _patterns(words: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(cue(word) for word in words)


@cache
def _echoes(language: str) -> tuple[Echo, ...]:
    return tuple(
        Echo(
            entry["facet"],
            _patterns(entry["find"]),
            entry["say"],
            entry.get("tu", ""),
            entry.get("bare", ""),
            entry.get("plural", False),
        )
        for entry in _file(language)["echo"]
    )


@cache
def _nouns(language: str) -> tuple[tuple[tuple[re.Pattern[str], ...], Noun], ...]:
    return tuple(
        (_patterns(entry["find"]), Noun(entry["noun"], entry.get("gender", "m"), entry.get("plural", False)))
        for entry in _file(language)["product"]
    )


@cache
def _file(language: str) -> dict[str, list[dict]]:  # type: ignore[type-arg]
    file = FOLDER / "echoes" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {"echo": [], "product": []}
