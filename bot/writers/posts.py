"""Posts without a model: a brief's own facts, laid out as each network takes them, part by part. Nothing is added.

A network's page says what is told first (`leads`), how long it is, what parts there are; this module chooses, orders and cuts. A date, a
price and a partner are the last to go. How a brief is read is `briefs.py`'s business; the few words of our own are in `prompts/posts/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.checks.register import speaks_vous
from bot.domain.counters import length
from bot.domain.network import Span
from bot.domain.parts import Format, PartCode, Piece, lay
from bot.steps.draft import Job
from bot.triage.text import fold
from bot.typography import capital, narrow_for, typeset
from bot.writers.briefs import Brief, Statement, Words, clauses, read, words

HOOK = 90
"""Signs that are said in the three seconds a viewer gives."""
TITLE = 60
"""Signs of a title where the network's page states no fold."""
OPENERS = 4
"""Statements among which one opens: what a brief says last is seldom the point."""
SENTENCE = 150
"""Signs from which a title is a sentence (Reddit), and no more a name."""
TITLES = {"we": ("partner", "made", "brand"), "plain": ("made", "date", "brand"), "search": ("brand", "made")}
"""What a title adds to the subject, by what its network leads with; else the price and the day."""
SLIDE, FRAME = 150, 80
"""Signs on a picture that are read at a glance, where the network's page has no ideal."""
_BOUND = re.compile(
    r"(?i)^(?:(?P<participle>(?:créé|imaginé|conçu|fabriqué|élaboré|composé|pensé|né|réalisé)e?s?|made|created|designed|brewed|roasted|born|built)\b"
    r"|(?:il|elle|ils|elles|c[’']est|son|sa|ses|leur|ce|cette|ces|celui|celle|on y|it|they|its|their|this|these|he|she)\b)"
)
"""A statement that leans on the one before: it opens nothing, unless the subject is set before it."""
_LOOSE = frozenset(
    "à au aux avec ce ces cette chez d’ dans de des dès du en et l’ la le les leur mais nos notre ou où par pour qui que"
    " sa se ses son sur un une vos votre"
    " a an and at by for from in into its of on or our the to with your".split()
)
"""Words that nothing ends on."""


def publication(job: Job) -> str:
    """What is published on one network, all its parts as one text; empty when the brief says nothing to the public."""
    brief = read(job.text, job.language.name)
    if not brief.statements:
        return brief.action.text if brief.action else ""
    format_ = job.network.format(job.kind)
    return lay(_Publication(job, brief, format_).pieces(), format_, job.labels)


