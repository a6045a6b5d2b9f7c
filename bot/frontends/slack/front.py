"""Slack as a front-end: does what an event kept in the inbox asks, and brings cards to what their drafts are.

It translates between Slack and the desk and decides nothing. Each method may run again after a crash: requests, decisions and
messages all carry the event's own id. How events reach the inbox is `app.py`'s affair.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.discover import flows
from bot.domain.chat import Arrival, Post, Talk
from bot.domain.comment import NewComment
from bot.domain.decision import Decision
from bot.domain.draft import Draft
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.domain.voice import Rule
from bot.errors import Refused
from bot.frontends import guidelines, looks, questions
from bot.frontends.colleagues import awaited, leads
from bot.frontends.flows import PANEL, Asking, Teller, hearer
from bot.frontends.flows import called as flow_called
from bot.frontends.panel import Attachment, Panel
from bot.frontends.said import meant
from bot.frontends.serving import House
from bot.frontends.slack import cards, panels, text
from bot.frontends.slack.incoming import (
    FRONT,
    Asked,
    Called,
    Chosen,
    File,
    Learn,
    Message,
    Overheard,
    Pressed,
    Ruled,
    Tapped,
    incoming,
)
from bot.frontends.slack.members import Members
from bot.frontends.slack.web import TROUBLE, Sender
from bot.inbox import BATCHED
from bot.seams import Chats
from bot.triage.text import clean, fold
from bot.view import View
from knowledge.brand import Brand, Person

BIGGEST_FILE = 20 * 2**20
HELP = frozenset({"help", "aide", "?", "bonjour", "hello", "salut", "hi"})

log = structlog.get_logger()


class Front:
    """Hears and shows. Made once Slack has said who we are (`bot` is our own member id)."""

    def __init__(self, house: House, chats: Chats, sender: Sender, *, bot: str, received: Path) -> None:
        self.house = house
        self.chats = chats
        self.pages = house.pages
        self.sender = sender
        self.members = Members(sender.web, house.brands)
        self._bot = bot
        self._received = received
        self._flows = {name: flow(house) for name, flow in flows().items()}
        self._views = {locale: View(house.pages, locale) for locale in house.pages.interface}

    def view(self, locale: str) -> View:
        return self._views.get(locale) or self._views["en"]

    async def locale(self, user: str, brand: Brand | None = None) -> str:
        """The language a person reads: Slack's, else the brand's first."""
        member = await self.members.member(user)
        return member.locale or (brand.languages[0] if brand else "en")

    async def talk(self, place: str) -> Talk | None:
        """What a thread is about: what was last asked in it, or the draft whose card it hangs from."""
        if talk := await self.chats.talk(FRONT, place):
            return talk
        channel, _, thread = place.partition("/")
        found = await self.chats.posted(FRONT, channel, thread) if thread else []
        if not found and (channel, thread) in self.sender.sent:
            await asyncio.sleep(0.3)  # a card of this instant: it is being written down
            found = await self.chats.posted(FRONT, channel, thread)
        for post in found:
            draft = await self.house.draft(post.draft) if post.draft is not None else None
            request = await self.house.request(draft.request) if draft else None
            if draft is not None and request is not None:
                return Talk(request=request, draft=draft.id)
        return None

    async def hear(self, arrival: Arrival) -> None:
        said = incoming(arrival)
        match said:
            case Message():
                await self._message(arrival.id, said)
            case Asked():
                await self._asked(arrival.id, said)
            case Pressed():
                await self._pressed(arrival.id, said)
            case Chosen():
                await self._chosen(arrival.id, said)
            case Learn():
                await self._learn(arrival.id, said)
            case Ruled():
                await self._ruled(arrival.id, said)
            case Called():
                await self._called(arrival.id, said)
            case Tapped():
                await self._tapped(arrival.id, said)
            case Overheard():
                await self._overheard(said)

    # --- what people say ---

    async def _message(self, number: str, said: Message) -> None:
        words = text.plain(said.text, self._bot)
        talk = await self.talk(said.place) if said.follows else None
        loud = said.im or said.mention
        if await self._about_draft(number, said, words, talk):
            return
        key = await self._panel(said.place) if said.follows else ""
        if await self._under_panel(number, said, words, key):
            return
        if not loud and (key or "<@" in said.text):
            return  # teammates talk to each other under a panel or a card of ours
        if loud:
            view = self.view(await self.locale(said.user))
            status = view.say("slack.working") if said.im and said.follows else ""
            self.sender.mark(said.channel, said.ts, said.thread, assistant=status)
        if said.files and await self._file(number, said, words):
            return
        if fold(words).strip(" !.") in HELP or not words:
            if loud:
                view = self.view(await self.locale(said.user))
                await self._tell(number, said.place, help_card(view))
            return
        if loud and (called := self.called(words)) is not None:
            flow, rest = called
            calling = Called(user=said.user, channel=said.channel, thread=said.thread, flow=flow, words=rest, about=key)
            await self._called(number, calling)
            return
        request = await self._request(number, said, words)
        if talk is not None and said.follows:
            brands = self.members.open_to(said.user, said.channel)
            if talk.request.brand in {brand.slug for brand in brands}:
                request = request.model_copy(update={"brand": talk.request.brand})
            request = questions.answered(talk, words, self.pages, brands, number) or request
        await self._send(request, said, quiet=not loud)

    async def _about_draft(self, number: str, said: Message, words: str, talk: Talk | None) -> bool:
        """Words in a card's own thread that speak of it: « plus court », "reject: too long". A bare « ok » decides nothing,
        and no words do once something else was asked there."""
        act = meant(words, bare=False)
        if talk is None or talk.draft is None or act.act == "none":
            return False
        draft = await self.house.draft(talk.draft)
        if draft.request != talk.request.id and (talk.reply is None or talk.reply.told):
            return False
        view = self.view(await self.locale(said.user))
        if act.act in ("sources", "why"):
            title = view.say("front.sources_title", draft=draft.id)
            await self._tell(number, said.place, cards.passages(draft.body.sources, title))
            return True
        if draft.state != "pending":
            who = ", ".join(draft.body.approvals.by)
            told = view.say(f"decide.already_{draft.state}", draft=draft.id, who=who)
            await self._tell(number, said.place, cards.said(told), user=said.user)
            return True
        if act.act == "edit":
            await self._tell(number, said.place, cards.said(view.say("slack.press_edit")))
            return True
        self.sender.mark(said.channel, said.ts, said.thread, assistant="")
        press = Pressed(
            user=said.user,
            channel=said.channel,
            thread=said.thread,
            verb=act.act,  # type: ignore[arg-type]  # the other acts were answered above
            draft=draft.id,
            revision=draft.revision,
            text=act.words,
        )
        await self._pressed(number, press)
        return True

    async def _asked(self, number: str, said: Asked) -> None:
        """A command or a modal."""
        view = self.view(await self.locale(said.user))
        place = await self._answerable(number, said, view)
        request = await self._request(number, said, text.plain(said.text, self._bot), place)
        changes: dict[str, Any] = {"skill": said.skill, "networks": said.networks}
        changes |= {"language": said.language, "posture": said.posture}
        if said.brand:
            changes["brand"] = said.brand
        await self._send(request.model_copy(update=changes), said, private=said.skill == "answer")

    async def _answerable(self, number: str, said: Asked | Called, view: View) -> str:
        """Where a command is answered: where it was given or, where we are not a member, to the person directly."""
        if not said.channel:
            return await self.sender.direct(said.user)
        if said.channel.startswith("D") and said.channel == await self.sender.direct(said.user):
            return said.place
        if await self.sender.whisper(said.place, said.user, cards.said(view.say("front.heard"))):
            return said.place
        place = await self.sender.direct(said.user)
        await self._tell(f"{number}:elsewhere", place, cards.said(view.say("slack.not_here")))
        return place

    # --- watched channels ---

    def watched(self, channel: str) -> bool:
        return any(channel in brand.inbox.watch.slack for brand in self.house.brands())

    async def _overheard(self, said: Overheard) -> None:
        """Into the inbox of each brand that watches the channel."""
        words = clean(text.plain(said.text, self._bot))
        for brand in self.house.brands():
            if words and said.channel in brand.inbox.watch.slack:
                comment = NewComment(
                    brand=brand.slug,
                    text=words,
                    ref=f"slack:{said.channel}:{said.ts}",
                    url=said.link,
                    source="watch:slack",
                )
                await self.house.inbox.receive(brand.slug, [comment])

    # --- flows ---

    def called(self, words: str) -> tuple[str, str] | None:
        """« boîte 12 » → the flow of that word, and what follows it; None when it is no flow's."""
        return flow_called(self._flows, words)

    async def follows(self, place: str, words: str) -> bool:
        """Whether words in a thread are for us without our name: it is about a draft, or hangs from a panel that hears them."""
        if await self.talk(place) is not None:
            return True
        return hearer(self._flows, await self._panel(place), text.plain(words, self._bot)) is not None

    async def _panel(self, place: str) -> str:
        """The key of the panel that a thread hangs from; empty when it hangs from something else."""
        channel, _, thread = place.partition("/")
        posts = await self.chats.posted(FRONT, channel, thread) if thread else []
        return next((post.key for post in posts if post.key.startswith(PANEL)), "")

    async def _under_panel(self, number: str, said: Message, words: str, key: str) -> bool:
        """Words in a panel's thread that its flow hears: « fait : … »."""
        if (flow := hearer(self._flows, key, words)) is None:
            return False
        self.sender.mark(said.channel, said.ts, said.thread, assistant="")
        calling = Called(user=said.user, channel=said.channel, thread=said.thread, flow=flow, words=words, about=key)
        await self._called(number, calling)
        return True

    async def _called(self, number: str, said: Called) -> None:
        view = self.view(await self.locale(said.user))
        place = said.place if said.thread else await self._answerable(number, said, view)
        teller = await self._teller(number, said, place)
        await self._show_panels(number, said, place, self._flows[said.flow].said, said.words, teller)

    async def _tapped(self, number: str, said: Tapped) -> None:
        name, _, press = said.press.partition(":")
        if name in self._flows:
            teller = await self._teller(number, said, said.place)
            await self._show_panels(number, said, said.place, self._flows[name].pressed, press, teller)

    async def _teller(self, number: str, said: Called | Tapped, place: str) -> Teller:
        """Who speaks; the brand they chose comes first."""
        brands = self.members.open_to(said.user, said.channel)
        mine = await self.chats.choice(FRONT, said.user, "brand")
        brands = sorted(brands, key=lambda brand: brand.slug != mine)
        view = self.view(await self.locale(said.user, brands[0] if brands else None))
        below, about = place, said.about.removeprefix(PANEL) if isinstance(said, Called) else ""
        if isinstance(said, Tapped) and (posts := await self.chats.posted(FRONT, said.place, said.message)):
            below = place if said.thread else f"{place}/{said.message}"
            about = posts[0].key.removeprefix(PANEL)
        return Teller(FRONT, said.user, place, number, view, brands, below=below, about=about)

    async def _show_panels(
        self, number: str, said: Called | Tapped, place: str, ask: Asking, words: str, teller: Teller
    ) -> None:
        pressed = await self.chats.posted(FRONT, said.place, said.message) if isinstance(said, Tapped) else []
        count = 0
        try:
            async for shown in ask(words, teller):
                card, count = panels.draw(shown.panel), count + 1
                if shown.to == "private" or (shown.to == "here" and not pressed and isinstance(said, Tapped)):
                    await self.sender.tell(place, said.user, card)
                    if shown.attached is not None:
                        alone = await self.sender.direct(said.user)
                        await self._hand_over(f"{number}:{count}", alone, said.user, shown.attached, teller)
                    continue
                key = pressed[0].key if shown.to == "here" and pressed else f"{PANEL}{shown.key or f'{number}:{count}'}"
                there = teller.below if shown.to == "below" else place
                await self.sender.put(key, there, card, shown=panels.version(card))
                if shown.attached is not None:
                    await self._hand_over(f"{number}:{count}", there, said.user, shown.attached, teller)
        except Refused as refusal:
            await self.sender.tell(place, said.user, cards.said(teller.view.say(refusal.key, **refusal.details)))

    async def _hand_over(self, name: str, place: str, user: str, file: Attachment, teller: Teller) -> None:
        if not await self.sender.attach(f"{PANEL}{name}:file", place, file):
            await self.sender.tell(place, user, cards.said(teller.view.say("crisis.report.not_sent")))

    async def _request(self, number: str, said: Message | Asked, words: str, place: str = "") -> Request:
        brands = self.members.open_to(said.user, said.channel)
        brand = brands[0].slug if len(brands) == 1 else ""
        if not brand and (mine := await self.chats.choice(FRONT, said.user, "brand")):
            brand = mine if mine in {one.slug for one in brands} else ""
        member = await self.members.member(said.user)
        return Request(
            id=number,
            text=words,
            brand=brand,
            author=member.name,
            user=said.user,
            locale=member.locale or (brands[0].languages[0] if brands else "en"),
            front=FRONT,
            place=place or said.place,
        )

    async def _send(
        self, request: Request, said: Message | Asked | Chosen, *, quiet: bool = False, private: bool = False
    ) -> None:
        """To the desk, and what it answers back to the chat. `quiet`: nobody named us, so doubts are kept to ourselves."""
        brands = self.members.open_to(said.user, said.channel)
        view = self.view(request.locale)
        if not brands:
            if not quiet:
                words = view.say("slack.no_brand", user=said.user)
                await self._tell(request.id, request.place, cards.said(words), user=said.user)
            return
        if request.brand and request.brand not in {brand.slug for brand in brands}:
            told = view.say("slack.unknown_you", brand=self.house.brand(request.brand).name, user=said.user)
            await self._tell(f"{request.id}:closed", request.place, cards.said(told), user=said.user)
            return
        reply = await self.house.handle(request)
        if quiet and (reply.refused or (reply.clarify and reply.clarify.question.key == "route.which_skill")):
            return
        await self._reply(reply, request, view, brands, user=said.user if private else "")

    async def _reply(
        self, reply: Reply, request: Request, view: View, brands: Sequence[Brand], *, user: str = ""
    ) -> None:
        """What is not a draft: those are shown by their own change (`show`)."""
        if reply.words:
            await self._tell(f"{request.id}:words", request.place, cards.said(reply.words), user=user)
        if reply.refused:
            await self._tell(request.id, request.place, cards.said(view.said(reply.refused)), user=user)
        elif reply.clarify:
            answers = questions.options(reply.clarify, self.pages, brands)
            card = cards.question(reply.clarify, questions.asked(reply.clarify), request.id, answers, view)
            await self._tell(request.id, request.place, card, user=user)
        elif reply.told:
            title = view.say("front.told", brand=self.house.brand(request.brand).name)
            await self._tell(request.id, request.place, cards.passages(reply.told.sources, title), user=user)

    async def _chosen(self, number: str, said: Chosen) -> None:
        request = await self.house.request(said.request)
        brands = self.members.open_to(said.user, said.channel)
        if request is None or (said.question == "brand" and said.value not in {brand.slug for brand in brands}):
            view = self.view(await self.locale(said.user))
            await self._tell(number, said.place, cards.said(view.say("front.no_open")), user=said.user)
            return
        if said.question == "brand":
            await self.chats.choose(FRONT, said.user, "brand", said.value)
        again = questions.answer(request, said.question, said.value)
        again = await self.house.request(again.id) or again
        if await self.chats.post(FRONT, f"answer:{request.id}"):  # what one person alone was asked cannot be changed
            told = questions.settled(again, said.question, self.view(request.locale), brands)
            await self.sender.put(f"answer:{request.id}", request.place, cards.said(told), shown="answered")
        await self._send(again, said)

    # --- what people decide ---

    async def _pressed(self, number: str, said: Pressed) -> None:
        view = self.view(await self.locale(said.user))
        try:
            draft = await self.house.draft(said.draft)
            brand = self.house.brand(draft.brand)
            person = brand.person_in(FRONT, said.user)
            if person is None:
                await self.sender.tell(
                    said.place, said.user, cards.said(view.say("slack.unknown_you", brand=brand.name, user=said.user))
                )
                return
            ruling = await self.house.decide(
                Decision(
                    draft=said.draft,
                    revision=said.revision,
                    verb=said.verb,
                    by=person.name,
                    text=said.text,
                    override=said.override,
                    front=FRONT,
                    event=number,
                )
            )
        except Refused as refusal:
            await self.sender.tell(said.place, said.user, cards.said(view.say(refusal.key, **refusal.details)))
            return
        if ruling.asks is not None:
            place = said.place if said.thread else draft.place or said.place
            await self._tell(f"{number}:rule", place, _rule_question(ruling.asks, view))
        if not ruling.applied:
            await self.show(said.draft)
        if not ruling.applied or (said.verb == "approve" and ruling.draft.state == "pending"):
            await self.sender.tell(said.place, said.user, cards.said(view.said(ruling.said)))

    async def _ruled(self, number: str, said: Ruled) -> None:
        """An answer to « make it a rule? »; the first one stands where the question stood."""
        view = self.view(await self.locale(said.user))
        brand = self.house.brand(said.brand)
        person = brand.person_in(FRONT, said.user)
        if person is None:
            told = view.say("slack.unknown_you", brand=brand.name, user=said.user)
            await self.sender.tell(said.place, said.user, cards.said(told))
            return
        settle = self.house.rule_accept if said.yes else self.house.rule_refuse
        try:
            rule = await settle(said.rule, person.name)
        except Refused as refusal:
            await self.sender.tell(said.place, said.user, cards.said(view.say(refusal.key, **refusal.details)))
            return
        asked = await self.chats.posted(FRONT, said.place, said.message) if said.message else []
        key = asked[0].key if asked else f"answer:{number}"
        await self.sender.put(key, said.place, cards.said(view.ruled(rule)), shown="answered")

    # --- guidelines dropped as files ---

    async def _file(self, number: str, said: Message, words: str) -> bool:
        """Whether a dropped file was all that was said; text beside pictures is worked on as ever."""
        readable = [file for file in said.files if guidelines.readable(file.name)]
        view = self.view(await self.locale(said.user))
        loud = said.im or said.mention
        if not readable:
            if words or not loud:
                return False
            await self._tell(number, said.place, cards.said(view.say("front.cannot_read")))
            return True
        if not loud:
            return True
        brands = self.members.open_to(said.user, said.channel)
        mine = await self.chats.choice(FRONT, said.user, "brand")
        brand = next((one for one in brands if one.slug == mine), brands[0] if brands else None)
        for file in readable:
            key = f"{number}:{file.id}"
            if brand is None:
                await self._tell(
                    key, said.place, cards.said(view.say("slack.no_brand", user=said.user)), user=said.user
                )
            elif not leads(brand, FRONT, said.user):
                refusal = view.say("front.learn_not_lead", brand=brand.name, file=file.name)
                await self._tell(key, said.place, cards.said(refusal), user=said.user)
            else:
                await self._tell(key, said.place, _learn_question(file, brand, view))
        return True

    async def _learn(self, number: str, said: Learn) -> None:
        view = self.view(await self.locale(said.user))
        brand = self.house.brand(said.brand)
        if not leads(brand, FRONT, said.user):
            refusal = view.say("front.learn_not_lead", brand=brand.name, file=said.file.name)
            await self.sender.tell(said.place, said.user, cards.said(refusal))
            return
        asked = await self.chats.posted(FRONT, said.place, said.message) if said.message else []
        if asked and asked[0].shown == "answered":
            return
        words = (
            await self._learned(brand, said.file, view)
            if said.yes
            else view.say("front.learn_left", file=said.file.name)
        )
        if asked:
            await self.sender.put(asked[0].key, said.place, cards.said(words), shown="answered")
        else:
            await self._tell(number, said.place, cards.said(words))

    async def _learned(self, brand: Brand, file: File, view: View) -> str:
        kept = guidelines.kept(self._received, brand, file.name, file.id)
        try:
            told = await self.sender.web.files_info(file=file.id)
            url = str(told["file"].get("url_private_download") or told["file"].get("url_private") or file.url)
            await asyncio.to_thread(kept.write_bytes, await self._download(url))
        except (*TROUBLE, ValueError) as error:
            log.warning("slack.file_not_fetched", file=file.id, error=type(error).__name__)
            return view.say("slack.learn_failed", file=file.name)
        return await guidelines.learn(self.house, brand, kept, file.name, view)

    async def _download(self, url: str) -> bytes:
        """Raises an error of TROUBLE when it cannot be had, or is too big."""
        session = self.sender.web.session
        assert session is not None
        host = urlsplit(url).hostname or ""
        if host != urlsplit(self.sender.web.base_url).hostname and not host.endswith(".slack.com"):
            raise ValueError("the file is not kept by Slack, and our token is for Slack alone")
        headers = {"Authorization": f"Bearer {self.sender.web.token}"}
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            answer.raise_for_status()
            content = await answer.content.read(BIGGEST_FILE + 1)
            while len(content) <= BIGGEST_FILE and (more := await answer.content.read(BIGGEST_FILE)):
                content += more
        if len(content) > BIGGEST_FILE:
            raise aiohttp.ClientPayloadError("too big")
        return content

    # --- what we show ---

    async def show(self, draft: int) -> None:
        """Every card of the draft is what the draft is: in the thread that asked, and where the brand speaks in Slack."""
        current = await self.house.draft(draft)
        request = await self.house.request(current.request)
        brand = self.house.brand(current.brand)
        there = {post.place for post in await self.chats.posts(FRONT, draft)}
        wanted = list(there)
        if current.state == "pending" and current.front != BATCHED:
            wanted += [place for place in await self._places(current, brand) if place not in there]
        if not wanted:
            return
        trail = await self.house.events(draft) if current.state != "pending" else ()
        card = cards.card(current, self.view(request.locale if request else "en"), brand, trail)
        for place in wanted:
            await self.sender.put(
                f"card:{draft}@{place}",
                place,
                card,
                shown=looks.version(current),
                draft=draft,
                settled=looks.settled(current),
            )

    async def _places(self, draft: Draft, brand: Brand) -> list[str]:
        """Where a draft's card belongs: where it was asked for, and the channels that speak for the brand; where that shows it
        to nobody who can decide, those who can are written to."""
        asked = [draft.place] if draft.front == FRONT and draft.place else []
        if draft.drill:
            return asked
        here = {place.split("/")[0] for place in asked}
        places = [*asked, *(channel for channel in brand.fronts.slack if channel not in here)]
        if asked and all(place.startswith("D") for place in places):
            direct = [await self.sender.direct(user) for user in awaited(draft, brand, FRONT)]
            places += [channel for channel in direct if channel not in here]
        return places

    async def ring(self, draft: int, what: str) -> None:
        current = await self.house.draft(draft)
        brand = self.house.brand(current.brand)
        request = await self.house.request(current.request)
        view = self.view(request.locale if request else brand.languages[0])
        late = what == "draft.escalated"
        people = [one for one in brand.people if one.slack and (one.leads if late else one.decides)]
        named = " ".join(f"<@{person.slack}>" for person in people)
        words = text.escape(view.say("front.escalated" if late else "front.reminded", draft=draft, people="\0"))
        words = words.replace("\0", named).strip()
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]
        for post in await self.chats.posts(FRONT, draft):
            if post.ref and not post.settled:
                place = post.place if "/" in post.place else f"{post.place}/{post.ref}"
                key = f"{what}:{draft}.{current.revision}@{place}"
                await self.sender.put(key, place, cards.Card(blocks, words), shown="1")

    async def tell(self, brand: Brand, key: str, panel: Panel, place: str = "", under: str = "") -> None:
        """Something for the brand's people: in `place`, else where the brand speaks, else to each of its leads; once a key.

        A message of that key that a flow shows already changes where it stands; what belongs `under` another goes into its thread.
        """
        card = panels.draw(panel)
        places = [place] if place else list(brand.fronts.slack)
        if not places:
            leading = [person.slack for person in brand.people if person.slack and person.leads]
            places = [await self.sender.direct(user) for user in leading]
        own = await self.chats.post(FRONT, f"{PANEL}{under or key}")
        home = own.place.split("/")[0] if own is not None else ""
        spots = [(f"{PANEL}{key}", own)] if own is not None else []
        for there in places:
            if there.split("/")[0] != home:
                spots.append((f"{PANEL}{key}@{there}", await self._stands(f"{PANEL}{under or key}@{there}", there)))
        for name, post in spots:
            where = post.place if not under or "/" in post.place or not post.ref else f"{post.place}/{post.ref}"
            await self.sender.put(name, where, card, shown=panels.version(card))

    async def _stands(self, key: str, place: str) -> Post:
        return await self.chats.post(FRONT, key) or Post(front=FRONT, key=key, place=place)

    async def reach(self, person: Person, key: str, panel: Panel) -> bool:
        """Something for one person alone, once a key; False when we do not know them here."""
        if not person.slack:
            return False
        card, place = panels.draw(panel), await self.sender.direct(person.slack)
        await self.sender.put(f"{PANEL}{key}@{place}", place, card, shown=panels.version(card))
        return True

    async def _tell(self, number: str, place: str, card: cards.Card, *, user: str = "") -> None:
        """An answer, once; to one person alone when `user` is given."""
        if user and not place.startswith("D"):
            if await self.sender.whisper(place, user, card):
                return
            place = await self.sender.direct(user)
        await self.sender.put(f"answer:{number}", place, card, shown="1")


def _learn_question(file: File, brand: Brand, view: View) -> cards.Card:
    words = view.say("front.learn_ask", file=file.name, brand=brand.name)
    value = f"{brand.slug}|{file.id}|{file.name}"[:2000]
    yes = {**cards.button(view.say("front.learn_yes"), "learn.yes", value), "style": "primary"}
    no = cards.button(view.say("front.learn_no"), "learn.no", value)
    blocks = [*cards.said(words).blocks, {"type": "actions", "elements": [yes, no]}]
    return cards.Card(blocks, text.safe(words, 300))


def _rule_question(rule: Rule, view: View) -> cards.Card:
    words, value = view.asked(rule), f"{rule.id}|{rule.brand}"
    yes = {**cards.button(view.say("rules.yes"), "rule.yes", value), "style": "primary"}
    blocks = [
        *cards.said(words).blocks,
        {"type": "actions", "elements": [yes, cards.button(view.say("rules.no"), "rule.no", value)]},
    ]
    return cards.Card(blocks, text.safe(words, 300))


def help_card(view: View) -> cards.Card:
    words = view.say("slack.help").strip()
    return cards.Card([{"type": "section", "text": {"type": "mrkdwn", "text": words}}], "Bonton")
