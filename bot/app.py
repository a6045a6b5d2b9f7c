"""The composition root: the only place where real parts meet.

`Bonton` is what every front-end and command talks to: in the process that owns the data folder it is this object, elsewhere a
`Remote` (`owner.py`) with the same methods. Heavy parts are made when first needed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.assistant import Assistant
from bot.checks.subject import Subject
from bot.crisis import Crisis
from bot.domain.approval import approvable
from bot.domain.decision import Decision, Event, Ruling
from bot.domain.draft import Approvals, Draft, Source
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.domain.triage import Triage
from bot.domain.voice import Edit, Rule
from bot.errors import Refused, SettingsError
from bot.inbox import Inbox
from bot.pages import shared
from bot.promises import Promises
from bot.seams import Opinions, Talker
from bot.settings import Settings
from bot.steps import check, route, triage
from bot.steps.draft import Job, Passage, Writer, Written
from bot.triage.corrections import ALIKE, Taught, follow
from bot.triage.groups import groups
from bot.triage.language import detect
from bot.triage.situations import Nearest
from bot.triage.text import clean
from bot.view import View
from bot.watch import Watch
from knowledge import brand as brands
from knowledge.brand import Brand

if TYPE_CHECKING:
    from bot.ledger.sql import SqlLedger
    from knowledge.embed import Encoder
    from knowledge.report import LearnReport
    from knowledge.search import Library


BEHIND = 3
"""Seconds that work which nobody waits for may take to end."""
Changed = Callable[[int], Awaitable[None]]
Rang = Callable[[int, str], Awaitable[None]]


async def _nobody(*_: Any) -> None:
    """Nobody follows."""


class Bonton:
    """Every operation of the product, on real parts."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pages = shared()
        self._brands: dict[str, tuple[float, Brand]] = {}
        self._changed: Changed = _nobody
        self._rang: Rang = _nobody
        self._serving = False
        self.inbox: Inbox
        self.promises: Promises
        self.watch: Watch
        self.crisis: Crisis
        self._working: set[asyncio.Task[None]] = set()

    @cached_property
    def encoder(self) -> Encoder:
        from knowledge.embed import EncoderError, encoder_from

        try:
            return encoder_from(self.settings.embeddings)
        except EncoderError as error:
            raise SettingsError(str(error)) from None

    @cached_property
    def library(self) -> Library:
        from knowledge.index import Index
        from knowledge.search import Library

        folder = self.settings.folder / "index"
        return Library(Index(self.settings.chroma_url or folder, self.encoder, manifest=folder))

    @cached_property
    def situations(self) -> Nearest:
        return Nearest(triage.labelled(self.pages.playbooks), self.encoder, self._cache("situations"))

    @cached_property
    def skills(self) -> Nearest:
        return Nearest(route.labelled(self.pages.skills), self.encoder, self._cache("skills"))

    @cached_property
    def talker(self) -> Talker | None:
        """Free talk needs a model."""
        if not self.settings.models:
            return None
        from bot.writers.spending import Prices
        from bot.writers.talk import LangChainTalker

        settings = self.settings
        return LangChainTalker(
            settings.models,
            pages=self.pages,
            spending=self.spending,
            prices=Prices.of(settings.model_price),
            budget=settings.model_budget,
            timeout=settings.model_timeout,
        )

    @cached_property
    def opinions(self) -> Opinions | None:
        """A second opinion needs a model."""
        if not self.settings.models:
            return None
        from bot.writers.second_opinion import SecondOpinion
        from bot.writers.spending import Prices

        settings = self.settings
        return SecondOpinion(
            settings.models,
            pages=self.pages,
            spending=self.spending,
            prices=Prices.of(settings.model_price),
            budget=settings.model_budget,
            timeout=settings.model_timeout,
        )

    def brand(self, slug: str) -> Brand:
        """The brand by its slug or name; read again when its file changed. Raises Refused when there is none."""
        wanted = slug.strip()
        known = brands.folders(self.settings.brand_places)
        if wanted not in known:
            wanted = next((name for name in known if brands.same(name, wanted)), wanted)
        if wanted not in known:
            raise Refused("brand.unknown", brand=slug[:60], known=", ".join(known) or "—")
        changed = (known[wanted] / "brand.toml").stat().st_mtime
        if wanted not in self._brands or self._brands[wanted][0] != changed:
            try:
                self._brands[wanted] = (changed, brands.load(known[wanted]))
            except brands.BrandError as error:
                raise Refused("brand.wrong", error=str(error)) from None
        return self._brands[wanted][1]

    @asynccontextmanager
    async def running(self, *, serving: bool = False) -> AsyncIterator[Bonton]:
        """Opens the ledger and the durable work, and resumes what a crash left; closes them at the end.

        A process that is `serving` lives on, so it does not wait for what the crash left before it begins.
        """
        from bot.durable import PATIENCE, Durable
        from bot.ledger.alarms import SqlAlarms
        from bot.ledger.arrivals import SqlArrivals
        from bot.ledger.chats import SqlChats
        from bot.ledger.comments import SqlComments
        from bot.ledger.engine import address, connect, connect_sync
        from bot.ledger.incidents import SqlIncidents
        from bot.ledger.promises import SqlPromises
        from bot.ledger.spending import SqlSpending
        from bot.ledger.sql import SqlLedger
        from bot.ledger.voice import SqlVoice
        from bot.memory import Memory

        self._usable()
        self._serving, home = serving, self.settings.folder
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        url = self.settings.database_url.get_secret_value()
        try:
            engine = connect(address(home, url))
        except Exception as error:
            raise SettingsError(f"BONTON_DATABASE_URL cannot be used ({type(error).__name__})") from None
        ledger, notes = SqlLedger(engine), SqlVoice(engine)
        await self._open(ledger, "BONTON_DATABASE_URL" if url else str(home))
        self.memory, self._notes = Memory(notes, self.brand, lambda: self.encoder), notes
        self.promises = Promises(SqlPromises(engine), self.brand)
        self.crisis = Crisis(SqlIncidents(engine), self, self._moved, lambda: self.inbox)
        assistant = Assistant(
            pages=self.pages,
            brand=self.brand,
            library=_LazyLibrary(self),
            ledger=ledger,
            writer=_LazyWriter(self),
            situations=lambda: self.situations,
            skills=lambda: self.skills,
            talker=lambda: self.talker,
            voice=self.memory,
            keeper=self.promises,
            ground=self.crisis.ground,
            ground_of=self.crisis.ground_of,
        )
        arrivals = SqlArrivals(connect_sync(address(home, url, "inbox.sqlite"))) if serving else None
        if arrivals is not None:
            self.arrivals = arrivals
            await arrivals.open()
        work = Durable(url or f"sqlite:///{home / 'work.sqlite'}")
        assistant.work = work
        self.assistant, self.ledger, self.chats = assistant, ledger, SqlChats(engine)
        self.spending, self.watch = SqlSpending(engine), Watch(SqlAlarms(engine), self.brand)
        self.inbox = Inbox(SqlComments(engine), self, self._readings, self._grouping)
        try:
            await work.open(assistant, self._ring, 0 if serving else PATIENCE)
            await self.inbox.catch_up()
            if serving:
                self._behind(self.memory.catch_up(self.brands()))
            yield self
        finally:
            await self._let_end()
            await work.close()
            if arrivals is not None:
                await arrivals.close()
            await ledger.close()

    async def _open(self, ledger: SqlLedger, where: str) -> None:
        """Raises SettingsError when the database of `where` cannot be opened."""
        try:
            await ledger.open()
        except Exception as error:
            await ledger.close()
            raise SettingsError(f"the database of {where} cannot be opened ({type(error).__name__})") from None

    def _usable(self) -> None:
        """Raises SettingsError, before anything is opened, when the models that are set cannot be used as they are set."""
        if not self.settings.models:
            return
        from bot.writers import models
        from bot.writers.spending import Prices

        for name in self.settings.models:
            models.installed(name)
        prices = Prices.of(self.settings.model_price)
        if self.settings.model_budget and not (prices.input or prices.output):
            raise SettingsError(
                "BONTON_MODEL_BUDGET needs BONTON_MODEL_PRICE: what nobody prices cannot be held to a budget"
            )

    def follow(self, changed: Changed, rang: Rang) -> None:
        """Whom to tell that a draft changed, by whatever way, or that its timer rang. Front-ends' cards depend on it."""
        self._changed, self._rang = changed, rang

    async def handle(self, request: Request) -> Reply:
        if not request.incident and (drill := await self.crisis.drill_in(request.front, request.place)):
            request = request.model_copy(update={"incident": drill})
        reply = await self.assistant.handle(request)
        await self.inbox.follows(request, [await self.draft(number) for number in reply.drafts])
        for draft in reply.drafts:
            await self._changed(draft)
        return reply

    async def decide(self, decision: Decision) -> Ruling:
        ruling = await self.assistant.decide(decision)
        if ruling.applied:
            await self.inbox.decided(ruling.draft, decision.by)
            await self._changed(ruling.draft.id)
        if ruling.applied and ruling.draft.state == "released" and self._serving:
            self._behind(self.memory.catch_up([self.brand(ruling.draft.brand)]))
        return ruling

    async def _moved(self, drafts: Sequence[int]) -> None:
        """A crisis stopped drafts or let them go: their cards change, and what was approved before the freeze leaves. Thousands may,
        so nobody waits for it; what is cut short is taken up at the next start."""
        self._behind(self._follow_up(drafts))

    async def _follow_up(self, drafts: Sequence[int]) -> None:
        for number in drafts:
            draft = await self.draft(number)
            if draft.state == "approved" and not draft.held:
                await self.assistant.work.release(draft.id, draft.revision, draft.cleared)
            await self._changed(number)

    async def rules(self, brand: str) -> list[Rule]:
        """Every rule that was asked of the brand's people, and what they made of it; of all brands when `brand` is empty."""
        return await self._notes.rules(self.brand(brand).slug if brand else None)

    async def proposals(self, brand: str) -> list[Rule]:
        """The questions that wait for an answer."""
        return [rule for rule in await self.rules(brand) if rule.state == "proposed"]

    async def proposal_for(self, draft: int) -> Rule | None:
        """The question that stands under a draft: its latest edit was the third alike, and nobody has answered yet.

        For a chat: after an edit, `Ruling.asks` is this rule the one time it is to be asked; put `View.asked(rule)` in the draft's
        thread with two buttons carrying `rule.id`, and call `rule_accept` or `rule_refuse` with who pressed. A card that is drawn
        again asks here whether the buttons still stand. Both calls raise NotAllowed or Refused, to be told privately.
        """
        return next((rule for rule in await self.proposals("") if rule.draft == draft), None)

    async def rule_accept(self, rule: int, by: str) -> Rule:
        """From now on every draft of that brand and network obeys. Approvers and leads only."""
        return await self.memory.settle(rule, "accepted", by)

    async def rule_refuse(self, rule: int, by: str) -> Rule:
        """Not a rule: it is never asked again."""
        return await self.memory.settle(rule, "refused", by)

    async def rule_undo(self, rule: int, by: str) -> Rule:
        """No longer a rule; it may be accepted again. Approvers and leads only."""
        return await self.memory.settle(rule, "undone", by)

    async def changes(self, draft: int) -> list[Edit]:
        """What people changed, word by word: in one draft, or in all when it is 0."""
        return await self._notes.changes(draft or None)

    async def read(self, brand: str, texts: Sequence[str]) -> list[Triage]:
        """What comments are; a model, where one is set, reads those that are unsure."""
        known = self.brand(brand) if brand else None
        read = await asyncio.to_thread(self.read_here, texts, known.languages if known else ("en", "fr"))
        return await self.opinions.of(texts, read, known.slug if known else "") if self.opinions else read

    def read_here(self, texts: Sequence[str], languages: Sequence[str]) -> list[Triage]:
        """The same without any model."""
        return triage.triage_all(texts, self.situations, self.pages.playbooks, languages)

    async def _readings(self, texts: Sequence[str], brand: Brand, taught: Sequence[Taught] = ()) -> list[Triage]:
        """What comments are, read together; those like one that people corrected, as they did."""
        read = await self.read(brand.slug, texts)
        return await asyncio.to_thread(self._as_taught, texts, read, taught) if taught and texts else read

    def _as_taught(self, texts: Sequence[str], read: Sequence[Triage], taught: Sequence[Taught]) -> list[Triage]:
        closeness = self.encoder.encode(texts) @ self.encoder.encode([one.text for one in taught]).T
        return [
            follow(one, taught[int(row.argmax())], self.pages.playbooks) if row.max() >= ALIKE else one
            for one, row in zip(read, closeness, strict=True)
        ]

    def _grouping(self, texts: Sequence[str], triages: Sequence[Triage]) -> list[list[int]]:
        return groups(texts, triages, self.encoder.encode(texts))

    def _behind(self, work: Coroutine[Any, Any, None]) -> None:
        """Works on while the desk answers; what is cut short is done at the next start."""
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _let_end(self) -> None:
        """What works behind has a moment to end: cut short in a query, it would wait for a database that is closed."""
        for patience in (BEHIND, 1):
            if self._working:
                await asyncio.wait(self._working, timeout=patience)
                for task in self._working:
                    task.cancel()

    async def _ring(self, draft: int, what: str) -> None:
        await self._rang(draft, what)

    async def draft(self, number: int) -> Draft:
        return await self.ledger.draft(number)

    async def pending(self, brand: str) -> list[Draft]:
        return await self.ledger.pending(self.brand(brand).slug if brand else None)

    async def events(self, draft: int) -> list[Event]:
        return await self.ledger.events(draft or None)

    async def recent(self, brand: str, since: datetime) -> list[Draft]:
        return await self.ledger.recent(self.brand(brand).slug, since)

    async def warm(self) -> None:
        """Makes what the first request would wait for."""
        await asyncio.to_thread(self._warm)
        own = [brand for brand in self.brands() if brand.folder.parent != brands.SAMPLES]
        for brand in own or self.brands():
            await self.library.ensure(brand)

    def _warm(self) -> None:
        for ready in (self.situations, self.skills):
            ready.rank("bonjour")

    async def request(self, number: str) -> Request | None:
        return await self.ledger.request(number)

    def brands(self) -> list[Brand]:
        """Every brand that can be read; one whose file is wrong is left out (`bonton doctor` names it)."""
        found = []
        for slug in brands.folders(self.settings.brand_places):
            with contextlib.suppress(Refused):
                found.append(self.brand(slug))
        return found

    async def search(self, brand: str, question: str, k: int) -> list[Source]:
        known = self.brand(brand)
        await self.library.ensure(known)
        found = await self.library.search(known.slug, question, k)
        return [
            Source(document=one.document, heading=one.heading, text=one.text, score=round(one.score, 4))
            for one in found
        ]

    async def learn(
        self, brand: str, paths: Sequence[str], on_progress: Callable[[int, int, str], None] | None = None
    ) -> LearnReport:
        """Documents into the brand's index. `paths` are absolute; without any, the brand's own guidelines."""
        known = self.brand(brand)
        places = [Path(path) for path in paths] or [known.guidelines]
        return await asyncio.to_thread(self.library.index.learn, known.slug, places, on_progress=on_progress)

    def check(
        self, text: str, *, network: str, kind: str | None, brand: str, language: str, view: View
    ) -> dict[str, Any]:
        """What a text measures and breaks on a network (the contract's JSON of `bonton check`)."""
        page = self.pages.network(network)
        if page is None:
            raise Refused("request.unknown_network", network=network[:40], known=", ".join(self.pages.networks))
        known = self.brand(brand) if brand else None
        spoken = language or detect(text, known.languages if known else ("en", "fr"))[0]
        subject = Subject(
            text=clean(text),
            given=text,
            network=page,
            kind=page.kind(kind),
            language=self.pages.languages.get(spoken),
            brand=known,
            register_=known.register_for(spoken, page.name) if known else "",
            skill="post" if page.kind(kind) == page.post.kind else "reply",
            law=self.pages.law(known.country) if known else (),
        )
        count = check.counter(subject)
        return {**count.model_dump(), "findings": [view.found(finding) for finding in check.findings(subject)]}

    def problems(self, brand: str) -> list[str]:
        """What is wrong in a brand's folder: fields, networks nobody knows, people who cannot approve, no guidelines."""
        known = self.brand(brand)
        file = known.folder / "brand.toml"
        found = [
            f"{file}: networks: there is no page for “{name}”"
            for name in known.networks
            if name not in self.pages.networks
        ]
        found += [
            f"{file}: languages: there is no page for “{name}”"
            for name in known.languages
            if name not in self.pages.languages
        ]
        found += [
            f"{file}: law: there is no rule “{name}” in the legal pages"
            for name in (*known.law.block, *sorted(known.law.silenced))
            if name not in self.pages.laws
        ]
        for rule in (Approvals(needed=1), Approvals(needed=2, lead=True), Approvals(needed=2, crisis_lead=True)):
            if not approvable(known, rule, ()):
                roles = "a crisis_lead" if rule.crisis_lead else "a lead" if rule.lead else "an approver"
                found.append(f"{file}: people: {rule.needed} who may approve are needed, {roles} among them")
                break
        if not known.guidelines.is_dir() or not any(known.guidelines.rglob("*.*")):
            found.append(f"{known.guidelines}: there are no guidelines; drafts will have no sources")
        return found

    def _cache(self, name: str) -> Path:
        encoder = self.encoder.name.replace("/", "-").replace(":", "-")
        return self.settings.folder / "cache" / f"{name}-{encoder}-{self.pages.digest}.npz"


class _LazyLibrary:
    """The library, made when a request first needs it: `bonton pending` opens no index."""

    def __init__(self, bonton: Bonton) -> None:
        self._bonton = bonton

    async def ensure(self, brand: Brand) -> None:
        await self._bonton.library.ensure(brand)

    async def search(self, brand: str, question: str, k: int = 8) -> Sequence[Passage]:
        return await self._bonton.library.search(brand, question, k)


class _LazyWriter:
    """Made when words are first wanted: `bonton pending` loads no writer."""

    def __init__(self, bonton: Bonton) -> None:
        self._bonton = bonton

    @cached_property
    def _writer(self) -> Writer:
        from bot.writers.playbook import PlaybookWriter

        settings = self._bonton.settings
        plain = PlaybookWriter(self._bonton.encoder)
        if not settings.models:
            return plain
        from bot.writers.langchain import LangChainWriter
        from bot.writers.spending import Prices

        return LangChainWriter(
            settings.models,
            plain=plain,
            pages=self._bonton.pages,
            spending=self._bonton.spending,
            prices=Prices.of(settings.model_price),
            budget=settings.model_budget,
            timeout=settings.model_timeout,
        )

    async def write(self, job: Job) -> Written:
        return await self._writer.write(job)
