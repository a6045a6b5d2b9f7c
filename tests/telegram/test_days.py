"""The days of `tests/conversations/telegram/*.md`, lived in a fake Telegram with the running product; some by webhook too.

> Maud direct: words           says it to Bonton alone · `#care`, `#virevent`, `#elsewhere`: in a group · `#topic`: in a forum's topic
> Maud answers: words          in answer to Bonton's last message there · `answers card:` to the last card; `this → that` in
                             its words sends the card's whole text so changed
> Maud forwards direct: words  somebody else's comment · `> Maud sends guide.md direct: content` a document
> Maud shows photo direct: words    a picture with its caption; also `voice`
* Maud taps Approuver          a button of Bonton's last message that has it, by its words
< words   in what stands there by now, since the day began     ~ words   told to this person alone in answer to a tap
! words   in neither                                           = 2       so many messages of Bonton since the day began
+ instagram @lea: words    a comment that another tool sends    + alert: words    a post in a channel that is watched
"""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.serving import CARE, CHANNEL, ELSEWHERE, FORUM, GROUP, TELEGRAM, TOPIC, posted
from tests.fakes.telegram import FakeTelegram

DAYS = sorted((Path(__file__).parents[1] / "conversations" / "telegram").glob("*.md"))
PLACES = {"#care": (CARE, None), "#virevent": (GROUP, None), "#elsewhere": (ELSEWHERE, None), "#topic": (FORUM, TOPIC)}
PATIENCE = 20
QUIET = 0.4
"""Seconds after which what was not said is not going to be."""
FORWARDED = {"type": "hidden_user", "date": 1_795_000_000, "sender_user_name": "a customer"}


@dataclass
class Day:
    telegram: FakeTelegram
    began: int = 0
    who: str = ""
    chat: int = 0
    topic: int | None = None
    told: int = 0
    """Answers to taps before the last act."""
    queries: list[str] = field(default_factory=list)

    async def live(self, line: str) -> None:
        mark, words = line[0], line[2:].strip()
        if line.startswith("+ alert: "):
            await self.telegram.announce(CHANNEL, words.removeprefix("alert: "))
        elif mark == "+":
            await posted(self.telegram.deliver_to.split("/telegram")[0], words)
        elif mark == ">":
            await self.say(words)
        elif mark == "*":
            await self.tap(words)
        elif mark == "<":
            await self.telegram.until(
                lambda: squeezed(words) in self.public(), PATIENCE, f"“{words}” in:\n{self.public()}\n"
            )
        elif mark == "~":
            await self.telegram.until(lambda: squeezed(words) in self.private(), PATIENCE, f"“{words}” to {self.who}")
        elif mark == "=":
            await self.telegram.until(lambda: len(self.said()) == int(words), PATIENCE, f"{words} messages")
        elif mark == "!":
            await asyncio.sleep(QUIET)
            for shown in (self.public(), self.private()):
                assert squeezed(words) not in shown, f"“{words}” is shown:\n{shown}"

    async def say(self, line: str) -> None:
        where, _, words = line.partition(": ")
        words = words.replace("\\n", "\n").replace("@Bonton", "@BontonBot")
        name, *how = where.split(" ")
        user = self.enter(name)
        if how[0] == "answers":
            about = self.cards()[-1] if how[1:] == ["card"] else self.said()[-1]
            if " → " in words:
                before, after = (part.replace("— ", "—\u00a0") for part in words.split(" → "))
                words = html.unescape(about["html"].split("<pre>")[1].split("</pre>")[0])
                assert before in words, words
                words = words.replace(before, after)
            await self.telegram.say(user, words, self.chat, topic=self.topic, reply_to=about)
            return
        self.chat, self.topic = PLACES.get(how[-1], (user, None))
        if how[0] == "forwards":
            await self.telegram.say(user, words, self.chat, topic=self.topic, forward_origin=FORWARDED)
        elif how[0] == "sends":
            await self.telegram.send_file(user, how[1], words.encode(), self.chat)
        elif how[0] == "shows":
            file = {"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}
            what: dict[str, Any] = {"photo": [file]} if how[1] == "photo" else {"voice": {**file, "duration": 3}}
            await self.telegram.say(user, words, self.chat, topic=self.topic, **what)
        else:
            await self.telegram.say(user, words, self.chat, topic=self.topic)

    async def tap(self, line: str) -> None:
        name, words = line.split(" taps ", 1)
        user = self.enter(name)

        def there() -> Any:
            for message in reversed(self.said()):
                for button in self.telegram.buttons(message):
                    if words in button["text"]:
                        return message
            return None

        message = await self.telegram.until(there, PATIENCE, f"a button “{words}”")
        self.queries.append(await self.telegram.tap(user, message, words))

    def enter(self, name: str) -> int:
        self.who = name
        self.told = len(self.telegram.answers)
        return TELEGRAM.get(name, 999)

    def said(self) -> list[Any]:
        return self.telegram.posted(self.chat, self.topic, after=self.began)

    def cards(self) -> list[Any]:
        return [one for one in self.said() if re.search(r"#\d+ · ", one["text"])]

    def public(self) -> str:
        shown = [one["text"] + " " + " ".join(b["text"] for b in self.telegram.buttons(one)) for one in self.said()]
        return squeezed("\n".join(shown))

    def private(self) -> str:
        user = TELEGRAM.get(self.who, 999)
        return squeezed("\n".join(one["text"] for one in self.telegram.told(user, after=self.told)))


def squeezed(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


@pytest.mark.parametrize("file", DAYS, ids=lambda file: file.stem)
async def test_the_day_goes_as_written(telegram: FakeTelegram, file: Path) -> None:
    await live(telegram, file)


@pytest.mark.parametrize("name", ["a_comment_in_private", "in_a_group"])
async def test_a_day_goes_the_same_by_webhook(telegram_by_webhook: FakeTelegram, name: str) -> None:
    await live(telegram_by_webhook, next(file for file in DAYS if file.stem == name))


async def live(telegram: FakeTelegram, file: Path) -> None:
    day = Day(telegram, began=telegram.now())
    for line in file.read_text().splitlines():
        if line[:2] in ("> ", "* ", "< ", "~ ", "! ", "= ", "+ "):
            await day.live(line)
    answered = {one["query"] for one in telegram.answers}
    await telegram.until(lambda: {*day.queries} <= {one["query"] for one in telegram.answers}, 5, f"{answered} only")