@dataclass
class _Publication:
    job: Job
    brief: Brief
    format: Format

    def __post_init__(self) -> None:
        self.brief = _in_register(self.brief, self.job.register_, self.spoken)

    @property
    def spoken(self) -> Words:
        return words(self.job.language.name)

    def pieces(self) -> list[Piece]:
        return [piece for part in self.format.parts for piece in self._part(part)]

    def _part(self, part: PartCode) -> Iterator[Piece]:
        writers: dict[str, Callable[[PartCode], Iterable[Piece]]] = {
            "title": self._title,
            "tags": self._keywords,
            "hook": self._hook,
            "comment": self._comment,
            "alt": self._alts,
            "frame": self._frames,
            "slide": self._slides,
        }
        write = writers.get(part.name, self._thread if part.max > 1 else self._prose)
        for piece in write(part):
            yield piece.model_copy(update={"text": self._set(piece.text, part)})

    # --- what one part says

    def _prose(self, part: PartCode) -> Iterable[Piece]:
        """The text that most networks have: the opening, its facts, what to do, hashtags; what does not fit goes from the end."""
        told = _Told(self, part)
        while not told.fits():
            if not told.lighten():
                break
        yield Piece(name=part.name, text=told.text)

    def _thread(self, part: PartCode) -> Iterable[Piece]:
        """One post a thought, cut at sentences; the first opens with what the law wants said, the last with what to do."""
        first, facts = self.opening()
        said = [self.mentioned(first, facts, part), *(one.text for one in facts)]
        if self.brief.action:
            said.append(self.closing(self.brief.action))
        posts = [chunk for text in said for chunk in self._chunks(text, part)]
        posts = _merged(posts, part.max, lambda text: self.within(text, part))
        if tags := self.tags()[:1]:
            tagged = f"{posts[-1]} {' '.join(tags)}"
            posts[-1] = tagged if self.within(tagged, part) else posts[-1]
        for text in posts[: part.max]:
            yield Piece(name=part.name, text=text)

    def _frames(self, part: PartCode) -> Iterable[Piece]:
        """One idea a frame, few words; the link goes to the sticker, which the heading notes."""
        texts = self._cards(part, FRAME)
        link = self.brief.action.link if self.brief.action else ""
        for place, text in enumerate(texts, 1):
            yield Piece(name=part.name, text=text, note=link if place == len(texts) else "")

    def _slides(self, part: PartCode) -> Iterable[Piece]:
        for text in self._cards(part, SLIDE):
            yield Piece(name=part.name, text=text)

    def _title(self, part: PartCode) -> Iterable[Piece]:
        title = self.title(part)
        alone = not any(
            one.name in ("text", "caption", "description", "post", "frame", "slide") for one in self.format.parts
        )
        yield Piece(name=part.name, text=f"{self.mention(())} {title}".strip() if alone else title)

    def _hook(self, part: PartCode) -> Iterable[Piece]:
        """What is said aloud first: not what the caption opens with, where the brief has two things to say."""
        first, facts = self.opening()
        other = next((one for one in facts if one.about & {"gain", "news"} and not _BOUND.match(one.text)), first)
        yield Piece(name=part.name, text=_shortened(other.text, HOOK))

    def _comment(self, part: PartCode) -> Iterable[Piece]:
        """The first comment of a network where links are dead carries the hashtags; elsewhere the text has all it needs."""
        if self.job.network.post.links == "bio" and (tags := self.tags()):
            limit = self.job.network.kinds[part.kind].get("hashtags")
            yield Piece(name=part.name, text=" ".join(tags[: limit.value if limit else None]))

    def _alts(self, part: PartCode) -> Iterable[Piece]:
        for image in self.brief.images[: part.max]:
            yield Piece(name=part.name, text=self._cut(image.alt, part), note=image.name)

    def _keywords(self, part: PartCode) -> Iterable[Piece]:
        """Words that people search: of the brief and of the brand, the closest first, within the network's own count."""
        job, said = self.job, fold(self.job.text)
        named = [
            product.name.get(job.language.name, "")
            for product in job.brand.products
            if any(fold(word) in said for word in (*product.name.values(), *product.also))
        ]
        found = [
            self.brief.subject,
            job.brand.name,
            f"{self.brief.subject} {job.brand.name}" if self.brief.subject else "",
        ]
        found += [*named, self.spoken.patterns["article"].sub("", self.brief.partner)]
        found += [" ".join(_words_of(tag)) or tag.lstrip("#") for tag in self.tags(most=30)]
        tags = [tag.replace(",", " ").strip().lower() for tag in found]
        once = {
            tuple(re.findall(r"\w+", fold(tag))): " ".join(tag.split())
            for tag in reversed(tags)
            if not re.search(r"[<>\"]", tag)
        }
        tags = [tag for tag in reversed(once.values()) if tag]
        while tags and not self.within(", ".join(tags), part):
            tags.pop()
        yield Piece(name=part.name, text=", ".join(tags))

    # --- what the parts are made of

    def opening(self) -> tuple[Statement, list[Statement]]:
        """The statement that opens on this network, and the others in the order it tells them."""
        said = list(self.brief.statements)
        leads = self.format.leads or (self.job.network.post.opens,)
        first = self._opener(said, leads)
        led, follow = (
            self._led(first, leads[0]),
            "we" if leads[0] == "how" and not self.format.part("title") else "plain",
        )
        groups = _leaning(
            [one for one in said if one is not first], first if not _BOUND.match(first.text) else None, said
        )

        def rank(group: list[Statement]) -> int:
            if _BOUND.match(group[0].text):
                return -1  # it speaks of the opening
            return min((leads.index(name) for name in group[0].about if name in leads), default=len(leads))

        rest = [one for group in sorted(groups, key=rank) for one in group]
        return led, [self._led(one, follow) if one.launched else one for one in rest]

    def _opener(self, said: Sequence[Statement], leads: Sequence[str]) -> Statement:
        """Among the first, what the network opens with; what leans on another only where the subject can be set before it."""
        able = [one for one in said if self._stands(one)] or list(said)
        for lead in leads:
            wanted = lead if lead in ("gain", "how", "partner", "date") else "news"
            found = next((one for one in able[:OPENERS] if wanted in one.about), None)
            if found is not None:
                return found
        return next((one for one in able if one.launched), able[0])

    def _stands(self, one: Statement) -> bool:
        found = _BOUND.match(one.text)
        return not found or bool(found["participle"] and self.brief.subject)

    def _led(self, one: Statement, lead: str) -> Statement:
        """The statement as an opening: a launch is announced, told by the house, dated or plainly named; a participle gets its subject."""
        if not one.launched:
            found = _BOUND.match(one.text)
            if found and found["participle"] and lead in ("how", "partner") and self.brief.subject:
                return replace(one, text=f"{self.brief.subject}{self.spoken.colon}{one.text[0].lower()}{one.text[1:]}")
            return one
        dated = self.spoken.patterns["date"].search(one.launched)
        if lead == "date" and dated:
            rest = (one.launched[: dated.start()].rstrip(" ,") + one.launched[dated.end() :]).strip(" ,")
            return replace(one, text=f"{capital(_day(dated['date']))}{self.spoken.colon}{rest}.")
        form = self.spoken.launch[{"news": 0, "gain": 0, "we": 1, "how": 1}.get(lead, 2)]
        what = one.launched
        if dated and form != self.spoken.launch[1]:  # without a verb, the date stands apart
            what = f"{what[: dated.start()].rstrip(' ,')}, {what[dated.start() :].lstrip(' ,')}"
        return replace(one, text=f"{form.format(what=what, What=capital(what))}.")

    def mention(self, told: Iterable[Statement]) -> str:
        """What the law wants said before anything else, of a paid or gifted partner; with their name unless `told` says it."""
        name = self.brief.partner
        if not self.brief.paid:
            return ""
        named = not name or any(name in one.text for one in told)
        return self.spoken.mention if named else self.spoken.mention_with.format(name=name)

    def mentioned(self, first: Statement, facts: Iterable[Statement], part: PartCode) -> str:
        mention = self.mention((first, *facts))
        told = f"{mention} {first.text}".strip()
        return told if self.within(told, part) else mention

    def closing(self, action: Statement) -> str:
        """What to do, with its link as this network takes one: in the text, in the bio, or not at all."""
        if not action.link or self.job.network.post.links == "none":
            return action.text
        where = action.link if self.job.network.post.links == "inline" else f"{self.spoken.bio}."
        return f"{action.text.rstrip('.')}{self.spoken.colon}{where}" if action.text else capital(where)

    def title(self, part: PartCode) -> str:
        """The subject and what is most worth knowing of it, within what is seen of a title."""
        fold_ = self.job.network.kinds[part.kind].get("fold") or self.job.network.kinds[part.kind].get("max")
        seen = min(fold_.value, 150) if fold_ else TITLE
        subject, colon = self.brief.subject, self.spoken.colon
        if not subject:
            first, _ = self.opening()
            return _shortened(first.text, seen).rstrip(".")
        made = (said := self._made()) and f", {said[0].lower()}{said[1:]}"
        sentence = f"{self.spoken.launch[1].format(what=self.brief.thing)}{made}"
        if seen >= SENTENCE and len(sentence) <= seen:
            return sentence
        day = _day(self.brief.dates[0]) if self.brief.dates else ""
        price, partner = next(iter(self.brief.prices), ""), self.spoken.patterns["article"].sub("", self.brief.partner)
        told = {
            "made": f"{subject}{made}" if made else "",
            "partner": f"{subject} × {partner}" if partner else "",
            "price": f"{subject}{colon}{price}, {day}" if price and day else "",
            "date": f"{subject}{colon}{day}" if day else "",
            "brand": f"{subject} – {self.job.brand.name}" if fold(self.job.brand.name) not in fold(subject) else "",
        }
        order = TITLES.get((self.format.leads or ("news",))[0], ("price", "date", "brand"))
        return next((text for name in order if (text := told[name]) and len(text) <= seen), _shortened(subject, seen))

    def _made(self) -> str:
        """« Créée avec la Ferme des Restanques »: how the thing came to be, where the brief says it right after naming it."""
        said = (found for one in self.brief.statements if (found := _BOUND.match(one.text)) and found["participle"])
        return next((_closed(next(clauses(found.string))).rstrip(".") for found in said), "")

    def tags(self, most: int | None = None) -> list[str]:
        """The brief's hashtags, the brand's own, then those of its others that the brief speaks of, up to what the network likes.

        A hashtag that names a town of the brand is left out of a post that does not.
        """
        job, code, said = self.job, self.span, fold(self.job.text)
        towns = {fold(name) for shop in job.brand.shops for name in shop.also}

        def apt(tag: str) -> bool:
            spelt = _words_of(tag)
            return bool(spelt) and all(word in said for word in spelt)

        others = [tag for tag in job.brand.hashtags.allowed if fold(tag.lstrip("#")) not in towns or apt(tag)]
        wanted = code.max if most is None else most
        chosen = list(dict.fromkeys((*self.brief.tags, *job.brand.hashtags.always, *filter(apt, others))))[:wanted]
        return chosen + [tag for tag in others if tag not in chosen][: max(min(code.min, wanted) - len(chosen), 0)]

    @property
    def span(self) -> Span:
        """How many hashtags read well here."""
        return self.job.network.kinds[self.job.network.main(self.format).kind].tags

    @property
    def tagged(self) -> bool:
        """Whether the hashtags stand in the text: not where a first comment carries them."""
        return self.format.part("comment") is None or self.job.network.post.links != "bio"

    def emoji(self, first: Statement) -> str:
        """One of the brand's, after an opening that is glad news; none where anything is grave."""
        rule, network = self.job.brand.emoji, self.job.network
        welcome = network.emoji and rule.policy != "none" and rule.allowed and network.name not in rule.never_on
        showy = (self.format.leads or ("",))[0] in ("gain", "news", "how")
        if not (welcome and showy and first.about & {"news", "gain", "how"}) or self.brief.grave:
            return ""
        return rule.allowed[len(network.name) % len(rule.allowed)]

    # --- measuring and cutting

    def within(self, text: str, part: PartCode) -> bool:
        limits = self.job.network.kinds[part.kind]
        told = self._set(text, part)
        return all(
            length(told, limit.unit) <= limit.value
            for name in ("max", "max_bytes")
            if (limit := limits.get(name)) is not None
        )

    def _set(self, text: str, part: PartCode) -> str:
        limit = self.job.network.kinds[part.kind].get("max")
        return typeset(text, self.job.language.name, narrow=narrow_for(limit.unit if limit else ""))

    def _cards(self, part: PartCode, glance: int) -> list[str]:
        """The brief as a few short texts, in order: what is announced, facts, what to do. What is vital is kept."""
        known = self.job.network.kinds[part.kind]
        aim = known.ideal.value if known.ideal else known.max.value if known.max else None
        seen = min(aim or glance, glance)
        first, facts = self.opening()
        action = [capital(self.brief.action.text)] if self.brief.action and self.brief.action.text else []
        said = [card for one in (first, *facts) for card in self._ideas(one)]
        while True:
            cards = _paired([chunk for one in said for chunk in _glances(one.text, seen)], seen)
            idle = [one for one in said[1:] if not one.vital]
            if len(cards) + len(action) <= part.max or not idle:
                break
            said.remove(idle[-1])
        if mention := self.mention(said):
            cards[0] = f"{mention}\n{cards[0]}"
        return [*cards[: part.max - len(action)], *action]

    def _ideas(self, one: Statement) -> list[Statement]:
        """A launch as what is launched, then when and for how much; any other statement is one idea."""
        thing = self.brief.thing
        if not thing or not one.launched.startswith(thing) or thing not in one.text:
            return [one]
        rest = capital(one.launched.removeprefix(thing).strip(" ,;:–—-"))
        head = replace(one, text=f"{one.text.partition(thing)[0]}{thing}.")
        return (
            [head, replace(one, text=f"{rest}.", launched="")]
            if rest and one.text.endswith(f"{one.launched[-8:]}.")
            else [one]
        )

    def _chunks(self, text: str, part: PartCode) -> list[str]:
        return [text] if self.within(text, part) else list(_split(text, lambda one: self.within(one, part)))

    def _cut(self, text: str, part: PartCode) -> str:
        return text if self.within(text, part) else next(iter(_split(text, lambda one: self.within(one, part))), "")


