"""`bonton serve` as a process of its own, with a brand whose people are in the fake chats."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import aiohttp

from bot.webhook import sign
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

BRANDS = Path(__file__).parents[2] / "knowledge" / "brands"
SLACK = {
    "Inès": "U0INES",
    "Gaspard": "U0GASPARD",
    "Maud": "U0MAUD",
    "Thibault": "U0THIBAULT",
    "Solène": "U0SOLENE",
    "Noé": "U0NOE",
}
TELEGRAM = {"Inès": 101, "Gaspard": 102, "Maud": 103, "Thibault": 104, "Solène": 105, "Noé": 106}
FRONT = "C0VIREVENT"
"""The Slack channel that speaks for the brand."""
GROUP = -1001000000001
"""The Telegram group that does."""
CARE, FORUM, ELSEWHERE, TOPIC = -1001000000002, -1001000000003, -1001000000004, 7
ALERTS, CHANNEL = "C0ALERTS", -1001000000009
"""A Slack channel and a Telegram channel where another tool's alerts arrive."""
LOCALES = {"Inès": "fr-FR", "Maud": "fr-FR"}
"""The others read English."""


def brand_folder(place: Path, name: str = "maison-virevent", *, fronts: bool = False) -> Path:
    """A copy of a sample brand, its people given their identities; with `fronts`, the places that speak for it."""
    folder = place / name
    shutil.copytree(BRANDS / name, folder)
    file = folder / "brand.toml"
    told = file.read_text()
    for person, user in SLACK.items():
        known = f'slack = "{user}"\ntelegram = {TELEGRAM[person]}\n'
        told = re.sub(rf'(name = "{person}"\n)', rf"\1{known}", told)
    told += f'\n[inbox.watch]\nslack = ["{ALERTS}"]\ntelegram = [{CHANNEL}]\n'
    file.write_text(told + (f'\n[fronts]\nslack = ["{FRONT}"]\ntelegram = [{GROUP}]\n' if fronts else ""))
    return folder


def populate(slack: FakeSlack) -> None:
    """The brand's people, somebody who is none of them, and the brand's channel."""
    for name, user in SLACK.items():
        slack.add_user(user, name, locale=LOCALES.get(name, "en-US"))
    slack.add_user("U0STRANGER", "Stranger")
    slack.add_channel(FRONT, "virevent")
    slack.add_channel("C0QUIET", "quiet")
    slack.add_channel(ALERTS, "alerts")
    slack.add_channel("C0ELSEWHERE2", "elsewhere-2")


def populate_telegram(telegram: FakeTelegram) -> None:
    """The same people, a stranger, the brand's group, two others and a forum."""
    for name, number in TELEGRAM.items():
        telegram.add_user(number, name, LOCALES.get(name, "en")[:2])
    telegram.add_user(999, "Stranger", "en")
    for number, title in ((GROUP, "Virevent"), (CARE, "Service client"), (ELSEWHERE, "Autre chose")):
        telegram.add_group(number, title)
    telegram.add_channel(CHANNEL, "Alertes")
    telegram.add_group(FORUM, "Virevent, sujets", topics=(TOPIC, 8))


SECRET = "a secret of tests"


async def post_comments(base: str, brand: str, *comments: dict[str, Any]) -> dict[str, Any]:
    """Signed, as another tool of the brand's would send them."""
    body = json.dumps({"brand": brand, "comments": comments}).encode()
    moment = str(int(time.time()))
    headers = {"X-Bonton-Timestamp": moment, "X-Bonton-Signature": sign(SECRET, moment, body)}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{base}/comments", data=body, headers=headers) as answer,
    ):
        told: dict[str, Any] = await answer.json()
        assert answer.status == 200, told
        return told


async def posted(base: str, line: str) -> None:
    """« instagram @lea: words »: one comment of Maison Virevent's."""
    where, _, words = line.partition(": ")
    network, author = where.split(" ")
    comment = {"text": words, "network": network, "author": author}
    assert (await post_comments(base, "maison-virevent", comment))["stored"] == 1


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Serve:
    """Starts, stops and kills `bonton serve` on one data folder and one port."""

    def __init__(self, home: Path, settings: Mapping[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.events = f"{self.url}/slack/events"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
        kept["BONTON_COMMENTS_SECRET"] = SECRET
        self.settings = {**kept, "BONTON_HOME": str(home), "BONTON_HTTP_PORT": str(self.port), **settings}
        self.log = home.parent / f"{home.name}.log"
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, *, timeout: float = 40) -> Self:
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve", env=self.settings, stdout=log, stderr=log
            )
        async with aiohttp.ClientSession() as session:
            for _ in range(int(timeout / 0.05)):
                if self.process.returncode is not None:
                    raise AssertionError(f"bonton serve ended with {self.process.returncode}:\n{self.said}")
                try:
                    async with session.get(f"{self.url}/health") as answer:
                        if answer.status == 200:
                            return self
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError(f"bonton serve did not become healthy:\n{self.said}")

    async def kill(self) -> None:
        await self.stop(signal.SIGKILL)

    async def stop(self, number: int = signal.SIGTERM, *, timeout: float = 30) -> int:
        """The exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), timeout)

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        if self.process is not None and self.process.returncode is None:
            await self.stop()
