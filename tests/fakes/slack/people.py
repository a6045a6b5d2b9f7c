"""What people do in Slack: they write, press, choose, send modals, drop files. Each becomes what Slack would send to the app.

Payloads hold what Slack's own hold (docs.slack.dev, "Events API" and "Interaction payloads", 2026-11). Whoever does what no
client would let them do — press a button that is not there, send a modal without a required input — gets `Impossible`.
"""

from __future__ import annotations

import asyncio
import copy
import mimetypes
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack import blocks as kit
from tests.fakes.slack import views
from tests.fakes.slack.api import Api, shown
from tests.fakes.slack.views import Impossible
from tests.fakes.slack.wire import Delivery, Retry, What, Wire
from tests.fakes.slack.words import escape, rich, typed
from tests.fakes.slack.workspace import Channel, File, Json, Refusal, ResponseUrl, Workspace

EVENTS = frozenset(
    "app_mention message.channels message.groups message.im message.mpim app_home_opened assistant_thread_started "
    "assistant_thread_context_changed".split()
)


@dataclass
class Said:
    """A message of a person, and what Slack got back for each event that it sent about it."""

    message: Json
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def ts(self) -> str:
        return str(self.message["ts"])

    @property
    def ok(self) -> bool:
        return all(one.ok for one in self.deliveries)

    @property
    def seconds(self) -> float:
        return max((one.seconds for one in self.deliveries), default=0.0)