class _Told:
    """One text on its way to fit: the opening, facts, what to do, hashtags."""

    def __init__(self, publication: _Publication, part: PartCode) -> None:
        self._of = publication
        self._part = part
        self.first, self.facts = publication.opening()
        self.action = publication.brief.action
        self.tags = publication.tags() if publication.tagged else []
        self.emoji = publication.emoji(self.first)
        code = publication.job.network.post
        self._least_tags = publication.span.min
        span = code.words
        brief = publication.job.shorter or publication.format.part("slide") is not None  # the slides have said it
        self._most = span.min + (span.max - span.min) // 3 if brief else span.max

    @property
    def text(self) -> str:
        job = self._of.job
        opening = f"{self.first.text} {self.emoji}".strip()
        facts = [one.text for one in self.facts]
        closing = [self._of.closing(self.action)] if self.action else []
        mention = [one] if (one := self._of.mention((self.first, *self.facts))) else []
        if job.network.post.paragraphs == "one":
            return " ".join([*mention, opening, *facts, *closing, *self.tags])
        shown = ["\n".join(facts)] if len(facts) > 2 else facts
        return "\n\n".join(
            block for block in (*mention, opening, *shown, *closing, " ".join(self.tags)) if block.strip()
        )

    def fits(self) -> bool:
        long = len(self.text.split()) > self._most and any(not self._needed(one) for one in self.facts)
        return not long and self._of.within(self.text, self._part)

    def lighten(self) -> bool:
        """Takes away what is missed least. False when nothing can go any more."""
        room = self._of.within(self.text, self._part)
        idle = [one for one in self.facts if not self._needed(one)]
        if not room and len(self.tags) > self._least_tags:
            self.tags.pop()
        elif idle:
            self.facts.remove(idle[-1])
        elif self.emoji:
            self.emoji = ""
        elif self.tags:
            self.tags.pop()
        elif self.facts and (bare := self._bare(self.facts[-1])) != self.facts[-1]:
            self.facts[-1] = bare
        elif self.action and self.action.link and self.action.text:
            self.action = replace(self.action, text="")
        elif self.action:
            self.action = None
        elif self.facts and not self._needed(self.first):
            self.first = self.facts.pop()
        elif self.facts:
            self.facts.pop()
        else:
            return self._shorten()
        return True

    def _needed(self, one: Statement) -> bool:
        """A partner who is named before everything need not be told again."""
        told = {"partner"} if self._of.brief.paid and self._of.brief.partner else set()
        return bool(one.about & ({"date", "price", "partner"} - told))

    def _bare(self, one: Statement) -> Statement:
        """The date and the price of a statement alone, as the brief writes them."""
        found = [
            match.group().strip(" ,")
            for name in ("price", "date")
            for match in self._of.spoken.patterns[name].finditer(one.text)
        ]
        bare = ", ".join(dict.fromkeys(found))
        subject = f"{self._of.brief.subject}{self._of.spoken.colon}" if one.launched else ""
        return replace(one, text=f"{capital(subject + bare)}.") if found else one

    def _shorten(self) -> bool:
        """The opening cut to what fits, beside the mention."""
        room = next(iter(_split(self.first.text, lambda text: self._of.within(self._with(text), self._part))), "")
        changed = room != self.first.text
        self.first = replace(self.first, text=room)
        return changed

    def _with(self, opening: str) -> str:
        mention = self._of.mention(())
        return f"{mention}\n\n{opening}" if mention else opening


