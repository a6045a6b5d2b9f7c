"""The Slack app: what Slack sends, on Socket Mode and on signed HTTP, kept before it is acknowledged.

Bolt verifies, authorises and routes. A listener decides only whether something is for us and keeps it in the inbox; Bolt answers
Slack after that (`process_before_response`), so that what Slack believes heard cannot be lost. What needs a trigger id, which
lives three seconds, is opened at once after the answer. The work itself is `front.py`'s.
"""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.domain.chat import Arrival
from bot.domain.draft import Draft
from bot.domain.triage import POSTURES
from bot.errors import Refused
from bot.frontends import looks
from bot.frontends.questions import QUESTIONS
from bot.frontends.said import networks as named_networks
from bot.frontends.serving import Health
from bot.frontends.slack import cards, home, modals, panels, text
from bot.frontends.slack.front import Front, help_card
from bot.frontends.slack.incoming import (
    FRONT,
    AnyOf,
    Asked,
    Called,
    Chosen,
    File,
    Learn,
    Pressed,
    Ruled,
    Tapped,
    arrival,
    message,
    overheard,
    words_of,
)
from bot.logs import where
from bot.view import View

Body = dict[str, Any]
Work = Callable[[Body, Body], Coroutine[Any, Any, None]]
Keep = Callable[[Arrival], Awaitable[bool]]
COMMAND = "/bonton"
WORDS = {
    "reply": ("reply", "répondre", "repondre", "réponse", "reponse"),
    "post": ("post", "publier", "publish", "publication"),
    "answer": ("ask", "demander", "question"),
    "pending": ("pending", "attente", "en attente"),
    "help": ("help", "aide", "?"),
}
ANY = re.compile(r".*", re.DOTALL)
PENDING = 10
SOON = 0.5
"""Seconds that an acknowledgement may wait to know somebody's language: Slack gives three for all."""

log = structlog.get_logger()


