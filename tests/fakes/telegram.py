"""A strict Telegram on a loopback port, for dialogues with a server that runs beside the tests.

It answers the Bot API as Telegram does (limits, refusals, HTML, one poller, webhooks with their secret), and turns what people do
into updates. Left out: channels, inline mode, edited messages, stickers and every method that Bonton does not call, which is
answered 404 as an unknown one is.

    async with FakeTelegram() as telegram:
        said = await telegram.say(101, "Encore en retard !")
        card = await telegram.until(lambda: telegram.posted(101)[-1:])
        await telegram.tap(101, card[0], "Approuver")
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.fakes.telegram_markup import Wrong, units, visible

TOKEN = "999000:a-made-up-token"
BOT = {"id": 999000, "is_bot": True, "first_name": "Bonton", "username": "BontonBot"}
QUERY_SECONDS = 15.0
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)
Json = dict[str, Any]


class Refused(Exception):
    def __init__(self, told: str, status: int = 400, **parameters: Any) -> None:
        names = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
        super().__init__(f"{names.get(status, 'Too Many Requests')}: {told}" if told else names[status])
        self.status = status
        self.parameters = parameters


@dataclass
class Room:
    id: int
    kind: str
    title: str
    forum: bool = False
    topics: set[int] = field(default_factory=set)
    open: bool = True
    """The bot may write there."""
    count: int = 100
    """A supergroup counts its own messages; private chats are counted together."""
    sent: list[float] = field(default_factory=list)


class FakeTelegram:
    """Private chats have their person's number; groups are added by `add_group`."""

    def __init__(self, *, port: int = 0, burst: int = 1_000, echo: float = 0.0) -> None:
        """`burst`: messages that a chat takes at once before it takes one a second. `echo`: seconds each call takes."""
        self.port = port
        self.burst = burst
        self.pause = echo
        self.users: dict[int, Json] = {}
        self.rooms: dict[int, Room] = {}
        self.held: dict[int, dict[int, Json]] = defaultdict(dict)
        """Chat → message id → the message as the API gives it, with our `html`."""
        self.updates: list[Json] = []
        """Not confirmed yet."""
        self.delivered: list[Json] = []
        self.calls: list[tuple[str, Json]] = []
        self.answers: list[Json] = []
        self.commands: dict[str, list[Json]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.webhook: Json = {}
        self.deliver_to = ""
        """Where a webhook really is: its public address ends somewhere else."""
        self.faults: dict[str, list[str]] = defaultdict(list)
        """Method → what happens to its next calls: `500`, `lost` (done, but nobody hears it), `429`."""
        self._next = 100
        self._order = itertools.count(1)
        self._update = 5_000
        self._queries: dict[str, float] = {}
        self._poller: object = None
        self._news = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._pushing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**25)
        app.router.add_route("*", "/bot{token}/{method}", self._api)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self._session = aiohttp.ClientSession()
        self._pushing = asyncio.create_task(self._push())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._pushing and self._session and self._runner
        self._pushing.cancel()
        await asyncio.gather(self._pushing, return_exceptions=True)
        await self._session.close()
        await self._runner.cleanup()

    def environment(self, **more: str) -> dict[str, str]:
        return {"TELEGRAM_BOT_TOKEN": TOKEN, "BONTON_TELEGRAM_API_URL": f"http://127.0.0.1:{self.port}", **more}

    # --- people and places ---

    def now(self) -> int:
        """What comes later, anywhere, is after this."""
        return next(self._order)

    def add_user(self, number: int, name: str, locale: str = "fr") -> None:
        """Somebody who has spoken to the bot before."""
        self.users[number] = {"id": number, "is_bot": False, "first_name": name, "language_code": locale}
        self.rooms[number] = Room(number, "private", name)

    def add_group(self, number: int, title: str, *, topics: tuple[int, ...] = ()) -> None:
        self.rooms[number] = Room(number, "supergroup", title, bool(topics), {*topics})

    def add_channel(self, number: int, title: str) -> None:
        self.rooms[number] = Room(number, "channel", title, False, set())

    async def announce(self, channel: int, text: str) -> Json:
        """A post in a channel: nobody's, as Telegram tells it."""
        message = {key: value for key, value in self._message(channel, None, {}).items() if key != "from"}
        self._deliver({"channel_post": message | {"text": text}})
        return message

    def posted(self, chat: int, topic: int | None = None, after: int = 0) -> list[Json]:
        """What Bonton said there in words, oldest first; in a topic when one is given."""
        said = [one for one in self.held[chat].values() if one["from"]["id"] == BOT["id"] and one["n"] > after]
        said = [one for one in said if "document" not in one]
        return [one for one in said if topic is None or one.get("message_thread_id") == topic]

    def handed(self) -> list[tuple[str, bytes]]:
        """Files that Bonton handed over: name and content, oldest first of each chat."""
        said = [one for messages in self.held.values() for one in messages.values()]
        ours = [one for one in said if one["from"]["id"] == BOT["id"] and "document" in one]
        return [(one["document"]["file_name"], self.files[one["document"]["file_id"]][1]) for one in ours]

    def buttons(self, message: Json) -> list[Json]:
        rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
        return [button for row in rows for button in row]

    def told(self, user: int, after: int = 0) -> list[Json]:
        """The answers to this person's taps."""
        return [one for one in self.answers[after:] if one["user"] == user]

    async def say(
        self,
        user: int,
        text: str = "",
        chat: int | None = None,
        *,
        topic: int | None = None,
        reply_to: Json | None = None,
        **more: Any,
    ) -> Json:
        """A message of theirs; privately when no chat is given. `more`: fields of the message (photo, voice, forward_origin)."""
        message = self._message(chat or user, topic, self.users[user])
        words = (
            {"caption": text, "caption_entities": entities(text)} if more.get("document") or more.get("photo") else {}
        )
        message |= words if text and words else {"text": text, "entities": entities(text)} if text else {}
        message |= {"reply_to_message": flat(reply_to)} if reply_to else {}
        self.held[message["chat"]["id"]][message["message_id"]] = message | more
        self._deliver({"message": message | more})
        return message | more

    async def send_file(self, user: int, name: str, content: bytes, chat: int | None = None, caption: str = "") -> Json:
        number = f"file-{len(self.files)}"
        self.files[number] = (f"documents/{number}", content)
        document = {"file_id": number, "file_unique_id": number, "file_name": name, "file_size": len(content)}
        return await self.say(user, caption, chat, document=document)

    async def tap(self, user: int, message: Json, words: str = "", data: str = "") -> str:
        """A tap on the button with those words, or with that data; its query's id."""
        chat = message["chat"]["id"]
        current = self.held[chat][message["message_id"]]
        if not data:
            found = [one for one in self.buttons(current) if words in one["text"]]
            assert found, f"no button “{words}” in {[one['text'] for one in self.buttons(current)]}"
            data = found[0]["callback_data"]
        return self.press(user, current, data)

    def press(self, user: int, message: Json, data: str) -> str:
        query = f"q{len(self._queries)}"
        self._queries[query] = time.monotonic()
        told = {"id": query, "from": self.users[user], "chat_instance": "1", "data": data, "message": bare(message)}
        self._deliver({"callback_query": told})
        return query

    def redeliver(self, update: Json) -> None:
        """As Telegram does with what was not confirmed, or answered too late."""
        self.updates.append(update)
        self._news.set()

    async def until(self, predicate: Callable[[], Any], timeout: float = 40, what: str = "") -> Any:
        end = time.monotonic() + timeout
        while not (found := predicate()):
            if time.monotonic() > end:
                lately = "\n".join(f"  {name} {str(call)[:300]}" for name, call in self.calls[-6:])
                raise AssertionError(f"{what or 'it'} did not come in {timeout:g} s\n{lately}")
            await asyncio.sleep(0.02)
        return found

    # --- updates ---

    def _deliver(self, what: Json) -> None:
        self._update += 1
        update = {"update_id": self._update, **what}
        self.updates.append(update)
        self.delivered.append(update)
        self._news.set()

    async def _push(self) -> None:
        """To the webhook, in order, again until it is taken."""
        while True:
            while not (self.updates and self.webhook and self.deliver_to):
                self._news.clear()
                await self._news.wait()
            headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
            update = self.updates[0]
            taken = False
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                assert self._session is not None
                async with self._session.post(self.deliver_to, json=update, headers=headers) as answer:
                    taken = answer.status == 200
            if taken:
                self.updates.remove(update)
            else:
                await asyncio.sleep(0.1)

    def _message(self, chat: int, topic: int | None, who: Json) -> Json:
        room = self.rooms[chat]
        room.count += 1
        self._next += room.kind == "private"
        about: Json = {"id": chat, "type": room.kind}
        about |= {"first_name": room.title} if room.kind == "private" else {"title": room.title}
        about |= {"is_forum": True} if room.forum else {}
        number = self._next if room.kind == "private" else room.count
        message = {"message_id": number, "n": next(self._order), "date": int(time.time()), "chat": about, "from": who}
        return message | ({"message_thread_id": topic, "is_topic_message": True} if topic else {})

    # --- the Bot API ---

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        try:
            if request.match_info["token"] != TOKEN:
                raise Refused("", 401)
            call = _call(dict(await request.post()))
            serve = getattr(self, f"_{re.sub('[A-Z]', lambda found: '_' + found[0].lower(), method)}", None)
            if serve is None:
                raise Refused("", 404)
            if method != "getUpdates":
                self.calls.append((method, call))
            if self.pause:
                await asyncio.sleep(self.pause)
            fault = self.faults[method].pop(0) if self.faults[method] else ""
            if fault == "500":
                return web.json_response({"ok": False, "error_code": 500, "description": "Internal"}, status=500)
            if fault == "429":
                raise Refused("retry after 1", 429, retry_after=1)
            result = await serve(call)
            if fault == "lost":
                assert request.transport is not None
                request.transport.close()
            return web.json_response({"ok": True, "result": result})
        except Refused as refused:
            told = {"ok": False, "error_code": refused.status, "description": str(refused)}
            told |= {"parameters": refused.parameters} if refused.parameters else {}
            return web.json_response(told, status=refused.status)

    async def _file(self, request: web.Request) -> web.Response:
        for path, content in self.files.values():
            if path == request.match_info["path"] and request.match_info["token"] == TOKEN:
                return web.Response(body=content)
        return web.Response(status=404)

    async def _get_me(self, _call: Json) -> Json:
        able = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return {**BOT, **able}

    async def _get_updates(self, call: Json) -> list[Json]:
        if self.webhook:
            raise Refused("can't use getUpdates method while webhook is active; use deleteWebhook first", 409)
        me = self._poller = object()
        offset = int(call.get("offset") or 0)
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        end = time.monotonic() + float(call.get("timeout") or 0)
        while not self.updates and time.monotonic() < end:
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), min(0.2, max(end - time.monotonic(), 0.01)))
            if self._poller is not me:
                raise Refused("terminated by other getUpdates request; make sure that only one bot instance runs", 409)
        wanted = call.get("allowed_updates")
        fresh = [one for one in self.updates if not wanted or any(kind in one for kind in wanted)]
        return fresh[: int(call.get("limit") or 100)]

    async def _set_webhook(self, call: Json) -> bool:
        if not str(call.get("url", "")).startswith("https://"):
            raise Refused("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", str(call.get("secret_token", ""))):
            raise Refused("secret token contains unallowed characters")
        self.webhook = call
        self._news.set()
        return True

    async def _delete_webhook(self, _call: Json) -> bool:
        self.webhook = {}
        return True

    async def _set_my_commands(self, call: Json) -> bool:
        for one in call["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) or not 1 <= len(one["description"]) <= 256:
                raise Refused("BOT_COMMAND_INVALID")
        self.commands[call.get("language_code", "")] = call["commands"]
        return True

    async def _send_message(self, call: Json) -> Json:
        room = self._room(call)
        topic = int(call["message_thread_id"]) if call.get("message_thread_id") else None
        if topic and topic not in room.topics:
            raise Refused("message thread not found")
        content = self._content(call)
        markup = self._markup(call)
        answered = (call.get("reply_parameters") or {}).get("message_id")
        if (
            answered
            and answered not in self.held[room.id]
            and not call["reply_parameters"].get("allow_sending_without_reply")
        ):
            raise Refused("message to be replied not found")
        self._hasty(room)
        message = self._message(room.id, topic, BOT) | content | markup
        if answered in self.held[room.id]:
            message["reply_to_message"] = flat(self.held[room.id][answered])
        self.held[room.id][message["message_id"]] = message
        return bare(message)

    async def _send_document(self, call: Json) -> Json:
        room = self._room(call)
        topic = int(call["message_thread_id"]) if call.get("message_thread_id") else None
        if topic and topic not in room.topics:
            raise Refused("message thread not found")
        file = call.get("document")
        if not isinstance(file, web.FileField):
            raise Refused("there is no document in the request")
        content = file.file.read()
        if not content:
            raise Refused("file must be non-empty")
        if units(str(call.get("caption", ""))) > 1_024:
            raise Refused("message caption is too long")
        self._hasty(room)
        number = f"file-{len(self.files)}"
        self.files[number] = (f"documents/{number}", content)
        document = {"file_id": number, "file_unique_id": number, "file_name": file.filename, "file_size": len(content)}
        message = self._message(room.id, topic, BOT) | {"document": document, "caption": str(call.get("caption", ""))}
        self.held[room.id][message["message_id"]] = message
        return bare(message)

    async def _edit_message_text(self, call: Json) -> Json:
        message = self._ours(call)
        content, markup = self._content(call), self._markup(call)
        before = {name: message.get(name) for name in ("text", "html", "reply_markup")}
        after = {"text": content["text"], "html": content["html"], "reply_markup": markup.get("reply_markup")}
        if before == after:
            raise Refused(SAME)
        message.pop("reply_markup", None)
        message |= content | markup
        return bare(message)

    async def _edit_message_reply_markup(self, call: Json) -> Json:
        message, markup = self._ours(call), self._markup(call)
        if message.get("reply_markup") == markup.get("reply_markup"):
            raise Refused(SAME)
        message.pop("reply_markup", None)
        message |= markup
        return bare(message)

    async def _send_chat_action(self, call: Json) -> bool:
        self._room(call)
        return True

    async def _answer_callback_query(self, call: Json) -> bool:
        query = str(call["callback_query_id"])
        if time.monotonic() - self._queries.get(query, 0) > QUERY_SECONDS:
            raise Refused("query is too old and response timeout expired or query ID is invalid")
        if len(str(call.get("text", ""))) > 200:
            raise Refused("MESSAGE_TOO_LONG")
        asked = next(
            one["callback_query"] for one in self.delivered if one.get("callback_query", {}).get("id") == query
        )
        alert = str(call.get("show_alert", "")).lower() == "true"
        self.answers.append(
            {"query": query, "user": asked["from"]["id"], "text": str(call.get("text", "")), "alert": alert}
        )
        return True

    async def _get_file(self, call: Json) -> Json:
        if call["file_id"] not in self.files:
            raise Refused("wrong file_id or the file is temporarily unavailable")
        path, content = self.files[call["file_id"]]
        return {
            "file_id": call["file_id"],
            "file_unique_id": call["file_id"],
            "file_size": len(content),
            "file_path": path,
        }

    def _room(self, call: Json) -> Room:
        room = self.rooms.get(int(call["chat_id"]))
        if room is None:
            raise Refused("chat not found")
        if not room.open:
            raise Refused(
                "bot was blocked by the user" if room.kind == "private" else "bot was kicked from the chat", 403
            )
        return room

    def _ours(self, call: Json) -> Json:
        message = self.held[self._room(call).id].get(int(call["message_id"]))
        if message is None:
            raise Refused("message to edit not found")
        if message["from"]["id"] != BOT["id"] or "force_reply" in (message.get("reply_markup") or {}):
            raise Refused("message can't be edited")
        return message

    def _content(self, call: Json) -> Json:
        html = str(call.get("text", ""))
        try:
            text, _ = visible(html) if call.get("parse_mode") == "HTML" else (html.strip(), [])
        except Wrong as wrong:
            raise Refused(str(wrong)) from None
        if not text:
            raise Refused("message text is empty")
        if units(text) > 4_096:
            raise Refused("message is too long")
        return {"text": text, "html": html}

    def _markup(self, call: Json) -> Json:
        markup = call.get("reply_markup")
        rows = (markup or {}).get("inline_keyboard")
        for button in (button for row in rows or () for button in row):
            if not button.get("text"):
                raise Refused("Text buttons are unallowed in the inline keyboard")
            if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
                raise Refused("BUTTON_DATA_INVALID")
        if rows and (max(len(row) for row in rows) > 8 or sum(len(row) for row in rows) > 100):
            raise Refused("reply markup is too long")
        return {"reply_markup": markup} if markup and rows != [] else {}

    def _hasty(self, room: Room) -> None:
        now = time.monotonic()
        room.sent = [at for at in room.sent if at > now - self.burst]
        if len(room.sent) >= self.burst and now - room.sent[-1] < 1:
            raise Refused("retry after 1", 429, retry_after=1)
        room.sent.append(now)


def entities(text: str) -> list[Json]:
    """As a Telegram client marks them; offsets in UTF-16 units."""
    found = []
    for kind, pattern in (("bot_command", r"(?<!\S)/\w+(?:@\w+)?"), ("mention", r"(?<!\w)@\w{4,}")):
        for one in re.finditer(pattern, text):
            found.append({"type": kind, "offset": units(text[: one.start()]), "length": units(one[0])})
    return found


def bare(message: Json) -> Json:
    """As the API gives it: of keyboards, only one that stands under the message."""
    told = {name: value for name, value in message.items() if name not in ("html", "n")}
    if "inline_keyboard" not in told.get("reply_markup", {}):
        told.pop("reply_markup", None)
    return told


def flat(message: Json) -> Json:
    """As it stands in `reply_to_message`: what it answers itself is left out."""
    return {name: value for name, value in bare(message).items() if name != "reply_to_message"}


def _call(fields: dict[str, Any]) -> Json:
    """Parameters as they were meant: PTB sends structures as JSON."""
    read: Json = {}
    for name, value in fields.items():
        if isinstance(value, web.FileField):
            read[name] = value
            continue
        try:
            read[name] = json.loads(value) if str(value)[:1] in "[{" and name != "text" else value
        except ValueError:
            read[name] = value
    return read
