"""How what people do reaches the app: signed HTTP requests, with Slack's headers and its patience of three seconds."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.workspace import Json, Workspace

What = Literal["event", "interaction", "command"]

PATIENCE = 3.0
"""Seconds after which Slack takes an answer for lost."""


@dataclass
class Retry:
    num: int
    reason: str = "http_timeout"


@dataclass
class Delivery:
    """What Slack got back for one thing that it sent."""

    what: What
    payload: Json
    status: int | None = None
    """None when there was no answer in time."""
    body: str = ""
    seconds: float = 0.0
    """From sending to the answer."""
    trouble: str = ""
    """Why the person sees an error, or the event counts as lost."""
    at: float = 0.0
    errors: Json = field(default_factory=dict)
    """What the modal says under its inputs after it was sent."""

    @property
    def ok(self) -> bool:
        return not self.trouble

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body) if self.body else {}
        except ValueError:
            return {}


class Wire(Protocol):
    async def send(self, what: What, payload: Json, retry: Retry | None = None) -> Delivery: ...


class Http:
    """Posts to one address. Nothing is kept alive: a server that restarts is met anew."""

    def __init__(self, workspace: Workspace, address: str) -> None:
        self.address = address
        self._workspace = workspace
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True, limit=0))

    async def stop(self) -> None:
        if self._session:
            await self._session.close()

    async def send(
        self,
        what: What,
        payload: Json,
        retry: Retry | None = None,
        *,
        signature: str | None = None,
        timestamp: int | None = None,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Delivery:
        """`signature`, `timestamp` and `body` stand in for the genuine ones."""
        kind, encoded = _encoded(what, payload)
        content = encoded if body is None else body
        stamp = str(int(time.time()) if timestamp is None else timestamp)
        sent = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": self.signature(content, stamp) if signature is None else signature,
        }
        if retry:
            sent |= {"X-Slack-Retry-Num": str(retry.num), "X-Slack-Retry-Reason": retry.reason}
        delivery = Delivery(what, payload, at=time.monotonic())
        await self._post(delivery, content, sent | (headers or {}))
        delivery.seconds = time.monotonic() - delivery.at
        return delivery

    def signature(self, body: bytes, stamp: str) -> str:
        secret = self._workspace.signing_secret.encode()
        return "v0=" + hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()

    async def _post(self, delivery: Delivery, content: bytes, headers: dict[str, str]) -> None:
        assert self._session is not None, "the fake is not running"
        try:
            async with asyncio.timeout(PATIENCE):
                async with self._session.post(self.address, data=content, headers=headers) as answer:
                    delivery.body = await answer.text()
                    delivery.status = answer.status
        except TimeoutError:
            delivery.trouble = "http_timeout"
        except aiohttp.ClientError as error:
            delivery.trouble = f"connection_failed: {type(error).__name__}"
        else:
            if delivery.status != 200:
                delivery.trouble = f"http_error: {delivery.status}"


def _encoded(what: What, payload: Json) -> tuple[str, bytes]:
    if what == "event":
        return "application/json", json.dumps(payload).encode()
    fields = {"payload": json.dumps(payload)} if what == "interaction" else payload
    return "application/x-www-form-urlencoded", urlencode(fields).encode()
