"""The core: handles a request to drafts, and a decision to an outcome. Front-ends translate to it, durable work calls it.

`handle` and `decide` are the two doors. `prepare`, `submit`, `release` and `nudge` are the steps that durable work runs and
may run again: each is safe to repeat. What computes does so in a thread, so that chats are heard meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain import approval
from bot.domain.decision import Decision, Outcome, Ruling
from bot.domain.draft import Draft, NewDraft, Released
from bot.domain.incident import Ground
from bot.domain.model import Said, now
from bot.domain.reply import Prepared, Reply, Told
from bot.domain.request import LONGEST, Clarify, Request
from bot.domain.triage import Triage
from bot.domain.voice import Like
from bot.errors import Refused
from bot.pages import Network, Pages
from bot.seams import Keeper, Ledger, Library, Talker, Voice, Work
from bot.steps.change import understand
from bot.steps.compose import Assignment, broken, compose, own_words
from bot.steps.draft import Writer
from bot.steps.retrieve import retrieve, sources
from bot.steps.route import SHORT, Routed, route, speaks_back
from bot.steps.state import statement
from bot.steps.triage import triage
from bot.toolbox import Toolbox
from bot.tracing import span
from bot.triage.concerns import concerns
from bot.triage.orders import hides, to_a_machine
from bot.triage.situations import Nearest
from bot.triage.text import clean
from knowledge.brand import Brand

REMEMBERED_DAYS, REMEMBERED_TEXTS = 30, 200
"""How far back a draft is held against what left for the brand."""
TURNS = 6
"""Of a thread, that a talk is told."""


ROOM = 250
"""Signs of a post in which a statement can be made."""


def _speaks(network: Network | None) -> bool:
    """Whether the brand can say something there in a text of its own: no title of a picture, no answer to a review."""
    if network is None:
        return False
    format_ = network.format(network.post.kind)
    main = network.main(format_)
    limit = network.kinds[main.kind].get("max")
    return main == format_.parts[0] and limit is not None and limit.value >= ROOM


async def _peace(_: str) -> None:
    """No incident is open."""


async def _nothing(_: int) -> None:
    """There is no such incident."""


class Assistant:
    def __init__(
        self,
        *,
        pages: Pages,
        brand: Callable[[str], Brand],
        library: Library,
        ledger: Ledger,
        writer: Writer,
        situations: Callable[[], Nearest],
        skills: Callable[[], Nearest],
        voice: Voice | None = None,
        keeper: Keeper | None = None,
        talker: Callable[[], Talker | None] = lambda: None,
        ground: Callable[[str], Awaitable[Ground | None]] = _peace,
        ground_of: Callable[[int], Awaitable[Ground | None]] = _nothing,
    ) -> None:
        """`ground`: a brand's open incident, and what it lays down; `ground_of`: an incident's own, by its number."""
        self.pages = pages
        self.brand = brand
        self.library = library
        self.ledger = ledger
        self.work: Work
        self._writer = writer
        self._situations = situations
        self._skills = skills
        self._voice = voice
        self._keeper = keeper
        self._talker = talker
        self._ground = ground
        self._ground_of = ground_of

    async def handle(self, request: Request) -> Reply:
        """Accepts the request under its id, once, and returns what came of it, before a crash or after."""
        return await self.work.answer(request)

    async def decide(self, decision: Decision) -> Ruling:
        """Applies what a person pressed. Raises NotAllowed for who, Refused for what; a late press changes nothing."""
        with span("decide", draft=decision.draft, verb=decision.verb, front=decision.front):
            return await self._decided(decision)

    async def _decided(self, decision: Decision) -> Ruling:
        draft = await self.ledger.draft(decision.draft)
        brand = self.brand(draft.brand)
        if decision.verb in ("edit", "ask"):
            ruling = await self._revise(draft, decision, brand)
            if ruling.applied:
                await self.work.watch(ruling.draft, brand)
            if ruling.applied and decision.verb == "edit" and self._voice:
                return ruling.model_copy(update={"asks": await self._voice.noticed(ruling.draft)})
            return ruling
        ground = await self._laid(draft)
        if ground is not None and decision.verb == "approve":
            self._current(draft, ground)
        ruling = await self.ledger.decide(
            decision, lambda current, press: approval.judge(_bound(current, ground), press, brand)
        )
        if ruling.applied and ruling.draft.state == "approved" and ruling.draft.drill:
            return ruling.model_copy(update={"said": Said(key="crisis.said.drill", details={"draft": ruling.draft.id})})
        if ruling.applied and ruling.draft.state == "approved":
            outcome = await self.work.release(ruling.draft.id, ruling.draft.revision, ruling.draft.cleared)
            return ruling.model_copy(update={"draft": await self.ledger.draft(outcome.draft)})
        return ruling

    async def _laid(self, draft: Draft) -> Ground | None:
        """What an open incident, or the drill that it is part of, lays down for a draft."""
        asked, drill = draft.skill == "crisis", draft.incident if draft.drill else 0
        return await self._binding(draft.brand, draft.prompt, draft.body.triage, asked_in_it=asked, incident=drill)

    async def _binding(
        self, brand: str, text: str, read: Triage | None, *, asked_in_it: bool = False, incident: int = 0
    ) -> Ground | None:
        """The brand's open incident, where this is on its subject; or the drill in which it was asked for."""
        asked = await self._ground_of(incident) if incident else None
        if asked is not None and not asked.incident.real and asked.incident.brand == brand:
            return asked
        ground = await self._ground(brand)
        if ground is None or not concerns(ground.incident, text, read, asked_in_it=asked_in_it):
            return None
        return ground

    def _current(self, draft: Draft, ground: Ground) -> None:
        """Raises Refused when the words break what was put into the source of truth after they were checked."""
        task = self._again(draft, self.brand(draft.brand), "").model_copy(update={"ground": ground})
        passages = [source.text for source in draft.body.sources]
        known = {(one.key, one.excerpt) for one in draft.body.findings}
        for finding in broken(task, self.pages, draft.body.text, passages):
            if (finding.key, finding.excerpt) not in known:
                raise Refused("crisis.said.check_again", draft=draft.id, words=finding.excerpt[:200])

    async def prepare(self, request: Request) -> Prepared:
        """Everything up to the words and their checks; keeps nothing, so it may run again."""
        with span("prepare", request=request.id, brand=request.brand, front=request.front):
            return await (self._stated(request) if request.skill == "crisis" else self._prepare(request))

    async def _prepare(self, request: Request) -> Prepared:
        if not request.brand:
            return Prepared(clarify=Clarify(question=Said(key="route.which_brand")))
        try:
            brand = self.brand(request.brand)
            with span("route", request=request.id):
                routed = await asyncio.to_thread(route, request, brand, self.pages, self._skills)
            talked = await self._talked(request, brand, routed)
            if talked is not None:
                return talked
            if isinstance(routed, Clarify):
                return Prepared(clarify=routed)
            await self.library.ensure(brand)
            if routed.skill == "answer":
                return await self._told(brand, routed)
            return Prepared(drafts=tuple([await self.write(request, brand, routed, name) for name in routed.networks]))
        except Refused as refusal:
            return Prepared(refused=Said(key=refusal.key, details=refusal.details))

    async def submit(self, request: Request, prepared: Prepared) -> Reply:
        """Keeps what was prepared: drafts become pending, once."""
        with span("submit", request=request.id, drafts=len(prepared.drafts)):
            drafts = (
                [draft.id for draft in await self.ledger.submit(prepared.drafts, request)] if prepared.drafts else []
            )
        reply = Reply(
            request=request.id,
            drafts=(*drafts, *prepared.changed),
            told=prepared.told,
            clarify=prepared.clarify,
            refused=prepared.refused,
            words=prepared.words,
        )
        if not prepared.drafts:
            await self.ledger.accept(request)
        if not prepared.drafts or prepared.words:
            await self.ledger.answer(request.id, reply.model_dump_json())
        return reply

    async def nudge(self, number: int, revision: int, what: str) -> bool:
        """A timer rang: expires the draft or notes the reminder, once; nothing when it was decided meanwhile."""
        if what == "draft.expired":
            return await self.ledger.expire(number, revision)
        return await self.ledger.nudge(number, revision, what)

    async def release(self, draft: int, revision: int) -> Outcome:
        with span("release", draft=draft, revision=revision):
            outcome = await self.ledger.release(draft, revision)
            if self._keeper is not None:
                await self._keeper.enter(await self.ledger.draft(draft), outcome)
            return outcome

    async def unreleased(self) -> list[tuple[int, int, int]]:
        return await self.ledger.unreleased()

    async def timers(self, draft: int) -> tuple[float, float, float]:
        rule = self.brand((await self.ledger.draft(draft)).brand).escalation
        return rule.remind_hours, rule.escalate_hours, rule.expire_hours

    async def _told(self, brand: Brand, routed: Routed) -> Prepared:
        passages = await retrieve(self.library, brand.slug, routed.text, routed.language)
        if not passages:
            return Prepared(refused=Said(key="answer.nothing_found", details={"brand": brand.name}))
        return Prepared(told=Told(sources=sources(passages, ())))

    async def _talked(self, request: Request, brand: Brand, routed: Routed | Clarify) -> Prepared | None:
        """What a model made of free talk; None when these words are no free talk, or no model can."""
        talker = self._talker()
        if talker is None or request.skill or request.networks or to_a_machine(request.text) or hides(request.text):
            return None
        turns = await self.ledger.turns(request, TURNS)
        back = speaks_back(request.text)
        lost = isinstance(routed, Clarify) and routed.question.key == "route.which_skill"
        if not (lost and (back or len(request.text) <= SHORT)) and not (turns and back):
            return None
        await self.library.ensure(brand)
        tools = Toolbox(self, request, brand)
        with span("talk", request=request.id):
            words = await talker.talk(request, turns, tools)
        if words is None:
            return None
        return Prepared(drafts=tuple(tools.drafts), changed=tuple(tools.changed), words=words)

    async def write(self, request: Request, brand: Brand, routed: Routed, name: str, *, plain: str = "") -> NewDraft:
        """One draft, not kept yet; by no model when `plain` says why. Raises Refused when there are no words for it."""
        network = self.pages.networks[name]
        kind = self._kind(network, routed)
        read = None
        if routed.skill == "reply":
            with span("triage", request=request.id):
                read = await asyncio.to_thread(self._read, routed.text, brand)
        asked_in_it = request.incident > 0 or routed.skill == "crisis"
        task = Assignment(
            ground=await self._binding(
                brand.slug, routed.text, read, asked_in_it=asked_in_it, incident=request.incident
            ),
            skill=routed.skill,
            brand=brand,
            network=network,
            kind=kind,
            text=routed.text,
            language=routed.language,
            posture=request.posture,
            triage=read,
            playbook=self.pages.playbooks[read.situation] if read else None,
            author=_author(request, brand),
            taken=await self.ledger.taken(brand.slug, routed.text) if read else frozenset(),
            said=await self.ledger.said(brand.slug, name, routed.text) if read else (),
            request=request.id,
            plain=plain or ("orders" if hides(request.text) else ""),
        )
        return NewDraft(
            request=request.id,
            brand=brand.slug,
            skill=routed.skill,
            network=name,
            kind=kind,
            prompt=routed.text,
            body=await compose(await self._taught(task), self.pages, self.library, self._writer),
        )

    async def _stated(self, request: Request) -> Prepared:
        """What a crisis asks to be said: one draft a network."""
        try:
            brand = self.brand(request.brand)
            networks = [name for name in request.networks if _speaks(self.pages.network(name))] or request.networks[:1]
            return Prepared(drafts=tuple([await self._state(request, brand, name) for name in networks]))
        except Refused as refusal:
            return Prepared(refused=Said(key=refusal.key, details=refusal.details))

    async def _state(self, request: Request, brand: Brand, name: str) -> NewDraft:
        """A statement of the brand's open crisis, or of a drill. Raises Refused where there is none."""
        page, network = self.pages.statements.get(request.kind or ""), self.pages.network(name)
        ground = await self._ground_of(request.incident)
        if page is None or network is None or ground is None or ground.incident.brand != brand.slug:
            raise Refused("crisis.said.no_statement", kind=(request.kind or "")[:40])
        language = request.language or brand.languages[0]
        taken = await self.ledger.taken(brand.slug, f"{request.id}|{name}", "crisis")
        text = await asyncio.to_thread(statement, page, ground, brand, network, language, taken, self.pages)
        kind = network.post.kind
        task = Assignment(
            skill="crisis",
            brand=brand,
            network=network,
            kind=kind,
            text=request.text,
            language=language,
            author=_author(request, brand),
            request=request.id,
            ground=ground,
        )
        body = await asyncio.to_thread(own_words, task, self.pages, text, ())
        told = {"writer": "playbook", "statement": page.name}
        return NewDraft(
            request=request.id,
            brand=brand.slug,
            skill="crisis",
            network=network.name,
            kind=kind,
            prompt=request.text,
            body=body.model_copy(update=told),
        )

    @staticmethod
    def _kind(network: Network, routed: Routed) -> str:
        """What was asked for where this network has it; else what it publishes by default."""
        if routed.skill != "post":
            return network.kind(routed.kind, routed.skill)
        return network.format_named(routed.kind) or network.format_named(None) or network.post.kind

    def _read(self, text: str, brand: Brand) -> Triage:
        return triage(text, self._situations(), self.pages.playbooks, brand.languages)

    async def _revise(self, draft: Draft, decision: Decision, brand: Brand) -> Ruling:
        person = brand.person(decision.by)
        if person is None:
            raise approval.unknown(decision.by, brand)
        ground = await self._laid(draft)
        task = self._again(draft, brand, person.name).model_copy(update={"ground": ground})
        if draft.skill == "reply":
            said = await self.ledger.said(brand.slug, draft.network, draft.prompt)
            task = task.model_copy(update={"said": said})
        if decision.verb == "edit":
            text = clean(decision.text)
            if not text:
                raise Refused("request.empty")
            if len(text) > LONGEST:
                raise Refused("request.too_long", length=len(text), limit=LONGEST)
            task = task.model_copy(update={"released": await self._released(brand)})
            body = await asyncio.to_thread(own_words, task, self.pages, text, draft.body.sources)
        else:
            if draft.skill == "crisis":
                raise Refused("crisis.said.edit_it")
            wish = understand(decision.text)
            changes = {
                "posture": wish.posture or draft.body.posture,
                "language": wish.language or draft.body.language,
                "shorter": wish.shorter,
                "taken": task.taken | {draft.body.text, *(variant.text for variant in draft.body.variants)}
                if wish.another
                else task.taken,
            }
            wished = await self._taught(task.model_copy(update=changes))
            body = await compose(wished, self.pages, self.library, self._writer)
        revision = decision.revision if decision.revision is not None else draft.revision
        return await self.ledger.revise(draft.id, revision, body, decision)

    async def _taught(self, task: Assignment) -> Assignment:
        """The assignment with what left for the brand of late, and what its people taught for it."""
        task = task.model_copy(update={"released": await self._released(task.brand)})
        if self._voice is None:
            return task
        brand, network = task.brand, task.network.name
        situation = task.triage.situation if task.triage else ""
        like = Like(skill=task.skill, network=network, situation=situation, language=task.language, text=task.text)
        examples = await self._voice.examples(brand, like)
        rules = await self._voice.rules(brand.slug, network, task.language)
        return task.model_copy(update={"examples": examples, "rules": rules})

    async def _released(self, brand: Brand) -> tuple[Released, ...]:
        return await self.ledger.released(brand.slug, now() - timedelta(days=REMEMBERED_DAYS), REMEMBERED_TEXTS)

    def _again(self, draft: Draft, brand: Brand, author: str) -> Assignment:
        """The assignment that an existing draft came from."""
        read = draft.body.triage
        return Assignment(
            skill=draft.skill,
            brand=brand,
            network=self.pages.networks[draft.network],
            kind=draft.kind,
            text=draft.prompt,
            language=draft.body.language,
            posture=draft.body.posture,
            triage=read,
            playbook=self.pages.playbooks.get(read.situation) if read else None,
            author=author,
            request=draft.request,
            plain="orders" if draft.body.why == "orders" else "",
        )


def _bound(draft: Draft, ground: Ground | None) -> Draft:
    """The draft with the approvals that an open incident asks for, whenever it was written."""
    if ground is None:
        return draft
    had = draft.body.approvals
    strict = approval.needed(None, incident=True).model_copy(update={"given": had.given, "by": had.by})
    return draft.model_copy(update={"body": draft.body.model_copy(update={"approvals": strict})})


def _author(request: Request, brand: Brand) -> str:
    """The colleague whom the brand's file gives that identity; a stranger never bears a colleague's name."""
    known = brand.person_in(request.front, request.user) if request.user else None
    if known is not None:
        return known.name
    alike = bool(request.user) and brand.person(request.author) is not None
    return f"{request.author} ({request.user})" if alike else request.author
