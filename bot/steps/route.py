"""What a request is: which skill, networks and language, and which words are the comment or the brief.

An explicit command decides; else the nearest examples of the skills; where they do not tell, a person is asked. What a
comment says chooses nothing: only the teammate's own words around it do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from bot.domain.model import Said, Value
from bot.domain.request import LONGEST, Clarify, Request
from bot.errors import Refused
from bot.pages import Network, Pages, Skill
from bot.triage.language import detect
from bot.triage.situations import Labelled, Nearest
from bot.triage.text import clean, fold
from knowledge.brand import Brand

SURE = 0.45
"""Nearness to a skill's examples from which it is taken without asking."""
AHEAD = 0.08
"""How far the best skill must lead the second."""
_QUOTED = re.compile(r"^(.{0,160}?)\s*[:：]?\s*(?:«\s*(.+?)\s*»|“(.+?)”|\"(.+?)\")\s*$", re.DOTALL)
SHORT = 200
"""Characters from which words are taken for a comment or a brief of their own."""
_BACK = re.compile(
    r"\b(?:(?:la|le) meme (?:chose|texte|reponse|post|pour|sur|en|mais|plus)|(?:la|le) meme,|pareil (?:pour|sur|en)|idem"
    r"|ce brouillon|brouillon \d+|avons[- ]nous|on a (?:deja )?(?:repondu|dit|publie)|idees? (?:pour|de|sur)"
    r"|propose(?:-moi|z-nous)?\b|que penses-tu|the same (?:for|on|in|but|again)|same (?:for|on) |draft \d+|did we|have we"
    r"|ideas? for|suggest|what about (?:linkedin|instagram|x\b|facebook|tiktok))"
)
"""What teammates say of earlier drafts and of what to publish; a customer seldom does."""
HEAD = 160
"""Characters in which a brief says what it should become."""
_FORMATS = {
    "story": "story", "stories": "story",  "carrousel": "carousel", "carousel": "carousel", "fil": "thread",
    "thread": "thread", "reel": "reel", "short": "short", "epingle": "pin", "pin": "pin", "document": "document",
}  # fmt: skip
_FORMAT_WORDS = (
    r"(?P<format>stor(?:y|ies)|carr?ousels?|threads?(?! (?:post|caption))|fil|reels?|epingles?|pins?|document"
    r"|shorts?(?=$| (?:pour|sur|for|on|about|de|d'|youtube)\b))(?!\w)"
)
_FORMAT = re.compile(
    r"^(?:(?:[\w'-]+,? ){0,8}?(?:une?|des|en|sous forme d[e']|an?|some|as|into|in) ?(?:[\w'-]+ )?"
    rf"|(?=(?:[\w'-]+ )?[\w'-]+\s*$)(?:[\w'-]+ )?){_FORMAT_WORDS}"
)
"""What is to be published, in the words that open a brief: « prépare une story », "as a thread", « en carrousel »."""
_FORWARDED = re.compile(r"(?m)^>\s?(.*)$")


class Routed(Value):
    skill: str
    networks: tuple[str, ...]
    text: str
    """The comment, brief or question, without the teammate's words around it."""
    language: str
    kind: str | None = None
    """What is to be published, as asked: a story, a thread."""


def speaks_back(text: str) -> bool:
    """Whether short words of a teammate, quoting nobody, speak of what was said before: « la même chose pour LinkedIn »."""
    words = clean(text)
    return len(words) <= SHORT and not _unwrap(words)[0] and bool(_BACK.search(fold(words)))


def labelled(skills: Mapping[str, Skill]) -> list[Labelled]:
    return [
        Labelled(
            name,
            tuple(text for texts in skill.examples.values() for text in texts),
            tuple(text for texts in skill.cues.values() for text in texts),
        )
        for name, skill in skills.items()
    ]


def route(request: Request, brand: Brand, pages: Pages, nearest: Callable[[], Nearest]) -> Routed | Clarify:
    """Raises Refused for a text that cannot be worked on, or a network nobody knows."""
    text = clean(request.text)
    _usable(text, request.text)
    skill = _skill(request, text, pages, nearest)
    if isinstance(skill, Clarify):
        return skill
    commanded = (
        request.skill and request.networks
    )  # nothing of the text is a colleague's own: a quotation in it hides nothing
    around, words = _unwrap(text) if skill == "reply" and not commanded else (text, text)
    networks = _networks(request, brand, pages, around)
    if not networks and skill != "answer":
        options = tuple(pages.networks[name].title for name in brand.networks if name in pages.networks)
        return Clarify(question=Said(key="route.which_network"), options=options)
    language = _language(request, brand, pages, words)
    kind = _format(request.kind, text, [pages.networks[name] for name in networks]) if skill == "post" else request.kind
    return Routed(skill=skill, networks=networks, text=words, language=language, kind=kind)


