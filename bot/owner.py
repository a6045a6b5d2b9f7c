"""One owner of the data folder: it holds the lock, the embedded index and the durable executor; others hand it their work.

Two writers corrupt an embedded index silently, and two executors of one id do the same work twice. So a command becomes the
owner for its short life when nothing runs, else it speaks to the owner over a local socket, one JSON document a line.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import inspect
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, cast, get_type_hints

from pydantic import TypeAdapter

from bot.desk import Desk
from bot.errors import BontonError, NotAllowed, Refused

PATIENCE = 60.0
"""Seconds to wait for an owner that is starting or stopping."""
PROGRESS = "on_progress"
"""The parameter by which a method tells how far it is."""
BIGGEST_LINE = 8 * 2**20
LONGEST_SOCKET = 100
"""Bytes of a Unix socket's path that every system takes."""


@dataclass(frozen=True)
class Call:
    """One method of the desk as it travels: the shapes of what it takes, of what it gives, and whether it tells how far it is."""

    signature: inspect.Signature
    takes: dict[str, TypeAdapter[Any]]
    gives: TypeAdapter[Any]
    progresses: bool

    @classmethod
    def of(cls, method: Callable[..., Any]) -> Call:
        hints = get_type_hints(method)
        given = hints.pop("return")
        takes = {name: TypeAdapter(hint) for name, hint in hints.items() if name != PROGRESS}
        return cls(inspect.signature(method), takes, TypeAdapter(given), PROGRESS in hints)


def _calls(desk: type, under: str = "") -> dict[str, Call]:
    """The methods of a desk and of the desks it holds: `draft`, `inbox.answer`."""
    found = {
        f"{under}{name}": Call.of(method) for name, method in vars(desk).items() if inspect.iscoroutinefunction(method)
    }
    for name, held in vars(desk).items():
        if isinstance(held, property) and held.fget:
            found |= _calls(get_type_hints(held.fget)["return"], f"{under}{name}.")
    return found


CALLS = _calls(Desk)


class Remote:
    """The desk, spoken to over the owner's socket: every method of `Desk`. Raises what the owner raised."""

    def __init__(self, path: Path, under: str = "") -> None:
        self._path = path
        self._under = under

    def __getattr__(self, name: str) -> Any:
        method = f"{self._under}{name}"
        if method in CALLS:
            return partial(self._call, method)
        if any(known.startswith(f"{method}.") for known in CALLS):
            return Remote(self._path, f"{method}.")
        raise AttributeError(name)

    async def _call(self, method: str, *arguments: Any, **named: Any) -> Any:
        call = CALLS[method]
        bound = call.signature.bind(self, *arguments, **named)
        bound.apply_defaults()
        on_progress = bound.arguments.get(PROGRESS)
        sent = {name: shape.dump_python(bound.arguments[name], mode="json") for name, shape in call.takes.items()}
        reader, writer = await asyncio.open_unix_connection(str(self._path), limit=BIGGEST_LINE)
        try:
            writer.write(json.dumps({"method": method, "arguments": sent}).encode() + b"\n")
            await writer.drain()
            while line := await reader.readline():
                answer = json.loads(line)
                if "progress" in answer:
                    if on_progress:
                        on_progress(*answer["progress"])
                elif "refused" in answer:
                    kind = NotAllowed if answer["private"] else Refused
                    raise kind(answer["refused"], **answer["details"])
                elif "error" in answer:
                    raise BontonError(answer["error"])
                else:
                    return call.gives.validate_python(answer["result"])
        finally:
            writer.close()
        raise ConnectionResetError("the owner went away")


class _Server:
    """Answers the calls of other processes while this one owns the folder."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._busy: set[asyncio.Task[None]] = set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
                if line := await reader.readline():
                    await self._one(json.loads(line), writer)
        finally:
            self._busy.discard(task)
            writer.close()

    async def idle(self) -> None:
        """Returns once the calls under way have their answers."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=PATIENCE)

    async def _one(self, call: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()

        def send(answer: dict[str, Any]) -> None:
            writer.write(json.dumps(answer).encode() + b"\n")

        def progress(done: int, total: int, document: str) -> None:
            loop.call_soon_threadsafe(send, {"progress": [done, total, document]})

        try:
            known = CALLS[call["method"]]
            arguments = {name: shape.validate_python(call["arguments"][name]) for name, shape in known.takes.items()}
            more = {PROGRESS: progress} if known.progresses else {}
            value = await attrgetter(call["method"])(self._desk)(**arguments, **more)
            send({"result": known.gives.dump_python(value, mode="json")})
        except Refused as refusal:
            private = isinstance(refusal, NotAllowed)
            send({"refused": refusal.key, "details": refusal.details, "private": private})
        except Exception as error:
            send({"error": str(error) if isinstance(error, BontonError) else f"{type(error).__name__} in the owner"})
        await writer.drain()


@asynccontextmanager
async def owning(home: Path, start: Callable[[], contextlib.AbstractAsyncContextManager[Desk]]) -> AsyncIterator[Desk]:
    """The desk: our own when the folder is free (others may then reach it through us), else the owner's.

    `start` opens the real parts. Raises BontonError when neither the lock nor the owner can be had.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = (home / "owner.lock").open("a+")
    path = socket_path(home)
    try:
        if await _mine(lock, path):
            async with start() as desk, _serving(desk, path):
                yield desk
        else:
            yield cast(Desk, Remote(path))
    finally:
        lock.close()


@asynccontextmanager
async def _serving(desk: Desk, path: Path) -> AsyncIterator[None]:
    path.unlink(missing_ok=True)
    answering = _Server(desk)
    server = await asyncio.start_unix_server(answering.answer, str(path), limit=BIGGEST_LINE)
    path.chmod(0o600)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        server.close()
        await answering.idle()


async def _mine(lock: IO[str], path: Path) -> bool:
    """Whether this process got the lock; waits while an owner neither answers nor lets go."""
    waited = 0.0
    while True:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if await _answers(path):
            return False
        if waited > PATIENCE:
            raise BontonError(f"another process holds {path.parent} and does not answer")
        await asyncio.sleep(0.05)
        waited += 0.05


async def _answers(path: Path) -> bool:
    try:
        _, writer = await asyncio.open_unix_connection(str(path))
    except OSError:
        return False
    writer.close()
    return True


def socket_path(home: Path) -> Path:
    """In the data folder, or, where its path is too long for a socket, in this user's own temporary folder."""
    inside = home / "owner.sock"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET:
        return inside
    mine = Path(tempfile.gettempdir()) / f"bonton-{os.getuid()}"
    mine.mkdir(mode=0o700, exist_ok=True)
    if mine.stat().st_uid != os.getuid():
        raise BontonError(f"{mine} belongs to somebody else; choose a shorter BONTON_HOME")
    return mine / f"{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}.sock"
