"""What people and networks do to a bot: forged and repeated updates, odd texts, haste, silence, and buttons of somebody else's."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.serving import CARE, ELSEWHERE, GROUP, Serve, populate_telegram
from tests.fakes.telegram import FakeTelegram

LATE = "on Instagram: “My parcel is {n} days late and nobody answers.”"
_days = itertools.count(3)


def comment() -> str:
    return LATE.format(n=next(_days))


async def card(telegram: FakeTelegram, user: int = 104, words: str = "", chat: int | None = None) -> Any:
    before = telegram.now()
    await telegram.say(user, words or comment(), chat)
    found = await telegram.until(
        lambda: [one for one in telegram.posted(chat or user, after=before) if telegram.buttons(one)], what="a card"
    )
    return found[0]


def state(telegram: FakeTelegram, message: Any) -> str:
    return str(telegram.held[message["chat"]["id"]][message["message_id"]]["text"])


async def test_an_update_that_comes_again_starts_nothing(telegram: FakeTelegram) -> None:
    await card(telegram)
    await asyncio.sleep(0.3)
    said = next(one for one in reversed(telegram.delivered) if "message" in one)
    before, group = len(telegram.posted(104)), len(telegram.posted(GROUP))
    for _ in range(3):
        telegram.redeliver(said)
    await asyncio.sleep(0.6)
    assert (len(telegram.posted(104)), len(telegram.posted(GROUP))) == (before, group)


async def test_a_tap_that_comes_again_decides_nothing_more(telegram: FakeTelegram) -> None:
    shown = await card(telegram)
    await telegram.tap(104, shown, "Approve")
    await telegram.until(lambda: "Approved by Thibault" in state(telegram, shown))
    tapped = next(one for one in reversed(telegram.delivered) if "callback_query" in one)
    telegram.redeliver(tapped)
    await asyncio.sleep(0.4)
    assert "Approved by Thibault" in state(telegram, shown)


@pytest.mark.parametrize(
    "words",
    [
        "<b>gras</b> & <script>alert(1)</script> <a href='https://evil.example'>ici</a>",
        "👩‍👩‍👧‍👦🏴‍☠️" * 300,
        "שלום \u202e evil \u202c المنتج تالف " * 20,
        "&lt;b&gt; &amp;amp; </pre></blockquote>" * 10,
        "e\u0301" * 900 + " en retard",
    ],
    ids=["markup", "emoji", "right-to-left", "entities", "accents"],
)
async def test_odd_comments_make_a_card(telegram: FakeTelegram, words: str) -> None:
    shown = await card(telegram, words=f"/reply facebook {words}")
    assert "evil.example'" not in telegram.held[104][shown["message_id"]]["html"].replace(
        "&lt;a href='https://evil.example'", ""
    )
    for button in ("Details", "Back", "Sources"):
        if any(button in one["text"] for one in telegram.buttons(telegram.held[104][shown["message_id"]])):
            await telegram.tap(104, shown, button)
            await asyncio.sleep(0.15)


async def test_a_text_longer_than_a_message_is_kept_whole(telegram: FakeTelegram) -> None:
    shown = await card(telegram)
    long = "Une phrase — avec des signes 🥖 et <b>du balisage</b> & plus. " * 66
    await telegram.say(104, long, reply_to=shown)
    await telegram.until(lambda: "revision 2" in state(telegram, shown))
    before = telegram.now()
    await telegram.tap(104, shown, "Read the whole text")
    parts = await telegram.until(
        lambda: len(telegram.posted(104, after=before)) >= 2 and telegram.posted(104, after=before)
    )
    assert "".join(" ".join(one["text"] for one in parts).split()) == "".join(long.split())


@pytest.mark.parametrize("words", ["", "   ", "\u200b\u2060", "/", "//", "/nonsense", "@BontonBot"])
async def test_nothing_much_is_answered_or_left(telegram: FakeTelegram, words: str) -> None:
    before = telegram.now()
    await telegram.say(104, words)
    await asyncio.sleep(0.4)
    assert not [one for one in telegram.posted(104, after=before) if "Reply ·" in one["text"]]


@pytest.mark.parametrize(
    "data",
    [
        "1:a:zzzzzz:1",
        "1:a:1:zzzz",
        "0:a:1:1",
        "1:q:1:1",
        "x" * 64,
        "q:network:nowhere",
        "q:brand:tern-and-thistle",
        "l:y",
    ],
)
async def test_forged_buttons_are_answered_and_do_nothing(telegram: FakeTelegram, data: str) -> None:
    shown = await card(telegram)
    query = telegram.press(104, telegram.held[104][shown["message_id"]], data)
    told = await telegram.until(lambda: [one for one in telegram.answers if one["query"] == query], what="an answer")
    assert told[0]["alert"]
    assert "pending" in state(telegram, shown)


async def test_a_stale_card_says_so_and_shows_the_current_one(telegram: FakeTelegram) -> None:
    shown = await card(telegram)
    approve = next(one["callback_data"] for one in telegram.buttons(shown) if "Approve" in one["text"])
    await telegram.say(104, "shorter", reply_to=shown)
    await telegram.until(lambda: "revision 2" in state(telegram, shown))
    query = telegram.press(102, telegram.held[104][shown["message_id"]], approve)
    told = await telegram.until(lambda: [one for one in telegram.answers if one["query"] == query])
    assert "no longer the latest" in told[0]["text"]
    assert told[0]["alert"]
    assert "revision 2" in state(telegram, shown)


async def test_an_edit_to_the_same_words_changes_nothing_and_is_no_error(telegram: FakeTelegram) -> None:
    shown = await card(telegram)
    for _ in range(3):
        await telegram.tap(104, shown, "Details")
    back = await telegram.until(
        lambda: [one for one in telegram.buttons(telegram.held[104][shown["message_id"]]) if "Back" in one["text"]]
    )
    for _ in range(3):
        telegram.press(104, telegram.held[104][shown["message_id"]], back[0]["callback_data"])
    await telegram.until(lambda: "pending" in state(telegram, shown))


async def test_a_stranger_cannot_use_decide_or_read(telegram: FakeTelegram) -> None:
    shown = await card(telegram, 104, f"@BontonBot {comment()}", CARE)
    for words in ("Approve", "Details", "Sources"):
        query = await telegram.tap(999, shown, words)
        told = await telegram.until(lambda number=query: [one for one in telegram.answers if one["query"] == number])
        assert told[0]["alert"]
    before = telegram.now()
    await telegram.say(999, "sources", CARE, reply_to=shown)
    await telegram.say(999, f"/reply instagram {comment()}", ELSEWHERE)
    await telegram.say(999, "/pending", ELSEWHERE)
    await asyncio.sleep(0.5)
    assert [one["text"][:6] for one in telegram.posted(ELSEWHERE, after=before)] == ["Hello."]
    assert "pending" in state(telegram, shown)
    assert not [one for one in telegram.posted(CARE, after=before) if "📖" in one["text"]]


async def test_who_is_told_to_wait_waits_and_others_do_not(telegram: FakeTelegram) -> None:
    telegram.faults["sendMessage"] = ["429"]
    shown = await asyncio.gather(card(telegram, 104), card(telegram, 102))
    assert len(shown) == 2


async def test_what_telegram_lost_is_not_said_twice(telegram: FakeTelegram) -> None:
    await card(telegram)
    before = telegram.now()
    telegram.faults["sendMessage"] = ["lost", "500"]
    await telegram.say(104, comment())
    await telegram.until(lambda: telegram.posted(GROUP, after=before) and telegram.posted(104, after=before))
    await asyncio.sleep(1.5)
    for chat in (104, GROUP):
        shown = [found[0] for one in telegram.posted(chat, after=before) if (found := re.search(r"#\d+", one["text"]))]
        assert shown
        assert sorted(shown) == sorted({*shown})


async def test_webhooks_without_the_secret_are_refused(learned: Path, new_home: Callable[[], Path]) -> None:
    async with FakeTelegram() as telegram:
        populate_telegram(telegram)
        settings = telegram.environment(
            BONTON_BRANDS=str(learned / "brands"), BONTON_TELEGRAM_WEBHOOK="https://b.example"
        )
        async with Serve(new_home(), settings) as serving, aiohttp.ClientSession() as session:
            secret = telegram.webhook["secret_token"]
            url = f"{serving.url}/telegram"
            update = {"update_id": 1, "message": {"message_id": 1, "date": 1, "text": "/whoami"}}
            for given, body, status in (
                ({}, update, 403),
                ({"X-Telegram-Bot-Api-Secret-Token": "guess"}, update, 403),
                ({"X-Telegram-Bot-Api-Secret-Token": secret + "é"}, update, 403),
                ({"X-Telegram-Bot-Api-Secret-Token": secret}, [1], 400),
                ({"X-Telegram-Bot-Api-Secret-Token": secret}, {"update_id": "x"}, 400),
                ({"X-Telegram-Bot-Api-Secret-Token": secret}, {"update_id": 2, "message": {"chat": 5}}, 200),
                ({"X-Telegram-Bot-Api-Secret-Token": secret}, {"update_id": 3, "message": {"chat": {"id": 104}}}, 200),
                ({"X-Telegram-Bot-Api-Secret-Token": secret}, {"update_id": 4, "x": "y" * 2**20}, 413),
            ):
                async with session.post(url, json=body, headers=given) as answer:
                    assert answer.status == status, (given, body)
            telegram.deliver_to = url
            assert await card(telegram)
        assert "parcel" not in serving.said
        assert secret not in serving.said
