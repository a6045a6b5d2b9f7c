"""The prompt of one draft, from the pages and the job. Pure: the same job and mark give the same words.

What is alike for many drafts stands first, so that providers' prompt caches hit. What people wrote stands last, in blocks whose
tags end in a random mark, without hidden characters and with every `<` turned, so that no text can close its block.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

from bot.domain.draft import Finding
from bot.domain.model import Value
from bot.domain.network import ContentKind
from bot.pages import Pages
from bot.steps.draft import Job, Mend, Passage
from bot.triage.text import clean, fold
from bot.view import View

PASSAGES = 8
"""How many a model is handed; the card shows them all."""
ROOM = 2_290
"""Input tokens that a reply's prompt keeps to, by `tokens`: passages are cut to what the rest leaves of it."""
BYTES_A_TOKEN = 3.3
"""Of our prompts, by the greediest tokenizer measured (Mistral's first, 32,000 pieces; its newest: 3.8; 2026-11-23)."""
SHORTEST = 140
"""Characters under which a passage says nothing any more."""
LONGEST_PASSAGE = 600
LONGEST_TEXT = 4_000
"""Characters of a comment or brief: beyond it the beginning and the end are kept."""
EXAMPLES = 2
LONGEST_EXAMPLE = 300
MOST_AVOIDED = 420
"""Characters of the words that the brand avoids."""
_TURNED = str.maketrans("<>", "‹›")
_STYLED = ("<font>", "<wide>", "<narrow>", "<circle>", "<square>", "<small>", "<vertical>")
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SECTIONS = {"reply": "A reply to a complaint", "post": "A post"}
_STRANGER = "What betrays a stranger"
_VOICES = {"fr": "France", "en": "English"}
_UNITS = {"x_weighted": "signs as X counts them", "utf8_bytes": "bytes"}
_EMOJI = {"none": "none", "few": "one at most, only where it fits, among {}", "free": "a few, among {}"}


class Prompt(Value):
    system: str
    """The same for every comment of this brand, network and language."""
    user: str
    told: str
    """What of it is never for the public: the instructions and the mark."""


def compose(job: Job, pages: Pages, mark: str) -> Prompt:
    page = pages.skill(job.skill, job.network.name, job.language.name)
    values = _stable(job) | {"mark": mark, "examples": _examples(job, mark), "rules": _rules(job, mark)}
    if job.playbook is not None:
        values |= {"playbook": _situation(job), "facts": _facts(job), "postures": ", ".join(job.postures)}
    values["brief" if job.skill == "post" else "comment"] = _cut(plain(job.text, styled=False), LONGEST_TEXT)
    mend = _mend(job.mend, pages, mark) if job.mend else ""
    bare = pages.compose(page, values | {"passages": ""})
    room = int((ROOM - tokens(bare)) * BYTES_A_TOKEN)
    system, _, user = pages.compose(page, values | {"passages": _passages(job, room)}).partition("\n---\n")
    told = "\n".join((page.body.partition("\n---\n")[0], *job.rules, mark))
    return Prompt(system=system.strip(), user=f"{_tidy(user)}\n\n{mend}".strip(), told=told)


def tokens(text: str) -> int:
    """About how many tokens a text is, without any provider's tokenizer: rather too many than too few."""
    return math.ceil(len(text.encode()) / BYTES_A_TOKEN)


def plain(text: str, *, styled: bool = True) -> str:
    """People's text as data: nothing hidden, nothing that turns direction, no tag; with `styled` off, plain letters for styled ones.

    Only letters in another dress are undressed (𝐛𝐨𝐥𝐝, ｗｉｄｅ, ⓒircled): NFKC proper would also take ½, ² and … apart.
    """
    if not styled:
        text = "".join(_undressed(sign) for sign in text)
    text = _BLANK.sub("", clean(text))
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign)[0] != "C").translate(_TURNED)


def _undressed(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign) if unicodedata.decomposition(sign).startswith(_STYLED) else sign