def _day(date: str) -> str:
    """« le jeudi 3 décembre » → « jeudi 3 décembre », where no verb goes before."""
    return re.sub(r"(?i)^(?:le|on)\s+(?=[^\W\d])", "", date)


def _in_register(brief: Brief, register: str, spoken: Words) -> Brief:
    """The brief as tu is said where the brand says tu; a statement that cannot be turned is kept only for its date, price or partner.

    The other way round nothing is turned: « passe » may be an order or what a thing does. The check says where tu stands.
    """

    def turned(one: Statement) -> Statement:
        text = one.text
        for tu, vous in spoken.tu.items():
            text = re.sub(
                rf"(?i)(?<![\w’'-]){re.escape(vous)}(?!\w)",
                lambda found, said=tu: capital(said) if found.group()[0].isupper() else said,  # type: ignore[misc]
                text,
            )
        return replace(one, text=text)

    if register != "tu":
        return brief
    said = tuple(turned(one) for one in brief.statements)
    said = tuple(one for one in said if one.vital or not speaks_vous(one.text)) or said
    return replace(brief, statements=said, action=turned(brief.action) if brief.action else None)


def _leaning(said: Sequence[Statement], first: Statement | None, order: Sequence[Statement]) -> list[list[Statement]]:
    """Statements with those that lean on them (« Créée avec… »), which move together; one that leans on `first` comes at once."""
    groups: list[list[Statement]] = []
    for one in said:
        before = order[order.index(one) - 1] if order.index(one) else None
        leans = bool(_BOUND.match(one.text))
        if leans and before is not None and before is not first and groups and before in groups[-1]:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _shortened(text: str, most: int) -> str:
    """The sentence, or as many of its clauses as are seen; never cut inside one where a clause fits."""
    return next(iter(_split(text, lambda one: len(one) <= most)), "")


