"""Posts without a model: the brief's own facts, rearranged by the network's codes. Nothing is added.

The hook is the brief's most telling statement, then its facts, its call to action, its link where a link is tapped, and
the brand's hashtags. What the brief says to us (« fais un post pour LinkedIn ») is not said to the public.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.counters import length
from bot.pages import Network
from bot.steps.draft import Job
from bot.triage.text import clean, fold
from bot.typography import FULL, NARROW, capital, typeset

_ORDER = re.compile(
    r"(?ix)^(?:\W*(?:"
    r"(?:peux[- ]tu|pourrais[- ]tu|merci\ de|il\ faut|on\ veut|on\ voudrait|je\ veux|je\ voudrais|j['’]aimerais)?\s*"
    r"(?:fai(?:s|tes|re)(?:[- ]moi)?|prépare[rz]?|écri(?:s|re|vez)|rédige[rz]?|publie[rz]?|annonce[rz]?|poste[rz]?|communique[rz]?)"
    r"(?:\s+(?:un|une|des|le|la|les))?(?:\s+(?:petit|nouveau))?(?:\s+(?:posts?|publications?|tweets?|message|annonce|story|légende))?"
    r"(?:\s+(?:pour|sur)\s+(?:nos\ réseaux|les\ réseaux|[\w, ]*?(?:linkedin|instagram|insta|facebook|x|twitter|tiktok|pinterest|youtube|threads|bluesky|mastodon)"
    r"(?:(?:,|\s+et|\s+and)\s*(?:linkedin|instagram|insta|facebook|x|twitter|tiktok|pinterest|youtube|threads|bluesky|mastodon))*))?"
    r"(?:\s+(?:sur|pour\ annoncer|annonçant|à\ propos\ de|au\ sujet\ de|pour\ dire|que))?"
    r"|(?:please\s+|can\ you\s+|could\ you\s+|we\ want\ to\s+|i\ want\ to\s+|we['’]d\ like\ to\s+)*"
    r"(?:write|draft|prepare|make|publish|announce|post)(?:\s+(?:a|an|the|some))?(?:\s+(?:short|new))?(?:\s+(?:posts?|tweets?|announcement|caption))?"
    r"(?:\s+(?:for|on)\s+[\w, ]*?(?:linkedin|instagram|facebook|x|twitter|tiktok|pinterest|youtube|threads|bluesky|mastodon)"
    r"(?:(?:,|\s+and)\s*(?:linkedin|instagram|facebook|x|twitter|tiktok|pinterest|youtube|threads|bluesky|mastodon))*)?"
    r"(?:\s+(?:about|announcing|to\ announce|saying|that|on))?"
    r")\s*[:,–—-]?\s*)"
)
_LINK = re.compile(r"https?://\S+[^\s.,;:!?)]|\bwww\.\S+[^\s.,;:!?)]")
_ACTION = re.compile(
    r"\b(inscri|reserv|decouvr|rendez-vous|venez|profit|command|telecharg|rejoign|participe|votez|contactez|retrouvez|sur notre site|en boutique"
    r"|book|sign up|register|join us|come|discover|order|shop|download|visit|find out|learn more|apply|vote|reserve|in store|online at)"
)
_NEWS = re.compile(
    r"\b(nouve|ouvr|lance|arrive|premier|enfin|exclus|gagn|recrut|fete|anniversaire|depuis|record|new|open|launch|first|finally|win|hiring|introduc|back|celebrat)"
)
_TAG = re.compile(r"(?<!\w)#\w+")


@dataclass(frozen=True)
class Brief:
    """A brief taken apart; every part is in its author's words."""

    hook: str
    facts: tuple[str, ...]
    action: str
    links: tuple[str, ...]
    tags: tuple[str, ...]


