"""A brief taken apart: what it says to the public, statement by statement, and what it says to us. Nothing is added.

What a brief asks of us (« fais un post pour LinkedIn », « ton simple ») is not said to the public. How briefs say things is in
`prompts/posts/`; what becomes of the statements on each network is `posts.py`'s business.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.pages import FOLDER
from bot.triage.text import clean, fold
from bot.typography import capital, typeset

VITAL = frozenset({"date", "price", "partner"})
"""What of a brief goes last when room lacks."""
_NETWORKS = r"(?:linkedin|instagram|insta|facebook|x|twitter|tiktok|pinterest|youtube|threads|bluesky|mastodon|google|snapchat|vimeo|reddit)"
_FORMS = r"(?:story|stories|carrousel|carousel|fil|thread|reel|short|pin|épingle|vidéo|video|document)"
_ORDER = re.compile(
    r"(?ix)^(?:\W*(?:"
    r"(?:(?:peux|pourrais)[- ]tu(?:\s+(?:nous|me))?|merci\ de|il\ (?:nous\ )?faut|on\ veut|on\ voudrait|je\ veux|je\ voudrais|j['’]aimerais)?\s*"
    r"(?:fai(?:s|tes|re)(?:[- ](?:moi|nous))?|prépare[rz]?|écri(?:s|re|vez)|rédige[rz]?|publie[rz]?|annonce[rz]?|poste[rz]?|communique[rz]?|décline[rz]?)"
    r"(?:\s+(?:un|une|des|le|la|les|ce)\b)?(?:\s+(?:petite?|nouveau|courte?)\b)?"
    rf"(?:\s+(?:posts?|publications?|tweets?|message|textes?|annonce|légende|brief|{_FORMS})\b)?"
    rf"(?:\s+(?:en|sous\ forme\ d[e’'])\s*{_FORMS}\b)?"
    rf"(?:\s+(?:(?:pour|sur)\s+)?(?:nos\ réseaux|les\ réseaux|[\w, ]{{0,40}}?\b{_NETWORKS}\b(?:(?:,|\s+et|\s+and)\s*{_NETWORKS}\b)*))?"
    rf"(?:\s+(?:en|sous\ forme\ d[e’'])\s*{_FORMS}\b)?"
    r"(?:\s+(?:sur|pour\ annoncer(?:\ que)?|pour\ rappeler(?:\ que)?|annonçant|à\ propos\ de|au\ sujet\ de|pour\ dire|que|:))?"
    r"|(?:please\s+|can\ you\ |could\ you\s+|we\ (?:want|need)\ to\s+|i\ want\ to\s+|we['’]d\ like\ to\s+)*"
    r"(?:write|draft|prepare|make|publish|announce|post)(?:\s+(?:a|an|the|some)\b)?(?:\s+(?:short|new)\b)?"
    rf"(?:\s+(?:{_NETWORKS}\s+)?(?:posts?|tweets?|announcement|caption|something|{_FORMS})\b)?(?:\s+(?:as|in)\s+an?\s+{_FORMS}\b)?"
    rf"(?:\s+(?:for|on)\s+[\w, ]{{0,40}}?\b{_NETWORKS}\b(?:(?:,|\s+and)\s*{_NETWORKS}\b)*)?(?:\s+(?:as|in)\s+an?\s+{_FORMS}\b)?"
    r"(?:\s+(?:about|announcing|to\ announce|for|reminding\ people(?:\ that)?|saying|that|on)\b)?"
    rf"|(?:en|as\ an?|in\ an?|sous\ forme\ d[e’'])\s*{_FORMS}\b"
    rf"|(?:(?:un|une|an?)\s+)?(?:{_FORMS}|brief)(?=\s*:)"
    r")\s*[:,–—-]?\s*)"
)
_WORK = rf"(?:posts?|publications?|tweets?|légendes?|captions?|brief|titres?|titles?|descriptions?|{_FORMS})"
_HEAD = re.compile(
    rf"(?i)^(?=[^:\n.!?]{{0,80}}\b(?:{_WORK}|{_NETWORKS.replace('|x|', '|')}|for x|pour x|sur x|on x)\b)"
    r"(?![^:\n]{0,80}\b(?:notre|nos|our)\b)[^:\n.!?]{2,80}?[ \u00a0]?:\s+"
)
"""« Un post X court : … », "Adapt this for Bluesky: …": words before a colon that name our work or a network."""
_ASKED = re.compile(
    rf"(?i)^(?:(?:il (?:nous )?faut|on (?:veut|voudrait)|je (?:veux|voudrais)|j[’']ai besoin|(?:we|i) (?:need|want)(?: to)?|(?:can|could) you)\s+)?"
    rf"(?:(?:une?|an?|d[’'](?:une?)?|de)\s*)?(?:{_NETWORKS}\s+)?{_WORK}(?:\s+(?:et|and)\s+{_WORK})?(?:\s+{_NETWORKS})?\s+"
    r"(?:pour rappeler que|pour annoncer|pour|sur|de|reminding people(?: that)?|announcing|about|for|on)\s+(?:la vidéo\s+)?"
)
"""« Il nous faut une story pour rappeler que … », "A pin for …"."""
_WHERE = re.compile(
    rf"(?:\b(?:{_NETWORKS}|et|and|sur|on|pour|for)\b|[ +,&/])+(?:, ?(?:ton|texte|tone|keep|no|sans|sobre)\b.{{0,80}})?"
)
"""« Facebook + Instagram, ton simple »."""
_LINK = re.compile(r"https?://\S+[^\s.,;:!?)]|\bwww\.\S+[^\s.,;:!?)]")
_BEFORE_LINK = re.compile(r"(?i)[\s:,→(-]*\b(?:sur|ici|via|au lien|le lien|lien|on|at|here|via|link)?[\s:→(-]*$")
_TAG = re.compile(r"(?<!\w)#\w+")
_NUMBERED = re.compile(
    r"(?im)(?:^|(?<=[.;] ))[ \t]{0,8}(?:[-*•][ \t]{0,4})?(?P<name>(?:photo|image|visuel|picture|pic|alt(?: text)?|texte alternatif)[ \t\u00a0]{0,2}\d{0,2})"
    r"[ \t\u00a0]{0,2}:[ \t\u00a0]{0,4}(?P<said>[^\n;]{1,1500}?)(?=\.?(?:[ \t]{0,8}(?:$|;)|\.\s))"
)
"""« photo 1 : la brume posée sur une pierre », "image: roast.jpg: Sam at the roaster"."""
_FILE = re.compile(r"^(?P<file>[\w -]{1,60}\.(?:jpe?g|png|webp|gif))[ \u00a0]?[:–—-]?[ \u00a0]?", re.IGNORECASE)
_WITH = re.compile(
    r"(?i),?[ \u00a0]\(?(?:avec|with)[ \u00a0](?:la|une|les|the|an?)[ \u00a0](?:photo|image|picture|visuel)s?[ \u00a0]"
    r"(?P<of>de la |de l[’']|du |des |de |d[’']|of )(?P<said>[^,.;\n]{2,300})\)?"
)
"""« avec la photo de Karim au four »."""
_ARTICLES = {"de la": "la ", "de l’": "l’", "de l'": "l’", "du": "le ", "des": "les "}
_NO_IMAGE = re.compile(
    r"(?i)^(?:(?:une?|la|l[’']|an?|the)\s*)?(?:image|photo(?:graph|graphie)?|picture|visuel)\s+(?:de |d[’']|du |des |of |showing |montrant )"
)


@dataclass(frozen=True)
class Words:
    """How briefs say things in one language, and the few words of our own (`prompts/posts/`)."""

    mention: str
    mention_with: str
    bio: str
    link: str
    colon: str
    launch: tuple[str, ...]
    cues: Mapping[str, re.Pattern[str]]
    patterns: Mapping[str, re.Pattern[str]]
    articles: Mapping[str, str]
    tu: Mapping[str, str]


@dataclass(frozen=True)
class Statement:
    """One thing the brief says, the link that stood in it, and what it speaks of."""

    text: str
    link: str = ""
    about: frozenset[str] = frozenset()
    """`news gain date price how partner place`."""
    launched: str = ""
    """What is launched, where the statement is « lancement de … » and no sentence."""

    @property
    def vital(self) -> bool:
        return bool(self.about & VITAL)


@dataclass(frozen=True)
class Image:
    name: str
    alt: str


@dataclass(frozen=True)
class Brief:
    """A brief taken apart; every part is in its author's words."""

    statements: tuple[Statement, ...]
    action: Statement | None
    tags: tuple[str, ...]
    images: tuple[Image, ...] = ()
    paid: bool = False
    """The brief names a partner as paid or gifted: the law wants it said before all else."""
    partner: str = ""
    thing: str = ""
    """What is launched, with its article: « la brume Calendula »; empty when the brief launches nothing."""
    subject: str = ""
    """The same as one would search it: « Brume Calendula »."""
    grave: bool = False
    """No occasion for an emoji."""
    dates: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()


