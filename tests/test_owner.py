"""One process owns the data folder; every other hands it its work over the socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.desk import Progress
from bot.domain.decision import Decision, Event, Ruling
from bot.domain.draft import Draft, Source
from bot.domain.reply import Reply
from bot.domain.request import Request
from bot.errors import BontonError, NotAllowed, Refused
from bot.owner import Remote, owning, socket_path
from knowledge.report import LearnReport


class FakeDesk:
    """Remembers who asked, and refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.handled: list[Request] = []
        self.opened = 0

    async def handle(self, request: Request) -> Reply:
        self.handled.append(request)
        await asyncio.sleep(0.02)
        return Reply(request=request.id, drafts=(len(self.handled),))

    async def decide(self, decision: Decision) -> Ruling:
        raise NotAllowed("decide.not_an_approver", who=decision.by, brand="La Maison")

    async def draft(self, number: int) -> Draft:
        raise Refused("draft.unknown", draft=number)

    async def pending(self, brand: str) -> list[Draft]:
        raise RuntimeError("words of a customer that must not cross")

    async def events(self, draft: int) -> list[Event]:
        return []

    async def search(self, brand: str, question: str, k: int) -> list[Source]:
        return [Source(document=brand, heading=question, text="é" * 100_000, score=1.0)] * k

    async def learn(self, brand: str, paths: Sequence[str], on_progress: Progress | None = None) -> LearnReport:
        raise BontonError("no room left")


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


def starting(desk: FakeDesk):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def start() -> AsyncIterator[FakeDesk]:
        desk.opened += 1
        yield desk

    return start


def request(number: int) -> Request:
    return Request(id=f"r{number}", text="Bonjour", brand="la-maison")


async def test_the_first_becomes_the_owner_and_the_second_speaks_to_it(tmp_path: Path, desk: FakeDesk) -> None:
    async with owning(tmp_path, starting(desk)) as first, owning(tmp_path, starting(desk)) as second:
        assert first is desk
        assert isinstance(second, Remote)
        assert (await second.handle(request(1))).drafts == (1,)
    assert desk.opened == 1


async def test_the_folder_is_free_again_when_the_owner_leaves(tmp_path: Path, desk: FakeDesk) -> None:
    async with owning(tmp_path, starting(desk)):
        pass
    async with owning(tmp_path, starting(desk)) as again:
        assert again is desk


async def test_fifty_calls_at_once_are_all_answered(tmp_path: Path, desk: FakeDesk) -> None:
    async with owning(tmp_path, starting(desk)), owning(tmp_path, starting(desk)) as remote:
        replies = await asyncio.gather(*(remote.handle(request(number)) for number in range(50)))
    assert {reply.request for reply in replies} == {f"r{number}" for number in range(50)}


async def test_what_the_owner_refuses_is_refused_from_afar_with_its_words(tmp_path: Path, desk: FakeDesk) -> None:
    async with owning(tmp_path, starting(desk)), owning(tmp_path, starting(desk)) as remote:
        with pytest.raises(NotAllowed) as private:
            await remote.decide(Decision(draft=1, verb="approve", by="Fay"))
        with pytest.raises(Refused) as unknown:
            await remote.draft(7)
        with pytest.raises(BontonError, match="no room left"):
            await remote.learn("la-maison", [])
    assert private.value.details["who"] == "Fay"
    assert unknown.value.key == "draft.unknown"


async def test_an_unexpected_failure_says_its_kind_and_never_its_words(tmp_path: Path, desk: FakeDesk) -> None:
    async with owning(tmp_path, starting(desk)), owning(tmp_path, starting(desk)) as remote:
        with pytest.raises(BontonError) as failure:
            await remote.pending("la-maison")
    assert "RuntimeError" in str(failure.value)
    assert "customer" not in str(failure.value)


async def test_large_answers_cross_whole(tmp_path: Path, desk: FakeDesk) -> None:
    async with owning(tmp_path, starting(desk)), owning(tmp_path, starting(desk)) as remote:
        found = await remote.search("la-maison", "q", 8)
    assert [len(one.text) for one in found] == [100_000] * 8


async def test_nonsense_on_the_socket_stops_nothing(tmp_path: Path, desk: FakeDesk) -> None:
    async with owning(tmp_path, starting(desk)), owning(tmp_path, starting(desk)) as remote:
        for nonsense in (
            b"\n",
            b"{}\n",
            b"not json\n",
            b'{"method": "close", "arguments": []}\n',
            b"[1]\n",
            b"\xff\xfe\n",
        ):
            _, writer = await asyncio.open_unix_connection(str(socket_path(tmp_path)))
            writer.write(nonsense)
            await writer.drain()
            writer.close()
        assert (await remote.handle(request(1))).drafts == (1,)


async def test_a_caller_in_the_middle_is_answered_before_the_owner_leaves(tmp_path: Path, desk: FakeDesk) -> None:
    async with owning(tmp_path, starting(desk)), owning(tmp_path, starting(desk)) as remote:
        late = asyncio.create_task(remote.handle(request(1)))
        await asyncio.sleep(0.005)
    assert (await late).drafts == (1,)


async def test_a_folder_with_a_long_path_has_its_socket_elsewhere_for_this_user_alone(
    tmp_path: Path, desk: FakeDesk
) -> None:
    home = tmp_path / ("d" * 80) / ("e" * 80)
    home.mkdir(parents=True)
    async with owning(home, starting(desk)), owning(home, starting(desk)) as remote:
        assert (await remote.handle(request(1))).drafts == (1,)
        assert socket_path(home).stat().st_mode & 0o077 == 0


async def test_the_socket_is_for_this_user_alone(tmp_path: Path, desk: FakeDesk) -> None:
    async with owning(tmp_path, starting(desk)):
        assert socket_path(tmp_path).stat().st_mode & 0o077 == 0
