"""The Web API: what each method asks, refuses and answers. It changes the workspace and sends nothing.

Where Slack's reference is silent the stricter answer was chosen. What Slack does rather than refuses is kept: a reply to a
message that was deleted comes back as an ordinary message of the channel, without `thread_ts`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.fakes.slack import blocks as kit
from tests.fakes.slack import views
from tests.fakes.slack.words import posted
from tests.fakes.slack.workspace import Channel, File, Json, Refusal, ResponseUrl, Upload, Workspace

LONGEST_TEXT = 40_000
MODALS = 3
PROMPTS = 4


@dataclass(frozen=True)
class Method:
    run: Callable[[Api, Json], Json]
    scope: str
    """`*` stands for the kind of conversation."""
    per_minute: int
    token: str


METHODS: dict[str, Method] = {}


def method(
    name: str, *, scope: str = "", per_minute: int = 100, token: str = "bot"
) -> Callable[[Callable[[Api, Json], Json]], Callable[[Api, Json], Json]]:
    def keep(run: Callable[[Api, Json], Json]) -> Callable[[Api, Json], Json]:
        METHODS[name] = Method(run, scope, per_minute, token)
        return run

    return keep


def truth(value: Any) -> bool:
    return value in (True, 1, "1", "true", "True")


def decoded(value: Any, error: str) -> Any:
    """What a form could only carry as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refusal(error) from None


def shown(message: Json, *, metadata: bool = True) -> Json:
    """A message as the API tells it."""
    hidden = {"channel", "to"} | (set() if metadata else {"metadata"})
    return {key: value for key, value in message.items() if key not in hidden}