class People(Workspace):
    """A workspace with people in it. `wire` carries what they do to the app."""

    wire: Wire

    def __init__(self) -> None:
        super().__init__()
        self.api = Api(self)
        self.api.on_change = self._echo
        self.events = set(EVENTS)
        """What the app is subscribed to."""
        self.echo = True
        """The bot's own messages come back to it as events, as they do in Slack."""
        self.retries: tuple[float, ...] = ()
        """Seconds after which an event that was not acknowledged is sent again; Slack's are 0, 60 and 300."""
        self.deliveries: list[Delivery] = []
        self.responses: list[Json] = []
        """What was posted to response URLs."""
        self._held: dict[tuple[str, str], Json] = {}
        """What each person has chosen in the menus of a message."""
        self._behind: set[asyncio.Task[Any]] = set()

    # --- sending ---

    @property
    def troubles(self) -> list[str]:
        """What went wrong on the way to the app: of interactions and commands, people see these as errors."""
        return [f"{one.what}: {one.trouble}" for one in self.deliveries if one.trouble]

    async def _send(self, what: What, payload: Json, retry: Retry | None = None) -> Delivery:
        delivery = await self.wire.send(what, copy.deepcopy(payload), retry)
        self.deliveries.append(delivery)
        return delivery

    async def _send_event(self, payload: Json) -> Delivery:
        delivery = await self._send("event", payload)
        if delivery.trouble and self.retries:
            self.behind(self._again(payload))
        return delivery

    async def _again(self, payload: Json) -> None:
        for num, pause in enumerate(self.retries, start=1):
            await asyncio.sleep(pause)
            if (await self._send("event", payload, Retry(num))).ok:
                return

    def behind(self, work: Coroutine[Any, Any, Any]) -> None:
        """Goes on by itself until the fake stops."""
        task = asyncio.ensure_future(work)
        self._behind.add(task)
        task.add_done_callback(self._behind.discard)

    def event(self, event: Json) -> Json:
        """The envelope of the Events API."""
        return {
            "token": self.verification,
            "team_id": self.team,
            "context_team_id": self.team,
            "context_enterprise_id": None,
            "api_app_id": self.app,
            "event": event,
            "type": "event_callback",
            "event_id": self.new("Ev"),
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self.team,
                    "user_id": self.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": self.new("4-"),
        }

    def _heard(self, channel: Channel) -> bool:
        """Whether the app hears messages of this channel."""
        return (
            self.bot_user in channel.members
            and f"message.{channel.scope}" in self.events
            and f"{channel.scope}:history" in self.scopes
        )

    def _echo(self, what: str, message: Json) -> None:
        channel = self.channels[message["channel"]]
        if not (self.echo and self._heard(channel)):
            return
        if what == "posted":
            told = shown(message, metadata=False)
            event = told | {"channel": channel.id, "event_ts": message["ts"], "channel_type": channel.type}
        else:
            event = self._changed(channel, message, message, what)
        self.behind(self._send_event(self.event(copy.deepcopy(event))))

    def _changed(self, channel: Channel, message: Json, before: Json, what: str) -> Json:
        ts = self.ts()
        event = {
            "type": "message",
            "subtype": f"message_{what}",
            "previous_message": shown(before),
            "channel": channel.id,
            "hidden": True,
            "ts": ts,
            "event_ts": ts,
            "channel_type": channel.type,
        }
        return event | ({"message": shown(message)} if what == "changed" else {"deleted_ts": message["ts"]})

    # --- writing ---

    async def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread: str | None = None,
        *,
        mention: bool = False,
        files: Sequence[tuple[str, bytes]] = (),
        literal: bool = False,
    ) -> Said:
        """A message. Where the bot is named, both events are sent at once, as Slack does.

        Mentions in `text` are written `<@U0ADA>`; with `literal` they are only characters.
        """
        room = self._room(user, channel)
        message: Json = {"user": user, "team": self.users[user].team, "client_msg_id": self.new("M")}
        front = f"<@{self.bot_user}> " if mention else ""
        message["text"] = front + typed(text, literal=literal)
        blocks = rich(front + text) if not literal else rich(front) + rich(text, literal=True)
        if blocks:
            message["blocks"] = views.named(blocks)
        if files:
            message["files"] = [self._upload(user, name, content) for name, content in files]
        said = Said(self.add_message(room, message, thread or ""))
        events = self._events(room, said.message)
        said.deliveries = list(await asyncio.gather(*(self._send_event(self.event(one)) for one in events)))
        return said

    def _room(self, user: str, channel: str) -> Channel:
        room = self.channels[channel]
        if user not in room.members:
            raise Impossible(f"{user} is not in {channel}")
        return room

    def _events(self, room: Channel, message: Json) -> list[Json]:
        told = {**copy.deepcopy(message), "event_ts": message["ts"]}
        events: list[Json] = []
        named = self.bot_user in room.members and f"<@{self.bot_user}>" in message["text"]
        subscribed = "app_mention" in self.events and "app_mentions:read" in self.scopes
        if named and subscribed and room.kind != "im":
            events.append({**told, "type": "app_mention"})
        if self._heard(room):
            more = {"subtype": "file_share", "upload": False, "display_as_bot": False} if "files" in message else {}
            events.append({**told, **more, "channel_type": room.type})
        return events

    async def direct(
        self, user: str, text: str, thread: str | None = None, *, files: Sequence[tuple[str, bytes]] = ()
    ) -> Said:
        """To the bot alone."""
        return await self.say(user, self.im(user).id, text, thread, files=files)

    async def drop_file(
        self,
        user: str,
        channel: str,
        name: str,
        content: bytes | str,
        text: str = "",
        thread: str | None = None,
        *,
        mention: bool = False,
    ) -> Said:
        kept = content.encode() if isinstance(content, str) else content
        return await self.say(user, channel, text, thread, mention=mention, files=[(name, kept)])

    def _upload(self, user: str, name: str, content: bytes) -> Json:
        ident = self.new("F")
        url = self.api.file_url(ident, name)
        ending = name.rpartition(".")[2].lower() if "." in name else "text"
        told = {
            "id": ident,
            "created": int(time.time()),
            "timestamp": int(time.time()),
            "name": name,
            "title": name,
            "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
            "filetype": ending,
            "pretty_type": ending.upper(),
            "user": user,
            "user_team": self.users[user].team,
            "editable": False,
            "size": len(content),
            "mode": "hosted",
            "is_external": False,
            "is_public": True,
            "url_private": url.replace("/download/", "/"),
            "url_private_download": url,
            "file_access": "visible",
        }
        self.files[ident] = File(ident, name, content, user, told)
        return dict(told)

    def handed(self) -> list[tuple[Json, str, bytes]]:
        """Files that the bot handed over: the message they stand under, name and content, oldest first."""
        return [
            (room.messages[one["thread_ts"]], file.name, file.content)
            for room in self.channels.values()
            for one in room.messages.values()
            if one.get("bot_id")
            for file in (self.files[shared["id"]] for shared in one.get("files", ()))
        ]

    async def edit(self, user: str, message: Json, text: str) -> Delivery | None:
        """The person rewrites their own message. None when the app hears nothing of it."""
        if message.get("user") != user:
            raise Impossible(f"{user} did not write that")
        before = copy.deepcopy(message)
        message |= {"text": typed(text), "blocks": views.named(rich(text)), "edited": {"user": user, "ts": self.ts()}}
        return await self._about(message, before, "changed")

    async def remove(self, user: str, message: Json) -> Delivery | None:
        """The person deletes their own message."""
        if message.get("user") != user:
            raise Impossible(f"{user} did not write that")
        before = copy.deepcopy(message)
        self.remove_message(self.channels[message["channel"]], message)
        return await self._about(before, before, "deleted")

    async def _about(self, message: Json, before: Json, what: str) -> Delivery | None:
        room = self.channels[message["channel"]]
        if not self._heard(room):
            return None
        return await self._send_event(self.event(self._changed(room, message, before, what)))

    # --- pressing and choosing ---

    async def press(
        self, user: str, where: Json, action_id: str, value: str | None = None, *, block_id: str | None = None
    ) -> Delivery:
        """A button of a message, a modal or a home tab; of several with that id, the one with that `value`.

        A copy of a message that was made before an update is a screen that has not caught up.
        """
        for block in where.get("blocks", ()):
            for element in kit.elements(block):
                right = element["action_id"] == action_id and block_id in (None, block["block_id"])
                if right and element["type"] in ("button", "icon_button") and value in (None, element.get("value")):
                    return await self._act(user, where, block, element, {})
        there = [(key, one.get("value")) for key, one in views.buttons(where).items()]
        raise Impossible(f"there is no button {action_id!r} with {value!r}; there are {there}")

    async def press_in_view(
        self, user: str, action_id: str, value: str | None = None, *, block_id: str | None = None
    ) -> Delivery:
        """In the modal that is open, else in the home tab."""
        return await self.press(user, self._seen(user), action_id, value, block_id=block_id)

    async def choose(
        self, user: str, where: Json, action_id: str, value: Any, *, block_id: str | None = None
    ) -> Delivery | None:
        """In a menu; an option is named by its value or its words, several by a list. None when that tells the app nothing."""
        block, element = views.find(where["blocks"], action_id, block_id)
        if element["type"] == "overflow":
            return await self._act(user, where, block, element, {"selected_option": views.option(element, value)})
        if element["type"] not in views.STATE:
            raise Impossible(f"{action_id!r} is a {element['type']}: nothing to choose")
        held = views.filled(element, value)
        self._values(user, where)[block["block_id"]][element["action_id"]] = held
        if block["type"] == "input" and not block.get("dispatch_action"):
            return None
        return await self._act(user, where, block, element, held)

    async def type_in_view(self, user: str, block_id: str, text: str, *, enter: bool = False) -> Delivery | None:
        """Into an input of the open modal. None when the modal does not ask to be told."""
        view = self._seen(user)
        block, element = views.find(view["blocks"], block_id=block_id)
        held = views.filled(element, text)
        view["state"]["values"][block_id][element["action_id"]] = held
        asked = element.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
        if not block.get("dispatch_action") or ("on_enter_pressed" if enter else "on_character_entered") not in asked:
            return None
        return await self._act(user, view, block, element, held)

    def _seen(self, user: str) -> Json:
        if self.stacks.get(user):
            return self.stacks[user][-1]
        if user in self.homes:
            return self.homes[user]
        raise Impossible(f"{user} has neither a modal nor a home tab")

    def _values(self, user: str, where: Json) -> Json:
        """What the inputs hold, as this person sees them."""
        if where["type"] != "message":
            return dict(where["state"])["values"]  # type: ignore[no-any-return]
        key = (user, where["ts"])
        self._held[key] = views.state(where.get("blocks", []), self._held.get(key))
        return self._held[key]

    async def _act(self, user: str, where: Json, block: Json, element: Json, held: Json) -> Delivery:
        pressed = {
            key: value
            for key, value in element.items()
            if not key.startswith("initial_") and key not in ("options", "option_groups", "focus_on_load")
        }
        action = pressed | held | {"block_id": block["block_id"], "action_ts": self.ts()}
        if where["type"] == "message":
            payload = self._in_message(user, where)
        else:
            in_modal = where["type"] == "modal"
            if in_modal and where not in self.stacks.get(user, []):
                raise Impossible("that modal is closed")
            payload = self._interaction(user, "block_actions", view=where["id"] if in_modal else "")
            payload |= {"container": {"type": "view", "view_id": where["id"]}, "view": where}
        return await self._send("interaction", payload | {"actions": [action]})

    def _in_message(self, user: str, message: Json) -> Json:
        channel = self._room(user, message["channel"])
        private = bool(message.get("is_ephemeral"))
        if private and message["to"] != user:
            raise Impossible(f"only {message['to']} sees that")
        thread = message.get("thread_ts", "")
        container = {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel.id,
            "is_ephemeral": private,
        } | ({"thread_ts": thread} if thread else {})
        payload = self._interaction(user, "block_actions") | {
            "container": container,
            "channel": {"id": channel.id, "name": channel.label},
            "state": {"values": self._values(user, message)},
            "response_url": self._response_url(
                channel=channel.id, user=user, ts=message["ts"], thread=thread, ephemeral=private
            ),
        }
        return payload if private else payload | {"message": shown(message)}

    def _interaction(self, user: str, kind: str, *, view: str = "", trigger: bool = True) -> Json:
        person = self.users[user]
        payload: Json = {
            "type": kind,
            "team": {"id": self.team, "domain": self.domain},
            "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team},
            "api_app_id": self.app,
            "token": self.verification,
            "enterprise": None,
            "is_enterprise_install": False,
        }
        return payload | ({"trigger_id": self.add_trigger(user, view)} if trigger else {})

    def _response_url(self, **what: Any) -> str:
        return self.api.url + self.add_response_url(**what)

    # --- modals ---

    async def submit(self, user: str, values: Json | None = None, view: Json | None = None) -> Delivery:
        """Sends the open modal, once `values` (by block id) are in its inputs: words, an option's value, or several."""
        view = view or (self.stacks.get(user) or [{}])[-1]
        if not view or view not in self.stacks.get(user, []):
            raise Impossible(f"{user} has no such modal open")
        if not view["submit"]:
            raise Impossible("that modal cannot be sent: it has no such button")
        self._fill(view, values or {})
        payload = self._interaction(user, "view_submission", view=view["id"])
        delivery = await self._send("interaction", payload | {"view": view, "response_urls": []})
        if delivery.ok:
            try:
                self._answered(user, view, delivery)
            except Refusal as refusal:
                delivery.trouble = f"the answer was refused: {refusal.answer}"
        return delivery

    def _fill(self, view: Json, values: Json) -> None:
        state = view["state"]["values"]
        for name, value in values.items():
            _, element = views.find(view["blocks"], block_id=name)
            state[name][element["action_id"]] = views.filled(element, value)
        for block in view["blocks"]:
            if block["type"] == "input":
                held = state.get(block["block_id"], {}).get(block["element"]["action_id"], {})
                if why := views.refused(block, held):
                    raise Impossible(f"the client does not send it: {block['block_id']!r}: {why}")

    def _answered(self, user: str, view: Json, delivery: Delivery) -> None:
        stack = self.stacks.get(user, [])
        answer = delivery.json
        match answer.get("response_action"):
            case None if not answer:
                if view in stack:
                    stack.remove(view)
            case "clear":
                stack.clear()
            case "errors":
                inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
                delivery.errors = answer.get("errors") or {}
                if not delivery.errors or not set(delivery.errors) <= inputs:
                    delivery.trouble = f"errors for what is no input: {answer}"
            case "update":
                self.api.replaced(view, answer.get("view"))
            case "push":
                self.api.pushed(user, answer.get("view"))
            case _:
                delivery.trouble = f"not an answer to a modal: {delivery.body[:200]}"

    async def close_view(self, user: str, *, everything: bool = False) -> Delivery | None:
        """The visible modal, or all of them. None when it does not ask to be told."""
        stack = self.stacks.get(user) or []
        if not stack:
            raise Impossible(f"{user} has no modal open")
        view = stack[-1]
        everything = everything or view["clear_on_close"]
        del stack[0 if everything else -1 :]
        if not view["notify_on_close"]:
            return None
        payload = self._interaction(user, "view_closed", trigger=False)
        return await self._send("interaction", payload | {"view": view, "is_cleared": everything})

    # --- commands and shortcuts ---

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Delivery:
        """Typed in a channel; the bot need not be in it."""
        room = self._room(user, channel)
        payload: Json = {
            "token": self.verification,
            "team_id": self.team,
            "team_domain": self.domain,
            "channel_id": room.id,
            "channel_name": room.label,
            "user_id": user,
            "user_name": self.users[user].name,
            "command": command,
            "text": escape(text),
            "api_app_id": self.app,
            "is_enterprise_install": "false",
            "response_url": self._response_url(channel=room.id, user=user),
            "trigger_id": self.add_trigger(user),
        }
        delivery = await self._send("command", payload)
        if delivery.ok and delivery.body.strip():
            answer = delivery.json or {"text": delivery.body}
            try:
                self.api.respond(ResponseUrl(channel=room.id, user=user), answer)
            except Refusal as refusal:
                delivery.trouble = f"the answer was refused: {refusal.answer}"
        return delivery

    async def message_shortcut(self, user: str, message: Json, callback_id: str) -> Delivery:
        room = self._room(user, message["channel"])
        payload = self._interaction(user, "message_action") | {
            "callback_id": callback_id,
            "action_ts": self.ts(),
            "channel": {"id": room.id, "name": room.label},
            "message_ts": message["ts"],
            "message": shown(message),
            "response_url": self._response_url(channel=room.id, user=user, ts=message["ts"]),
        }
        return await self._send("interaction", payload)

    async def global_shortcut(self, user: str, callback_id: str) -> Delivery:
        payload = self._interaction(user, "shortcut") | {"callback_id": callback_id, "action_ts": self.ts()}
        return await self._send("interaction", payload)

    # --- the app's own places ---

    async def open_home(self, user: str, tab: str = "home") -> Delivery:
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": self.im(user).id,
            "tab": tab,
            "event_ts": self.ts(),
        }
        if tab == "home" and user in self.homes:
            event["view"] = self.homes[user]
        return await self._send_event(self.event(event))

    async def open_assistant(self, user: str, seen: str = "") -> Said:
        """A new conversation in the assistant's pane, opened over the channel `seen`. Go on with `direct(…, thread=said.ts)`."""
        room = self.im(user)
        first = {
            "user": self.bot_user,
            "bot_id": self.bot_id,
            "app_id": self.app,
            "subtype": "assistant_app_thread",
            "text": "New Assistant Thread",
            "assistant_app_thread": {"title": "New Assistant Thread", "title_blocks": [], "artifacts": []},
        }
        message = self.add_message(room, first)
        message["thread_ts"] = message["ts"]
        context = {"channel_id": seen, "team_id": self.team, "enterprise_id": None} if seen else {}
        thread = {"user_id": user, "context": context, "channel_id": room.id, "thread_ts": message["ts"]}
        event = {"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": self.ts()}
        return Said(message, [await self._send_event(self.event(event))])

    # --- again ---

    async def redeliver(self, sent: Delivery, num: int = 1, reason: str = "http_timeout") -> Delivery:
        """The same once more, as Slack does when it got no answer."""
        return await self._send(sent.what, sent.payload, Retry(num, reason))
