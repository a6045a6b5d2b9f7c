"""`bonton chat`: a conversation in the terminal, as one would have it in Slack.

Paste a comment, get its card, approve it by a word. History and completion by prompt_toolkit; cards by Rich. It keeps nothing
but the last draft's number: everything else is in the ledger.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, FuzzyCompleter, WordCompleter
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console

from bot.crisis.rhythm import due
from bot.desk import Desk
from bot.discover import flows
from bot.domain.decision import Decision
from bot.domain.draft import Draft
from bot.domain.model import now
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.errors import BontonError, Refused
from bot.frontends import editor
from bot.frontends.card import card, panel
from bot.frontends.flows import Teller, called
from bot.frontends.flows.promises import reminder
from bot.frontends.panel import Attachment, Panel, Shown
from bot.frontends.said import Meant, agreed, meant
from bot.frontends.war_room import WarRoom
from bot.inbox import BATCHED
from bot.settings import Settings
from bot.triage.text import fold
from bot.view import View, made
from knowledge.brand import Brand, BrandError, find, folders

COMMANDS = {
    "reply": ("/répondre", "/reply"),
    "post": ("/publier", "/post"),
    "answer": ("/demander", "/ask"),
    "pending": ("/attente", "/pending"),
    "draft": ("/brouillon", "/draft"),
    "brand": ("/marque", "/brand"),
    "network": ("/réseau", "/network"),
    "language": ("/langue", "/language"),
    "me": ("/moi", "/me"),
    "log": ("/journal", "/log"),
    "rules": ("/règles", "/rules"),
    "help": ("/aide", "/help"),
    "quit": ("/quitter", "/quit"),
}
RULINGS = {"accept": ("accepter", "accept"), "refuse": ("refuser", "refuse"), "undo": ("retirer", "undo")}
Ask = Callable[[str], Awaitable[str]]


class Terminal:
    """One conversation. `ask` reads a line (prompt_toolkit unless a test or a script gives its own)."""

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        view: View,
        *,
        brand: str = "",
        who: str = "",
        console: Console | None = None,
        ask: Ask | None = None,
    ) -> None:
        self.desk = desk
        self.settings = settings
        self.view = view
        self.console = console or Console()
        self.brand = self._brand(brand or next(iter(folders(settings.brand_places)), ""))
        self.who = who or next((person.name for person in self.brand.people if "lead" in person.roles), "")
        self.network = ""
        self.language = ""
        self.open: int | None = None
        self._session: PromptSession[str] | None = None
        self._ask = ask or self._prompt
        self._waiting: tuple[str, Request] | None = None
        self._flows = {name: flow(desk) for name, flow in flows().items()}
        self._presses: dict[str, str] = {}
        """Number on the last panel → what its button brings."""
        self._reminded: set[tuple[int, datetime]] = set()
        """Promises told here, by their reminder."""
        self._called: set[tuple[int, str]] = set()
        """What a crisis asked, by its key."""
        self._asked: int | None = None
        """The rule we asked about with our last words: the next « oui » is for it, not for the draft."""

    async def run(self, hello: str = "") -> None:
        """Talks until the person leaves."""
        self._print(self.view.say("chat.hello", brand=self.brand.name))
        if self.who:
            self._print(self.view.say("chat.as_who", who=self.who))
        if hello:
            self._print(self.view.say("chat.try", example=hello))
        while True:
            await self._due()
            await self._crisis()
            try:
                line = (await self._ask(f"{self.brand.slug}{f' · {self.network}' if self.network else ''} › ")).strip()
            except (EOFError, KeyboardInterrupt):
                line = COMMANDS["quit"][0]
            if line in COMMANDS["quit"]:
                self._print(self.view.say("chat.bye"))
                return
            if line:
                await self.hear(line)

    async def hear(self, line: str) -> None:
        """One thing said; whatever fails is told and the conversation goes on."""
        asked, self._asked = self._asked, None
        try:
            if line.startswith("/"):
                await self._command(line)
            elif line in self._presses:
                await self._press(self._presses[line])
            elif asked is not None and (yes := agreed(line)) is not None:
                await self._ruled("accept" if yes else "refuse", asked)
            elif self._waiting:
                await self._chosen(line)
            elif self.open is not None and (act := meant(line)).act != "none":
                await self._decide(act)
            else:
                await self._request(line)
        except Refused as refusal:
            self._print(self.view.say(refusal.key, **refusal.details), style="yellow")
        except (BontonError, BrandError) as error:
            self._print(str(error), style="yellow")
        except ConnectionError:
            raise
        except Exception as error:
            number = uuid.uuid4().hex[:8]
            self._print(self.view.say("request.failed", request=f"{number} {type(error).__name__}"), style="red")

    async def _command(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        name = next((name for name, words in COMMANDS.items() if fold(word) in map(fold, words)), None)
        rest = rest.strip()
        if (call := called(self._flows, line)) is not None:
            flow, words = call
            await self._show_panels(self._flows[flow].said(words, self._teller()))
            return
        if name is None:
            self._print(self.view.say("chat.unknown_command", command=word), style="yellow")
        elif name in ("reply", "post", "answer"):
            await self._skill(name, rest)
        elif name == "pending":
            await self._pending()
        elif name == "draft":
            await self._show(int(rest) if rest.isdigit() else self._current(), whole=True)
        elif name == "log":
            edits = await self.desk.changes(self._current())
            for event in await self.desk.events(self._current()):
                self._print(self.view.trail(event))
                for edit in made(event, edits):
                    self._print("\n".join(f"{'':21}{self.view.change(piece)}" for piece in edit.changed))
        elif name == "rules":
            await self._rules(rest)
        elif name == "help":
            self._print(self.view.say("chat.help"))
        else:
            self._set(name, rest)

    async def _due(self) -> None:
        """Promises that fall due, each once a conversation and reminder."""
        soon = [one for one in await self.desk.promises.listed(self.brand.slug, ("open",)) if one.ring_at <= now()]
        for promise in soon:
            if (promise.id, promise.ring_at) not in self._reminded:
                self._reminded.add((promise.id, promise.ring_at))
                self._told(reminder(promise, self.brand, self.view))

    async def _crisis(self) -> None:
        """What an open crisis asks of who sits here, each once a conversation."""
        incident = await self.desk.crisis.current(self.brand.slug)
        if incident is None:
            return
        room, moment = await self.desk.crisis.room(incident.id), now()
        panels = WarRoom(room, self.brand, self.view, moment)
        for one in due(room, (), self.brand, moment):
            if self.who in one.to and (incident.id, one.key) not in self._called:
                self._called.add((incident.id, one.key))
                self._told(panels.due(one))
        if not incident.real:
            await self._story(incident.id, panels)

    async def _story(self, drill: int, panels: WarRoom) -> None:
        """What has come of a drill's story since the last line."""
        story = await self.desk.crisis.play(drill)
        told = [(f"turn:{one.place}", panels.turn(one)) for one in story.played]
        told += [("over", panels.story_over())] if story.over else []
        for name, shown in told:
            if (drill, name) not in self._called:
                self._called.add((drill, name))
                self._told(shown)

    def _told(self, shown: Panel) -> None:
        """A panel that nobody asked for, its numbers after those that stand."""
        drawn, presses = panel(shown, len(self._presses))
        self._presses |= presses
        self.console.print(drawn)

    def _teller(self) -> Teller:
        event = f"terminal:{uuid.uuid4()}"
        return Teller("terminal", self.who, self.who, event, self.view, [self.brand], who=self.who or "—")

    async def _press(self, press: str) -> None:
        name, _, rest = press.partition(":")
        before = {draft.id for draft in await self.desk.pending(self.brand.slug)}
        await self._show_panels(self._flows[name].pressed(rest, self._teller()))
        for draft in await self.desk.pending(self.brand.slug):
            if draft.id not in before and draft.front != BATCHED:
                await self._show(draft.id)
                self.open = draft.id

    async def _show_panels(self, shown: AsyncIterator[Shown]) -> None:
        """Each panel as it comes; its buttons are numbers to type, counted on where several come together."""
        first = True
        async for one in shown:
            beside = one.to == "private" or not first
            drawn, presses = panel(one.panel, len(self._presses) if beside else 0)
            self._presses = {**self._presses, **presses} if beside else presses
            first = first and one.to == "private"
            self.console.print(drawn)
            if one.attached is not None:
                self._print(self.view.say("crisis.report.written", path=self._written(one.attached)))

    def _written(self, file: Attachment) -> Path:
        """Where the file now lies: a later report of the same crisis takes the place of an earlier one."""
        folder = self.settings.folder / "reports"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (path := folder / file.name).write_bytes(file.data)
        return path

    async def _skill(self, name: str, rest: str) -> None:
        first, _, text = rest.partition(" ")
        named = [self.view.pages.network(part) for part in first.split(",")]
        if name != "answer" and rest and all(named):
            networks = tuple(network.name for network in named if network)
            await self._send(self._made(text, skill=name, networks=networks))
        else:
            await self._send(self._made(rest, skill=name))

    def _set(self, name: str, value: str) -> None:
        if name == "brand":
            self.brand = self._brand(value)
            self._print(self.view.say("chat.now_brand", brand=self.brand.name))
        elif name == "network":
            network = self.view.pages.network(value) if value else None
            if value and network is None:
                raise Refused("request.unknown_network", network=value, known=", ".join(self.view.pages.networks))
            self.network = network.name if network else ""
            self._print(self.view.say("chat.now_network", network=network.title if network else "—"))
        elif name == "language":
            self.language = value.lower()
            self._print(self.view.say("chat.now_language", language=self.language or "—"))
        elif name == "me":
            self.who = value
            self._print(self.view.say("chat.as_who", who=value))

    async def _request(self, line: str) -> None:
        await self._send(self._made(line))

    def _made(self, text: str, *, skill: str | None = None, networks: tuple[str, ...] = ()) -> Request:
        return Request(
            id=f"terminal:{uuid.uuid4()}",
            text=text,
            brand=self.brand.slug,
            skill=skill,
            networks=networks or ((self.network,) if self.network else ()),
            language=self.language or None,
            author=self.who,
            locale=self.view.locale,
            place=self.who,
        )

    async def _send(self, request: Request) -> None:
        with self.console.status("…"):
            reply = await self.desk.handle(request)
        await self._answer(reply, request)

    async def _answer(self, reply: Reply, request: Request) -> None:
        self._waiting = None
        if reply.words:
            self._print(reply.words)
        if reply.refused:
            self._print(self.view.said(reply.refused), style="yellow")
        if reply.clarify:
            self._waiting = (reply.clarify.question.key, request)
            self._print(f"{self.view.said(reply.clarify.question)} {' · '.join(reply.clarify.options)}")
        if reply.told:
            for source in reply.told.sources:
                self.console.print(f"[bold]{source.heading}[/bold] [dim]{source.document} · {source.score:.2f}[/dim]")
                self._print(f"{source.text.strip()}\n")
        for number in reply.drafts:
            await self._show(number)
        if reply.drafts:
            self.open = reply.drafts[-1]
            self._print(self.view.say("chat.keys"), style="dim")

    async def _chosen(self, line: str) -> None:
        """The answer to a question of ours: which network, or which skill."""
        assert self._waiting is not None
        question, request = self._waiting
        self._waiting = None
        if question == "route.which_network":
            network = self.view.pages.network(line)
            if network is None:
                await self._request(line)
                return
            await self._send(request.model_copy(update={"id": f"{request.id}:n", "networks": (network.name,)}))
            return
        chosen = self.view.pages.skill_named(line)
        if chosen is None:
            await self._request(line)
            return
        await self._send(request.model_copy(update={"id": f"{request.id}:s", "skill": chosen}))

    async def _decide(self, act: Meant) -> None:
        draft = await self.desk.draft(self._current())
        if act.act == "sources" or act.act == "why" or act.act == "none":  # noqa: PLR1714 - mypy narrows only this form
            await self._show(draft.id, whole=True)
            return
        values: dict[str, Any] = {"draft": draft.id, "revision": draft.revision, "by": self.who, "text": act.words}
        if act.act == "edit":
            text = editor.edit(draft.body.text).strip()
            if not text or text == draft.body.text.strip():
                self._print(self.view.say("chat.edit_cancelled"))
                return
            values["text"] = text
        elif act.act == "reject" and not act.words:
            values["text"] = (await self._ask(f"{self.view.say('chat.reason')} ")).strip()
        elif act.act == "approve" and draft.body.blocked:
            values["override"] = (await self._ask(f"{self.view.say('chat.override')} ")).strip()
        ruling = await self.desk.decide(Decision(verb=act.act, **values))
        self._print(self.view.said(ruling.said), style="green" if ruling.applied else "yellow")
        if ruling.draft.state == "pending" and act.act in ("edit", "ask"):
            await self._show(ruling.draft.id)
        elif ruling.draft.state == "released" and ruling.applied:
            self._print(self.view.say("chat.released"), style="dim")
            self.console.print(ruling.draft.body.text, markup=False, highlight=False, soft_wrap=True)
        if ruling.draft.state != "pending":
            self.open = None
        if ruling.asks:
            self._asked = ruling.asks.id
            self._print(f"{self.view.asked(ruling.asks)} {self.view.say('rules.typed')}", style="cyan")

    async def _rules(self, rest: str) -> None:
        """The brand's rules, or a ruling on one: « accepter 3 », "undo 3"; the number may be left out where one alone is meant."""
        word, _, number = rest.partition(" ")
        act = next((act for act, words in RULINGS.items() if fold(word) in words), None)
        found = await self.desk.rules(self.brand.slug)
        these = [rule.id for rule in found if rule.state == ("accepted" if act == "undo" else "proposed")]
        if act and (number.strip().isdigit() or len(these) == 1):
            await self._ruled(act, int(number) if number.strip().isdigit() else these[0])
            return
        for rule in found:
            self._print(self.view.rule(rule))
        if not found:
            self._print(self.view.say("rules.none"))

    async def _ruled(self, act: str, rule: int) -> None:
        calls = {"accept": self.desk.rule_accept, "refuse": self.desk.rule_refuse, "undo": self.desk.rule_undo}
        self._print(self.view.ruled(await calls[act](rule, self.who)), style="green")

    async def _pending(self) -> None:
        waiting = await self.desk.pending(self.brand.slug)
        if not waiting:
            self._print(self.view.say("chat.nothing_pending"))
        for draft in waiting:
            self._print(f"{draft.id:>4}  {self._line(draft)}")

    def _line(self, draft: Draft) -> str:
        rule = draft.body.approvals
        network = self.view.pages.networks[draft.network].title
        return f"{network} · {rule.given}/{rule.needed} · {(draft.body.text or '—').splitlines()[0][:80]}"

    async def _show(self, number: int, *, whole: bool = False) -> None:
        draft = await self.desk.draft(number)
        self.open = number if draft.state == "pending" else self.open
        self.console.print(card(draft, self.view, whole=whole))

    def _current(self) -> int:
        if self.open is None:
            raise BontonError(self.view.say("chat.no_draft"))
        return self.open

    def _brand(self, slug: str) -> Brand:
        return find(slug, self.settings.brand_places)

    def _print(self, text: str, style: str = "") -> None:
        self.console.print(text, style=style or None, markup=False, highlight=False)

    async def _prompt(self, label: str) -> str:
        if self._session is None:
            self._session = PromptSession(history=self._history(), completer=self._completer())
        with patch_stdout():
            return await self._session.prompt_async(label)

    def _history(self) -> History:
        """Lines of earlier conversations, readable by this person alone."""
        file = self.settings.folder / "history"
        try:
            file.touch(mode=0o600)
        except OSError:
            return InMemoryHistory()
        return FileHistory(str(file))

    def _completer(self) -> Completer:
        place = 0 if self.view.locale == "fr" else 1
        words = [words[place] for words in COMMANDS.values()]
        words += [*self.view.pages.networks, *folders(self.settings.brand_places)]
        words += [word.strip() for word in self.view.say("chat.keys").split("·")]
        return FuzzyCompleter(WordCompleter(words, sentence=True))