def _stable(job: Job) -> dict[str, str]:
    brand, language, network = job.brand, job.language, job.network
    emoji = (
        brand.emoji.policy
        if brand.emoji.allowed and network.emoji and network.name not in brand.emoji.never_on
        else "none"
    )
    tags = [*brand.hashtags.always, *brand.hashtags.allowed]
    contact = brand.contact.care
    return {
        "language": language.title,
        "register": job.register_,
        "network": network.title,
        "limits": _limits(job),
        "parts": _parts(job),
        "tone": _tone(job),
        "brand": brand.name,
        "about": brand.about.get(language.name) or next(iter(brand.about.values())),
        "signature": brand.signature_for(language.name, network.name) or "none",
        "private": f"{language.private[network.private].replace('{contact}', contact)}; the address for customers is {contact}",
        "emoji": _EMOJI[emoji].format(" ".join(brand.emoji.allowed)),
        "avoid": _avoided(job),
        "hashtags": " ".join(tags[: _kind(job).tags.max]) or "none",
    }


def _avoided(job: Job) -> str:
    """As many as fit: the check knows them all, and a rewrite names those that were used."""
    words: list[str] = []
    for one in job.brand.avoid:
        words.append(f"{one.word} (say {one.say})" if one.say else one.word)
        if len(", ".join(words)) > MOST_AVOIDED:
            return ", ".join(words[:-1])
    return ", ".join(words) or "none"


def _limits(job: Job) -> str:
    code = job.network.post if job.skill == "post" else job.network.reply
    most = code.words.min + (code.words.max - code.words.min) // 3 if job.shorter else code.words.max
    told = [f"{min(code.words.min, most)} to {most} words"]
    kind = _kind(job)
    if most_ := _most(kind):
        told.append(most_)
    if job.skill == "post":
        told.append(f"{kind.tags.min} to {kind.tags.max} hashtags" if kind.tags.max else "no hashtag")
        if job.network.post.links != "inline":
            told.append("no link in the text")
    return "; ".join(told) + "."


def _kind(job: Job) -> ContentKind:
    """What the page states of the text; of a publication in parts, of the one that says most."""
    network = job.network
    return network.kinds[network.main(network.format(job.kind)).kind if job.skill == "post" else job.kind]


def _most(kind: ContentKind) -> str:
    return f"{kind.most:,} {_UNITS.get(kind.max.unit, 'characters')} at most" if kind.max and kind.most else ""


def _parts(job: Job) -> str:
    """What the publication is made of, each part with how many there are and how long one may be."""
    if job.skill != "post" or (format_ := job.network.format(job.kind)).single:
        return "one text"
    told = []
    for part in format_.parts:
        count = str(part.max) if part.min == part.max else f"{part.min} to {part.max}"
        told.append(
            f"`{part.name}` × {count}" + (f" ({most})" if (most := _most(job.network.kinds[part.kind])) else "")
        )
    return f"{job.kind}: {', '.join(told)}"


def _tone(job: Job) -> str:
    """Of the network's page what a writer needs: the tone in this language, its codes for this kind of text, its faults."""
    sections = _sections(job.network.body)
    voice = _VOICES.get(job.language.name, "English")
    tone = [line for line in sections.get("Tone", ()) if line.startswith(f"- {voice}")]
    own, stranger = sections.get(_SECTIONS[job.skill], []), sections.get(_STRANGER, [])
    return "\n".join([*tone, *own, *(f"- Not here: {line.removeprefix('- ')}" for line in stranger)])