class Api:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.links: set[str] = set()
        """Tickets for a Socket Mode connection."""
        self.url = ""
        self.on_change: Callable[[str, Json], None] = lambda what, message: None
        """Called with `posted`, `changed` or `deleted` and the bot's message."""

    def answer(self, name: str, args: Json, token: str) -> Json:
        """Raises `Refusal`."""
        known = METHODS.get(name)
        if known is None:
            raise Refusal("unknown_method", req_method=name)
        self._allow(known, args, token)
        return {"ok": True, **known.run(self, args)}

    def _allow(self, known: Method, args: Json, token: str) -> None:
        workspace = self.workspace
        if not token:
            raise Refusal("not_authed")
        if token not in (workspace.bot_token, workspace.app_token):
            raise Refusal("invalid_auth")
        if (token == workspace.app_token) != (known.token == "app"):
            raise Refusal("not_allowed_token_type")
        if not known.scope:
            return
        kind = self._channel(args).scope if "*" in known.scope else ""
        needed = known.scope.replace("*", kind)
        if needed not in workspace.scopes:
            raise Refusal("missing_scope", needed=needed, provided=",".join(sorted(workspace.scopes)))

    # --- what arguments mean ---

    def _channel(self, args: Json, key: str = "channel") -> Channel:
        if not args.get(key):
            raise Refusal(
                "invalid_arguments", response_metadata={"messages": [f"[ERROR] missing required field: {key}"]}
            )
        return self.workspace.channel(str(args[key]))

    def _room(self, args: Json) -> Channel:
        """A channel that the bot may write in."""
        channel = self._channel(args)
        if channel.archived:
            raise Refusal("is_archived")
        if self.workspace.bot_user not in channel.members and (
            channel.kind != "public" or "chat:write.public" not in self.workspace.scopes
        ):
            raise Refusal("not_in_channel")
        return channel

    def _member(self, args: Json) -> Channel:
        """A channel that the bot is in."""
        channel = self._channel(args)
        if self.workspace.bot_user not in channel.members:
            raise Refusal("not_in_channel")
        return channel

    def _words(self, args: Json) -> Json:
        """`text`, `blocks` and `metadata` of a message, once they are found to be right."""
        words: Json = {}
        text = args.get("text")
        if text is not None:
            if len(text) > LONGEST_TEXT:
                raise Refusal("msg_too_long")
            words["text"] = posted(text)
        if (blocks := decoded(args.get("blocks"), "invalid_blocks_format")) is not None:
            if not isinstance(blocks, list):
                raise Refusal("invalid_blocks_format")
            if wrong := kit.message(blocks):
                raise Refusal("invalid_blocks", errors=wrong, response_metadata={"messages": wrong})
            if kit.length(blocks) > kit.MESSAGE_TEXT:
                raise Refusal("msg_blocks_too_long")
            words["blocks"] = views.named(blocks)
        if (metadata := decoded(args.get("metadata"), "invalid_metadata_format")) is not None:
            if metadata and not (
                isinstance(metadata, dict)
                and isinstance(metadata.get("event_type"), str)
                and isinstance(metadata.get("event_payload") or {}, dict)
            ):
                raise Refusal("invalid_metadata_format")
            words["metadata"] = metadata
        return words

    def _said(self, args: Json) -> Json:
        words = self._words(args)
        if not str(args.get("text") or "").strip() and not words.get("blocks"):
            raise Refusal("no_text")
        return {"text": "", **words}

    def _own(self) -> Json:
        """Whose message it is."""
        workspace = self.workspace
        profile = {"id": workspace.bot_id, "app_id": workspace.app, "name": "Bonton", "team_id": workspace.team}
        return {
            "user": workspace.bot_user,
            "bot_id": workspace.bot_id,
            "app_id": workspace.app,
            "team": workspace.team,
            "bot_profile": profile,
        }

    def _mine(self, args: Json, refusal: str) -> tuple[Channel, Json]:
        channel = self._channel(args)
        message = self.workspace.message(channel, str(args.get("ts", "")))
        if message.get("bot_id") != self.workspace.bot_id:
            raise Refusal(refusal)
        return channel, message

    # --- chat ---

    def post(self, channel: Channel, args: Json) -> Json:
        """The bot's message, kept."""
        said = self._said(args)
        thread = str(args.get("thread_ts") or "")
        parent = channel.messages.get(thread)
        if parent is not None and parent.get("thread_ts", thread) != thread:
            raise Refusal("cannot_reply_to_message")
        if parent is not None and parent.get("subtype") == "tombstone":
            thread = ""
        message = self.workspace.add_message(channel, self._own() | said, thread)
        if known := self.workspace.threads.get((channel.id, thread)):
            known["status"] = ""
        self.on_change("posted", message)
        return message

    @method("chat.postMessage", scope="chat:write", per_minute=0)
    def post_message(self, args: Json) -> Json:
        channel = self._room(args)
        message = self.post(channel, args)
        return {"channel": channel.id, "ts": message["ts"], "message": shown(message)}

    @method("chat.update", scope="chat:write", per_minute=50)
    def update(self, args: Json) -> Json:
        channel, message = self._mine(args, "cant_update_message")
        words = self._words(args)
        if not words:
            raise Refusal("no_text")
        message |= words
        if not message.get("text", "").strip() and not message.get("blocks"):
            raise Refusal("no_text")
        message["edited"] = {"user": self.workspace.bot_user, "ts": self.workspace.ts()}
        self.on_change("changed", message)
        return {"channel": channel.id, "ts": message["ts"], "text": message.get("text", ""), "message": shown(message)}

    @method("chat.delete", scope="chat:write", per_minute=50)
    def delete(self, args: Json) -> Json:
        channel, message = self._mine(args, "cant_delete_message")
        self.workspace.remove_message(channel, message)
        self.on_change("deleted", message)
        return {"channel": channel.id, "ts": message["ts"]}

    @method("chat.postEphemeral", scope="chat:write")
    def whisper(self, args: Json) -> Json:
        channel = self._room(args)
        user = str(args.get("user") or "")
        if user not in channel.members:
            raise Refusal("user_not_in_channel")
        return {"message_ts": self.whispered(channel, user, args)["ts"]}

    def whispered(self, channel: Channel, user: str, args: Json) -> Json:
        said = {key: value for key, value in self._said(args).items() if key != "metadata"}
        message = {
            "type": "message",
            "ts": self.workspace.ts(),
            "channel": channel.id,
            "to": user,
            "is_ephemeral": True,
        }
        message |= self._own() | said
        if args.get("thread_ts"):
            message["thread_ts"] = str(args["thread_ts"])
        self.workspace.ephemeral.append(message)
        return message

    @method("chat.getPermalink", per_minute=1000)
    def permalink(self, args: Json) -> Json:
        channel = self._channel(args)
        message = self.workspace.message(channel, str(args.get("message_ts", "")))
        link = f"https://{self.workspace.domain}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
        if thread := message.get("thread_ts"):
            link += f"?thread_ts={thread}&cid={channel.id}"
        return {"channel": channel.id, "permalink": link}

    # --- conversations ---

    @method("conversations.replies", scope="*:history", per_minute=50)
    def replies(self, args: Json) -> Json:
        channel = self._member(args)
        first = channel.messages.get(str(args.get("ts", "")))
        if first is None:
            raise Refusal("thread_not_found")
        thread = first.get("thread_ts", first["ts"])
        found = [one for one in channel.messages.values() if thread in (one["ts"], one.get("thread_ts"))]
        return self._page(found, args, 1000)

    @method("conversations.history", scope="*:history", per_minute=50)
    def history(self, args: Json) -> Json:
        channel = self._member(args)
        found = [one for one in channel.messages.values() if one.get("thread_ts", one["ts"]) == one["ts"]]
        return self._page(found[::-1], args, 100)

    def _page(self, found: list[Json], args: Json, usual: int) -> Json:
        limit = min(int(args.get("limit") or usual), 1000)
        oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or 10**11)
        if truth(args.get("inclusive")):
            found = [one for one in found if oldest <= float(one["ts"]) <= latest]
        else:
            found = [one for one in found if oldest < float(one["ts"]) < latest]
        cursor = str(args.get("cursor") or "0")
        if not cursor.removeprefix("at:").isdigit():
            raise Refusal("invalid_cursor")
        start = int(cursor.removeprefix("at:"))
        more = start + limit < len(found)
        metadata = truth(args.get("include_all_metadata"))
        return {
            "messages": [shown(one, metadata=metadata) for one in found[start : start + limit]],
            "has_more": more,
            "response_metadata": {"next_cursor": f"at:{start + limit}" if more else ""},
        }

    @method("conversations.open", scope="im:write", per_minute=50)
    def open(self, args: Json) -> Json:
        if args.get("channel"):
            return {"channel": {"id": self._channel(args).id}}
        people = [one for one in str(args.get("users") or "").split(",") if one]
        if not people:
            raise Refusal("users_list_not_supplied")
        for one in people:
            user = self.workspace.users.get(one)
            if user is None:
                raise Refusal("user_not_found")
            if user.deleted:
                raise Refusal("user_disabled")
            if user.is_bot:
                raise Refusal("cannot_dm_bot")
        if len(people) == 1:
            return {"channel": {"id": self.workspace.im(people[0]).id}}
        known = f"G{''.join(sorted(people))}"
        if known not in self.workspace.channels:
            self.workspace.add_channel(known, kind="mpim", members=set(people))
        return {"channel": {"id": known}}

    @method("conversations.info", scope="*:read", per_minute=50)
    def info(self, args: Json) -> Json:
        channel = self._channel(args)
        told: Json = {
            "id": channel.id,
            "name": channel.name,
            "is_channel": channel.kind == "public",
            "is_group": channel.kind == "private",
            "is_im": channel.kind == "im",
            "is_mpim": channel.kind == "mpim",
            "is_private": channel.kind != "public",
            "is_archived": channel.archived,
            "is_member": self.workspace.bot_user in channel.members,
        }
        if channel.kind == "im":
            told["user"] = next(one for one in channel.members if one != self.workspace.bot_user)
        if truth(args.get("include_num_members")):
            told["num_members"] = len(channel.members)
        return {"channel": told}

    @method("conversations.members", scope="*:read")
    def members(self, args: Json) -> Json:
        return {"members": sorted(self._channel(args).members), "response_metadata": {"next_cursor": ""}}

    # --- people, reactions, files ---

    @method("auth.test", per_minute=1000)
    def who(self, args: Json) -> Json:
        workspace = self.workspace
        return {
            "url": f"https://{workspace.domain}.slack.com/",
            "team": "Bonton",
            "user": "bonton",
            "team_id": workspace.team,
            "user_id": workspace.bot_user,
            "bot_id": workspace.bot_id,
            "is_enterprise_install": False,
        }

    @method("users.info", scope="users:read")
    def user(self, args: Json) -> Json:
        user = self.workspace.users.get(str(args.get("user", "")))
        if user is None:
            raise Refusal("user_not_found")
        told: Json = {
            "id": user.id,
            "team_id": user.team,
            "name": user.name,
            "deleted": user.deleted,
            "real_name": user.real_name,
            "tz": user.tz,
            "profile": {"real_name": user.real_name, "display_name": user.name, "team": user.team},
            "is_admin": user.is_admin,
            "is_owner": False,
            "is_bot": user.is_bot,
            "is_restricted": False,
            "is_stranger": user.team != self.workspace.team,
        }
        if truth(args.get("include_locale")):
            told["locale"] = user.locale
        return {"user": told}

    def _reacted(self, args: Json) -> tuple[Json, str]:
        channel = self._member(args)
        if not args.get("timestamp"):
            raise Refusal("no_item_specified")
        name = str(args.get("name") or "").strip(":")
        if not name or not name.replace("_", "").replace("-", "").replace("+", "").replace("'", "").isalnum():
            raise Refusal("invalid_name")
        return self.workspace.message(channel, str(args["timestamp"])), name

    @method("reactions.add", scope="reactions:write", per_minute=50)
    def react(self, args: Json) -> Json:
        message, name = self._reacted(args)
        reactions = message.setdefault("reactions", [])
        known = next((one for one in reactions if one["name"] == name), None)
        if known is None:
            reactions.append(known := {"name": name, "users": [], "count": 0})
        if self.workspace.bot_user in known["users"]:
            raise Refusal("already_reacted")
        known["users"].append(self.workspace.bot_user)
        known["count"] += 1
        return {}

    @method("reactions.remove", scope="reactions:write", per_minute=50)
    def unreact(self, args: Json) -> Json:
        message, name = self._reacted(args)
        known = next((one for one in message.get("reactions", ()) if one["name"] == name), None)
        if known is None or self.workspace.bot_user not in known["users"]:
            raise Refusal("no_reaction")
        known["users"].remove(self.workspace.bot_user)
        known["count"] -= 1
        message["reactions"] = [one for one in message["reactions"] if one["count"]]
        return {}

    @method("files.info", scope="files:read")
    def file(self, args: Json) -> Json:
        file = self.workspace.files.get(str(args.get("file", "")))
        if file is None:
            raise Refusal("file_not_found")
        return {"file": file.told, "comments": [], "response_metadata": {"next_cursor": ""}}

    @method("files.getUploadURLExternal", scope="files:write")
    def upload_url(self, args: Json) -> Json:
        name, length = str(args.get("filename") or ""), str(args.get("length") or "")
        if not name or not length.isdecimal() or not int(length):
            raise Refusal("invalid_arguments")
        ident = self.workspace.new("F")
        self.workspace.uploads[ident] = Upload(name, int(length))
        return {"upload_url": f"{self.url}/upload/v1/{ident}", "file_id": ident}

    @method("files.completeUploadExternal", scope="files:write")
    def uploaded(self, args: Json) -> Json:
        """Until it is called nobody sees the file; the message that shows it is the bot's, with neither words nor metadata."""
        files = decoded(args.get("files"), "invalid_arguments")
        if not isinstance(files, list) or not files or args.get("channel"):
            raise Refusal("invalid_arguments")
        channel = self._room(args | {"channel": args["channel_id"]}) if args.get("channel_id") else None
        thread, told = str(args.get("thread_ts") or ""), []
        if thread and channel is not None and thread not in channel.messages:
            raise Refusal("thread_not_found")
        for one in files:
            upload = self.workspace.uploads.get(str(one.get("id")))
            if upload is None or upload.content is None or str(one["id"]) in self.workspace.files:
                raise Refusal("file_not_found")
            ident, title = str(one["id"]), str(one.get("title") or upload.name)
            shared = {"id": ident, "name": upload.name, "title": title, "size": len(upload.content), "mode": "hosted"}
            self.workspace.files[ident] = File(ident, upload.name, upload.content, self.workspace.bot_user, shared)
            told.append({"id": ident, "title": title})
            if channel is not None:
                said = {"text": str(args.get("initial_comment") or ""), "files": [shared], "upload": True}
                self.on_change("posted", self.workspace.add_message(channel, self._own() | said, thread))
        return {"files": told}

    def file_url(self, ident: str, name: str) -> str:
        return f"{self.url}/files-pri/{self.workspace.team}-{ident}/download/{quote(name)}"

    # --- views ---

    def checked(self, view: Any, kind: str, *, own: str = "") -> Json:
        """A view that Slack takes; `own` is the id that may keep its `external_id`."""
        view = decoded(view, "invalid_arguments")
        wrong = kit.view(view)
        if not wrong and view["type"] != kind:
            wrong = [f"[ERROR] must be a {kind} [json-pointer:/view/type]"]
        if wrong:
            raise Refusal("invalid_arguments", response_metadata={"messages": wrong})
        if len(json.dumps(view, separators=(",", ":"))) > kit.VIEW_BYTES:
            raise Refusal("view_too_large")
        name = view.get("external_id")
        if name and any(one["external_id"] == name and one["id"] != own for one in self._views()):
            raise Refusal("duplicate_external_id")
        return dict(view)

    def _views(self) -> list[Json]:
        return [one for stack in self.workspace.stacks.values() for one in stack] + list(self.workspace.homes.values())

    @method("views.open")
    def open_view(self, args: Json) -> Json:
        trigger = self.workspace.spend_trigger(str(args.get("trigger_id", "")))
        made = views.made(self.workspace, self.checked(args.get("view"), "modal"))
        self.workspace.stacks[trigger.user] = [made]
        return {"view": made}

    @method("views.push")
    def push_view(self, args: Json) -> Json:
        trigger = self.workspace.spend_trigger(str(args.get("trigger_id", "")))
        stack = self.workspace.stacks.get(trigger.user, [])
        if not trigger.view or not any(one["id"] == trigger.view for one in stack):
            raise Refusal("invalid_trigger_id")
        return {"view": self.pushed(trigger.user, args.get("view"))}

    def pushed(self, user: str, view: Any) -> Json:
        stack = self.workspace.stacks[user]
        if len(stack) >= MODALS:
            raise Refusal("push_limit_reached")
        stack.append(views.made(self.workspace, self.checked(view, "modal"), below=stack[-1]))
        return stack[-1]

    def replaced(self, before: Json, view: Any) -> Json:
        checked = self.checked(view, before["type"], own=before["id"])
        after = views.made(self.workspace, checked, before=before)
        before.clear()
        before.update(after)
        return before

    @method("views.update")
    def update_view(self, args: Json) -> Json:
        names = {key: args[key] for key in ("view_id", "external_id") if args.get(key)}
        if len(names) != 1:
            raise Refusal("invalid_arguments")
        ((key, name),) = names.items()
        found = next((one for one in self._views() if one[key.removeprefix("view_")] == name), None)
        if found is None:
            raise Refusal("not_found")
        if args.get("hash") and args["hash"] != found["hash"]:
            raise Refusal("hash_conflict")
        return {"view": self.replaced(found, args.get("view"))}

    @method("views.publish")
    def publish(self, args: Json) -> Json:
        user = str(args.get("user_id") or "")
        if user not in self.workspace.users:
            raise Refusal("user_not_found")
        before = self.workspace.homes.get(user)
        if args.get("hash") and (before is None or args["hash"] != before["hash"]):
            raise Refusal("hash_conflict")
        view = self.checked(args.get("view"), "home", own=before["id"] if before else "")
        made = views.made(self.workspace, view, before=before)
        if before is None:
            self.workspace.homes[user] = made
        else:
            before.clear()
            before.update(made)
        return {"view": self.workspace.homes[user]}

    # --- the assistant's own threads ---

    def _thread(self, args: Json) -> Json:
        channel = self._channel(args, "channel_id")
        thread = str(args.get("thread_ts") or "")
        if thread not in channel.messages:
            raise Refusal("invalid_thread_ts")
        kept = {"status": "", "title": "", "prompts": [], "statuses": []}
        return self.workspace.threads.setdefault((channel.id, thread), kept)

    @method("assistant.threads.setStatus", scope="assistant:write", per_minute=600)
    def status(self, args: Json) -> Json:
        if not isinstance(args.get("status"), str):
            raise Refusal("invalid_arguments")
        thread = self._thread(args)
        thread["status"] = args["status"]
        thread["statuses"].append(args["status"])
        return {}

    @method("assistant.threads.setSuggestedPrompts", scope="assistant:write")
    def prompts(self, args: Json) -> Json:
        given = decoded(args.get("prompts"), "invalid_arguments")
        right = isinstance(given, list) and 0 < len(given) <= PROMPTS
        if not right or not all(isinstance(one, dict) and one.get("title") and one.get("message") for one in given):
            raise Refusal("invalid_arguments")
        self._thread(args)["prompts"] = given
        return {}

    @method("assistant.threads.setTitle", scope="assistant:write")
    def title(self, args: Json) -> Json:
        if not args.get("title"):
            raise Refusal("invalid_arguments")
        self._thread(args)["title"] = str(args["title"])
        return {}

    # --- answers to a command or an interaction, at the address that came with it ---

    def respond(self, to: ResponseUrl, args: Json) -> None:
        """Raises `Refusal`, as the address does."""
        workspace = self.workspace
        channel = workspace.channels[to.channel]
        original = next((one for one in workspace.ephemeral if one["ts"] == to.ts), None) or channel.messages.get(to.ts)
        if truth(args.get("delete_original")) and original:
            if original in workspace.ephemeral:
                workspace.ephemeral.remove(original)
            else:
                workspace.remove_message(channel, original)
        elif truth(args.get("replace_original")) and original:
            said = self._said(args)
            original.pop("blocks", None)
            original |= said
            self.on_change("changed", original)
        elif args.get("response_type") == "in_channel":
            message = workspace.add_message(channel, self._own() | self._said(args), str(args.get("thread_ts") or ""))
            self.on_change("posted", message)
        else:
            self.whispered(channel, to.user, args)

    # --- Socket Mode ---

    @method("apps.connections.open", token="app", per_minute=1000)
    def connect(self, args: Json) -> Json:
        ticket = self.workspace.new("L")
        self.links.add(ticket)
        return {"url": f"{self.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self.workspace.app}"}
