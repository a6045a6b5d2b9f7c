"""A strict Slack on a loopback port, for dialogues with a server that runs beside the tests.

It keeps a workspace, answers the Web API as Slack does (scopes, limits, refusals, Block Kit), and turns what people do into
signed requests or Socket Mode envelopes. It is no Slack client: what is shown is plain JSON, read with `text_of` and `buttons`.

Left out: OAuth and several workspaces, Slack Connect, streaming, scheduled messages, canvases, lists, workflows, attachments,
unfurling, user groups, external menus (`block_suggestion`) and uploads by the bot.

It may be stopped and started again: what it holds and its port stay.

    async with FakeSlack(deliver_to="http://127.0.0.1:8080/slack/events") as slack:
        said = await slack.say("U0ADA", "C0CARE", "Late again!", mention=True)
        card = await slack.card("C0CARE", thread=said.ts)
        await slack.press("U0ADA", card, "approve")
        await slack.until(lambda: "Approved" in slack.text_of(card))
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any, Literal, Self

from tests.fakes.slack import views
from tests.fakes.slack.people import People, Said
from tests.fakes.slack.server import Call, Server
from tests.fakes.slack.socket_mode import SocketMode
from tests.fakes.slack.views import Impossible
from tests.fakes.slack.wire import Delivery, Http, Retry, What
from tests.fakes.slack.words import plain, text_of
from tests.fakes.slack.workspace import Channel, Json, User

__all__ = ["Call", "Channel", "Delivery", "FakeSlack", "Impossible", "Json", "Retry", "Said", "User"]


class FakeSlack(People):
    """Everybody is in `C0CARE` with the bot, and in `C0ELSEWHERE` without it: Ada, Ben, Chloe, Dan, Eve and Fay (`U0ADA`…)."""

    def __init__(
        self,
        deliver_to: str = "http://127.0.0.1:1/slack/events",
        *,
        transport: Literal["http", "socket"] = "http",
        port: int = 0,
        burst: int = 3,
        rate_limits: bool = True,
        tiers: bool = False,
        echo: bool = True,
        retries: tuple[float, ...] = (),
    ) -> None:
        """`burst`: messages that a channel takes at once before it takes one a second. `tiers`: other methods have limits too."""
        super().__init__()
        self.echo = echo
        self.retries = retries
        self.transport = transport
        self.http = Http(self, deliver_to)
        self.socket = SocketMode(self)
        self.wire = self.http if transport == "http" else self.socket
        self.server = Server(self, self.socket, burst=burst, rate_limits=rate_limits, tiers=tiers)
        self.port = port

    async def __aenter__(self) -> Self:
        self.port = await self.server.start(self.port)
        self.api.url = self.url
        await self.http.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._behind:
            task.cancel()
        await asyncio.gather(*self._behind, return_exceptions=True)
        await self.socket.close()
        await self.http.stop()
        await self.server.stop()

    # --- where it is ---

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def deliver_to(self) -> str:
        return self.http.address

    @deliver_to.setter
    def deliver_to(self, address: str) -> None:
        self.http.address = address

    def environment(self) -> dict[str, str]:
        """The settings of the server under test."""
        settings = {"BONTON_SLACK_API_URL": self.api_url, "SLACK_BOT_TOKEN": self.bot_token}
        if self.transport == "http":
            return settings | {"SLACK_SIGNING_SECRET": self.signing_secret}
        return settings | {"SLACK_APP_TOKEN": self.app_token}

    # --- calls and failures ---

    @property
    def calls(self) -> list[Call]:
        """All calls of the Web API, oldest first; downloads as `url_private`."""
        return self.server.calls

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def fail(self, method: str, times: int = 1, **how: Any) -> None:
        """See `Server.fail`."""
        self.server.fail(method, times, **how)

    def down(self) -> None:
        """503 for everything, and no Socket Mode connection."""
        self.server.is_down = True
        self.socket.cut()

    def up(self) -> None:
        self.server.is_down = False

    # --- what is there to see ---

    text_of = staticmethod(text_of)
    plain = staticmethod(plain)
    buttons = staticmethod(views.buttons)

    def messages(self, channel: str, thread: str | None = None) -> list[Json]:
        """Of a channel, or of one of its threads without the message that it stands under; oldest first."""
        found = self.channels[channel].messages.values()
        return [one for one in found if thread is None or (one.get("thread_ts") == thread and one["ts"] != thread)]

    def posted(self, channel: str, thread: str | None = None) -> list[Json]:
        """Those of the bot."""
        return [one for one in self.messages(channel, thread) if one.get("bot_id") == self.bot_id]

    def ephemerals(self, user: str) -> list[Json]:
        """What this person alone sees, oldest first."""
        return [one for one in self.ephemeral if one["to"] == user]

    def home(self, user: str) -> Json | None:
        return self.homes.get(user)

    def modal(self, user: str) -> Json | None:
        """The visible one."""
        return self.stacks[user][-1] if self.stacks.get(user) else None

    def assistant(self, channel: str, thread: str) -> Json:
        """`status`, `title`, `prompts` of an assistant thread, and `statuses`, all that it had."""
        return self.threads.get((channel, thread), {"status": "", "title": "", "prompts": [], "statuses": []})

    # --- waiting ---

    async def until(self, predicate: Callable[[], Any], timeout: float = 30, what: str = "") -> Any:
        """What `predicate` gives once that is something; fails with the last calls when it does not come."""
        end = time.monotonic() + timeout
        while True:
            if found := predicate():
                return found
            if time.monotonic() > end:
                raise AssertionError(f"{what or 'it'} did not come in {timeout:g} s\n{self._lately()}")
            await asyncio.sleep(0.01)

    def _lately(self) -> str:
        calls = [f"{call.method} {call.status} {json.dumps(call.answer)[:300]}" for call in self.calls[-8:]]
        return "\n".join([*(f"trouble: {one}" for one in self.troubles[-5:]), *calls])

    async def card(
        self, channel: str, thread: str | None = None, timeout: float = 30, *, saying: str = "", after: str = ""
    ) -> Json:
        """The last message of the bot with blocks; that says `saying`, and was posted later than `after`, a `ts`."""

        def last() -> Json | None:
            found = [one for one in self.posted(channel, thread) if one.get("blocks") and one["ts"] > after]
            return next((one for one in reversed(found) if saying in text_of(one)), None)

        found: Json = await self.until(last, timeout, f"a card in {channel}/{thread or ''} {saying!r}")
        return found

    async def connected(self, timeout: float = 30) -> None:
        """Until the app holds a Socket Mode connection."""
        await self.until(lambda: self.socket.connected, timeout, "a Socket Mode connection")

    # --- straight to the app's address ---

    async def deliver(
        self,
        payload: Json,
        kind: What = "event",
        retry: Retry | None = None,
        *,
        signature: str | None = None,
        timestamp: int | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Delivery:
        """Any payload over HTTP, with a wrong signature, an old timestamp or a broken `body` if given."""
        return await self.http.send(
            kind, payload, retry, signature=signature, timestamp=timestamp, body=body, headers=headers
        )

    async def challenge(self) -> Delivery:
        """Slack's first question to a new address; right when the body holds the challenge."""
        payload = {"token": self.verification, "challenge": self.new("CH"), "type": "url_verification"}
        return await self.http.send("event", payload)
