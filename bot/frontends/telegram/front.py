"""What people say and tap in Telegram, and what they are told. Translates between Telegram and the desk, and decides nothing.

Safe to run again after a crash: requests, decisions and messages carry the update's own id. How updates reach the inbox is
`chat.py`'s affair.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from telegram import CallbackQuery, Message, Update, User
from telegram.constants import MessageEntityType
from telegram.error import TelegramError

from bot.discover import flows
from bot.domain.chat import Arrival, Post, Talk
from bot.domain.comment import NewComment
from bot.domain.decision import Decision, Ruling
from bot.domain.draft import Draft
from bot.domain.reply import Reply
from bot.domain.request import LONGEST, Request
from bot.domain.triage import POSTURES
from bot.domain.voice import Rule
from bot.errors import Refused
from bot.frontends import guidelines, looks, questions
from bot.frontends.colleagues import Colleagues, awaited, leads
from bot.frontends.flows import PANEL, Asking, Teller, called, hearer
from bot.frontends.panel import Panel
from bot.frontends.said import Meant, meant, networks
from bot.frontends.serving import House
from bot.frontends.telegram import cards, commands, panels, taps
from bot.frontends.telegram.taps import Tap
from bot.frontends.telegram.wall import FRONT, Wall
from bot.inbox import BATCHED
from bot.seams import Chats
from bot.triage.text import clean
from bot.view import View
from knowledge.brand import Brand, Person

PENDING = 12
TOAST = 60
"""Signs that can be read while they fade."""

log = structlog.get_logger()


class Front:
    """Hears and shows. Made once Telegram has said who we are."""

    def __init__(self, house: House, chats: Chats, wall: Wall, *, name: str, number: int, received: Path) -> None:
        self.house = house
        self.chats = chats
        self.wall = wall
        self.colleagues = Colleagues(FRONT, house.brands)
        self._name = name
        self._number = number
        self._received = received
        self._flows = {name: flow(house) for name, flow in flows().items()}
        self._views = {locale: View(house.pages, locale) for locale in house.pages.interface}

    async def hear(self, arrival: Arrival) -> None:
        try:
            update = Update.de_json(arrival.payload, self.wall.bot)
        except (KeyError, TypeError, ValueError) as error:
            log.error("telegram.not_understood", arrival=arrival.id, error=type(error).__name__)
            return
        heard = update.message or update.channel_post
        if update.callback_query is not None:
            await self._tapped(arrival.id, update.callback_query)
        elif heard is not None and (watching := self._watching(heard)):
            await self._overheard(heard, watching)
        elif (
            update.message is not None and update.message.from_user is not None and not update.message.from_user.is_bot
        ):
            await self._said(arrival.id, update.message, update.message.from_user)

    def view(self, user: User | None, brands: Sequence[Brand] = ()) -> View:
        told = (user.language_code or "") if user else ""
        locale = ("fr" if told.startswith("fr") else "en") if told else brands[0].languages[0] if brands else "en"
        return self._views.get(locale) or self._views["en"]

    # --- what people say ---

    async def _said(self, number: str, message: Message, user: User) -> None:
        words = (message.text or message.caption or "").strip()
        command = commands.read(words, self._name)
        if not self._addressed(message, words, command is not None):
            return
        place = _place(message)
        brands = self.colleagues.open_to(str(user.id), str(message.chat.id))
        view = self.view(user, brands)
        if command and command[0] == "whoami":
            told = view.say("telegram.whoami", user=user.id, chat=message.chat.id)
            await self._tell(number, place, cards.said(told))
            return
        if not brands:
            await self._stranger(number, message, user, view)
            return
        self.wall.working(place)
        if not await self._file(number, message, user, view, brands):
            await self._heard(number, message, user, view, command, words)

    async def _heard(
        self, number: str, message: Message, user: User, view: View, command: tuple[str, str] | None, words: str
    ) -> None:
        """What a colleague said to us in words."""
        if (call := called(self._flows, words.replace(f"@{self._name}", ""))) is not None:
            flow, rest = call
            teller = self._teller(number, message, user)
            await self._show_panels(number, _place(message), self._flows[flow].said, rest, teller)
            return
        if command:
            await self._command(number, message, user, *command)
            return
        words = words.replace(f"@{self._name}", "").strip()
        if not words:
            await self._tell(number, _place(message), cards.said(view.say("telegram.help").strip()))
        elif not await self._replied(number, message, user, words, view):
            await self._asked(number, message, user, f"{words}\n{self._shown(message)}".strip())

    # --- watched chats ---

    def _watching(self, message: Message) -> list[Brand]:
        return [brand for brand in self.house.brands() if message.chat.id in brand.inbox.watch.telegram]

    async def _overheard(self, message: Message, brands: Sequence[Brand]) -> None:
        """A message in a chat that is watched: a comment that somebody or some tool brought there. Nobody is answered."""
        words = clean(message.text or message.caption or "")[:LONGEST]
        for brand in brands if words else ():
            ref = f"telegram:{message.chat.id}:{message.message_id}"
            comment = NewComment(brand=brand.slug, text=words, ref=ref, url=message.link or "", source="watch:telegram")
            await self.house.inbox.receive(brand.slug, [comment])

    # --- flows ---

    def _teller(self, number: str, message: Message, user: User, about: str = "") -> Teller:
        brands = self.colleagues.open_to(str(user.id), str(message.chat.id))
        place, about = _place(message), about.removeprefix(PANEL)
        return Teller(FRONT, str(user.id), place, number, self.view(user, brands), brands, below=place, about=about)

    async def _flow(self, number: str, query: CallbackQuery, message: Message, press: str) -> None:
        name, _, rest = press.partition(":")
        teller = self._teller(number, message, query.from_user)
        if name not in self._flows:
            await self.wall.answer(query.id, teller.view.say("telegram.old_button"), alert=True)
            return
        mine = await self.chats.choice(FRONT, str(query.from_user.id), "brand")
        teller = replace(teller, brands=sorted(teller.brands, key=lambda brand: brand.slug != mine))
        await self._show_panels(number, _place(message), self._flows[name].pressed, rest, teller, query, message)

    async def _show_panels(
        self,
        number: str,
        place: str,
        ask: Asking,
        words: str,
        teller: Teller,
        query: CallbackQuery | None = None,
        message: Message | None = None,
    ) -> None:
        """Each panel where it belongs: a tap's private word is the tap's own answer, where it has no buttons."""
        count, told = 0, False
        try:
            async for shown in ask(words, teller):
                card, count = panels.draw(shown.panel), count + 1
                toast = shown.to == "private" and not card.rows and shown.attached is None
                if toast and query is not None and not told:
                    await self.wall.answer(query.id, shown.panel.notice, alert=len(shown.panel.notice) > TOAST)
                    told = True
                    continue
                if query is not None and not told:
                    await self.wall.answer(query.id)
                    told = True
                pressed = await self._post(place, message) if message is not None and shown.to == "here" else None
                key = pressed.key if pressed else f"{PANEL}{shown.key or f'{number}:{count}'}"
                if shown.to == "below" and message is not None:
                    card = replace(card, answers=message.message_id)
                await self.wall.put(key, place, card, shown=panels.version(card))
                if shown.attached is not None and not await self.wall.attach(
                    f"{PANEL}{number}:{count}:file", place, shown.attached
                ):
                    await self._tell(f"{number}:unsent", place, cards.said(teller.view.say("crisis.report.not_sent")))
        except Refused as refusal:
            words = teller.view.say(refusal.key, **refusal.details)
            if query is not None and not told:
                await self.wall.answer(query.id, words, alert=True)
            else:
                await self._tell(f"{number}:refused", place, cards.said(words))

    def _shown(self, message: Message) -> str:
        """Somebody else's words that this message answers, as a quotation: « réponds-lui sur Instagram » speaks of them."""
        answered = message.reply_to_message
        if answered is None or (answered.from_user is not None and answered.from_user.id == self._number):
            return ""
        words = (message.quote.text if message.quote else "") or answered.text or answered.caption or ""
        return "\n".join(f"> {line}" for line in words.splitlines())

    def _addressed(self, message: Message, words: str, command: bool) -> bool:
        """Privately, by a command, by our name, or in answer to us."""
        if message.chat.type == "private" or command:
            return not words.startswith("/") or command
        answered = message.reply_to_message
        if answered is not None and answered.from_user is not None and answered.from_user.id == self._number:
            return True
        mentions = message.parse_entities([MessageEntityType.MENTION]) or message.parse_caption_entities(
            [MessageEntityType.MENTION]
        )
        return any(name.casefold() == f"@{self._name}".casefold() for name in mentions.values())

    async def _stranger(self, number: str, message: Message, user: User, view: View) -> None:
        """One polite line a day, and nothing else."""
        today, chat = date.today().isoformat(), str(message.chat.id)  # noqa: DTZ011 - a day by this machine's clock
        if await self.chats.choice(FRONT, chat, "greeted") == today:
            return
        key = "telegram.stranger" if message.chat.type == "private" else "telegram.stranger_group"
        await self._tell(number, _place(message), cards.said(view.say(key, user=user.id, chat=chat)))
        await self.chats.choose(FRONT, chat, "greeted", today)

    async def _command(self, number: str, message: Message, user: User, name: str, rest: str) -> None:
        brands = self.colleagues.open_to(str(user.id), str(message.chat.id))
        view = self.view(user, brands)
        if name == "pending":
            for brand in brands[:5]:
                card = await self._pending(brand, view)
                await self._tell(f"{number}:{brand.slug}", _place(message), card)
        elif name == "help":
            await self._tell(number, _place(message), cards.said(view.say("telegram.help").strip()))
        else:
            answered = message.reply_to_message
            rest = rest or ((answered.text or answered.caption or "") if answered is not None else "")
            if not rest:
                told = cards.said(view.say(f"telegram.new_{name}_prompt"))
                await self.wall.put(f"prompt:new:{name}:{number}", _place(message), replace(told, asks=True), shown="1")
                return
            wanted, words = networks(rest, self.house.pages) if name != "answer" else ((), rest)
            await self._asked(number, message, user, words, skill=name, networks=wanted)

    async def _pending(self, brand: Brand, view: View) -> cards.Card:
        waiting = await self.house.pending(brand.slug)
        if not waiting:
            return cards.said(view.say("telegram.pending_none", brand=brand.name))
        lines = [f"<b>{cards.escape(view.say('telegram.pending_title', brand=brand.name))}</b>"]
        for draft in list(reversed(waiting))[:PENDING]:
            network = self.house.pages.networks[draft.network].title
            state = view.say(f"card.state_{draft.state}")
            told = view.say("front.pending_one", draft=draft.id, network=network, state=state)
            first = cards.clip(" ".join(draft.body.text.split()) or view.say("card.no_reply"), 120)
            lines.append(f"{looks.STATES[draft.state]} <b>{cards.escape(told)}</b>\n{cards.escape(first)}")
        view_card = [
            (f"#{draft.id}", Tap("card", draft.id, draft.revision).data) for draft in list(reversed(waiting))[:PENDING]
        ]
        return cards.Card(cards.within(lines), [view_card[at : at + 6] for at in range(0, len(view_card), 6)])

    async def _asked(
        self,
        number: str,
        message: Message,
        user: User,
        words: str,
        *,
        skill: str | None = None,
        networks: tuple[str, ...] = (),
    ) -> None:
        """A request to the desk; a forwarded message is a comment to answer."""
        brands = self.colleagues.open_to(str(user.id), str(message.chat.id))
        talk = await self.chats.talk(FRONT, _place(message)) if message.chat.type == "private" else None
        brand = brands[0].slug if len(brands) == 1 else ""
        if not brand and (mine := await self.chats.choice(FRONT, str(user.id), "brand")) in {
            one.slug for one in brands
        }:
            brand = mine
        request = Request(
            id=number,
            text=words,
            brand=brand,
            skill=skill or ("reply" if message.forward_origin is not None else None),
            networks=networks,
            author=user.full_name[:80],
            user=str(user.id),
            locale=self.view(user, brands).locale,
            front=FRONT,
            place=_place(message),
        )
        if talk is not None and skill is None and message.forward_origin is None:
            request = questions.answered(talk, words, self.house.pages, brands, number) or request
        await self._send(request, brands, user)

    async def _send(self, request: Request, brands: Sequence[Brand], user: User) -> None:
        """To the desk; whoever answers a question about a brand that is not open to them is told so."""
        if request.brand and request.brand not in {brand.slug for brand in brands}:
            name = self.house.brand(request.brand).name
            told = self.view(user).say("telegram.unknown_you", brand=name, user=user.id)
            await self._tell(f"{request.id}:closed:{user.id}", request.place, cards.said(told))
            return
        reply = await self.house.handle(request)
        await self._reply(reply, request, self.view(user, brands), brands)

    async def _reply(self, reply: Reply, request: Request, view: View, brands: Sequence[Brand]) -> None:
        """What is not a draft: those are shown by their own change (`show`)."""
        if reply.words:
            await self._tell(f"{request.id}:words", request.place, cards.said(reply.words))
        if reply.refused:
            await self._tell(request.id, request.place, cards.said(view.said(reply.refused)))
        elif reply.clarify:
            options = questions.options(reply.clarify, self.house.pages, brands)
            card = cards.question(reply.clarify, questions.asked(reply.clarify), options, view)
            await self._tell(request.id, request.place, card)
        elif reply.told:
            title = view.say("front.told", brand=self.house.brand(request.brand).name)
            await self._tell(request.id, request.place, cards.told(reply.told.sources, view, title))

    # --- answers to our own messages ---

    async def _replied(self, number: str, message: Message, user: User, words: str, view: View) -> bool:
        """Words in answer to a card, to a prompt, or, in a private chat, under the open draft."""
        answered = message.reply_to_message
        if answered is not None:
            ours = answered.from_user is not None and answered.from_user.id == self._number
            post = await self._post(_place(message), answered) if ours else None
            if post is not None and post.key.startswith("prompt:"):
                await self._prompted(number, message, user, words, post)
                return True
            about = post.draft if post is not None else _drafted(answered) if ours else None
            if about is not None:
                draft = await self.house.draft(about)
                brand = self.house.brand(draft.brand)
                if brand not in self.colleagues.open_to(str(user.id), str(message.chat.id)):
                    told = view.say("telegram.unknown_you", brand=brand.name, user=user.id)
                    await self._tell(number, _place(message), cards.said(told))
                    return True
                act = meant(words, bare=True)
                await self._act(number, message, user, draft, act if act.act != "none" else Meant("edit", words), view)
                return True
            if post is not None and (
                await self._under_panel(number, message, user, words, post)
                or await self._choice(number, message, user, words, post)
            ):
                return True
        elif message.chat.type == "private" and message.forward_origin is None:
            talk = await self.chats.talk(FRONT, _place(message))
            act = meant(words, bare=True)
            if talk is not None and talk.draft is not None and act.act != "none":
                draft = await self.house.draft(talk.draft)
                if draft.state == "pending":
                    await self._act(number, message, user, draft, act, view)
                    return True
        return False

    async def _under_panel(self, number: str, message: Message, user: User, words: str, post: Post) -> bool:
        """Words in answer to a panel that its flow hears: « fait : … »."""
        if (flow := hearer(self._flows, post.key, words)) is None:
            return False
        teller = self._teller(number, message, user, post.key)
        await self._show_panels(number, _place(message), self._flows[flow].said, words, teller)
        return True

    async def _post(self, place: str, message: Message) -> Post | None:
        """What that message of ours is; one that was sent this instant is written down in the next."""
        for pause in (0.1, 0.4, 0):
            if found := await self.chats.posted(FRONT, place, str(message.message_id)):
                return found[0]
            await asyncio.sleep(pause)
        return None

    async def _choice(self, number: str, message: Message, user: User, words: str, post: Post) -> bool:
        """The answer, in words, to a question of ours."""
        request = await self.house.request(post.key.removeprefix("answer:"))
        brands = self.colleagues.open_to(str(user.id), str(message.chat.id))
        talk = await self.chats.talk(FRONT, post.place)
        if request is None or talk is None:
            return False
        about = Talk(request=request, reply=talk.reply if talk.request.id == request.id else None)
        again = questions.answered(about, words, self.house.pages, brands, number)
        if again is None:
            return False
        await self._send(again, brands, user)
        return True

    async def _act(self, number: str, message: Message, user: User, draft: Draft, act: Meant, view: View) -> None:
        """Tells what was understood, then does it."""
        place = _place(message)
        if act.act in ("sources", "why", "none"):
            await self._tell(
                number, place, cards.sources(draft, view) if act.act == "sources" else cards.findings(draft, view)
            )
            return
        if act.act == "edit" and not act.words:
            await self._prompt(number, place, draft, "edit", view)
            return
        if act.act == "reject" and not act.words:
            await self._prompt(number, place, draft, "reject", view)
            return
        if draft.state == "pending":
            understood = view.say(f"telegram.understood_{act.act}", draft=draft.id, wish=cards.clip(act.words, 120))
            await self._tell(f"{number}:understood", place, cards.said(understood))
        ruling = await self._decide(number, draft, user, {"verb": act.act, "text": act.words})
        if not isinstance(ruling, str) and ruling.asks is not None:
            await self._ask_rule(number, place, ruling.asks, view)
        if isinstance(ruling, str):
            await self._tell(f"{number}:refused", place, cards.said(ruling))
        elif not ruling.applied or (act.act == "approve" and ruling.draft.state == "pending"):
            await self._tell(f"{number}:ruled", place, cards.said(view.said(ruling.said)))

    async def _prompted(self, number: str, message: Message, user: User, words: str, post: Post) -> None:
        """The words that a button of a card asked for."""
        _, verb, about, revision = post.key.split(":")[:4]
        if verb == "new":
            wanted, brief = networks(words, self.house.pages) if about != "answer" else ((), words)
            await self._asked(number, message, user, brief, skill=about, networks=wanted)
            return
        draft = await self.house.draft(int(about))
        view = self.view(user)
        values: dict[str, Any] = {"verb": "approve" if verb == "override" else verb, "revision": int(revision)}
        values |= {"override": words} if verb == "override" else {"text": words}
        ruling = await self._decide(number, draft, user, values)
        if not isinstance(ruling, str) and ruling.asks is not None:
            await self._ask_rule(number, _place(message), ruling.asks, view)
        if isinstance(ruling, str):
            await self._tell(number, _place(message), cards.said(ruling))
        elif not ruling.applied:
            await self.show(draft.id)
            await self._tell(number, _place(message), cards.said(view.said(ruling.said)))

    async def _prompt(self, number: str, place: str, draft: Draft, verb: str, view: View) -> None:
        """Asks for words, which come as an answer to this very message."""
        told = cards.escape(view.say(f"telegram.{verb}_prompt", draft=draft.id))
        if verb == "edit" and draft.body.text:
            told += "\n" + cards.pre(cards.pieces(draft.body.text, cards.PIECE - 200)[0])
        key = f"prompt:{verb}:{draft.id}:{draft.revision}:{number}"
        await self.wall.put(key, place, cards.Card(told, asks=True), shown="1")

    # --- taps ---

    async def _tapped(self, number: str, query: CallbackQuery) -> None:
        message = query.message
        if message is None or not isinstance(message, Message):
            await self.wall.answer(query.id)
            return
        data = query.data or ""
        if data[:2] in ("q:", "u:", "l:"):
            await self._answered(number, query, message, data)
            return
        if data.startswith(panels.PRESS):
            await self._flow(number, query, message, data.removeprefix(panels.PRESS))
            return
        tap = taps.tap(data)
        view = self.view(query.from_user)
        if tap is None:
            await self.wall.answer(query.id, view.say("telegram.old_button"), alert=True)
            return
        try:
            draft = await self.house.draft(tap.draft)
        except Refused as refusal:
            await self.wall.answer(query.id, view.say(refusal.key, **refusal.details), alert=True)
            return
        brand = self.house.brand(draft.brand)
        if brand not in self.colleagues.open_to(str(query.from_user.id), str(message.chat.id)):
            told = view.say("telegram.unknown_you", brand=brand.name, user=query.from_user.id)
            await self.wall.answer(query.id, told, alert=True)
            return
        await self._tap(number, query, message, tap, draft)

    async def _answered(self, number: str, query: CallbackQuery, message: Message, data: str) -> None:
        """A button under a question of ours: which network, learn it, make it a rule."""
        if data.startswith("q:"):
            await self._picked(number, query, message, data)
        elif data.startswith(("u:y:", "u:n:")):
            await self._ruled(query, message, data)
        else:
            await self._learn(number, query, message, yes=data == "l:y")

    async def _tap(self, number: str, query: CallbackQuery, message: Message, tap: Tap, draft: Draft) -> None:
        view, place = self.view(query.from_user), _place(message)
        reading = tap.verb in ("sources", "findings", "whole", "card")
        if not reading and (draft.state != "pending" or draft.revision != tap.revision):
            key = "decide.stale" if draft.state == "pending" else f"decide.already_{draft.state}"
            who = ", ".join(draft.body.approvals.by)
            told = view.say(key, draft=draft.id, revision=draft.revision, who=who)
            await self.wall.answer(query.id, told, alert=True)
            await self._current(draft, place, message.message_id)
            return
        match tap.verb:
            case "sources":
                await self.wall.edit(place, message.message_id, cards.sources(draft, view))
            case "findings":
                await self.wall.edit(place, message.message_id, cards.findings(draft, view))
            case "whole":
                for part, card in enumerate(cards.whole(draft)):
                    whole = replace(card, answers=message.message_id)
                    await self.wall.put(f"whole:{number}:{part}", place, whole, shown="1")
            case "card":
                await self._current(draft, place, message.message_id)
            case "reject":
                await self.wall.keyboard(place, message.message_id, cards.Card("", cards.reasons(draft, view)))
            case "edit" | "ask" | "override":
                await self._prompt(number, place, draft, tap.verb, view)
            case _:
                await self._press(number, query, message, tap, draft)
                return
        await self.wall.answer(query.id)

    async def _press(self, number: str, query: CallbackQuery, message: Message, tap: Tap, draft: Draft) -> None:
        view = self.view(query.from_user)
        values: dict[str, Any] = {"verb": tap.verb, "revision": tap.revision}
        if tap.verb == "posture":
            values |= {"verb": "ask", "text": next((one for one in POSTURES if one == tap.more), "")}
        elif tap.verb == "why":
            reason = tap.more if tap.more in looks.REASONS else "other"
            values |= {"verb": "reject", "text": view.say(f"front.reason_{reason}")}
        ruling = await self._decide(number, draft, query.from_user, values)
        if isinstance(ruling, str):
            await self.wall.answer(query.id, ruling, alert=True)
            return
        await self.wall.answer(query.id, view.said(ruling.said), alert=not ruling.applied)
        if not ruling.applied:
            await self._current(ruling.draft, _place(message), message.message_id)

    async def _decide(self, number: str, draft: Draft, user: User, values: dict[str, Any]) -> Ruling | str:
        """What came of it, or why it may not be."""
        brand = self.house.brand(draft.brand)
        view = self.view(user)
        person = brand.person_in(FRONT, str(user.id))
        if person is None:
            return view.say("telegram.unknown_you", brand=brand.name, user=user.id)
        known = {"revision": draft.revision, **values}
        try:
            return await self.house.decide(Decision(draft=draft.id, by=person.name, front=FRONT, event=number, **known))
        except Refused as refusal:
            return view.say(refusal.key, **refusal.details)

    async def _ask_rule(self, number: str, place: str, rule: Rule, view: View) -> None:
        """« Make it a rule? », where the edit was made."""
        answers = [
            (view.say("rules.yes"), f"u:y:{rule.id}:{rule.brand}"),
            (view.say("rules.no"), f"u:n:{rule.id}:{rule.brand}"),
        ]
        rows = [answers] if all(len(data.encode()) <= taps.MOST for _, data in answers) else []
        await self._tell(f"{number}:rule", place, cards.said(view.asked(rule), rows))

    async def _ruled(self, query: CallbackQuery, message: Message, data: str) -> None:
        """An answer to « make it a rule? »; the first one stands where the question stood."""
        _, answer, number, slug = data.split(":", 3)
        view, place = self.view(query.from_user), _place(message)
        try:
            brand = self.house.brand(slug)
            person = brand.person_in(FRONT, str(query.from_user.id))
            if person is None or not number.isdigit():
                told = view.say("telegram.unknown_you", brand=brand.name, user=query.from_user.id)
                await self.wall.answer(query.id, told, alert=True)
                return
            settle = self.house.rule_accept if answer == "y" else self.house.rule_refuse
            rule = await settle(int(number), person.name)
        except Refused as refusal:
            await self.wall.answer(query.id, view.say(refusal.key, **refusal.details), alert=True)
            return
        await self.wall.answer(query.id)
        if post := await self._post(place, message):
            await self.wall.put(post.key, place, cards.said(view.ruled(rule)), shown="answered")

    async def _current(self, draft: Draft, place: str, message: int) -> None:
        """The message that was tapped shows the draft as it is, whether it is a known card or one that a crash left behind."""
        await self.wall.edit(place, message, await self._card(draft))

    async def _picked(self, number: str, query: CallbackQuery, message: Message, data: str) -> None:
        """A button under a question of ours."""
        _, name, value = data.split(":", 2)
        place, user = _place(message), query.from_user
        view = self.view(user)
        post = await self._post(place, message)
        request = await self.house.request(post.key.removeprefix("answer:")) if post else None
        question = next((one for one in questions.QUESTIONS if one == name), None)
        brands = self.colleagues.open_to(str(user.id), str(message.chat.id))
        asked = value if question == "brand" else request.brand if request else ""
        wrong = bool(asked) and asked not in {brand.slug for brand in brands}
        if post is None or request is None or question is None or wrong or not brands:
            await self.wall.answer(query.id, view.say("telegram.old_button"), alert=True)
            return
        await self.wall.answer(query.id)
        if question == "brand":
            await self.chats.choose(FRONT, str(user.id), "brand", value)
        again = questions.answer(request, question, value)
        again = await self.house.request(again.id) or again
        told = cards.said(questions.settled(again, question, view, brands))
        await self.wall.put(post.key, place, told, shown="answered")
        await self._send(again, brands, user)

    # --- guidelines sent as documents ---

    async def _file(self, number: str, message: Message, user: User, view: View, brands: Sequence[Brand]) -> bool:
        """Whether the file was all that was sent; words under a picture are worked on as ever."""
        if not (message.effective_attachment and not message.text):
            return False
        document = message.document
        name = (document.file_name or document.file_id) if document else ""
        if document is None or not guidelines.readable(name):
            if message.caption:
                return False
            await self._tell(number, _place(message), cards.said(view.say("front.cannot_read")))
            return True
        mine = await self.chats.choice(FRONT, str(user.id), "brand")
        brand = next((one for one in brands if one.slug == mine), brands[0])
        if not leads(brand, FRONT, str(user.id)):
            told = view.say("front.learn_not_lead", brand=brand.name, file=name)
            await self._tell(number, _place(message), cards.said(told))
            return True
        told = view.say("front.learn_ask", brand=brand.name, file=name)
        rows = [[(view.say("front.learn_yes"), "l:y"), (view.say("front.learn_no"), "l:n")]]
        await self._tell(number, _place(message), replace(cards.said(told, rows), answers=message.message_id))
        return True

    async def _learn(self, number: str, query: CallbackQuery, message: Message, *, yes: bool) -> None:
        """The document is the one that our question answers."""
        view, user = self.view(query.from_user), query.from_user
        document = message.reply_to_message.document if message.reply_to_message else None
        brands = self.colleagues.open_to(str(user.id), str(message.chat.id))
        mine = await self.chats.choice(FRONT, str(user.id), "brand")
        brand = next((one for one in brands if one.slug == mine), brands[0] if brands else None)
        if document is None or brand is None or not leads(brand, FRONT, str(user.id)):
            await self.wall.answer(query.id, view.say("telegram.old_button"), alert=True)
            return
        await self.wall.answer(query.id)
        asked = await self.chats.posted(FRONT, _place(message), str(message.message_id))
        if not asked or asked[0].shown == "answered":
            return
        name = document.file_name or document.file_id
        told = (
            await self._learned(brand, document.file_id, name, view) if yes else view.say("front.learn_left", file=name)
        )
        await self.wall.put(asked[0].key, asked[0].place, cards.said(told), shown="answered")

    async def _learned(self, brand: Brand, file: str, name: str, view: View) -> str:
        kept = guidelines.kept(self._received, brand, name, file)
        try:
            await (await self.wall.bot.get_file(file)).download_to_drive(kept)
        except (TelegramError, OSError) as error:
            log.warning("telegram.file_not_fetched", error=type(error).__name__)
            return view.say("telegram.learn_failed", file=name)
        return await guidelines.learn(self.house, brand, kept, name, view)

    # --- what we show ---

    async def show(self, draft: int) -> None:
        """Every card of the draft is what the draft is: where it was asked for, and in the chats that speak for the brand."""
        current = await self.house.draft(draft)
        brand = self.house.brand(current.brand)
        there = {post.place for post in await self.chats.posts(FRONT, draft) if post.key.startswith("card:")}
        wanted = list(there)
        if current.state == "pending" and current.front != BATCHED:
            wanted += [place for place in _places(current, brand) if place not in there]
        if not wanted:
            return
        card = await self._card(current)
        for place in wanted:
            await self.wall.put(
                f"card:{draft}@{place}",
                place,
                card,
                shown=looks.version(current),
                draft=draft,
                settled=looks.settled(current),
            )

    async def _card(self, draft: Draft) -> cards.Card:
        request = await self.house.request(draft.request)
        trail = await self.house.events(draft.id) if draft.state != "pending" else ()
        view = self._views.get(request.locale if request else "en") or self._views["en"]
        return cards.card(draft, view, self.house.brand(draft.brand), trail)

    async def ring(self, draft: int, what: str) -> None:
        current = await self.house.draft(draft)
        brand = self.house.brand(current.brand)
        request = await self.house.request(current.request)
        view = self._views.get(request.locale if request else brand.languages[0]) or self._views["en"]
        late = what == "draft.escalated"
        people = [one for one in brand.people if one.telegram and (one.leads if late else one.decides)]
        named = ", ".join(f'<a href="tg://user?id={one.telegram}">{cards.escape(one.name)}</a>' for one in people)
        said = view.say("front.escalated" if late else "front.reminded", draft=draft, people="\0")
        words = cards.escape(said).replace("\0", named).strip()
        for post in await self.chats.posts(FRONT, draft):
            if post.ref and not post.settled and post.key.startswith("card:"):
                told = cards.Card(words, answers=int(post.ref))
                await self.wall.put(f"{what}:{draft}.{current.revision}@{post.place}", post.place, told, shown="1")

    async def tell(self, brand: Brand, key: str, panel: Panel, place: str = "", under: str = "") -> None:
        """Something for the brand's people: in `place`, else where the brand speaks, else to each of its leads; once a key.

        A message of that key that a flow shows already changes where it stands; what belongs `under` another answers it.
        """
        card = panels.draw(panel)
        leading = [person.telegram for person in brand.people if person.telegram and person.leads]
        places = [place] if place else [str(chat) for chat in brand.fronts.telegram or leading]
        own = await self.chats.post(FRONT, f"{PANEL}{under or key}")
        home = own.place.split("/")[0] if own is not None else ""
        spots = [(f"{PANEL}{key}", own)] if own is not None else []
        for there in places:
            if there.split("/")[0] != home:
                found = await self.chats.post(FRONT, f"{PANEL}{under or key}@{there}")
                spots.append((f"{PANEL}{key}@{there}", found or Post(front=FRONT, key=key, place=there)))
        for name, post in spots:
            told = replace(card, answers=int(post.ref)) if under and post.ref else card
            await self.wall.put(name, post.place, told, shown=panels.version(card))

    async def reach(self, person: Person, key: str, panel: Panel) -> bool:
        """Something for one person alone, once a key; False when we do not know them here."""
        if not person.telegram:
            return False
        card, place = panels.draw(panel), str(person.telegram)
        await self.wall.put(f"{PANEL}{key}@{place}", place, card, shown=panels.version(card))
        return True

    async def _tell(self, number: str, place: str, card: cards.Card) -> None:
        """An answer, once."""
        await self.wall.put(f"answer:{number}", place, card, shown="1")


def _drafted(message: Message) -> int | None:
    """The draft of a card, by its buttons: one that a crash left before it was written down is known by them alone."""
    keyboard = message.reply_markup.inline_keyboard if message.reply_markup else ()
    found = (taps.tap(str(button.callback_data)) for row in keyboard for button in row)
    return next((one.draft for one in found if one is not None), None)


def _place(message: Message) -> str:
    """The chat, and its topic where it has one."""
    topic = message.message_thread_id if message.is_topic_message else None
    return f"{message.chat.id}/{topic}" if topic else str(message.chat.id)


def _places(draft: Draft, brand: Brand) -> list[str]:
    """Where a draft's card belongs: where it was asked for, and the chats that speak for the brand; where that shows it to nobody
    who can decide, those who can are written to."""
    asked = [draft.place] if draft.front == FRONT and draft.place else []
    if draft.drill:
        return asked
    here = {place.split("/")[0] for place in asked}
    places = [*asked, *(str(chat) for chat in brand.fronts.telegram if str(chat) not in here)]
    if asked and not any(place.startswith("-") for place in places):
        places += [user for user in awaited(draft, brand, FRONT) if user not in here]
    return places