class Listeners:
    """Registers everything Slack may send on a Bolt app."""

    def __init__(self, front: Front, keep: Keep, health: Health, *, team: str, bot: str, url: str) -> None:
        self._front = front
        self._keep_arrival = keep
        self._health = health
        self._team = team
        self._bot = bot
        self._url = url
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self, app: AsyncApp) -> None:
        app.use(self._ours)
        app.error(_failed)
        app.event("app_mention")(self._on_message)
        app.event("message")(self._on_message)
        app.event("app_home_opened")(self._then(self._home))
        app.event("assistant_thread_started")(self._then(self._assistant))
        app.event(ANY)(_heard)
        app.command(COMMAND)(self._on_command)
        app.command(ANY)(self._on_flow)
        app.shortcut("draft_reply")(self._then(self._compose_reply))
        app.shortcut("new_draft")(self._then(self._compose))
        app.shortcut(ANY)(_heard)
        for verb in ("approve", "ignore"):
            app.action(verb)(self._on_press)
        app.action("posture")(self._on_posture)
        for name in ("edit", "ask", "reject", "override", "whole", "sources"):
            app.action(name)(self._then(self._open))
        app.action("text0")(self._then(self._count))
        app.action(re.compile(r"choose(\.\d+)?"))(self._on_choice)
        app.action(re.compile(r"learn\.(yes|no)"))(self._on_learn)
        app.action(re.compile(r"rule\.(yes|no)"))(self._on_rule)
        app.action(re.compile(rf"{panels.ACTION}\.[\d.]+"))(self._on_tap)
        app.action("home_brand")(self._then(self._home_brand))
        app.action("home_new")(self._then(self._compose))
        app.action(re.compile(r"link(\.\d+)?"))(_heard)
        app.action(ANY)(self._then(self._unknown_button))
        for name in ("edit", "ask", "reject", "override"):
            app.view(name)(self._on_modal)
        app.view("compose")(self._on_compose)
        app.view(ANY)(_heard)
        app.options(ANY)(_heard)

    def _then(self, work: Work) -> Callable[..., Awaitable[None]]:
        """A listener that acknowledges, and does its work after: what is lost with a crash is only a window that did not open."""

        async def listener(body: Body, payload: Body, ack: AsyncAck) -> None:
            await ack()
            self._later(work(body, payload))

        return listener

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except Exception as error:
                log.error("slack.not_done", error=where(error))

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ours(self, body: Body, next: Callable[[], Awaitable[Any]]) -> Any:  # noqa: A002 - Bolt's name
        """Only our workspace is served: anything else is acknowledged, and nothing more."""
        team = body.get("team_id") or (body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id")
        if team and team != self._team:
            log.warning("slack.unknown_workspace", team=str(team)[:20])
            return BoltResponse(status=200, body="")
        return await next()

    # --- messages ---

    async def _on_message(self, event: Body) -> None:
        if self._front.watched(str(event.get("channel", ""))):
            if event.get("ts") and event.get("user") != self._bot and event.get("subtype") in (None, "bot_message"):
                await self._keep(f"{self._team}:{event['channel']}:{event['ts']}", overheard(event))
            return
        if not await self._for_us(event):
            return
        said = message(event, self._bot)
        await self._keep(f"{self._team}:{said.channel}:{said.ts}", said)

    async def _for_us(self, event: Body) -> bool:
        """Said by a person, and to us: directly, by our name, or in a thread where we were spoken to."""
        if event.get("bot_id") or event.get("subtype") not in (None, "file_share", "thread_broadcast"):
            return False
        if not event.get("user") or not event.get("ts") or event["user"] == self._bot:
            return False
        outside = {event.get("team"), event.get("user_team"), event.get("source_team")} - {None, self._team}
        if outside and self._front.members.named(event["user"]) is None:
            return False  # a guest of a shared channel whom no brand names
        if event.get("type") == "app_mention" or event.get("channel_type") == "im":
            return True
        words, thread = str(event.get("text") or ""), event.get("thread_ts")
        place = f"{event['channel']}/{thread}" if thread else ""
        return f"<@{self._bot}>" in words or (bool(place) and await self._front.follows(place, words))

    # --- the command ---

    async def _on_flow(self, body: Body, ack: AsyncAck) -> None:
        """A command of its own for a flow: `/crise`; help for any other."""
        words = text.plain(body.get("text") or "", self._bot)
        called = self._front.called(f"{body.get('command') or ''} {words}")
        if called is None:
            await self._help(ack, body)
            return
        flow, rest = called
        said = Called(user=body["user_id"], channel=body["channel_id"], flow=flow, words=rest)
        await self._keep(_trigger(body), said)
        await ack()

    async def _on_command(self, body: Body, ack: AsyncAck, respond: AsyncRespond) -> None:
        called = self._front.called(text.plain(body.get("text") or "", self._bot))
        word, rest = _command(body.get("text") or "")
        if called is not None:
            flow, words = called
            said = Called(user=body["user_id"], channel=body["channel_id"], flow=flow, words=words)
            await self._keep(_trigger(body), said)
        elif word in ("reply", "post", "answer") and rest:
            networks, words = named_networks(rest, self._front.pages) if word != "answer" else ((), rest)
            asked = Asked(user=body["user_id"], channel=body["channel_id"], skill=word, text=words, networks=networks)
            await self._keep(_trigger(body), asked)
        elif word == "" and rest:
            await self._keep(_trigger(body), Asked(user=body["user_id"], channel=body["channel_id"], text=rest))
        elif word == "help" or (word == "" and not rest):
            await self._help(ack, body)
            return
        elif word == "pending":
            self._later(self._tell_pending(body["user_id"], body["channel_id"], respond))
        else:
            skill = word if word == "post" else "reply"
            self._later(self._open_compose(body, body["user_id"], body["channel_id"], "", skill=skill))
        await ack()

    async def _tell_pending(self, user: str, channel: str, respond: AsyncRespond) -> None:
        await respond(response_type="ephemeral", **await self._pending(user, channel))

    async def _pending(self, user: str, channel: str) -> Body:
        brands = self._front.members.open_to(user, channel)
        view = self._front.view(await self._front.locale(user))
        blocks: list[Body] = []
        for brand in brands[:5]:
            waiting = await self._front.house.pending(brand.slug)
            title = text.escape(view.say("slack.pending_title", brand=brand.name))
            blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": f"*{title}*"}})
            blocks += await self._lines(waiting, view, user) or [_context(view.say("slack.home_nothing"))]
        if not brands:
            blocks = cards.said(view.say("slack.no_brand", user=user)).blocks
        return {"text": "Bonton", "blocks": blocks[:50]}

    async def _lines(self, drafts: list[Draft], view: View, user: str, most: int = PENDING) -> list[Body]:
        """A line for each draft, the newest first, with a link to its card."""
        blocks = []
        for place, draft in enumerate(list(reversed(drafts))[:most]):
            link = await self._link(draft, user)
            blocks.append(home.line(draft, view, link, place))
        if len(drafts) > most:
            blocks.append(_context(view.say("slack.more_pending", count=len(drafts) - most)))
        return blocks

    async def _link(self, draft: Draft, user: str) -> str:
        """To the card in a channel, else to the one in our conversation with that person: another's cannot be opened."""
        posts = [post for post in await self._front.chats.posts(FRONT, draft.id) if post.key.startswith("card:")]
        direct = any(post.place.startswith("D") for post in posts) and await self._front.sender.direct(user)
        for post in sorted(posts, key=lambda post: post.place.startswith("D")):
            if post.place.startswith("D") and post.place.split("/")[0] != direct:
                continue
            channel, _, thread = post.place.partition("/")
            if post.ref and self._url:
                more = f"?thread_ts={thread}&cid={channel}" if thread else ""
                return f"{self._url.rstrip('/')}/archives/{channel}/p{post.ref.replace('.', '')}{more}"
        return ""

    async def _help(self, ack: AsyncAck, body: Body) -> None:
        card = help_card(await self._soon(body["user_id"]))
        await ack(response_type="ephemeral", text=card.notice, blocks=card.blocks)

    async def _soon(self, user: str) -> View:
        """In their language, if Slack tells it in time for an answer that it waits for."""
        try:
            return self._front.view(await asyncio.wait_for(self._front.locale(user), SOON))
        except TimeoutError:
            return self._front.view("en")

    # --- modals ---

    async def _compose_reply(self, body: Body, _payload: Body) -> None:
        """The message shortcut: the message's words, to be answered in its thread."""
        said = body.get("message") or {}
        words = text.plain(words_of(said, quoted=False), self._bot)
        channel = (body.get("channel") or {}).get("id", "")
        thread = str(said.get("thread_ts") or said.get("ts") or "")
        await self._open_compose(body, body["user"]["id"], channel, thread, words=words)

    async def _compose(self, body: Body, _payload: Body) -> None:
        channel = (body.get("channel") or {}).get("id", "")
        await self._open_compose(body, body["user"]["id"], channel, "")

    async def _open_compose(
        self, body: Body, user: str, channel: str, thread: str, *, words: str = "", skill: str = "reply"
    ) -> None:
        brands = self._front.members.open_to(user, channel)
        view = self._front.view(await self._front.locale(user, brands[0] if brands else None))
        if not brands:
            place = f"{channel}/{thread}" if thread else channel
            await self._front.sender.tell(place, user, cards.said(view.say("slack.no_brand", user=user)))
            return
        mine = await self._front.chats.choice(FRONT, user, "brand")
        modal = modals.compose(
            view,
            {"channel": channel, "thread": thread, **({"brand": brands[0].slug} if len(brands) == 1 else {})},
            brands=[(brand.slug, brand.name) for brand in brands],
            brand=mine,
            words=words,
            skill=skill,
        )
        await self._show_modal(body, modal)

    async def _on_compose(self, body: Body, ack: AsyncAck, view: Body) -> None:
        values, meta = view["state"]["values"], json.loads(view.get("private_metadata") or "{}")
        words, networks = modals.edited(values).strip(), modals.chosen(values, "networks")
        missing = [name for name, value in (("text0", words), ("networks", networks)) if not value]
        if missing:
            reader = await self._soon(body["user"]["id"])
            await ack(response_action="errors", errors={name: reader.say("slack.needed") for name in missing})
            return
        language, posture = modals.sent(values, "language"), modals.sent(values, "posture")
        skill = modals.sent(values, "skill") or "reply"
        asked = Asked(
            user=body["user"]["id"],
            channel=str(meta.get("channel", "")),
            thread=str(meta.get("thread", "")),
            skill=skill,
            text=text.escape(words),  # as Slack sends what is typed in a message: both are read the same way
            brand=modals.sent(values, "brand") or str(meta.get("brand", "")),
            networks=networks,
            language=language if language not in ("", "-") else None,
            posture=next((one for one in POSTURES if one == posture), None),
        )
        await self._keep(f"view:{view['id']}", asked)
        await ack()

    async def _open(self, body: Body, action: Body) -> None:
        """The modal of a card's button, if the card is still the latest."""
        number, revision = _value(action)
        user = body["user"]["id"]
        try:
            draft = await self._front.house.draft(number)
        except Refused:
            await self._unknown_button(body, action)
            return
        view = self._front.view(await self._front.locale(user))
        name = action["action_id"]
        if refusal := self._closed_to(draft, user, _place(body).split("/")[0], name, view):
            await self._front.sender.whisper(_place(body), user, cards.said(refusal))
            return
        if name in ("whole", "sources"):
            await self._show_modal(body, modals.whole(draft, view) if name == "whole" else modals.sources(draft, view))
            return
        if draft.state != "pending" or draft.revision != revision:
            key = "decide.stale" if draft.state == "pending" else f"decide.already_{draft.state}"
            who = ", ".join(draft.body.approvals.by)
            card = cards.said(view.say(key, draft=draft.id, revision=draft.revision, who=who))
            await self._front.sender.whisper(_place(body), user, card)
            await self._front.show(number)
            return
        make = {"edit": modals.edit, "ask": modals.ask, "reject": modals.reject, "override": modals.override}[name]
        channel, _, thread = _place(body).partition("/")
        await self._show_modal(body, make(draft, view, {"channel": channel, "thread": thread}))

    def _closed_to(self, draft: Draft, user: str, channel: str, name: str, view: View) -> str:
        """Why this person may not have that window; empty when they may."""
        brand = self._front.house.brand(draft.brand)
        person = brand.person_in(FRONT, user)
        if name in ("whole", "sources"):
            if person is not None or brand in self._front.members.open_to(user, channel):
                return ""
        elif person is not None:
            if person.decides or name in ("edit", "ask"):
                return ""
            return view.say("decide.not_an_approver", who=person.name, brand=brand.name)
        return view.say("slack.unknown_you", brand=brand.name, user=user)

    async def _count(self, body: Body, _payload: Body) -> None:
        """The edit modal's hint follows what is typed."""
        modal = body.get("view") or {}
        meta = json.loads(modal.get("private_metadata") or "{}")
        draft = await self._front.house.draft(int(meta.get("draft", 0)))
        view = self._front.view(await self._front.locale(body["user"]["id"]))
        words = modals.edited(modal["state"]["values"])
        try:
            await self._front.sender.web.views_update(
                view_id=modal["id"], hash=modal.get("hash"), view=modals.counted(modal, draft, view, words)
            )
        except SlackApiError as error:  # another letter was typed meanwhile: its own count follows
            log.debug("slack.not_counted", reason=str(error.response.get("error")))

    async def _on_modal(self, body: Body, ack: AsyncAck, view: Body) -> None:
        values, meta = view["state"]["values"], json.loads(view.get("private_metadata") or "{}")
        name = view["callback_id"]
        reader = await self._soon(body["user"]["id"])
        words, errors = _modal_words(name, values, reader)
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        press = Pressed(
            user=body["user"]["id"],
            channel=str(meta.get("channel", "")),
            thread=str(meta.get("thread", "")),
            verb="approve" if name == "override" else name,
            draft=int(meta["draft"]),
            revision=int(meta["revision"]),
            text="" if name == "override" else words,
            override=words if name == "override" else "",
        )
        await self._keep(f"view:{view['id']}", press)
        await ack()

    async def _show_modal(self, body: Body, modal: Body) -> None:
        try:
            await self._front.sender.web.views_open(trigger_id=body.get("trigger_id", ""), view=modal)
        except SlackApiError as error:
            log.warning("slack.modal_not_opened", reason=str(error.response.get("error")))

    # --- buttons ---

    async def _on_press(self, body: Body, action: Body, ack: AsyncAck) -> None:
        number, revision = _value(action)
        await self._press(body, action, ack, verb=action["action_id"], draft=number, revision=revision)

    async def _on_posture(self, body: Body, action: Body, ack: AsyncAck) -> None:
        number, revision = _value(action)
        wish = str((action.get("selected_option") or {}).get("value", "")).rpartition(".")[2]
        await self._press(body, action, ack, verb="ask", draft=number, revision=revision, text=wish)

    async def _press(self, body: Body, action: Body, ack: AsyncAck, **press: Any) -> None:
        channel, _, thread = _place(body).partition("/")
        said = Pressed(user=body["user"]["id"], channel=channel, thread=thread, **press)
        await self._keep(f"{_trigger(body)}:{action.get('action_id')}", said)
        await ack()

    async def _on_choice(self, body: Body, action: Body, ack: AsyncAck) -> None:
        channel, _, thread = _place(body).partition("/")
        option = (action.get("selected_option") or {}).get("value")
        value = f"{option}|{action.get('block_id', '').partition('|')[2]}" if option else str(action.get("value", ""))
        asked, value, request = [*value.split("|", 2), "", ""][:3]
        question = next((one for one in QUESTIONS if one == asked), None)
        if question and request:
            chosen = Chosen(
                user=body["user"]["id"],
                channel=channel,
                thread=thread,
                question=question,
                value=value,
                request=request,
            )
            await self._keep(_trigger(body), chosen)
        await ack()

    async def _on_learn(self, body: Body, action: Body, ack: AsyncAck) -> None:
        channel, _, thread = _place(body).partition("/")
        brand, file, name = [*str(action.get("value", "")).split("|", 2), "", ""][:3]
        learn = Learn(
            user=body["user"]["id"],
            channel=channel,
            thread=thread,
            brand=brand,
            file=File(id=file, name=name),
            message=str((body.get("message") or {}).get("ts", "")),
            yes=action["action_id"] == "learn.yes",
        )
        await self._keep(_trigger(body), learn)
        await ack()

    async def _on_tap(self, body: Body, action: Body, ack: AsyncAck) -> None:
        channel, _, thread = _place(body).partition("/")
        message = str((body.get("container") or {}).get("message_ts") or (body.get("message") or {}).get("ts", ""))
        thread = "" if thread == message else thread  # the message that a thread hangs from stands in the channel
        press = str(action.get("value", ""))
        said = Tapped(user=body["user"]["id"], channel=channel, thread=thread, press=press, message=message)
        await self._keep(f"{_trigger(body)}:{action.get('action_id')}", said)
        await ack()

    async def _on_rule(self, body: Body, action: Body, ack: AsyncAck) -> None:
        channel, _, thread = _place(body).partition("/")
        rule, _, brand = str(action.get("value", "")).partition("|")
        if rule.isdigit():
            ruled = Ruled(
                user=body["user"]["id"],
                channel=channel,
                thread=thread,
                brand=brand,
                rule=int(rule),
                yes=action["action_id"] == "rule.yes",
                message=str((body.get("message") or {}).get("ts", "")),
            )
            await self._keep(_trigger(body), ruled)
        await ack()

    async def _unknown_button(self, body: Body, _payload: Body) -> None:
        user = body["user"]["id"]
        view = self._front.view(await self._front.locale(user))
        if place := _place(body):
            await self._front.sender.whisper(place, user, cards.said(view.say("slack.old_button")))

    # --- home and assistant ---

    async def _home(self, _body: Body, event: Body) -> None:
        if event.get("tab", "home") == "home":
            await self._publish(event["user"])

    async def _home_brand(self, body: Body, action: Body) -> None:
        user = body["user"]["id"]
        value = str((action.get("selected_option") or {}).get("value", ""))
        if value in {brand.slug for brand in self._front.members.open_to(user, "")}:
            await self._front.chats.choose(FRONT, user, "brand", value)
        await self._publish(user)

    async def _publish(self, user: str) -> None:
        brands = self._front.members.open_to(user, "")
        mine = await self._front.chats.choice(FRONT, user, "brand")
        brand = next((one for one in brands if one.slug == mine), brands[0] if brands else None)
        view = self._front.view(await self._front.locale(user, brand))
        member = await self._front.members.member(user)
        person = brand.person_in(FRONT, user) if brand else None
        seen = home.Home(brands=brands, brand=brand, person=person, user=user)
        if brand is not None:
            today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            name = person.name if person else member.name
            pending = await self._front.house.pending(brand.slug)
            recent = await self._front.house.recent(brand.slug, today)
            seen.waiting = await self._lines([one for one in pending if home.awaits(one, brand, person)], view, user)
            seen.asked = await self._lines([one for one in pending if name in one.authors], view, user)
            seen.decided = await self._lines(
                [one for one in recent if one.state not in ("pending", "approved")], view, user
            )
        if (person is not None and person.leads) or member.admin:
            seen.health = await self._health()
        await self._front.sender.web.views_publish(user_id=user, view=home.view(seen, view))

    async def _assistant(self, _body: Body, event: Body) -> None:
        thread = event["assistant_thread"]
        view = self._front.view(await self._front.locale(thread["user_id"]))
        prompts = [
            {"title": view.say(f"slack.prompt_{name}"), "message": view.say(f"slack.prompt_{name}_text")}
            for name in ("reply", "post", "ask")
        ]
        await self._front.sender.web.assistant_threads_setSuggestedPrompts(
            channel_id=thread["channel_id"],
            thread_ts=thread["thread_ts"],
            title=view.say("slack.prompts_title"),
            prompts=prompts,
        )

    async def _keep(self, number: str, said: AnyOf) -> None:
        await self._keep_arrival(arrival(number, said))


async def _failed(error: Exception) -> BoltResponse:
    """What could not be kept is not acknowledged: Slack delivers it again."""
    log.error("slack.not_heard", error=where(error))
    return BoltResponse(status=500, body="")


async def _heard(ack: AsyncAck) -> None:
    """Nothing to keep: acknowledged as it is."""
    await ack()


def _command(words: str) -> tuple[str, str]:
    """« répondre instagram Bonjour » → ("reply", "instagram Bonjour"); ("", all) when the first word is no command of ours."""
    first, _, rest = words.strip().partition(" ")
    for name, known in WORDS.items():
        if first.casefold() in known:
            return name, rest.strip()
    return "", words.strip()


def _modal_words(name: str, values: Body, view: View) -> tuple[str, dict[str, str]]:
    """What was sent from a modal, or what is wrong with it, by block."""
    words = modals.edited(values) if name == "edit" else modals.sent(values, "words").strip()
    if name == "edit":
        if not words.strip():
            return "", {"text0": view.say("slack.needed")}
        return words, {}
    if name == "ask":
        wish = modals.sent(values, "wish")
        said = ", ".join(part for part in (view.say(f"front.wish_{wish}") if wish else "", words) if part)
        return (said, {}) if said else ("", {"words": view.say("slack.needed")})
    if name == "reject":
        reason = modals.sent(values, "reason")
        label = view.say(f"front.reason_{reason}") if reason in looks.REASONS else ""
        said = f"{label}: {words}" if label and words else label or words
        return (said, {}) if said else ("", {"reason": view.say("slack.needed")})
    return (words, {}) if words else ("", {"words": view.say("slack.needed")})


def _value(action: Body) -> tuple[int, int]:
    """Draft and revision of a pressed element; zeros (no draft) when it holds none."""
    value = str((action.get("selected_option") or {}).get("value") or action.get("value") or "")
    found = re.fullmatch(r"(\d{1,9})\.(\d{1,9})(?:\.[a-z]+)?", value)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _place(body: Body) -> str:
    """Where a pressed message stands."""
    channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id") or ""
    said, container = body.get("message") or {}, body.get("container") or {}
    thread = said.get("thread_ts") or container.get("thread_ts") or ""
    return f"{channel}/{thread}" if thread else str(channel)


def _trigger(body: Body) -> str:
    """What a delivery and its repetitions have in common, and nothing else has."""
    if trigger := body.get("trigger_id"):
        return str(trigger)
    action: Body = next(iter(body.get("actions") or ()), {})
    return f"{(body.get('user') or {}).get('id')}:{action.get('action_ts') or uuid.uuid4().hex}"


def _context(words: str) -> Body:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text.escape(words)}]}
