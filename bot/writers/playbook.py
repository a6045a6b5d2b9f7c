"""The writer without a model: a reply composed of the moves a good answer makes, in the wordings of its playbook page.

Same comment, same words; another comment, other words: the wordings are picked by the comment itself. It says back what
the comment names (`hearing.py`), quotes at most one sentence of the guidelines (`sayable.py`), and invents nothing. It
writes no post from nothing either: `posts.py` rearranges the brief's own facts.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.checks.links import LINK
from bot.domain.counters import length
from bot.domain.draft import Variant
from bot.domain.triage import Posture
from bot.errors import Refused
from bot.pages import Move, Network, Playbook
from bot.steps.draft import Job, Written
from bot.triage.situations import Encoder
from bot.triage.text import fold
from bot.typography import narrow_for, typeset
from bot.wordings import Phrase, Wording, fill, fits
from bot.writers import posts, sayable
from bot.writers.hearing import Heard, hear

NAME = "playbook"
FACT_WORDS = 42
"""A quoted sentence longer than this is a document, not an answer; short networks take a third of it."""
TRIED = 3
"""Wordings of each move that are tried together before one is kept: enough to meet a length, few enough to stay quick."""
UNHEARD = 8.0
"""Words too many that are accepted rather than to leave out what the person named."""
MISSED = 8.0
"""What it costs, in words, to leave a move out."""


Choice = tuple[Move, list[tuple[Wording, str]]]
"""A move with the wordings it may be said in, the best first, and how each reads filled."""
Attempt = tuple[tuple[float, float, float, float], str, set[str]]
"""How far a text is from what is wanted, the text, the wordings in it."""


SPARE: tuple[Move, ...] = ("close", "help", "own")
"""Moves that a text may do without where it is too long. What to do when somebody is hurt is never one of them."""


class PlaybookWriter:
    """Writes replies from the playbook pages and posts from the brief. Never fails for want of a passage."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    async def write(self, job: Job) -> Written:
        return await asyncio.to_thread(self._write, job)

    def _write(self, job: Job) -> Written:
        if job.playbook is None:
            return Written(variants=(Variant(posture="sober", text=posts.publication(job)),), writer=NAME)
        return _Reply(job, job.playbook, self._encoder).write()