def _usable(text: str, raw: str) -> None:
    if not text:
        raise Refused("request.empty")
    if len(raw) > LONGEST:
        raise Refused("request.too_long", length=len(raw), limit=LONGEST)
    odd = sum(sign == "\ufffd" or (ord(sign) < 32 and sign not in "\n\t\r") for sign in raw)
    if odd > max(3, len(raw) // 10):
        raise Refused("request.binary")


def _skill(request: Request, text: str, pages: Pages, nearest: Callable[[], Nearest]) -> str | Clarify:
    if request.skill:
        if request.skill not in pages.skills:
            raise Refused("route.unknown_skill", skill=request.skill, known=", ".join(pages.skills))
        return request.skill
    best, second = nearest().rank(text)[:2]
    if best.score >= SURE and best.score - second.score >= AHEAD:
        return best.name
    around, quoted = _unwrap(text)
    if best.name != "post" and around and quoted and any(_mentioned(page, around) for page in pages.networks.values()):
        return "reply"  # « sur Instagram : “…” » shows a comment, whatever it says
    titles = tuple(skill.title.get(request.locale, name) for name, skill in pages.skills.items())
    return Clarify(question=Said(key="route.which_skill"), options=titles)


def _unwrap(text: str) -> tuple[str, str]:
    """The teammate's words and the comment: « on a reçu ça sur Insta : “…” », a forwarded quote, or the comment alone."""
    quoted = [line for line in _FORWARDED.findall(text) if line.strip()]
    if quoted:
        return _FORWARDED.sub("", text).strip(), "\n".join(quoted)
    found = _QUOTED.match(text)
    if found and found[1].strip():
        return found[1], next(part for part in found.groups()[1:] if part)
    return "", text


def _networks(request: Request, brand: Brand, pages: Pages, around: str) -> tuple[str, ...]:
    named: list[str] = []
    for asked in request.networks:
        network = pages.network(asked)
        if network is None:
            raise Refused("request.unknown_network", network=asked[:40], known=", ".join(pages.networks))
        named.append(network.name)
    if not named and around:
        named = [network.name for network in pages.networks.values() if _mentioned(network, around)]
    return tuple(dict.fromkeys(named))


def _format(asked: str | None, text: str, networks: Sequence[Network]) -> str | None:
    """The kind of publication named by an option, or by the words that open the brief; None when nobody said which.

    Raises Refused when none of the networks has it; where only some have it, the others publish what they usually do.
    """
    wanted = asked or _format_said(text)
    if wanted is None or any(page.format_named(wanted) for page in networks):
        return wanted
    titles = ", ".join(page.title for page in networks)
    known = ", ".join(dict.fromkeys(name for page in networks for name in page.formats))
    raise Refused("request.unknown_format", kind=wanted[:40], network=titles, known=known)


def _format_said(text: str) -> str | None:
    """« prépare une story Instagram : … », « en carrousel : … », "as a thread: …": what the words before the brief ask for."""
    head = re.split(r"[:：\n.!?]", text[:HEAD], maxsplit=1)[0]
    found = _FORMAT.search(fold(head))
    return _FORMATS.get(found["format"], _FORMATS.get(found["format"].rstrip("s"))) if found else None


def _mentioned(network: Network, text: str) -> bool:
    names = [network.title, network.name, *network.aliases]
    if network.name == "x":  # « X » alone is a letter; after « pour », "on"… it is the network
        return bool(re.search(r"(?i)\btwitter\b|\b(?:pour|sur|et|on|for|and|,)\s+X\b(?!\s?\d)", text))
    return any(re.search(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", text) for name in names if len(name) > 2)


def _language(request: Request, brand: Brand, pages: Pages, words: str) -> str:
    """Asked for, else the text's own where the brand speaks it, else the brand's first that we can write."""
    if request.language:
        if request.language not in pages.languages:
            raise Refused("request.unknown_language", language=request.language[:20], known=", ".join(pages.languages))
        return request.language
    spoken = [language for language in brand.languages if language in pages.languages] or ["en"]
    found, _ = detect(words, spoken)
    if found in spoken:
        return found
    return "en" if "en" in spoken and found != "fr" else spoken[0]