def _sections(body: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in body.splitlines():
        if line.startswith("## "):
            name = line[3:].strip()
        elif name and line.strip():
            found.setdefault(name, []).append(line)
    return found


def _situation(job: Job) -> str:
    assert job.playbook is not None
    return f"{job.playbook.title.get('en', job.playbook.name)}. {job.playbook.body}".strip()


def _facts(job: Job) -> str:
    """Addresses and public numbers that answers to this situation give."""
    page = job.playbook
    assert page is not None
    wordings = [wording.text for moves in page.wordings.values() for lines in moves.values() for wording in lines]
    said = {
        name: value
        for name in ("press", "legal", "data", "jobs", "site")
        if (value := getattr(job.brand.contact, name)) and any(f"{{{name}}}" in text for text in wordings)
    }
    for fact in page.facts:
        if fact.country == job.brand.country:
            said[fact.slot] = fact.fr if job.language.name == "fr" else fact.en
    return "\n".join(f"{name.capitalize()}: {value}" for name, value in said.items())


def _passages(job: Job, room: int) -> str:
    """Passages by their ids, each cut to its share of the room around what speaks of the comment."""
    given = job.guidelines[:PASSAGES]
    if not given:
        return "(none is close enough)"
    share = max(SHORTEST, min(LONGEST_PASSAGE, room // len(given) - 20))
    about = _roots(f"{job.text} {job.playbook.seek.get(job.language.name, '') if job.playbook else ''}")
    return "\n".join(f"[{number}] {_passage(passage, about, share)}" for number, passage in enumerate(given, 1))


def _passage(passage: Passage, about: frozenset[str], share: int) -> str:
    """The sentences that share most with what is asked, and those written to be said, in their own order."""
    heading = plain(passage.heading).rpartition(" › ")[2]
    lines = re.split(r"(?<=[.!?…])\s+|\n+", plain(passage.text).strip())
    said = {plain(line).strip() for line in passage.sayable}
    order = sorted(
        range(len(lines)), key=lambda place: (-len(about & _roots(lines[place])) - (lines[place] in said), place)
    )
    kept: list[int] = []
    for place in order:
        if not kept or sum(len(lines[one]) + 1 for one in (*kept, place)) + len(heading) <= share:
            kept.append(place)
    return _cut(f"{heading}: {' '.join(lines[place] for place in sorted(kept))}", share)


def _roots(text: str) -> frozenset[str]:
    return frozenset(word[:5] for word in re.findall(r"\w{4,}", fold(text)))


def _examples(job: Job, mark: str) -> str:
    told = [
        f"- {_cut(plain(one.prompt), LONGEST_EXAMPLE // 2)}\n  → {_cut(plain(one.text), LONGEST_EXAMPLE)}"
        for one in job.examples[:EXAMPLES]
    ]
    return _block("examples", told, mark)


def _rules(job: Job, mark: str) -> str:
    return _block("rules", [f"- {_cut(plain(rule), LONGEST_EXAMPLE)}" for rule in job.rules], mark)


def _block(name: str, lines: Sequence[str], mark: str) -> str:
    return "\n".join(("", f"<{name}-{mark}>", *lines, f"</{name}-{mark}>")) if lines else ""


def _mend(mend: Mend, pages: Pages, mark: str) -> str:
    view = View(pages, "en")
    wrong: list[str] = []
    texts: list[str] = []
    for variant, found in zip(mend.written.variants, mend.findings, strict=True):
        texts.append(f"{variant.posture}: {plain(variant.text)}")
        wrong += [f"- {variant.posture}: {_wrong(one, view)}" for one in found if one.level != "note"]
    values = {"mark": mark, "draft": "\n".join(texts), "wrong": "\n".join(dict.fromkeys(wrong))}
    return pages.compose(pages.parts["mend"], values)


def _wrong(finding: Finding, view: View) -> str:
    excerpt = plain(finding.excerpt)[:80]
    said = view.finding(finding)
    return f"{said} ({excerpt})" if excerpt and excerpt not in said else said


def _cut(text: str, most: int) -> str:
    """At most so many characters, the beginning and the end kept."""
    if len(text) <= most:
        return text
    tail = most // 4
    return f"{text[: most - tail - 3].rstrip()} … {text[-tail:].lstrip()}"


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()