@dataclass
class _Reply:
    job: Job
    page: Playbook
    encoder: Encoder
    fact: sayable.Fact | None = None
    heard: Heard = field(default_factory=Heard)

    def write(self) -> Written:
        self.heard = hear(self.job.text, self.job.language.name, self.job.register_, self.job.brand, self.page.names)
        if self.page.help != "none" and {"help", "answer"} & set(self._moves()):
            self.fact = sayable.choose(
                self.job.text,
                self.page.seek.get(self.job.language.name, ""),
                self.job.guidelines,
                self.job.language.name,
                self.encoder,
                register=self.job.register_,
                words=FACT_WORDS // (3 if self.short else 1),
            )
        slots = self._slots()
        variants: list[Variant] = []
        spent: set[str] = set()
        for posture in self.job.postures:
            text, said = self._compose(posture, slots, spent)
            spent |= said
            variants.append(Variant(posture=posture, text=text))
        quoted = self.fact is not None and any(self.fact.text[:40] in variant.text for variant in variants)
        return Written(variants=tuple(variants), used=(self.fact.passage,) if quoted and self.fact else (), writer=NAME)

    @property
    def short(self) -> bool:
        return self.job.network.short or self.job.shorter

    def _moves(self) -> tuple[Move, ...]:
        return (self.page.short or self.page.moves) if self.short else self.page.moves

    def _slots(self) -> dict[str, Phrase]:
        brand, language = self.job.brand, self.job.language
        private = language.private[self.job.network.private].replace("{contact}", brand.contact.care)
        slots = dict(self.heard.slots)
        slots |= {"private": Phrase(private), "contact": Phrase(brand.contact.care), "brand": Phrase(brand.name)}
        for name in ("press", "legal", "data", "jobs", "site"):
            if value := getattr(brand.contact, name):
                slots[name] = Phrase(value)
        for fact in self.page.facts:
            if fact.country == brand.country:
                slots[fact.slot] = Phrase(fact.fr if language.name == "fr" else fact.en)
        if self.fact:
            slots["fact"] = Phrase(self.fact.text)
        return slots

    def _compose(self, posture: Posture, slots: Mapping[str, Phrase], spent: set[str]) -> tuple[str, set[str]]:
        """The best text of this posture and the wordings in it."""
        known = {*slots, *self.heard.facets} | ({"fact"} if self.fact else set())
        filled = dict(slots)
        if emoji := self._emoji(posture):
            filled["emoji"] = Phrase(emoji)
        choices: list[Choice] = []
        for move in self._moves():
            eligible = [
                (wording, fill(wording.text, filled, self.job.register_))
                for wording in self._wordings(move)
                if fits(wording, known, posture) and not (self.short and "long" in wording.tags)
            ]
            if move in ("help", "answer") and not self.fact:
                eligible = [pair for pair in eligible if "fact" not in pair[0].slots]
            if eligible:
                choices.append((move, self._ranked(move, posture, eligible, spent)))
        best = min(self._drops(choices), key=lambda attempt: attempt[0], default=None)
        if best is None:
            raise Refused("draft.no_words", situation=self.page.name, network=self.job.network.name)
        return best[1], best[2]

    def _wordings(self, move: Move) -> Sequence[Wording]:
        """The playbook's own wordings of a move, else the language page's."""
        own = self.page.wordings.get(self.job.language.name, {}).get(move)
        return own if own is not None else self.job.language.wordings.get(move, ())

    def _ranked(
        self, move: Move, posture: Posture, eligible: Iterable[tuple[Wording, str]], spent: set[str]
    ) -> list[tuple[Wording, str]]:
        """Fresh words first, those that name most before those that name nothing, the comment's own order among equals."""
        short = self.short

        def rank(pair: tuple[Wording, str]) -> tuple[object, ...]:
            wording, _ = pair
            named = ("what" in wording.slots) * 2 + bool(wording.slots & self.heard.slots.keys())
            seed = hashlib.sha256(f"{fold(self.job.text)}|{move}|{posture}|{wording.text}".encode()).hexdigest()
            return (
                wording.text in spent,
                -named if move in ("hear", "thanks") else 0,
                "short" not in wording.tags if short else "short" in wording.tags,
                posture not in wording.tags,
                seed,
            )

        return sorted(eligible, key=rank)

    def _drops(self, choices: list[Choice]) -> Iterator[Attempt]:
        """Texts to choose among, each with how far it is from what is wanted: whole first, then without its spare moves."""
        tried = TRIED if len(choices) > 3 else 2 * TRIED
        for combination in itertools.product(*(list(enumerate(ranked[:tried])) for _, ranked in choices)):
            chosen = [pair for _, pair in combination]
            said_ = [said for _, said in chosen]
            text = self._join(said_)
            if self._excess(text):
                text = self._join(said_, signed=False)
            distance = (
                float(self._excess(text)),
                float(text in self.job.taken or _opening(text) in self.job.taken),
                self._ill_sized(text) + self._deaf(chosen),
                float(sum(place for place, _ in combination)),
            )
            yield distance, text, {wording.text for wording, _ in chosen}
        if self._too_long(choices):
            for index in [place for place, (move, _) in enumerate(choices) if move in SPARE]:
                for distance, text, said in self._drops(choices[:index] + choices[index + 1 :]):
                    yield (distance[0], distance[1], distance[2] + MISSED, distance[3]), text, said

    def _too_long(self, choices: list[Choice]) -> bool:
        shortest = self._join([min((said for _, said in ranked[:TRIED]), key=len) for _, ranked in choices])
        return self._excess(shortest) > 0 or len(shortest.split()) > self.job.network.reply.words.max

    def _join(self, parts: Sequence[str], *, signed: bool = True) -> str:
        signature = self.job.brand.signature_for(self.job.language.name, self.job.network.name)
        text = " ".join(parts)
        if signed and signature and self.page.name != "distress":
            text += ("\n\n" if self.job.network.reply.words.max > 60 else " ") + signature
        unit = _limit_unit(self.job.network, self.job.kind)
        return typeset(text, self.job.language.name, narrow=narrow_for(unit))

    def _excess(self, text: str) -> int:
        """Signs above the limit of the network, in its own unit."""
        kind = self.job.network.kinds[self.job.kind]
        limit, most = kind.max, kind.most
        if limit is None or most is None:
            return 0
        if 2 * len(text.encode("utf-16-le")) <= most:  # no unit counts a sign for more than four of these bytes
            return 0
        return max(0, (_x_nearly(text) if limit.unit == "x_weighted" else length(text, limit.unit)) - most)

    def _ill_sized(self, text: str) -> float:
        """Words outside what suits the network; too many weigh double."""
        span, count = self.job.network.reply.words, len(text.split())
        return max(span.min - count, 0) + 2 * max(count - span.max, 0)

    def _deaf(self, chosen: Sequence[tuple[Wording, str]]) -> float:
        """What it costs, in words, not to say back what the comment names."""
        deaf = "what" in self.heard.slots and not any("what" in wording.slots for wording, _ in chosen)
        return UNHEARD * deaf * any(wording in self._wordings("hear") for wording, _ in chosen)

    def _emoji(self, posture: Posture) -> str:
        rule = self.job.brand.emoji
        allowed = rule.policy != "none" and rule.allowed and self.job.network.name not in rule.never_on
        if not (allowed and self.page.emoji and self.job.network.emoji and posture == "empathetic"):
            return ""
        pick = int(hashlib.sha256(fold(self.job.text).encode()).hexdigest(), 16)
        return rule.allowed[pick % len(rule.allowed)]


def _x_nearly(text: str) -> int:
    """X's weighted length but for emoji sequences: quick enough for hundreds of candidates; the check counts exactly."""
    bare = LINK.sub("x" * 23, text)
    return sum(1 if ord(sign) <= 4351 or 8192 <= ord(sign) <= 8205 or 8208 <= ord(sign) <= 8223 else 2 for sign in bare)


def _limit_unit(network: Network, kind: str) -> str:
    limit = network.kinds[kind].get("max")
    return limit.unit if limit else ""


def _opening(text: str) -> str:
    return text.split(". ", maxsplit=1)[0]
