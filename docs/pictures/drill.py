"""Writes `docs/drill.md`: a whole drill, held in a Slack thread and joined from Telegram, lived with the running product.

python -m docs.pictures.drill [FILE.pdf]    the report's PDF is kept there
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.fakes.serving import FRONT, GROUP, SLACK, TELEGRAM, Serve, brand_folder, populate, populate_telegram
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

PAGE = Path(__file__).parents[1] / "drill.md"
HEAD = """# A drill, from the first comment to the report

`/exercice` in Slack, twenty minutes of the story in one; Gaspard and Maud join from Telegram. Lived with `bonton serve` and no model,
written by `python -m docs.pictures.drill`. Only what is new is shown at each step; buttons stand in brackets.
"""
PATIENCE = 90


class Story:
    def __init__(self, slack: FakeSlack, telegram: FakeTelegram) -> None:
        self.slack, self.telegram = slack, telegram
        self.parts = [HEAD]
        self.thread = ""

    def step(self, title: str) -> None:
        self.parts.append(f"## {title}\n")

    def said(self, chat: str) -> list[tuple[str, str]]:
        """Every message as it reads now: its name and its words."""
        if chat == "Slack":
            room = self.slack.channels[FRONT].messages
            return [(ts, lines(self.slack.text_of(one))) for ts, one in room.items() if one.get("bot_id")]
        told = []
        for message in self.telegram.held[GROUP].values():
            if message["from"].get("is_bot"):
                keys = " ".join(f"[{one['text']}]" for one in self.telegram.buttons(message))
                words = message.get("text") or f"📎 {message['document']['file_name']}"
                told.append((str(message["message_id"]), lines(f"{words}\n{keys}")))
        return told

    async def shows(self, chat: str, words: str) -> None:
        """Waits until one message holds these words; writes those that are new, and that one."""
        found: list[tuple[str, str]] = []

        def there() -> bool:
            found[:] = [one for one in self.said(chat) if words in squeezed(one[1])]
            return bool(found)

        wait = self.slack.until if chat == "Slack" else self.telegram.until
        await wait(there, PATIENCE, f"“{words}” in {chat}:\n" + "\n---\n".join(told for _, told in self.said(chat)))
        self.parts.append(f"{chat}:\n\n```text\n{found[-1][1]}\n```\n")

    async def write(self, words: str) -> None:
        """Inès, in the drill's thread."""
        await self.slack.say(SLACK["Inès"], FRONT, words, thread=self.thread)

    async def press(self, who: str, words: str) -> None:
        """The latest button of that name in Slack."""
        pressed: list[Any] = []

        def there() -> bool:
            for ts, message in reversed(self.slack.channels[FRONT].messages.items()):
                for block in message.get("blocks", ()):
                    for element in block.get("elements", ()):
                        if element.get("type") == "button" and words in element["text"]["text"]:
                            pressed[:] = [ts, element]
                            return True
            return False

        await self.slack.until(there, PATIENCE, f"a button “{words}”")
        ts, element = pressed
        message = self.slack.channels[FRONT].messages[ts]
        await self.slack.press(SLACK[who], message, element["action_id"], element.get("value"))

    async def tap(self, who: str, words: str) -> None:
        def there() -> Any:
            for message in reversed(self.telegram.held[GROUP].values()):
                if any(words in button["text"] for button in self.telegram.buttons(message)):
                    return message
            return None

        message = await self.telegram.until(there, PATIENCE, f"a button “{words}”")
        await self.telegram.tap(TELEGRAM[who], message, words)


def lines(words: str) -> str:
    return "\n".join(line.rstrip() for line in words.splitlines() if line.strip())


def squeezed(words: str) -> str:
    return re.sub(r"\s+", " ", words)


async def opened(story: Story) -> None:
    slack, telegram = story.slack, story.telegram
    story.step("Inès, dans Slack : /exercice, « Lait solaire, plaques rouges », × 20")
    await slack.command(SLACK["Inès"], FRONT, "/exercice", "")
    await story.shows("Slack", "Un exercice, pour Maison Virevent")
    await story.press("Inès", "Lait solaire, plaques rouges")
    await story.press("Inès", "× 20")
    await story.shows("Slack", "rien ne peut partir")
    story.thread = next(ts for ts, told in story.said("Slack") if "rien ne peut partir" in squeezed(told))
    await story.shows("Slack", "ma fille a des plaques rouges partout")
    story.step("Gaspard, dans Telegram : /crise, puis « Je mène »")
    await telegram.say(TELEGRAM["Gaspard"], "/crise", GROUP)
    await story.shows("Telegram", "Exercice · Maison Virevent")
    await story.tap("Gaspard", "Je mène")
    await story.shows("Telegram", "Gaspard mène")


async def lived(story: Story) -> tuple[str, bytes]:
    slack, telegram, write = story.slack, story.telegram, story.write
    story.step("Les premières nouvelles ; Inès note ce qui est sûr, ce qu’on ne sait pas, ce qu’on ne dit pas")
    await story.shows("Slack", "De l’intérieur · minute 3")
    await write("fait : des rougeurs sont signalées avec le lait solaire")
    await write("on ne sait pas : la cause des rougeurs")
    await write("jamais : une allergie")
    await story.shows("Slack", "⛔ Jamais : une allergie")
    story.step("Inès : « Première parole »")
    await story.press("Inès", "Première parole")
    await story.shows("Slack", "Première parole : 8 à relire et à valider")
    story.step("Maud dans Slack, puis Gaspard dans Telegram, lisent et valident")
    await story.press("Maud", "Tout valider")
    await telegram.say(TELEGRAM["Gaspard"], "/crise", GROUP)
    await story.tap("Gaspard", "À valider")
    await story.tap("Gaspard", "Approve all")
    await story.shows("Slack", "Dernière parole")
    story.step("Inès répond à une cliente, avec deux validations")
    await story.press("Inès", "Répondre")
    await story.shows("Slack", "Réponse · ")
    story.step("La suite de l’histoire")
    await story.shows("Slack", "minute 14")
    await write("fait : le lot L-2041 est retiré de la vente")
    await write("prochain point dans 45 min")
    await story.shows("Slack", "Prochain point promis à")
    await story.shows("Slack", "minute 26")
    await story.shows("Slack", "minute 34")
    await write("fait : le lot L-2041 est rappelé, remboursé en caisse sans ticket")
    await story.press("Inès", "Point d’étape")
    await story.shows("Slack", "Point d’étape : ")
    await story.press("Maud", "Tout valider")
    await story.shows("Slack", "Approuvé par Maud")
    await story.press("Gaspard", "Tout valider")
    await story.shows("Slack", "L’histoire est finie")
    story.step("Levée : Inès demande, Gaspard confirme")
    await slack.command(SLACK["Inès"], FRONT, "/levee", "")
    await story.press("Inès", "Demander la levée")
    await story.press("Gaspard", "Confirmer la levée")
    await story.shows("Slack", "Exercice terminé")
    _, name, content = (await slack.until(slack.handed, PATIENCE, "the report"))[-1]
    return name, content


async def main(keep: Path | None) -> None:
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
                await opened(story)
                name, content = await lived(story)
    if keep:
        keep.write_bytes(content)
    story.parts.append(f"📎 `{name}`\n")
    PAGE.write_text("\n".join(story.parts), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if sys.argv[1:] else None))
