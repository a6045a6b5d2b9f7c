"""What a lead sees on a phone in the first five minutes of a crisis, in Slack and in Telegram.

`python -m docs.pictures.phone FOLDER [NAME…]`. The panels are the flow's own, on a desk in memory; only what the chats draw around
them is imitated. Clocks stand still.
"""

from __future__ import annotations

import asyncio
import html
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

from bot.crisis.rhythm import due
from bot.desk import Desk
from bot.domain.comment import Group
from bot.domain.draft import Draft
from bot.frontends.flows import Teller
from bot.frontends.flows.crisis import Crisis
from bot.frontends.panel import Panel, Shown
from bot.frontends.slack import panels as slack_panels
from bot.frontends.telegram import panels as telegram_panels
from bot.frontends.war_room import WarRoom
from bot.pages import shared
from bot.view import View
from docs.pictures import slack
from knowledge.brand import SAMPLES, find
from tests.fakes.crisis import Clock, FakeDesk

HERE = Path(__file__).parent
WIDTH = 390
NARROW = """<style>body { width: 390px } .message { padding: 12px 12px 14px } .said { max-width: none; min-width: 0 }
.actions { gap: 6px } .button { height: 34px }</style>"""
WAITING = (
    ("instagram", "Maud", "Merci Lucie, l’équipe d’Aix sera ravie de vous revoir !"),
    ("linkedin", "Noé", "Notre huile démaquillante revient jeudi, plus douce encore."),
    ("facebook", "Maud", "Bonjour Paul, votre colis est parti ce matin. Merci de votre patience."),
    ("google", "Thibault", "Le lait solaire se garde douze mois après ouverture."),
    ("x", "Maud", "Nos ateliers rouvrent samedi à Lyon."),
    ("tiktok", "Maud", "Tu trouveras la recharge en boutique dès lundi."),
)
SAID = (
    "fait : Le lait solaire SPF50, lot L-2041, est retiré de la vente depuis 22 h 50.",
    "on ne sait pas : la cause des plaques rouges",
    "jamais : « c’est rare », « cas isolé »",
)


async def scenes() -> dict[str, Panel]:
    """Each panel by its picture's name, as the minutes pass."""
    brand, clock = find("maison-virevent", [SAMPLES]), Clock()
    desk = FakeDesk(brand, clock)
    for number, (network, author, text) in enumerate(WAITING, 212):
        desk.add(number, text, network, author)
    desk.groups = (
        Group(comments=tuple(range(1, 22)), title="Ma fille a des plaques rouges depuis votre lait solaire"),
        Group(comments=tuple(range(30, 39)), title="Je veux être remboursée du lait solaire"),
    )
    view, flow = View(shared(), "fr"), Crisis(cast(Desk, desk), clock)
    teller = Teller("terminal", "Gaspard", "C1", "e", view, [brand], who="Gaspard", below="C1/1")

    async def last(shown: AsyncIterator[Shown], first: bool = False) -> Panel:
        found = [one.panel async for one in shown]
        return found[0] if first else found[-1]

    async def opens(section: str) -> Panel:
        return await last(flow.pressed(f"show:1:{section}:card", teller))

    pages = {"00-question": await last(flow.said("Lait solaire, plaques rouges", teller))}
    go = pages["00-question"].blocks[1].buttons[0].press.removeprefix("crisis:")
    pages["01-open"] = await last(flow.pressed(go, teller), first=True)
    pages["02-led"] = await last(flow.pressed("take:1:lead:card", teller))
    clock.forward(minutes=1)
    for words in SAID:
        await last(flow.said(words, teller))
    pages["03-known"] = await opens("card")
    clock.forward(minutes=1)
    pages["04-texts"] = await last(flow.pressed("say:1:holding:card", teller))
    room = await desk.crisis.room(1)
    panels = WarRoom(room, brand, view, clock())
    pages["04-reminder"] = panels.due(next(one for one in due(room, (), brand, clock()) if one.what == "first_words"))
    pages["05-card"] = await opens("card")
    waiting, desk.crisis.waiting = desk.crisis.waiting, cast("list[Draft]", [])
    desk.crisis.spoke = clock()
    clock.forward(minutes=2)
    pages["06-next"] = await last(flow.pressed("next:1:60:next", teller))
    pages["07-said"] = await opens("card")
    desk.crisis.waiting = waiting
    for name in ("roles", "held", "truth", "comments", "level", "words", "more", "shift", "close"):
        pages[f"10-{name}"] = await opens(name)
    pages["11-thawing"] = await last(flow.pressed("thawing:1::held", teller))
    pages["12-closing"] = await last(flow.pressed("close:1::close", teller))
    pages["13-closing-card"] = await opens("card")
    pages["14-frozen"] = panels.frozen([212, 214, 216, 217])
    return pages


def in_slack(panel: Panel) -> str:
    return slack.message(slack_panels.draw(panel).blocks, "fr").replace("<main>", f"{NARROW}<main>")


def in_telegram(panel: Panel) -> str:
    card = telegram_panels.draw(panel)
    rows = "".join(
        f'<div class="row">{"".join(f"<span class=key>{html.escape(words)}</span>" for words, _ in row)}</div>'
        for row in card.rows
    )
    text = re.sub(r"(</blockquote>)\n", r"\1", card.text.strip())
    alone = "" if rows else " alone"
    said = f'<div class="bubble{alone}"><b class="from">Bonton</b>{text}<time>23:07</time></div>'
    page = slack.page(f'<div class="message">{said}{rows}</div>')
    style = (HERE / "telegram.css").read_text(encoding="utf-8")
    return re.sub(r"<style>.*?</style>", lambda _: f"<style>{style}</style>", page, count=1, flags=re.DOTALL)


def main() -> None:
    browser = next((path for name in slack.BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit("docs/pictures/phone.py needs Chromium to take the pictures; there is none on this machine")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    folder.mkdir(parents=True, exist_ok=True)
    wanted = tuple(sys.argv[2:]) or ("",)
    for name, panel in asyncio.run(scenes()).items():
        for chat, draw in (("slack", in_slack), ("telegram", in_telegram)):
            if name.startswith(wanted):
                slack.photograph(browser, draw(panel), folder / f"crisis-{name}-{chat}.png", WIDTH)


if __name__ == "__main__":
    main()
