"""One draft from start to finish: passages, words, checks, and who must approve. The steps in their order, for one network.

Used alike for a new draft, for a revision that a person wished, and (checks only) for a person's own words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pydantic import ConfigDict

from bot.checks import truth
from bot.checks.subject import Subject
from bot.domain import approval
from bot.domain.counters import length
from bot.domain.draft import Approvals, Body, Finding, Released, Source, Variant
from bot.domain.incident import Ground
from bot.domain.model import Value
from bot.domain.parts import Piece
from bot.domain.triage import Posture, Triage
from bot.domain.voice import Habit
from bot.pages import Network, Pages, Playbook
from bot.seams import Library
from bot.steps import check, confirm
from bot.steps.draft import Example, Job, Passage, Writer, Written, postures
from bot.steps.prove import proven
from bot.steps.retrieve import retrieve, sources
from bot.tracing import span
from bot.typography import capital, typeset
from bot.voice.obey import obey
from knowledge.brand import Brand


class Assignment(Value):
    """What is to be written, for whom, where."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    skill: str
    brand: Brand
    network: Network
    kind: str
    text: str
    """The comment to answer, or the brief."""
    language: str
    posture: Posture | None = None
    shorter: bool = False
    triage: Triage | None = None
    playbook: Playbook | None = None
    author: str = ""
    taken: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    """What left last under other comments of the brand on this network, newest first."""
    released: tuple[Released, ...] = ()
    """What left for the brand of late, newest first."""
    request: str = ""
    plain: str = ""
    """Why no model may write it (`why.*`)."""
    examples: tuple[Example, ...] = ()
    rules: tuple[Habit, ...] = ()
    """Accepted by the brand's people: told to the writer, and applied to its words where code can."""
    ground: Ground | None = None
    """The open incident that it is on the subject of."""


async def compose(task: Assignment, pages: Pages, library: Library, writer: Writer) -> Body:
    """A body ready to be submitted. Raises Refused when no words can be found."""
    with span("retrieve", request=task.request, brand=task.brand.slug):
        passages = await retrieve(library, task.brand.slug, task.text, task.language, task.playbook)
    if task.playbook is not None and not task.playbook.moves:
        return await asyncio.to_thread(_body, task, pages, passages, Written(variants=(), writer="playbook"))
    job = Job(
        skill=task.skill,
        text=task.text,
        brand=task.brand,
        network=task.network,
        kind=task.kind,
        language=pages.languages[task.language],
        register_=register(task),
        postures=postures(task.playbook, task.posture) if task.playbook else ("sober",),
        passages=passages,
        triage=task.triage,
        playbook=task.playbook,
        shorter=task.shorter or any(rule.kind == "shorten" for rule in task.rules),
        taken=task.taken,
        examples=task.examples,
        rules=tuple(f"{capital(pages.say(rule.said, task.language))}." for rule in task.rules),
        request=task.request,
        plain=task.plain,
        labels=pages.labels(task.language),
    )
    texts = tuple(passage.text for passage in passages)
    with span("write", request=task.request, network=task.network.name):
        written = await proven(
            job,
            _Obeying(writer, task, pages),
            lambda text, told: check.findings(_subject(task, pages, texts, text, told)),
        )
    return await asyncio.to_thread(_body, task, pages, passages, written)


def own_words(task: Assignment, pages: Pages, text: str, cited: Sequence[Source]) -> Body:
    """A body of a person's own words: checked like any other, with the sources the draft had."""
    posture = task.posture or "sober"
    passages = tuple(source.text for source in cited)
    found = _findings(task, pages, passages, text)
    return Body(
        text=text,
        posture=posture,
        variants=(Variant(posture=posture, text=text),),
        sources=tuple(cited),
        findings=found,
        triage=task.triage,
        counter=check.counter(_subject(task, pages, passages, text)),
        approvals=_needed(task, found),
        language=task.language,
        writer=task.author or "person",
        author=task.author,
    )


def broken(task: Assignment, pages: Pages, text: str, passages: Sequence[str]) -> list[Finding]:
    """What these words break in the source of truth as it stands now."""
    return list(truth.check(_subject(task, pages, tuple(passages), text)))


