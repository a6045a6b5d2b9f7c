"""The days of `tests/conversations/slack/*.md`, lived in a fake workspace with the running product; some over Socket Mode too.

> Maud #care: words            says it in a channel (`@Bonton` mentions), as the first of a new thread
> Maud thread: words           under it · `> Maud direct: words` to Bonton alone · `> Maud assistant: words` in its pane
> Maud #care: /bonton words    the command · `> Maud drops guide.md, direct: content` a file
* Maud presses Approuver       a button of the last card, by its words; in a modal or the home when one is open
* Maud chooses ferme           in the card's menu
* Maud fills text: … | networks: instagram     fields of the open modal, and sends it
* Maud uses draft_reply        the shortcut, on the last thing a person said; `new_draft` anywhere
* Maud opens home
< words   in what everybody sees here by now     ~ words   in what this person alone sees
! words   in neither                              = 2       so many messages of Bonton in the thread
+ instagram @lea: words    a comment that another tool sends
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.serving import ALERTS, FRONT, SLACK, posted
from tests.fakes.slack import FakeSlack

DAYS = sorted((Path(__file__).parents[1] / "conversations" / "slack").glob("*.md"))
CHANNELS = {"#care": "C0CARE", "#elsewhere": "C0ELSEWHERE", "#quiet": "C0QUIET", "#virevent": FRONT, "#alerts": ALERTS}
PATIENCE = 40
QUIET = 0.4
"""Seconds after which what was not said is not going to be."""


@dataclass
class Day:
    slack: FakeSlack
    who: str = ""
    channel: str = ""
    thread: str | None = None
    seen: int = 0
    """Of what this person alone sees, what was there before their last act; `direct`: the same of our conversation."""
    direct: int = 0
    commanded: str = ""

    async def live(self, line: str) -> None:
        mark, words = line[0], line[2:].strip()
        if mark == "+":
            await posted(self.slack.deliver_to.split("/slack")[0], words)
        elif mark == ">":
            await self.say(words)
        elif mark == "*":
            await self.act(words)
        elif mark == "<":
            await self.slack.until(
                lambda: squeezed(words) in self.public(), PATIENCE, f"“{words}” in:\n{self.public()}\n"
            )
        elif mark == "~":
            await self.slack.until(
                lambda: squeezed(words) in self.private(), PATIENCE, f"“{words}” to {self.who} alone"
            )
        elif mark == "=":
            await self.slack.until(lambda: len(self.said()) == int(words), PATIENCE, f"{words} messages")
        elif mark == "!":
            await self.quiet(words)

    async def quiet(self, words: str) -> None:
        import asyncio

        await asyncio.sleep(QUIET)
        for shown in (self.public(), self.private()):
            assert squeezed(words) not in shown, f"“{words}” is shown:\n{shown}"

    async def say(self, line: str) -> None:
        where, _, words = line.partition(": ")
        name, where = where.split(" ", 1)
        self.enter(name)
        user = SLACK.get(name, "U0STRANGER")
        mention, words = "@Bonton" in words, words.replace("@Bonton", "").strip()
        words = words.replace("\\n", "\n")
        if where.startswith("drops "):
            file, where = where.removeprefix("drops ").split(", ")
            channel = self.slack.im(user).id if where == "direct" else CHANNELS[where]
            said = await self.slack.drop_file(user, channel, file, words, mention=where != "direct")
            self.channel, self.thread = channel, said.ts
        elif words.startswith("/"):
            command, _, rest = words.partition(" ")
            self.channel, self.thread = CHANNELS.get(where) or self.slack.im(user).id, None
            answer = await self.slack.command(user, self.channel, command, rest)
            assert answer.ok, answer.trouble
            self.commanded = answer.body
        elif where == "thread":
            under = self.thread or str(self.latest()["ts"])
            await self.slack.say(user, self.channel, words, under, mention=mention)
        elif where == "direct":
            said = await self.slack.direct(user, words)
            self.channel, self.thread = self.slack.im(user).id, said.ts
        elif where == "assistant":
            await self.slack.say(user, self.channel, words, self.thread)
        else:
            said = await self.slack.say(user, CHANNELS[where], words, mention=mention)
            self.channel, self.thread = CHANNELS[where], said.ts

    async def act(self, line: str) -> None:
        name, verb, rest = [*line.split(" ", 2), ""][:3]
        self.enter(name)
        user = SLACK.get(name, "U0STRANGER")
        if verb == "presses":
            where, action, value = await self.find(user, rest)
            assert (await self.slack.press(user, where, action, value)).ok
        elif verb == "chooses":
            menu = await self.slack.until(lambda: menu_of(self.latest()), PATIENCE, "a menu")
            assert await self.slack.choose(user, self.latest(), menu, rest)
        elif verb == "fills":
            await self.slack.until(lambda: self.slack.modal(user), PATIENCE, "a modal")
            await self.slack.submit(user, filled(rest))
        elif verb == "types":
            await self.slack.until(lambda: self.slack.modal(user), PATIENCE, "a modal")
            block, _, words = rest.partition(": ")
            await self.slack.type_in_view(user, block, words)
        elif verb == "uses":
            if rest == "new_draft":
                await self.slack.global_shortcut(user, rest)
            else:
                said = [one for one in self.slack.messages(self.channel) if not one.get("bot_id")][-1]
                self.thread = said["ts"]
                await self.slack.message_shortcut(user, said, rest)
        elif (verb, rest) == ("opens", "home"):
            await self.slack.open_home(user)
        elif (verb, rest) == ("opens", "assistant"):
            thread = (await self.slack.open_assistant(user)).ts
            self.channel, self.thread = self.slack.im(user).id, thread
        else:
            raise AssertionError(f"nobody can do that: {line}")

    def enter(self, name: str) -> None:
        self.who = name
        self.commanded = ""
        user = SLACK.get(name, "U0STRANGER")
        self.seen = len(self.slack.ephemerals(user))
        self.direct = len(self.slack.posted(self.slack.im(user).id))

    async def find(self, user: str, words: str) -> tuple[Any, str, str | None]:
        """The surface, the action and the value of a button, by its words: what is on top first."""

        def there() -> tuple[Any, str, str | None] | None:
            for where in (self.slack.modal(user), *reversed(self.said()), self.slack.home(user)):
                for element in elements(where):
                    if element.get("type") == "button" and squeezed(element["text"]["text"]) == squeezed(words):
                        return where, element["action_id"], element.get("value")
            return None

        found: tuple[Any, str, str | None] = await self.slack.until(there, PATIENCE, f"a button “{words}”")
        return found

    def said(self) -> list[Any]:
        """What Bonton said where we are."""
        if self.thread is None:
            return [one for one in self.slack.posted(self.channel) if one.get("thread_ts") in (None, one["ts"])]
        return self.slack.posted(self.channel, self.thread)

    def latest(self) -> Any:
        return self.said()[-1] if self.said() else None

    def public(self) -> str:
        told = [self.slack.text_of(one) for one in self.said()]
        prompts = self.slack.assistant(self.channel, self.thread or "")["prompts"]
        return squeezed("\n".join([*told, *(prompt["title"] for prompt in prompts)]))

    def private(self) -> str:
        user = SLACK.get(self.who, "U0STRANGER")
        told = [self.slack.text_of(one) for one in self.slack.ephemerals(user)[self.seen :]]
        shown = [self.slack.text_of(one) for one in (self.slack.modal(user), self.slack.home(user)) if one]
        direct = [self.slack.text_of(one) for one in self.slack.posted(self.slack.im(user).id)[self.direct :]]
        return squeezed("\n".join([*told, *shown, *direct, self.commanded]))


def elements(where: Any) -> list[Any]:
    found = []
    for block in (where or {}).get("blocks", []):
        found += block.get("elements", []) if block["type"] == "actions" else []
        found += [block["accessory"]] if "accessory" in block else []
    return found


def menu_of(where: Any) -> str:
    return next((str(one["action_id"]) for one in elements(where) if one["type"] == "static_select"), "")


def filled(words: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for part in words.split(" | "):
        name, _, value = part.partition(": ")
        values[name] = value.split(",") if name == "networks" else value
    return values


def squeezed(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


@pytest.mark.parametrize("file", DAYS, ids=lambda file: file.stem)
async def test_the_day_goes_as_written(slack: FakeSlack, file: Path) -> None:
    await live(slack, file)


@pytest.mark.parametrize(
    "name", ["edit_ask_reject", "le_raccourci_et_la_fenetre", "the_command", "une_mention_dans_un_canal"]
)
async def test_a_day_goes_the_same_over_socket_mode(slack_by_socket: FakeSlack, name: str) -> None:
    await live(slack_by_socket, next(file for file in DAYS if file.stem == name))


async def live(slack: FakeSlack, file: Path) -> None:
    day = Day(slack)
    for line in file.read_text().splitlines():
        if line[:2] in ("> ", "* ", "< ", "~ ", "! ", "= ", "+ "):
            await day.live(line)
    assert slack.troubles == []
