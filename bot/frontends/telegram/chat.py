"""The Telegram front-end as `bonton serve` runs it: polls, or takes a webhook with its secret token; closes in order.

An update is kept before the offset moves past it, or before the webhook is answered: Telegram delivers again what was not.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
import warnings
from collections.abc import Sequence
from typing import Any

import structlog
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot, BotCommand, Update
from telegram.error import Conflict, Forbidden, InvalidToken, TelegramError
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from bot.domain.chat import Arrival
from bot.errors import SettingsError
from bot.frontends.serving import Passing, Serving, content
from bot.frontends.telegram import commands
from bot.frontends.telegram.front import Front
from bot.frontends.telegram.wall import FRONT, Wall, haste
from bot.logs import where
from bot.settings import Settings
from bot.view import View

PATH = "/telegram"
WAIT = 25
"""Seconds that one question for updates may stay open."""
PAUSES = (0.5, 1, 2, 5, 10)
BIGGEST = 2**20
KINDS = [Update.MESSAGE, Update.CHANNEL_POST, Update.CALLBACK_QUERY]
ABREAST = 64
"""Connections to Telegram at once: as many chats may be answered side by side."""

log = structlog.get_logger()
warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'", category=PTBUserWarning)


class TelegramChat(Passing):
    """Implements `bot.seams.Frontend`."""

    name = FRONT

    def __init__(self, settings: Settings, serving: Serving) -> None:
        self._settings = settings
        self._serving = serving
        self._bot: Bot | None = None
        self._polling: asyncio.Task[None] | None = None
        self._hearing = False

    @staticmethod
    def off(settings: Settings) -> str:
        """Which setting is missing; empty when Telegram can be served."""
        if not settings.telegram_bot_token.get_secret_value():
            return "TELEGRAM_BOT_TOKEN is not set (docs/telegram.md)"
        address = settings.telegram_webhook
        return (
            "" if not address or address.startswith("https://") else "BONTON_TELEGRAM_WEBHOOK must begin with https://"
        )

    def routes(self) -> Sequence[Route]:
        return [Route(PATH, self._http, methods=["POST"])] if self._settings.telegram_webhook else ()

    async def open(self) -> str:
        bot = client(self._settings)
        try:
            await bot.initialize()
            me = bot.bot
            wall = Wall(bot, self._serving.chats)
            received = self._settings.folder / "received"
            house = self._serving.house
            front = Front(house, self._serving.chats, wall, name=str(me.username), number=me.id, received=received)
            await self._menus(bot, house.pages)
            how = await self._listen(bot)
        except (InvalidToken, Forbidden) as error:
            raise SettingsError(f"TELEGRAM_BOT_TOKEN is refused by Telegram ({type(error).__name__})") from None
        except BaseException:
            with contextlib.suppress(Exception):
                await bot.shutdown()
            raise
        self._bot, self._front, self._hearing = bot, front, True
        if not self._settings.telegram_webhook:
            self._polling = asyncio.create_task(self._poll(bot))
        return f"{how}, @{me.username}"

    async def _listen(self, bot: Bot) -> str:
        address = self._settings.telegram_webhook
        if not address:
            await bot.delete_webhook()  # else Telegram refuses to be asked
            return "polling"
        url = address if address.rstrip("/").endswith(PATH) else f"{address.rstrip('/')}{PATH}"
        await bot.set_webhook(url, secret_token=self._secret, allowed_updates=KINDS)
        return f"webhook on {PATH}"

    async def _menus(self, bot: Bot, pages: Any) -> None:
        """What Telegram shows while one types `/`, in each reader's language."""
        for locale, code in (("en", None), ("fr", "fr")):
            view = View(pages, locale)
            menu = [BotCommand(command, view.say(key)) for command, key in commands.menu(locale)]
            await bot.set_my_commands(menu, language_code=code)

    async def _poll(self, bot: Bot) -> None:
        offset, tries = 0, 0
        while True:
            try:
                asked = {"offset": offset, "timeout": WAIT, "allowed_updates": KINDS}
                # as they come: one that nobody understands must not keep the others from being heard
                updates: Any = await bot.do_api_request("getUpdates", asked, read_timeout=WAIT + 10)
                await asyncio.gather(*(self._keep(update) for update in updates))
            except asyncio.CancelledError:
                raise
            except Exception as error:
                pause = max(float(PAUSES[min(tries, len(PAUSES) - 1)]), haste(error) or 0.0)
                tries += 1
                told = "another process polls with this token" if isinstance(error, Conflict) else where(error)
                log.warning("telegram.not_polled", error=told, again=pause)
                await asyncio.sleep(pause)
                continue
            tries = 0
            if updates:
                offset = updates[-1]["update_id"] + 1

    async def _http(self, request: HttpRequest) -> Response:
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return PlainTextResponse("forbidden", status_code=403)
        if not self._hearing:
            return PlainTextResponse("starting", status_code=503)  # Telegram tries again
        body = await content(request, BIGGEST)
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        try:
            told = json.loads(body)
        except ValueError:
            return PlainTextResponse("not an update", status_code=400)
        if not isinstance(told, dict) or not isinstance(told.get("update_id"), int):
            return PlainTextResponse("not an update", status_code=400)
        await self._keep(told)
        return PlainTextResponse("")

    @property
    def _secret(self) -> str:
        """Known to Telegram and us alone, and the same after a restart."""
        token = self._settings.telegram_bot_token.get_secret_value()
        return hashlib.sha256(f"bonton webhook {token}".encode()).hexdigest()

    async def _keep(self, update: dict[str, Any]) -> None:
        said: Any = update.get("callback_query") or update
        try:
            chat = str(int((said.get("message") or said["channel_post"])["chat"]["id"]))
        except (AttributeError, KeyError, TypeError, ValueError):
            return
        lane = f"{chat} tap" if "callback_query" in update else chat
        await self._serving.keep(Arrival(id=f"telegram:{update['update_id']}", front=FRONT, lane=lane, payload=update))

    async def stop_hearing(self) -> None:
        self._hearing = False
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
            self._polling = None

    async def close(self) -> None:
        await self.stop_hearing()
        if self._bot is not None:
            with contextlib.suppress(TelegramError):
                await self._bot.shutdown()


def client(settings: Settings) -> Bot:
    """Not yet connected; its address is Telegram's own unless a setting names another."""
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # its own lines carry updates: people's words
    api = settings.telegram_api_url.rstrip("/")
    return Bot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=HTTPXRequest(connection_pool_size=ABREAST, read_timeout=20, pool_timeout=20),
        get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=WAIT + 10),
    )
