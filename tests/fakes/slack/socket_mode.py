"""Socket Mode: envelopes over a WebSocket, acknowledged one by one, and sent again when the connection was lost before."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.slack.wire import PATIENCE, Delivery, Retry, What
from tests.fakes.slack.workspace import Json, Workspace

TYPES = {"event": "events_api", "interaction": "interactive", "command": "slash_commands"}
LONGEST_WAIT = 30.0
"""Seconds for which something unacknowledged waits for a connection."""


@dataclass
class _Link:
    socket: web.WebSocketResponse
    request: web.Request


@dataclass
class _Envelope:
    what: What
    payload: Json
    retry: Retry | None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    acknowledged: asyncio.Future[Json] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    on: _Link | None = None
    """The connection that it was sent on; none while it waits for one."""
    since: float = field(default_factory=time.monotonic)
    """When it was last sent, or began to wait."""

    @property
    def patience(self) -> float:
        """Seconds left."""
        return self.since + (PATIENCE if self.on else LONGEST_WAIT) - time.monotonic()

    def told(self) -> Json:
        told: Json = {
            "envelope_id": self.id,
            "type": TYPES[self.what],
            "payload": self.payload,
            "accepts_response_payload": self.what != "event",
        }
        if self.what == "event":
            told["retry_attempt"] = self.retry.num if self.retry else 0
            told["retry_reason"] = self.retry.reason if self.retry else ""
        return told


class SocketMode:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: list[_Link] = []
        self._waiting: dict[str, _Envelope] = {}
        self.connections = 0
        """How many there were so far."""

    @property
    def connected(self) -> bool:
        return bool(self._open)

    async def send(self, what: What, payload: Json, retry: Retry | None = None) -> Delivery:
        """Waits for the acknowledgement: three seconds from when it was last sent, over as many connections as it takes."""
        delivery = Delivery(what, payload, at=time.monotonic())
        if what != "event" and not self._open:
            delivery.trouble = "no_connection"
            return delivery
        envelope = _Envelope(what, payload, retry)
        self._waiting[envelope.id] = envelope
        try:
            await self._push(envelope)
            while not envelope.acknowledged.done() and envelope.patience > 0:
                await asyncio.wait([envelope.acknowledged], timeout=min(envelope.patience, 0.2))
        finally:
            del self._waiting[envelope.id]
        if not envelope.acknowledged.done():
            delivery.trouble = "timeout" if envelope.on else "no_connection"
        elif answer := envelope.acknowledged.result():
            delivery.body = json.dumps(answer)
        delivery.status = None if delivery.trouble else 200
        delivery.seconds = time.monotonic() - delivery.at
        return delivery

    async def _push(self, envelope: _Envelope) -> None:
        if not self._open:
            return
        envelope.on = self._open[-1]
        envelope.since = time.monotonic()
        try:
            await envelope.on.socket.send_str(json.dumps(envelope.told()))
        except (ConnectionError, RuntimeError):
            self._lost(envelope.on)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from `hello` until it is closed."""
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        link = _Link(socket, request)
        self.connections += 1
        self._open.append(link)
        try:
            await socket.send_str(json.dumps(self._hello()))
            for envelope in [one for one in self._waiting.values() if one.on is None]:
                await self._push(envelope)
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._heard(json.loads(message.data))
        finally:
            self._lost(link)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {"host": "applink-0", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._workspace.app},
        }

    def _heard(self, message: Json) -> None:
        envelope = self._waiting.get(message.get("envelope_id", ""))
        if envelope is not None and not envelope.acknowledged.done():
            envelope.acknowledged.set_result(message.get("payload") or {})

    def _lost(self, link: _Link) -> None:
        """What was sent on it and not acknowledged goes again on the next."""
        if link in self._open:
            self._open.remove(link)
        for envelope in self._waiting.values():
            if envelope.on is link and not envelope.acknowledged.done():
                envelope.on = None
                envelope.since = time.monotonic()
                envelope.retry = Retry((envelope.retry.num if envelope.retry else 0) + 1, "connection_closed")

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Asks the app to connect anew; the old connection stays until it does, as Slack's does."""
        told = json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-0"}})
        for link in list(self._open):
            await link.socket.send_str(told)

    async def close(self) -> None:
        for link in list(self._open):
            await link.socket.close()

    def cut(self) -> None:
        """The network goes away, without a goodbye."""
        for link in list(self._open):
            self._lost(link)
            if link.request.transport is not None:
                link.request.transport.abort()
