"""One owner of the data folder: it holds the lock, the embedded index and the durable executor; others hand it their work.

Two writers corrupt an embedded index silently, and two executors of one id do the same work twice. So a command becomes the
owner for its short life when nothing runs, else it speaks to the owner over a local socket, one JSON document a line.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from pydantic import TypeAdapter

from bot.domain.decision import Decision, Event, Ruling
from bot.domain.draft import Draft, Source
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.domain.voice import Edit, Rule
from bot.errors import BontonError, NotAllowed, Refused
from knowledge.report import LearnReport

PATIENCE = 60.0
"""Seconds to wait for an owner that is starting or stopping."""
BIGGEST_LINE = 8 * 2**20
LONGEST_SOCKET = 100
"""Bytes of a Unix socket's path that every system takes."""

Progress = Callable[[int, int, str], None]


class Desk(Protocol):
    """What commands and front-ends may ask, of the owner itself (`app.Bonton`) or from afar (`Remote`)."""

    async def handle(self, request: Request) -> Reply: ...
    async def decide(self, decision: Decision) -> Ruling: ...
    async def draft(self, number: int) -> Draft: ...
    async def pending(self, brand: str) -> list[Draft]: ...
    async def events(self, draft: int) -> list[Event]: ...
    async def search(self, brand: str, question: str, k: int) -> list[Source]: ...
    async def learn(self, brand: str, paths: Sequence[str], on_progress: Progress | None = None) -> LearnReport: ...
    async def changes(self, draft: int) -> list[Edit]: ...
    async def rules(self, brand: str) -> list[Rule]: ...
    async def proposal_for(self, draft: int) -> Rule | None: ...
    async def rule_accept(self, rule: int, by: str) -> Rule: ...
    async def rule_refuse(self, rule: int, by: str) -> Rule: ...
    async def rule_undo(self, rule: int, by: str) -> Rule: ...


CALLS: dict[str, tuple[tuple[TypeAdapter[Any], ...], TypeAdapter[Any]]] = {
    "handle": ((TypeAdapter(Request),), TypeAdapter(Reply)),
    "decide": ((TypeAdapter(Decision),), TypeAdapter(Ruling)),
    "draft": ((TypeAdapter(int),), TypeAdapter(Draft)),
    "pending": ((TypeAdapter(str),), TypeAdapter(list[Draft])),
    "events": ((TypeAdapter(int),), TypeAdapter(list[Event])),
    "search": ((TypeAdapter(str), TypeAdapter(str), TypeAdapter(int)), TypeAdapter(list[Source])),
    "learn": ((TypeAdapter(str), TypeAdapter(list[str])), TypeAdapter(LearnReport)),
    "changes": ((TypeAdapter(int),), TypeAdapter(list[Edit])),
    "rules": ((TypeAdapter(str),), TypeAdapter(list[Rule])),
    "proposal_for": ((TypeAdapter(int),), TypeAdapter(Rule | None)),
    "rule_accept": ((TypeAdapter(int), TypeAdapter(str)), TypeAdapter(Rule)),
    "rule_refuse": ((TypeAdapter(int), TypeAdapter(str)), TypeAdapter(Rule)),
    "rule_undo": ((TypeAdapter(int), TypeAdapter(str)), TypeAdapter(Rule)),
}


class Remote:
    """The desk, spoken to over the owner's socket. Raises what the owner raised."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def handle(self, request: Request) -> Reply:
        answer: Reply = await self._call("handle", request)
        return answer

    async def decide(self, decision: Decision) -> Ruling:
        answer: Ruling = await self._call("decide", decision)
        return answer

    async def draft(self, number: int) -> Draft:
        answer: Draft = await self._call("draft", number)
        return answer

    async def pending(self, brand: str) -> list[Draft]:
        answer: list[Draft] = await self._call("pending", brand)
        return answer

    async def events(self, draft: int) -> list[Event]:
        answer: list[Event] = await self._call("events", draft)
        return answer

    async def search(self, brand: str, question: str, k: int) -> list[Source]:
        answer: list[Source] = await self._call("search", brand, question, k)
        return answer

    async def learn(self, brand: str, paths: Sequence[str], on_progress: Progress | None = None) -> LearnReport:
        answer: LearnReport = await self._call("learn", brand, list(paths), on_progress=on_progress)
        return answer

    async def changes(self, draft: int) -> list[Edit]:
        answer: list[Edit] = await self._call("changes", draft)
        return answer

    async def rules(self, brand: str) -> list[Rule]:
        answer: list[Rule] = await self._call("rules", brand)
        return answer

    async def proposal_for(self, draft: int) -> Rule | None:
        answer: Rule | None = await self._call("proposal_for", draft)
        return answer

    async def rule_accept(self, rule: int, by: str) -> Rule:
        answer: Rule = await self._call("rule_accept", rule, by)
        return answer

    async def rule_refuse(self, rule: int, by: str) -> Rule:
        answer: Rule = await self._call("rule_refuse", rule, by)
        return answer

    async def rule_undo(self, rule: int, by: str) -> Rule:
        answer: Rule = await self._call("rule_undo", rule, by)
        return answer

    async def _call(self, method: str, *arguments: Any, on_progress: Progress | None = None) -> Any:
        shapes, result = CALLS[method]
        sent = [shape.dump_python(value, mode="json") for shape, value in zip(shapes, arguments, strict=True)]
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
                    return result.validate_python(answer["result"])
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
            shapes, result = CALLS[call["method"]]
            arguments = [shape.validate_python(value) for shape, value in zip(shapes, call["arguments"], strict=True)]
            more = {"on_progress": progress} if call["method"] == "learn" else {}
            value = await getattr(self._desk, call["method"])(*arguments, **more)
            send({"result": result.dump_python(value, mode="json")})
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
            yield Remote(path)
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