@cache
def words(language: str) -> Words:
    """Of that language; English for one that has no file."""
    file = FOLDER / "posts" / f"{language}.toml"
    if not file.exists():
        file = FOLDER / "posts" / "en.toml"
    page = tomllib.loads(file.read_text(encoding="utf-8"))
    compiled = {
        table: {name: re.compile(pattern) for name, pattern in page.pop(table).items()}
        for table in ("cues", "patterns")
    }
    return Words(**{**page, **compiled, "launch": tuple(page["launch"])})


def read(text: str, language: str) -> Brief:
    """Takes a brief apart: statements, call to action, links, hashtags, images, a partner that the law wants named."""
    spoken = words(language)
    text = _said_to_us(clean(text))
    tags = tuple(dict.fromkeys(_TAG.findall(text)))
    text, images = _images(_TAG.sub("", text))
    said: list[Statement] = []
    paid, partner = False, ""
    for part in _parts(text):
        if spoken.cues["wish"].search(fold(part)) or _WHERE.fullmatch(fold(part).strip(" .")):
            continue
        told = _unlabelled(_unwished(part, spoken), spoken)
        if spoken.cues["paid"].search(fold(told)):
            partner, paid = partner or _named(told, spoken), True
            told = _undisclosed(told, spoken)
        if re.search(r"\w", told):
            said.append(_statement(told, language, spoken))
    statements = [one for one in said if one.text or one.link]
    if len(statements) > 1 and not statements[-1].text:
        *before, last, alone = statements
        statements = [*before, Statement(last.text, last.link or alone.link, last.about, last.launched)]
    actions = [one for one in statements[1:] if one.link or spoken.cues["action"].search(fold(one.text))]
    action = actions[-1] if actions else None
    whole = " ".join(one.text for one in statements)
    thing = _thing(statements, spoken)
    return Brief(
        statements=tuple(one for one in statements if one is not action),
        action=action,
        tags=tags,
        images=images,
        paid=paid,
        partner=partner or _partner(statements, spoken),
        thing=thing,
        subject=capital(spoken.patterns["article"].sub("", thing)),
        grave=bool(spoken.cues["grave"].search(fold(whole))),
        dates=tuple(dict.fromkeys(found["date"] for found in spoken.patterns["date"].finditer(whole))),
        prices=tuple(dict.fromkeys(found.group() for found in spoken.patterns["price"].finditer(whole))),
    )


