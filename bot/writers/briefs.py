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
from bot.typography import capital, narrow_for, typeset

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
_BEFORE_LINK = re.compile(r"(?i)[\s:,→(-]*\b(?:sur|ici|via|au lien|le lien|lien|on|at|here|via|link)?[\s:→(-]*$")
_ACTION = re.compile(
    r"\b(inscri|reserv|decouvr|rendez-vous|venez|profit|command|telecharg|rejoign|participe|votez|contactez|retrouvez|candidat|postulez"
    r"|book|sign up|register|join us|come|discover|order|shop|download|visit|find out|learn more|apply|vote|reserve|tell us)"
)
_NEWS = re.compile(
    r"\b(nouve|ouvr|lance|arrive|premier|enfin|exclus|recrut|fete|anniversaire|depuis|record|new|open|launch|first|finally|hiring"
    r"|introduc|back|celebrat)"
)
_GAIN = re.compile(
    r"\b(offert|offre|gratuit|cadeau|gagn|repart|recevez|remise|invite|on us|free|gift|win|off|save|treat|yours|take home)|\d ?%"
)
_TAG = re.compile(r"(?<!\w)#\w+")


@dataclass(frozen=True)
class Statement:
    """One thing the brief says, and the link that stood in it."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Brief:
    """A brief taken apart; every part is in its author's words."""

    statements: tuple[Statement, ...]
    action: Statement | None
    tags: tuple[str, ...]


def read(text: str, language: str) -> Brief:
    """Takes a brief apart: statements, call to action, links, hashtags."""
    text = _ORDER.sub("", clean(text), count=1).strip()
    tags = tuple(dict.fromkeys(_TAG.findall(text)))
    said = [_statement(part, language) for part in _parts(_TAG.sub("", text))]
    statements = [one for one in said if one.text or one.link]
    if len(statements) > 1 and not statements[-1].text:
        *before, last, alone = statements
        statements = [*before, Statement(last.text, last.link or alone.link)]
    actions = [one for one in statements[1:] if one.link or _ACTION.search(fold(one.text))]
    action = actions[-1] if actions else None
    return Brief(tuple(one for one in statements if one is not action), action, tags)


def _parts(text: str) -> list[str]:
    """Statements of a brief: lines, sentences, bullet points and the clauses between semicolons."""
    lines = [re.sub(r"^\s*(?:[-*•–]|\d+[.)])\s+", "", line) for line in text.splitlines()]
    pieces = [piece for line in lines for piece in re.split(r"(?<=[.!?…])\s+(?=[A-ZÀ-ÝŒ0-9«“\"])|\s*;\s+", line)]
    return [piece.strip(" \t,;–—-") for piece in pieces if re.search(r"\w", piece)]


def _statement(part: str, language: str) -> Statement:
    found = _LINK.search(part)
    link = found.group() if found else ""
    said = _BEFORE_LINK.sub("", part[: found.start()]) + part[found.end() :].strip(" )") if found else part
    said = capital(re.sub(r"\s+([.,])", r"\1", re.sub(r"\s{2,}", " ", said)).strip(" :."))
    if not re.search(r"\w", said):
        return Statement("", link)
    ended = part.rstrip()[-1:] if part.rstrip()[-1:] in "!?…" else "."
    return Statement(typeset(said if said[-1] in "!?…" else f"{said}{ended}", language), link)


def _first(statements: tuple[Statement, ...], opens: str) -> Statement:
    """The statement that opens: the news, what the reader gets, or what one would search for; the brief's first among equals."""

    def weight(place: int) -> float:
        text = fold(statements[place].text)
        if opens == "gain":
            return 2.0 * bool(_GAIN.search(text)) + 0.5 * bool(re.search(r"\d", text)) - 0.3 * place
        if opens == "search":
            return 1.0 * bool(_NEWS.search(text)) - len(text) / 200 - 0.3 * place
        return 1.0 * bool(_NEWS.search(text)) - 0.6 * place

    return statements[max(range(min(3, len(statements))), key=weight)]


def post(job: Job) -> str:
    """The post for one network. What does not fit is left out from the end, the opening and the link last."""
    brief = read(job.text, job.language.name)
    if not brief.statements:
        return brief.action.text if brief.action else ""
    first = _first(brief.statements, job.network.post.opens)
    facts = [one for one in brief.statements if one is not first]
    tags, action = _tags(job, brief), brief.action
    while True:
        text = _lay(job, [first, *facts], action, tags)
        if _fits(job.network, job.kind, text):
            return text
        if len(tags) > job.network.kinds[job.kind].tags.min:
            tags = tags[:-1]
        elif facts:
            facts = facts[:-1]
        elif tags:
            tags = tags[:-1]
        elif action:
            action = None
        else:
            return text


def _lay(job: Job, statements: list[Statement], action: Statement | None, tags: list[str]) -> str:
    code = job.network.post
    narrow = narrow_for(_unit(job.network, job.kind))
    first, *facts = [_said(one, job) for one in statements]
    closing = [_said(action, job)] if action else []
    if code.paragraphs == "one":
        blocks = [" ".join([first, *facts, *closing, *tags])]
    else:
        blocks = [first, *(["\n".join(facts)] if len(facts) > 2 else facts), *closing, " ".join(tags)]
    return typeset("\n\n".join(block for block in blocks if block.strip()), job.language.name, narrow=narrow)


def _said(statement: Statement, job: Job) -> str:
    """The statement with its link as this network takes one: in the text, in the bio, or not at all."""
    if not statement.link or job.network.post.links == "none":
        return statement.text
    where = statement.link
    if job.network.post.links == "bio":
        where = "lien en bio." if job.language.name == "fr" else "link in bio."
    colon = " :" if job.language.name == "fr" else ":"
    return f"{statement.text.rstrip('.')}{colon} {where}" if statement.text else where


def _tags(job: Job, brief: Brief) -> list[str]:
    """The brief's hashtags, the brand's own, then those of its others that the brief speaks of, up to what the network likes.

    A hashtag that names a town of the brand is left out of a post that does not.
    """
    code, said = job.network.kinds[job.kind].tags, fold(job.text)
    towns = {fold(name) for shop in job.brand.shops for name in shop.also}

    def apt(tag: str) -> bool:
        words = _words_of(tag)
        return bool(words) and all(word in said for word in words)

    others = [tag for tag in job.brand.hashtags.allowed if fold(tag.lstrip("#")) not in towns or apt(tag)]
    chosen = list(dict.fromkeys((*brief.tags, *job.brand.hashtags.always, *filter(apt, others))))[: code.max]
    return chosen + [tag for tag in others if tag not in chosen][: max(code.min - len(chosen), 0)]


def _words_of(tag: str) -> list[str]:
    """« #CosmétiqueProvence » → cosmetique, provence: the words that a CamelCase hashtag is made of."""
    return [fold(word) for word in re.findall(r"[A-ZÀ-Ý]?[a-zà-ÿ]{3,}", tag)]


def _unit(network: Network, kind: str) -> str:
    limit = network.kinds[kind].get("max")
    return limit.unit if limit else ""


def _fits(network: Network, kind: str, text: str) -> bool:
    limit = network.kinds[kind].get("max")
    return limit is None or length(text, limit.unit) <= limit.value
