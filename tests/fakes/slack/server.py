"""The addresses that the app calls: Web API, files, response URLs, Socket Mode; with haste refused and failures on demand."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.slack.api import METHODS, decoded
from tests.fakes.slack.people import People
from tests.fakes.slack.socket_mode import SocketMode
from tests.fakes.slack.workspace import RESPONSE_URL_USES, Json, Refusal

SIGN_IN = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Bonton</body></html>"
"""What a file's address shows to somebody without a token, as Slack's does, with status 200."""
LARGEST = 10 * 2**20


@dataclass
class Call:
    """One call of the Web API."""

    method: str
    arguments: Json
    at: float
    status: int = 0
    """0: the connection was closed without an answer."""
    answer: Json = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))


@dataclass
class _Failure:
    method: str
    times: int
    status: int | None
    error: str | None
    after: bool
    delay: float
    retry_after: int


class _Bucket:
    """`burst` at once, then `rate` a second."""

    def __init__(self, burst: float, rate: float) -> None:
        self._burst, self._rate = burst, rate
        self._level, self._at = burst, time.monotonic()

    def take(self) -> float:
        """Seconds to wait; 0 when one was taken."""
        now = time.monotonic()
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level >= 1:
            self._level -= 1
            return 0.0
        return (1 - self._level) / self._rate


class Server:
    def __init__(self, people: People, socket: SocketMode, *, burst: int, rate_limits: bool, tiers: bool) -> None:
        self.calls: list[Call] = []
        self.rate_limits = rate_limits
        self.tiers = tiers
        self.is_down = False
        self._people = people
        self._socket = socket
        self._posts: defaultdict[str, _Bucket] = defaultdict(lambda: _Bucket(burst, 1.0))
        self._minutes: dict[str, _Bucket] = {}
        self._failures: list[_Failure] = []
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> int:
        """The port it listens on."""
        app = web.Application(client_max_size=LARGEST, middlewares=[self._outage])
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/files-pri/{file}/{rest:.*}", self._file)
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_post("/actions/{rest:.*}", self._response)
        app.router.add_get("/link/", self._link)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    # --- failures ---

    def fail(
        self,
        method: str,
        times: int = 1,
        *,
        status: int | None = None,
        error: str | None = None,
        after: bool = False,
        delay: float = 0.0,
        retry_after: int = 1,
    ) -> None:
        """The next `times` calls of `method` (`*`: of any) go wrong.

        With a `status`, an `error`, or, with neither, a closed connection; `after` the work was done or instead of it. With
        only a `delay` they are slow, and right.
        """
        self._failures.append(_Failure(method, times, status, error, after, delay, retry_after))

    def _failure(self, method: str) -> _Failure | None:
        for failure in self._failures:
            if failure.method in (method, "*"):
                failure.times -= 1
                if failure.times <= 0:
                    self._failures.remove(failure)
                return failure
        return None

    @web.middleware
    async def _outage(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.is_down:
            return web.Response(status=503, text="Service Unavailable", content_type="text/html")
        return await handler(request)  # type: ignore[no-any-return]

    # --- the Web API ---

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        unreadable: Refusal | None = None
        arguments: Json = {}
        token = ""
        try:
            arguments, token = await _arguments(request)
        except Refusal as refusal:
            unreadable = refusal
        call = Call(method, arguments, time.monotonic())
        self.calls.append(call)
        failure = self._failure(method)
        if failure and failure.delay:
            await asyncio.sleep(failure.delay)
            if not (failure.status or failure.error or failure.after):
                failure = None
        if failure and not failure.after:
            return self._failed(request, call, failure)
        if wait := self._haste(call, token):
            return self._hurried(call, wait)
        try:
            if unreadable:
                raise unreadable
            call.answer = self._people.api.answer(method, arguments, token)
        except Refusal as refusal:
            call.answer = refusal.answer
        if failure:
            return self._failed(request, call, failure)
        call.status = 200
        return self._answered(call)

    def _answered(self, call: Call) -> web.Response:
        headers = {"x-oauth-scopes": ",".join(sorted(self._people.scopes))}
        if call.method in METHODS:
            headers["x-accepted-oauth-scopes"] = METHODS[call.method].scope
        call.answer = json.loads(encoded := json.dumps(call.answer))
        return web.Response(status=call.status, body=encoded.encode(), content_type="application/json", headers=headers)

    def _failed(self, request: web.Request, call: Call, failure: _Failure) -> web.Response:
        if failure.error:
            call.status, call.answer = failure.status or 200, {"ok": False, "error": failure.error}
            return self._answered(call)
        if failure.status == 429:
            return self._hurried(call, failure.retry_after)
        if failure.status:
            call.status = failure.status
            return web.Response(
                status=failure.status, text="<html>Slack is having trouble</html>", content_type="text/html"
            )
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _hurried(self, call: Call, wait: float) -> web.Response:
        call.status, call.answer = 429, {"ok": False, "error": "ratelimited"}
        answer = self._answered(call)
        answer.headers["Retry-After"] = str(math.ceil(wait))
        return answer

    def _haste(self, call: Call, token: str) -> float:
        """Seconds to wait; 0 for what is in time."""
        if not self.rate_limits or call.method not in METHODS or not token:
            return 0.0
        if call.method == "chat.postMessage":
            return self._posts[str(call.arguments.get("channel"))].take()
        if not self.tiers:
            return 0.0
        most = METHODS[call.method].per_minute
        return self._minutes.setdefault(call.method, _Bucket(most, most / 60)).take()

    # --- the rest ---

    async def _file(self, request: web.Request) -> web.StreamResponse:
        people = self._people
        self.calls.append(call := Call("url_private", {"path": request.path}, time.monotonic(), status=200))
        if failure := self._failure("url_private"):
            return self._failed(request, call, failure)
        file = people.files.get(request.match_info["file"].removeprefix(f"{people.team}-"))
        allowed = request.headers.get("Authorization") == f"Bearer {people.bot_token}" and "files:read" in people.scopes
        if not allowed:
            return web.Response(text=SIGN_IN, content_type="text/html")
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file.told["mimetype"])

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file that was announced, as they are; whoever knows the address may bring them, and nobody sends a token."""
        self.calls.append(call := Call("upload", {"path": request.path}, time.monotonic(), status=200))
        if failure := self._failure("upload"):
            return self._failed(request, call, failure)
        upload, content = self._people.uploads.get(request.match_info["file"]), await request.read()
        if upload is None or "Authorization" in request.headers:
            return web.Response(status=403)
        if len(content) != upload.length:
            return web.Response(status=400, text="length")
        upload.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def _response(self, request: web.Request) -> web.StreamResponse:
        people = self._people
        to = people.response_urls.get(request.path)
        if to is None or time.monotonic() > to.until:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if to.uses >= RESPONSE_URL_USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        to.uses += 1
        try:
            said = decoded(await request.text(), "invalid_payload")
            people.api.respond(to, said)
        except Refusal as refusal:
            return web.json_response(refusal.answer, status=400)
        people.responses.append({"channel": to.channel, "user": to.user, "ts": to.ts, **said})
        return web.json_response({"ok": True})

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._people.api.links:
            return web.Response(status=403)
        self._people.api.links.remove(ticket)
        return await self._socket.serve(request)


async def _arguments(request: web.Request) -> tuple[Json, str]:
    """What was given, by query, form or JSON; and the token."""
    arguments: Json = dict(request.query)
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if request.content_type == "application/json":
        given = decoded(await request.text(), "invalid_json")
        if not isinstance(given, dict):
            raise Refusal("json_not_object")
        return arguments | {key: value for key, value in given.items() if value is not None}, token
    if request.can_read_body:
        arguments |= dict(await request.post())
    return arguments, token or str(arguments.pop("token", ""))