def _said_to_us(text: str) -> str:
    """The brief without the words that ask for it."""
    for order in (_HEAD, _ORDER, _ASKED):
        rest = order.sub("", text, count=1).strip()
        if rest != text:
            return capital(rest)
    return text


def _images(text: str) -> tuple[str, tuple[Image, ...]]:
    """The brief without what it says of its images, and these in their order."""
    found: list[tuple[int, Image]] = []
    for match in _NUMBERED.finditer(text):
        said, name = match["said"].strip(), " ".join(match["name"].split()).lower()
        if file := _FILE.match(said):
            name, said = file["file"], said[file.end() :]
        found.append((match.start(), Image(name, _alt(said))))
    rest = _NUMBERED.sub("", text)
    for match in _WITH.finditer(rest):
        found.append(
            (len(text) + match.start(), Image("", _alt(_ARTICLES.get(match["of"].strip().lower(), "") + match["said"])))
        )
    kept = [image for _, image in sorted(found, key=lambda one: one[0]) if image.alt]
    return _WITH.sub("", rest), tuple(kept)


def _alt(said: str) -> str:
    """A plain description: a sentence, that does not say it is an image."""
    plain = capital(_NO_IMAGE.sub("", said.strip(" \t.«»\"'")))
    return f"{plain}." if plain else ""