def _glances(text: str, most: int) -> list[str]:
    return list(_split(text, lambda one: len(one) <= most))


def _split(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """A text in pieces that fit, cut between sentences, else clauses, else words. No word is lost unless it fits nowhere."""
    if fits(text):
        yield text
        return
    held = ""
    for clause in clauses(text):
        joined = f"{held} {clause}".strip()
        if fits(joined):
            held = joined
            continue
        if held:
            yield _closed(held)
        held = clause
        if not fits(clause):
            *done, held = _by_words(clause, fits)
            yield from (_closed(one) for one in done)
    if held:
        yield capital(held)


def _by_words(clause: str, fits: Callable[[str], bool]) -> list[str]:
    lines = [""]
    for word in clause.split():
        joined = f"{lines[-1]} {word}".strip()
        if fits(joined):
            lines[-1] = joined
        elif fits(word):
            kept = lines[-1].split()
            loose: list[str] = []
            while len(kept) > 1 and kept[-1].casefold() in _LOOSE:
                loose.insert(0, kept.pop())
            again = " ".join([*loose, word])
            lines[-1:] = [" ".join(kept), again] if fits(again) else [lines[-1], word]
    return [line for line in lines if line] or [""]


def _closed(text: str) -> str:
    """A piece that ends where its sentence goes on."""
    return capital(text.rstrip(" ,;:—–"))


def _paired(cards: list[str], most: int) -> list[str]:
    """Two scraps of one sentence share a card where both fit."""
    kept: list[str] = []
    for card in cards:
        scrap = (
            kept
            and len(card) < most // 4
            and len(f"{kept[-1]}, {card}") <= most
            and not kept[-1].endswith((".", "!", "?", "…"))
        )
        if scrap:
            kept[-1] = f"{kept[-1]}, {card[0].lower()}{card[1:]}"
        else:
            kept.append(card)
    return kept


def _merged(posts: list[str], most: int, fits: Callable[[str], bool]) -> list[str]:
    """The posts of a thread: the shortest neighbours joined while there are too many, or a scrap stands alone."""
    posts = list(posts)
    while len(posts) > 2:
        joins = [(len(left) + len(right), place) for place, (left, right) in enumerate(pairwise(posts))]
        fitting = [(size, place) for size, place in joins if fits(f"{posts[place]} {posts[place + 1]}")]
        if not fitting or (len(posts) <= most and min(fitting)[0] > 120):
            break
        _, place = min(fitting)
        posts[place : place + 2] = [f"{posts[place]} {posts[place + 1]}"]
    return posts


def _words_of(tag: str) -> list[str]:
    """« #CosmétiqueProvence » → cosmetique, provence: the words that a CamelCase hashtag is made of."""
    return [fold(word) for word in re.findall(r"[A-ZÀ-Ý]?[a-zà-ÿ]{3,}", tag)]
