"""What a Slack workspace holds: people, channels, messages, views, files, triggers. No network and no rules of the API.

Messages and views are plain dictionaries, as Slack's own JSON; a message that is updated stays the same dictionary.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["public", "private", "im", "mpim"]

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60
RESPONSE_URL_USES = 5
SCOPES = frozenset(
    "app_mentions:read assistant:write channels:history channels:read chat:write commands files:read files:write groups:history "
    "groups:read im:history im:read im:write mpim:history mpim:read reactions:write users:read".split()
)
PEOPLE = ("Ada", "Ben", "Chloe", "Dan", "Eve", "Fay")


class Refusal(Exception):
    """What the Web API answers with `ok: false`."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}


@dataclass
class User:
    id: str
    name: str
    real_name: str
    locale: str = "en-US"
    tz: str = "Europe/Paris"
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    team: str = "T0BONTON"


@dataclass
class Channel:
    id: str
    name: str
    kind: Kind = "public"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    messages: dict[str, Json] = field(default_factory=dict)
    """By `ts`, oldest first."""

    @property
    def type(self) -> str:
        """As events name it."""
        return {"public": "channel", "private": "group"}.get(self.kind, self.kind)

    @property
    def scope(self) -> str:
        """As scopes name it."""
        return {"public": "channels", "private": "groups"}.get(self.kind, self.kind)

    @property
    def label(self) -> str:
        """As interactions and commands name it."""
        return {"private": "privategroup", "im": "directmessage"}.get(self.kind, self.name)


@dataclass
class File:
    id: str
    name: str
    content: bytes
    user: str
    told: Json = field(default_factory=dict)
    """As `files.info` tells it."""


@dataclass
class Upload:
    """A file of the bot's that is on its way."""

    name: str
    length: int
    content: bytes | None = None


@dataclass
class Trigger:
    user: str
    until: float
    view: str = ""
    """The modal it was made in."""
    spent: bool = False


@dataclass
class ResponseUrl:
    channel: str
    user: str
    ts: str = ""
    """The message it belongs to; empty for a command."""
    thread: str = ""
    ephemeral: bool = False
    until: float = 0.0
    uses: int = 0


class Workspace:
    team = "T0BONTON"
    domain = "bonton"
    app = "A0BONTON"
    bot_user = "U0BOT"
    bot_id = "B0BOT"
    bot_token = "xoxb-1-bonton-token"
    app_token = "xapp-1-bonton-token"
    signing_secret = "a-signing-secret-for-tests"
    verification = "verification-token"

    def __init__(self) -> None:
        self.scopes = set(SCOPES)
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.uploads: dict[str, Upload] = {}
        """Promised addresses, by the file's id."""
        self.ephemeral: list[Json] = []
        """Each has `to`: the one person who sees it."""
        self.stacks: dict[str, list[Json]] = {}
        """The open modals of each person, the visible one last."""
        self.homes: dict[str, Json] = {}
        self.threads: dict[tuple[str, str], Json] = {}
        """Assistant threads: `status`, `title`, `prompts` and `statuses`, all that were set."""
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._last = 0
        self.add_user(self.bot_user, "Bonton", is_bot=True)
        for person in PEOPLE:
            self.add_user(f"U0{person.upper()}", person)
        self.add_channel("C0CARE", "care")
        self.add_channel("C0ELSEWHERE", "elsewhere", bot=False)

    # --- names and numbers ---

    def ts(self) -> str:
        """A message's name: the time, always later than the one before."""
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def new(self, prefix: str) -> str:
        """An id that nothing else has."""
        return f"{prefix}0{secrets.token_hex(5).upper()}"

    # --- who and where ---

    def add_user(self, ident: str, name: str, **more: Any) -> User:
        """Somebody who is in all public channels that there are."""
        user = User(id=ident, name=name.lower(), real_name=name, team=more.pop("team", self.team), **more)
        self.users[ident] = user
        if not user.is_bot:
            for channel in self.channels.values():
                if channel.kind == "public":
                    channel.members.add(ident)
        return user

    def add_channel(
        self,
        ident: str,
        name: str = "",
        *,
        kind: Kind = "public",
        members: set[str] | None = None,
        bot: bool = True,
    ) -> Channel:
        """Everybody is in it unless `members` says who; the bot unless `bot` is false."""
        people = {user.id for user in self.users.values() if not user.is_bot} if members is None else set(members)
        channel = Channel(
            id=ident, name=name or ident.lower(), kind=kind, members=people | ({self.bot_user} if bot else set())
        )
        self.channels[ident] = channel
        return channel

    def im(self, user: str) -> Channel:
        """The conversation of this person with the bot alone."""
        known = f"D{user[1:]}"
        return self.channels.get(known) or self.add_channel(known, user, kind="im", members={user})

    def channel(self, ident: str) -> Channel:
        """As the bot can name it: by id, by `#name`, by a person's id; never one that it cannot see."""
        if ident in self.users and not self.users[ident].is_bot:
            return self.im(ident)
        found = self.channels.get(ident) or next(
            (one for one in self.channels.values() if f"#{one.name}" == ident), None
        )
        if found is None or (found.kind != "public" and self.bot_user not in found.members):
            raise Refusal("channel_not_found")
        return found

    def message(self, channel: Channel, ts: str) -> Json:
        found = channel.messages.get(ts)
        if found is None or found.get("subtype") == "tombstone":
            raise Refusal("message_not_found")
        return found

    # --- messages ---

    def add_message(self, channel: Channel, message: Json, thread: str = "") -> Json:
        """Keeps it; in `thread`, if that is a message that is still there."""
        message = {"type": "message", "ts": self.ts(), "channel": channel.id, **message}
        parent = channel.messages.get(thread)
        if parent is not None:
            message["thread_ts"] = thread
            message["parent_user_id"] = parent.get("user", "")
            parent["thread_ts"] = thread
            parent["reply_count"] = parent.get("reply_count", 0) + 1
            parent["latest_reply"] = message["ts"]
        channel.messages[message["ts"]] = message
        return message

    def remove_message(self, channel: Channel, message: Json) -> None:
        """Gone; a thread's first message leaves a stone."""
        if message.get("reply_count"):
            for key in ("blocks", "metadata", "bot_id", "reactions", "files"):
                message.pop(key, None)
            message |= {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT"}
        else:
            del channel.messages[message["ts"]]

    # --- triggers, addresses to answer at ---

    def add_trigger(self, user: str, view: str = "") -> str:
        name = f"{time.time_ns() // 1000}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        self.triggers[name] = Trigger(user=user, until=time.monotonic() + TRIGGER_SECONDS, view=view)
        return name

    def spend_trigger(self, name: str) -> Trigger:
        trigger = self.triggers.get(name)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.spent:
            raise Refusal("exchanged_trigger_id")
        if time.monotonic() > trigger.until:
            raise Refusal("expired_trigger_id")
        trigger.spent = True
        return trigger

    def add_response_url(self, **what: Any) -> str:
        """The path; whoever serves it puts the address in front."""
        path = f"/actions/{self.team}/{secrets.randbelow(10**12)}/{secrets.token_urlsafe(18)}"
        self.response_urls[path] = ResponseUrl(until=time.monotonic() + RESPONSE_URL_SECONDS, **what)
        return path