def read(text: str, language: str) -> Brief:
    """Takes a brief apart: statements, call to action, links, hashtags."""
    text = _ORDER.sub("", clean(text), count=1).strip()
    links = tuple(dict.fromkeys(_LINK.findall(text)))
    tags = tuple(dict.fromkeys(_TAG.findall(text)))
    bare = _TAG.sub("", _LINK.sub("", text))
    statements = [said for part in _parts(bare) if (said := _sentence(part, language))]
    if not statements:
        return Brief("", (), "", links, tags)
    actions = [said for said in statements[1:] if _ACTION.search(fold(said))]
    action = actions[-1] if actions else ""
    rest = [said for said in statements if said != action]
    hook = max(rest[:3], key=lambda said: (_weight(said), -rest.index(said)))
    return Brief(hook, tuple(said for said in rest if said != hook), action, links, tags)


def _parts(text: str) -> list[str]:
    """Statements of a brief: lines, sentences, bullet points and the clauses between semicolons."""
    lines = [re.sub(r"^\s*(?:[-*•–]|\d+[.)])\s+", "", line) for line in text.splitlines()]
    pieces = [piece for line in lines for piece in re.split(r"(?<=[.!?…])\s+(?=[A-ZÀ-ÝŒ0-9«“\"])|\s*;\s+", line)]
    return [piece.strip(" \t,;–—-") for piece in pieces if re.search(r"\w", piece)]


def _sentence(part: str, language: str) -> str:
    said = capital(re.sub(r"\s+([.,])", r"\1", re.sub(r"\s{2,}", " ", part)).strip(" :"))
    if not said:
        return ""
    return typeset(said if said[-1] in ".!?…" else f"{said}.", language)


def _weight(said: str) -> float:
    """How well a statement opens: news and figures speak, length tires."""
    return 2.0 * bool(_NEWS.search(fold(said))) + 0.5 * bool(re.search(r"\d", said)) - len(said) / 120


def post(job: Job) -> str:
    """The post for one network. Parts are left out from the end, the link and the hook last, until it fits."""
    brief = read(job.text, job.language.name)
    if not brief.hook:
        return ""
    tags = _tags(job, brief)
    facts = list(brief.facts)
    action = brief.action
    while True:
        text = _lay(job, brief, facts, action, tags)
        if _fits(job.network, job.kind, text):
            return text
        if len(tags) > job.network.post.hashtags.min and tags:
            tags = tags[:-1]
        elif facts:
            facts = facts[:-1]
        elif tags:
            tags = tags[:-1]
        elif action:
            action = ""
        else:
            return text


def _lay(job: Job, brief: Brief, facts: list[str], action: str, tags: list[str]) -> str:
    code = job.network.post
    narrow = FULL if _unit(job.network, job.kind) == "x_weighted" else NARROW
    closing = [action] if action else []
    if brief.links and code.links == "inline":
        closing.append(" ".join(brief.links))
    elif brief.links and code.links == "bio":
        closing.append("Lien en bio." if job.language.name == "fr" else "Link in bio.")
    if code.paragraphs == "one":
        blocks = [" ".join([brief.hook, *facts, *closing])]
    else:
        blocks = [brief.hook, *(["\n".join(facts)] if len(facts) > 2 else facts), " ".join(closing)]
    if tags:
        blocks = (
            [*blocks[:-1], f"{blocks[-1]} {' '.join(tags)}"] if code.paragraphs == "one" else [*blocks, " ".join(tags)]
        )
    return typeset("\n\n".join(block for block in blocks if block.strip()), job.language.name, narrow=narrow)


def _tags(job: Job, brief: Brief) -> list[str]:
    """The brief's hashtags and the brand's own, as many as the network's code asks for."""
    wanted = job.network.post.hashtags.max
    ours = (*brief.tags, *job.brand.hashtags.always, *job.brand.hashtags.allowed)
    return list(dict.fromkeys(ours))[:wanted]


def _unit(network: Network, kind: str) -> str:
    limit = network.kinds[kind].get("max")
    return limit.unit if limit else ""


def _fits(network: Network, kind: str, text: str) -> bool:
    limit = network.kinds[kind].get("max")
    return limit is None or length(text, limit.unit) <= limit.value
