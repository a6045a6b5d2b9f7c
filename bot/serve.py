"""`bonton serve`: one process with every front-end that has its settings, until it is told to stop.

Starts at once and opens each chat as it answers; stops in order: nothing new comes in, what is being done ends or waits on disk
for the next start. Which front-ends there are is found by name (`discover.py`); none is named here.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.app import Bonton
from bot.courier import Courier
from bot.crisis_watch import CrisisWatch
from bot.desk import Desk
from bot.discover import chats
from bot.doctor import examine
from bot.errors import BontonError, SettingsError
from bot.frontends.flows.alarm import Alarm
from bot.frontends.flows.inbox import Inbox as Flow
from bot.frontends.serving import Serving
from bot.herald import Herald
from bot.lanes import Lanes
from bot.settings import Settings
from bot.view import View
from bot.webhook import Webhook

GRACE = 8.0
"""Seconds that what is under way has to end; container engines wait ten before they kill."""
PAUSES = (1, 2, 5, 15, 30)
"""Seconds between tries to open a chat whose servers do not answer."""
SWITCH = 0.001
"""Seconds for which a thread that computes may keep the interpreter from the loop that answers chats."""

log = structlog.get_logger()
Print = Callable[[str], None]


class Server:
    """The front-ends, the lanes of what they hear and the courier around one desk."""

    def __init__(self, bonton: Bonton, settings: Settings, tell: Print) -> None:
        self._bonton = bonton
        self._settings = settings
        self._tell = tell
        self._lanes = Lanes(bonton.arrivals)
        self._courier = Courier(bonton.chats, self._pending, bonton.ledger.rung)
        flow = Flow(bonton)
        self._herald = Herald(
            bonton.inbox,
            flow,
            bonton.promises,
            bonton.brands,
            lambda locale: View(bonton.pages, locale),
            bonton.watch,
            Alarm(bonton),
            CrisisWatch(bonton.crisis, bonton.draft, lambda locale: View(bonton.pages, locale)),
        )
        self._open: dict[str, str] = {}
        """Front-end → how it is reached, once it is."""
        self._fronts: list[Any] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._refused: SettingsError | None = None
        """Why the last chat that was turned away was."""

    async def run(self, stop: asyncio.Event) -> None:
        """Serves until `stop`. Raises SettingsError when nothing can be served."""
        serving = Serving(self._bonton, self._bonton.chats, self._lanes.keep, self._health)
        self._choose(serving)
        self._bonton.follow(self._changed, self._courier.rang)
        self._bonton.inbox.follow(self._herald.came)
        self._bonton.crisis.follow(self._herald.changed)
        self._herald.start()
        async with self._http() as address:
            self._tell(f"bonton serves at {address}")
            for front in self._fronts:
                task = asyncio.create_task(self._opened(front, stop))
                self._opening.add(task)
            warming = asyncio.create_task(self._bonton.warm())
            await stop.wait()
            await self._stop()
            warming.cancel()
        if self._refused is not None and not self._fronts:
            raise self._refused

    async def _changed(self, draft: int) -> None:
        await self._courier.changed(draft)
        await self._herald.drafted(draft)

    def _choose(self, serving: Serving) -> None:
        for name, chat in chats().items():
            if reason := chat.off(self._settings):
                self._tell(f"  {name:<10} off  {reason}")
            else:
                self._fronts.append(chat(self._settings, serving))
        if not self._fronts:
            raise SettingsError(
                "no chat has its settings: see docs/slack.md, or talk in the terminal with `bonton chat`"
            )

    async def _opened(self, front: Any, stop: asyncio.Event) -> None:
        """Opens one chat, however long its servers take to answer; a refused token stops the whole command."""
        for tries in range(sys.maxsize):
            try:
                how = await front.open()
                break
            except SettingsError as error:
                self._tell(f"  {front.name:<10} off  {error}")
                self._open.pop(front.name, None)
                self._fronts.remove(front)
                self._refused = error
                if not self._fronts:
                    stop.set()
                return
            except Exception as error:
                pause = PAUSES[min(tries, len(PAUSES) - 1)]
                self._tell(f"  {front.name:<10} does not answer ({type(error).__name__}); again in {pause} s")
                await asyncio.sleep(pause)
        self._open[front.name] = how
        await self._lanes.open(front.name, front.hear)
        await self._courier.open(front)
        self._herald.open(front)
        self._tell(f"  {front.name:<10} on   {how}")

    async def _stop(self) -> None:
        """Each in its turn: nothing comes in, what was heard ends, cards show it, connections close."""
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        for front in self._fronts:
            with contextlib.suppress(Exception):
                await front.stop_hearing()
        await self._herald.close()
        await self._lanes.close(GRACE / 2)
        await self._courier.close(GRACE / 2)
        for front in self._fronts:
            with contextlib.suppress(Exception):
                await front.close()

    async def _pending(self) -> list[int]:
        return [draft.id for draft in await self._bonton.pending("")]

    async def _health(self) -> list[tuple[str, bool, str]]:
        found = await examine(self._settings)
        return [one for one in found if one[0] not in self._open] + [
            (name, True, how) for name, how in self._open.items()
        ]

    @asynccontextmanager
    async def _http(self) -> AsyncIterator[str]:
        routes = [
            Route("/health", self._healthy),
            *self._hooks(),
            *(route for front in self._fronts for route in front.routes()),
        ]
        host, port = self._settings.http_host, self._settings.http_port
        try:
            listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError as error:
            raise SettingsError(f"BONTON_HTTP_PORT: {host}:{port} cannot be listened on ({error.strerror})") from None
        config = uvicorn.Config(Starlette(routes=routes), log_level="critical", access_log=False, lifespan="off")
        server = _Quiet(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://{host}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await asyncio.wait({running}, timeout=GRACE)

    def _hooks(self) -> list[Route]:
        """Comments by HTTP, where a secret is set."""
        secret = self._settings.comments_secret.get_secret_value()
        return Webhook(self._bonton.inbox, self._bonton.pages, secret).routes() if secret else []

    async def _healthy(self, _request: Request) -> JSONResponse:
        """For a container's health check: every chat that should be open is."""
        fine = self._refused is None and all(front.name in self._open for front in self._fronts)
        return JSONResponse({"ok": fine, "open": sorted(self._open)}, status_code=200 if fine else 503)


class _Quiet(uvicorn.Server):
    """Leaves signals to us: stopping has an order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


async def serve(desk: Desk, settings: Settings, tell: Print) -> None:
    """Until SIGTERM or SIGINT. Raises BontonError when another process owns the data folder."""
    if not isinstance(desk, Bonton):
        raise BontonError(f"another `bonton` holds {settings.folder}: stop it first, or set another BONTON_HOME")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        await Server(desk, settings, tell).run(stop)
    finally:
        sys.setswitchinterval(before)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
