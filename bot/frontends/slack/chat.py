"""The Slack front-end as `bonton serve` runs it: connects, opens its ways in, and closes them. Handlers are elsewhere."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import SettingsError
from bot.frontends.serving import Passing, Serving, content
from bot.frontends.slack import manifest, web
from bot.frontends.slack.app import Listeners
from bot.frontends.slack.front import Front
from bot.frontends.slack.incoming import FRONT
from bot.settings import Settings

PATH = "/slack/events"
BIGGEST = 2**20
"""Bytes of one delivery: Slack's largest are far below."""
HOPELESS = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "not_allowed_token_type",
    "token_expired",
}

log = structlog.get_logger()


class SlackChat(Passing):
    """Implements `bot.seams.Frontend`."""

    name = FRONT

    def __init__(self, settings: Settings, serving: Serving) -> None:
        self._settings = settings
        self._serving = serving
        self._handler: AsyncSlackRequestHandler | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._sender: web.Sender | None = None

    @staticmethod
    def off(settings: Settings) -> str:
        """Which setting is missing; empty when Slack can be served."""
        if not settings.slack_bot_token.get_secret_value():
            return "SLACK_BOT_TOKEN is not set (docs/slack.md)"
        if not (settings.slack_app_token.get_secret_value() or settings.slack_signing_secret.get_secret_value()):
            return "set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP): Slack cannot reach us otherwise"
        return ""

    def routes(self) -> Sequence[Route]:
        if not self._settings.slack_signing_secret.get_secret_value():
            return ()
        return [Route(PATH, self._http, methods=["POST"])]

    async def open(self) -> str:
        token = self._settings.slack_bot_token.get_secret_value()
        client = web.client(token, self._settings.slack_api_url)
        self._sender = web.Sender(client, self._serving.chats)
        try:
            told = await client.auth_test()
        except SlackApiError as error:
            await self._sender.close()
            reason = str(error.response.get("error", ""))
            if reason in HOPELESS:
                raise SettingsError(f"SLACK_BOT_TOKEN is refused by Slack ({reason})") from None
            raise
        except BaseException:
            await self._sender.close()
            raise
        if missing := manifest.missing(str(told.headers.get("x-oauth-scopes", ""))):
            log.warning("slack.scopes_missing", scopes=",".join(missing))
        bot = str(told["user_id"])
        house = self._serving.house
        received = self._settings.folder / "received"
        self._front = Front(house, self._serving.chats, self._sender, bot=bot, received=received)
        app = self._bolt(token, client)
        listeners = Listeners(
            self._front,
            self._serving.keep,
            self._serving.health,
            team=str(told["team_id"]),
            bot=bot,
            url=str(told.get("url") or ""),
        )
        listeners.register(app)
        ways = []
        if self._settings.slack_signing_secret.get_secret_value():
            self._handler = AsyncSlackRequestHandler(app)
            ways.append(f"HTTP on {PATH}")
        if app_token := self._settings.slack_app_token.get_secret_value():
            await self._connect(app, app_token, client)
            ways.append("Socket Mode")
        return f"{' and '.join(ways)}, workspace {told.get('team') or told['team_id']}"

    def _bolt(self, token: str, client: Any) -> AsyncApp:
        quiet = logging.getLogger("bonton.slack")
        quiet.setLevel(logging.CRITICAL)  # Bolt's own lines carry payloads: people's words
        return AsyncApp(
            logger=quiet,
            token=token,
            client=client,
            signing_secret=self._settings.slack_signing_secret.get_secret_value() or secrets.token_hex(),
            process_before_response=True,
            attaching_conversation_kwargs_enabled=False,
        )

    async def _connect(self, app: AsyncApp, token: str, client: Any) -> None:
        """Raises SettingsError when the token is refused."""
        try:
            await client.apps_connections_open(app_token=token)  # connecting alone would try a bad token for ever
        except SlackApiError as error:
            reason = str(error.response.get("error", ""))
            if reason in HOPELESS | {"missing_scope"}:
                raise SettingsError(
                    f"SLACK_APP_TOKEN is refused by Slack ({reason}): it needs connections:write"
                ) from None
            raise
        self._socket = AsyncSocketModeHandler(app, app_token=token, web_client=client, ping_interval=10)
        await self._socket.connect_async()  # type: ignore[no-untyped-call]

    async def _http(self, request: HttpRequest) -> Response:
        if self._handler is None:
            return PlainTextResponse("starting", status_code=503)  # Slack tries again
        body = await content(request, BIGGEST)
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        request._body = body  # what Bolt's adapter reads
        return await self._handler.handle(request)

    async def stop_hearing(self) -> None:
        """Nothing more comes in; what is under way may still be answered."""
        self._handler = None
        if self._socket is not None:
            socket, self._socket = self._socket, None
            await socket.close_async()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        await self.stop_hearing()
        if self._sender is not None:
            await self._sender.close()
