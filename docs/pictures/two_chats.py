"""Writes `docs/two-chats.md`: one draft in a Slack thread and in a Telegram group, lived with the running product.

python -m docs.pictures.two_chats
"""

from __future__ import annotations

import asyncio
import html
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.fakes.serving import FRONT, GROUP, Serve, brand_folder, populate, populate_telegram
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

PAGE = Path(__file__).parents[1] / "two-chats.md"
HEAD = """# One draft, two chats

The brand file names a Slack channel and a Telegram group (`fronts`). What follows is what both showed, step by step, with
`bonton serve` and no model (written by `python -m docs.pictures.two_chats`).
"""


class Story:
    def __init__(self, slack: FakeSlack, telegram: FakeTelegram) -> None:
        self.slack = slack
        self.telegram = telegram
        self.parts = [HEAD]

    async def both(self, title: str, shows: str) -> None:
        """The step, and the card as each chat shows it once it holds those words."""

        def shown() -> bool:
            return all(shows in squeezed(told) for told in (self.there(), self.here()))

        await self.slack.until(shown, 120, f"“{shows}”")
        cells = "".join(f"<td valign=top><pre>{html.escape(told)}</pre></td>" for told in (self.here(), self.there()))
        head = "<tr><th>Slack, #virevent</th><th>Telegram, groupe Virevent</th></tr>"
        self.parts.append(f"## {title}\n\n<table>{head}<tr>{cells}</tr></table>\n")

    def here(self) -> str:
        return folded(self.slack.text_of(self.slack.posted(FRONT)[-1])) if self.slack.posted(FRONT) else ""

    def there(self) -> str:
        said = self.telegram.posted(GROUP)
        if not said:
            return ""
        rows = (said[-1].get("reply_markup") or {}).get("inline_keyboard") or []
        keys = "\n".join(" ".join(f"[{button['text']}]" for button in row) for row in rows)
        return folded(f"{said[-1]['text']}\n{keys}".strip())

    async def alert(self, user: int, tap: Callable[[], object]) -> None:
        before = len(self.telegram.answers)
        tap()
        told = await self.telegram.until(lambda: self.telegram.told(user, after=before))
        self.parts.append(f"> Dans Telegram, à cette personne seule : « {told[0]['text']} »\n")


def folded(words: str) -> str:
    """Lines short enough to stand side by side."""
    lines = []
    for line in words.splitlines():
        while len(line) > 62:
            cut = line.rfind(" ", 0, 62) + 1 or 62
            lines.append(line[:cut].rstrip())
            line = line[cut:]  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines)


def squeezed(words: str) -> str:
    return re.sub(r"\s+", " ", words)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        brand_folder(home / "brands", fronts=True)
        async with FakeSlack(burst=1_000) as slack, FakeTelegram() as telegram:
            populate(slack)
            populate_telegram(telegram)
            serving = Serve(home, {**slack.environment(), **telegram.environment()})
            slack.deliver_to = serving.events
            async with serving:
                story = Story(slack, telegram)
                words = "sur Instagram : « Trois semaines de retard et personne ne répond »"
                await slack.say("U0MAUD", FRONT, words, mention=True)
                await story.both("1. Maud, dans Slack : @Bonton " + words, "Il faut une approbation")
                card = telegram.posted(GROUP)[-1]
                approve = next(one for one in telegram.buttons(card) if "Approuver" in one["text"])["callback_data"]
                story.parts.append("## 2. Noé, qui n’approuve pas, touche « Approuver » dans Telegram\n")
                await story.alert(106, lambda: telegram.press(106, telegram.posted(GROUP)[-1], approve))
                await telegram.say(101, "plus court", GROUP, reply_to=card)
                told = await telegram.until(lambda: [one for one in telegram.posted(GROUP) if "Compris" in one["text"]])
                telegram.held[GROUP].pop(told[0]["message_id"])
                await story.both("3. Inès, dans Telegram, répond à la carte : plus court", "révision 2")
                story.parts.append(f"> Bonton, dans Telegram : {told[0]['text']}\n")
                await telegram.tap(101, telegram.posted(GROUP)[-1], "Approuver")
                await story.both("4. Inès touche « Approuver » dans Telegram", "Approuvé par Inès")
                story.parts.append(
                    "## 5. Maud touche encore « Approuver » dans Telegram, une carte qu’elle voyait encore ouverte\n"
                )
                await story.alert(103, lambda: telegram.press(103, telegram.posted(GROUP)[-1], approve))
    PAGE.write_text("\n".join(story.parts), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