class _Obeying:
    """A writer whose words are put under the accepted rules, and in a crisis say what is confirmed, before anybody checks them."""

    def __init__(self, writer: Writer, task: Assignment, pages: Pages) -> None:
        self._writer = writer
        self._task = task
        self._pages = pages

    async def write(self, job: Job) -> Written:
        written = await self._writer.write(job)
        return written.model_copy(update={"variants": tuple(self._obeyed(variant) for variant in written.variants)})

    def _obeyed(self, variant: Variant) -> Variant:
        """A rule that would make a text too long for the network waits, and so does a line."""
        task, network, kind = self._task, self._task.network, self._task.kind
        ground = task.ground if task.skill == "reply" and task.language == task.brand.languages[0] else None
        if not (task.rules or ground):
            return variant
        named = [piece.name for piece in self._pages.pieces(network, kind, variant.text)]

        def fits(text: str) -> bool:
            pieces = self._pages.pieces(network, kind, text)
            return [piece.name for piece in pieces] == named and all(_within(network, kind, piece) for piece in pieces)

        text = obey(variant.text, task.rules, fits) if task.rules else variant.text
        if ground is not None:
            leads = self._pages.statements["update"].words(task.language)["known"]
            signature = task.brand.signature_for(task.language, network.name)
            line = confirm.matching(ground, task.text)
            text = typeset(confirm.told(text, line, leads, signature, task.request, fits), task.language)
        return variant.model_copy(update={"text": text})


def _within(network: Network, kind: str, piece: Piece) -> bool:
    part = network.format(kind).part(piece.name)
    limit = network.kinds[part.kind].get("max") if part else None
    return limit is None or length(piece.text, limit.unit) <= limit.value


def register(task: Assignment) -> str:
    """The brand's own choice for this network; « vous » when it made none (`words.md`, Form)."""
    return task.brand.register_for(task.language, task.network.name)


def _body(
    task: Assignment,
    pages: Pages,
    passages: Sequence[Passage],
    written: Written,
) -> Body:
    variants = written.variants
    text = variants[0].text if variants else ""
    texts = tuple(passage.text for passage in passages)
    doubts = tuple(Finding(check="writer", level="note", key=f"doubt.{doubt}") for doubt in written.doubts)
    found = (*_findings(task, pages, texts, text, written.told), *doubts)
    return Body(
        text=text,
        posture=variants[0].posture if variants else None,
        variants=variants,
        sources=sources(passages, written.used),
        findings=found,
        triage=task.triage,
        counter=check.counter(_subject(task, pages, texts, text)),
        approvals=_needed(task, found),
        language=task.language,
        writer=written.writer,
        why=written.why,
        usage=written.usage,
        author=task.author,
    )


def _findings(
    task: Assignment, pages: Pages, passages: tuple[str, ...], text: str, told: str = ""
) -> tuple[Finding, ...]:
    found = list(check.findings(_subject(task, pages, passages, text, told))) if text else []
    advice = task.playbook.answer if task.playbook else "yes"
    if advice != "yes":
        found.append(Finding(check="playbook", level="note", key=f"finding.answer_{advice}"))
    if not passages and task.skill == "reply" and task.playbook and task.playbook.help != "none":
        found.append(Finding(check="sources", level="note", key="finding.no_guideline"))
    if task.network.name not in task.brand.networks:
        details = {"network": task.network.title, "brand": task.brand.name}
        found.append(Finding(check="network", level="note", key="finding.network_unused", details=details))
    rule = _needed(task, found)
    if not approval.approvable(task.brand, rule, [task.author]):
        people = {"brand": task.brand.name, "needed": rule.needed}
        found.append(Finding(check="approvers", level="warn", key="finding.no_approvers", details=people))
    return tuple(found)


def _needed(task: Assignment, found: Sequence[Finding]) -> Approvals:
    return approval.needed(task.triage, found, incident=task.ground is not None)


def _subject(task: Assignment, pages: Pages, passages: tuple[str, ...], text: str, told: str = "") -> Subject:
    facts = task.playbook.facts if task.playbook else ()
    lines = task.ground.truth if task.ground else ()
    confirmed = task.ground.confirmed if task.ground else ()
    format_ = task.network.format(task.kind)
    return Subject(
        text=text,
        network=task.network,
        kind=task.network.main(format_).kind,
        format=format_,
        pieces=pages.pieces(task.network, task.kind, text),
        language=pages.languages[task.language],
        brand=task.brand,
        register_=register(task),
        skill=task.skill,
        prompt=task.text,
        passages=passages,
        facts=(
            *(said for fact in facts for said in (fact.fr, fact.en)),
            *(rule.after for rule in task.rules),
            *confirmed,
        ),
        in_crisis=task.ground is not None,
        called=task.ground.incident.title if task.ground else "",
        truth=lines,
        confirmed=confirmed,
        answers=task.triage.kind if task.triage and task.skill == "reply" else "",
        said=task.said,
        law=pages.law(task.brand.country),
        released=task.released,
        told=told,
    )