def _parts(text: str) -> list[str]:
    """Statements of a brief: lines, sentences, bullet points and the clauses between semicolons."""
    lines = [re.sub(r"^\s*(?:[-*•–]|\d+[.)])\s+", "", line) for line in text.splitlines()]
    pieces = [piece for line in lines for piece in re.split(r"(?<=[.!?…])\s+(?=[A-ZÀ-ÝŒ0-9«“\"(])|\s*;\s+", line)]
    return [piece.strip(" \t,;–—-") for piece in pieces if re.search(r"\w", piece)]


def _unwished(part: str, spoken: Words) -> str:
    """« en ligne mardi, sans en faire trop » → « en ligne mardi »."""
    first, *rest = part.split(", ")
    return ", ".join([first, *(clause for clause in rest if not spoken.cues["wish"].search(fold(clause)))])


def _unlabelled(part: str, spoken: Words) -> str:
    """« CTA : réservez » → « réservez »."""
    found = re.match(r"[^:]{1,30}:\s*", part)
    return part[found.end() :] if found and spoken.cues["label"].search(fold(found.group()) + " ") else part


def _named(part: str, spoken: Words) -> str:
    found = spoken.patterns["partner"].search(part)
    return found["name"].strip() if found else ""


def _partner(statements: list[Statement], spoken: Words) -> str:
    return next(
        (name for one in statements if "partner" in one.about and (name := _named(one.text.rstrip("."), spoken))), ""
    )


def _undisclosed(part: str, spoken: Words) -> str:
    """The statement without its note to us: nothing where it is only that, the rest where it stands in brackets or ends it."""
    told = spoken.cues["paid"]
    rest = re.sub(r"\s*\([^()]{0,200}\)", lambda aside: "" if told.search(fold(aside.group())) else aside.group(), part)
    kept = rest.split(", ")
    while len(kept) > 1 and told.search(fold(kept[-1])):
        kept.pop()
    if told.search(fold(kept[0])):
        kept = [
            one for one in kept[1:] if spoken.cues["date"].search(fold(one)) or spoken.cues["price"].search(fold(one))
        ]
    return ", ".join(kept)


def _statement(part: str, language: str, spoken: Words) -> Statement:
    found = _LINK.search(part)
    link = found.group() if found else ""
    said = _BEFORE_LINK.sub("", part[: found.start()]) + part[found.end() :].strip(" )") if found else part
    said = capital(re.sub(r"\s+([.,])", r"\1", re.sub(r"\s{2,}", " ", said)).strip(" :."))
    if not re.search(r"\w", said):
        return Statement("", link)
    ended = part.rstrip()[-1:] if part.rstrip()[-1:] in "!?…" else "."
    text = typeset(said if said[-1] in "!?…" else f"{said}{ended}", language)
    return Statement(text, link, _about(text, spoken), _launched(text, spoken))


def _about(text: str, spoken: Words) -> frozenset[str]:
    folded = fold(text)
    found = {
        name
        for name in ("news", "gain", "date", "price", "how", "partner", "place")
        if spoken.cues[name].search(folded)
    }
    return frozenset(found | ({"partner"} if spoken.patterns["partner"].search(text) else set()))


def _launched(text: str, spoken: Words) -> str:
    found = spoken.patterns["launch"].match(text)
    if not found:
        return ""
    article = " ".join(found["article"].lower().replace("'", "’").split())
    return spoken.articles.get(article, "") + found["what"].rstrip(".!")


def _thing(statements: list[Statement], spoken: Words) -> str:
    """What is launched, up to where something is said of it."""
    launched = next((one.launched for one in statements if one.launched), "")
    dated = spoken.patterns["date"].search(launched)
    head = launched[: dated.start()] if dated else launched
    ends = next(
        (found.start() for found in spoken.patterns["subject_ends"].finditer(head) if found.start() > 5), len(head)
    )
    return head[:ends].strip(" ,;:.–—-")


def clauses(text: str) -> Iterator[str]:
    """A sentence's clauses, each with the sign that ends it."""
    for clause in re.split(r"(?<=[,;:—–])\s+|(?<=[.!?…])\s+(?=\S)", text):
        if clause.strip():
            yield clause.strip()
