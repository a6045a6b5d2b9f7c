"""Telegram in `bonton serve`: what is told when it cannot be, catching up after it was away, and fairness between chats."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.frontends.telegram.chat import TelegramChat
from bot.frontends.telegram.doctor import examine
from bot.settings import Settings
from knowledge.brand import Brand
from tests.fakes.serving import CARE, FRONT, GROUP, Serve, populate, populate_telegram
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.slack.test_serve import bonton

LATE = "on Instagram: “My parcel is {n} days late and nobody answers.”"


async def test_a_refused_token_is_told_without_showing_it(home: Path) -> None:
    async with FakeTelegram() as telegram:
        settings = {"BONTON_HOME": str(home), **telegram.environment(TELEGRAM_BOT_TOKEN="1:wrong")}
        code, out, err = await bonton(settings, "serve")
    assert code == 1
    assert "TELEGRAM_BOT_TOKEN is refused" in out + err
    assert "1:wrong" not in out + err


async def test_the_doctor_names_the_bot_and_who_cannot_approve(monkeypatch: pytest.MonkeyPatch, brand: Brand) -> None:
    async with FakeTelegram() as telegram:
        for name, value in telegram.environment().items():
            monkeypatch.setenv(name, value)
        found = await examine(Settings(), [brand])
        nobody = await examine(Settings(), [])
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:wrong")
        wrong = await examine(Settings(), [brand])
    assert found == [("telegram", True, "@BontonBot, polling"), ("telegram people", True, "moulin-dore")]
    assert not nobody[1][1]
    assert not wrong[0][1]
    monkeypatch.setenv("BONTON_TELEGRAM_WEBHOOK", "http://b.example")
    assert "must begin with https://" in TelegramChat.off(Settings())


async def test_the_menus_speak_each_language(telegram: FakeTelegram) -> None:
    names = {code: [one["command"] for one in menu] for code, menu in telegram.commands.items()}
    assert names[""][:4] == ["reply", "post", "ask", "pending"]
    assert names["fr"][:4] == ["repondre", "publier", "demander", "attente"]


async def test_a_chat_that_was_away_catches_up(learned: Path, new_home: Callable[[], Path]) -> None:
    async with FakeSlack(burst=1_000) as slack:
        populate(slack)
        telegram = FakeTelegram()
        populate_telegram(telegram)
        async with telegram:
            chats = {**slack.environment(), **telegram.environment(BONTON_BRANDS=str(learned / "brands"))}
            serving = Serve(new_home(), chats)
            slack.deliver_to = serving.events
            await serving.start()
            await slack.say("U0MAUD", FRONT, LATE.format(n=4), mention=True)
            await telegram.until(lambda: telegram.posted(GROUP), what="a card in Telegram")
        try:
            card = slack.posted(FRONT)[-1]
            assert (await slack.press("U0GASPARD", card, "approve", "1.1")).ok
            await slack.until(lambda: "par Gaspard" in slack.text_of(slack.posted(FRONT)[-1]))
            await slack.say("U0MAUD", FRONT, LATE.format(n=5), mention=True)
            await slack.until(lambda: len(slack.posted(FRONT)) == 2)
            async with telegram:
                await telegram.until(lambda: "Gaspard" in telegram.posted(GROUP)[0]["text"], what="the locked card")
                assert not telegram.buttons(telegram.posted(GROUP)[0])
                assert "(dans Slack)" in telegram.posted(GROUP)[0]["text"]
                await telegram.until(lambda: len(telegram.posted(GROUP)) == 2, what="the card that was missed")
                await serving.stop()
        finally:
            if serving.process is not None and serving.process.returncode is None:
                await serving.kill()


async def test_a_flooded_chat_does_not_starve_another(telegram: FakeTelegram) -> None:
    before = telegram.now()
    for number in range(6):
        await telegram.say(103, f"@BontonBot {LATE.format(n=number + 30)}", CARE)
    await telegram.say(104, LATE.format(n=60))
    await telegram.until(lambda: telegram.posted(104, after=before), what="the other chat's card")
    assert len(telegram.posted(CARE, after=before)) < 6
    await telegram.until(lambda: len(telegram.posted(CARE, after=before)) == 6, what="all of them")
    asked = [one["text"].split("My parcel is ")[1].split(" days")[0] for one in telegram.posted(CARE, after=before)]
    assert asked == [str(number + 30) for number in range(6)]
    await asyncio.sleep(0.2)
