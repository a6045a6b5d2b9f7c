"""Pictures of Bonton's Slack cards for the documentation, made from the blocks themselves: `python docs/pictures/slack.py`.

Opens the product on a new data folder, drafts and decides as a team would, lays out each card's Block Kit as Slack's light theme
does, and photographs it with headless Chromium into this folder. Clocks stand still, so pictures differ only when cards do.
"""

from __future__ import annotations

import asyncio
import base64
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import Bonton
from bot.domain.decision import Decision, Verb
from bot.domain.draft import Draft
from bot.domain.request import Request
from bot.frontends.slack import cards, home, modals
from bot.settings import Settings
from bot.triage.text import fold
from bot.view import View
from knowledge.brand import SAMPLES

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = "--headless --no-sandbox --hide-scrollbars --force-device-scale-factor=2 --disable-font-subpixel-positioning".split()
WIDTH = 720
SENT, DECIDED = "10:42", "10:58"
HOUSE, ROASTER = "maison-virevent", "tern-and-thistle"
LATE = "Commande reçue avec trois semaines de retard, et personne ne répond. Très déçue, c’était pour un anniversaire."
BROKEN = "Le sérum est arrivé cassé dans le colis, tout a coulé. À ce prix-là, c’est dommage…"
RASH = "Ma fille de 6 ans a mis votre baume ce matin. Visage gonflé, elle respire mal, on part aux urgences."
THANKS = "Accueil adorable à la boutique de Lyon, on m’a vraiment bien conseillée pour ma peau sensible. Merci !"
REFUND = "Toujours pas remboursée après quatre semaines, je commence à perdre patience."
QUEUE = "Waited 25 minutes for a flat white in Leith and the barista just shrugged. It used to be my favourite place."
RASHLY = "Bonjour, vous serez remboursée de 80 €, et notre soin anti-âge saura vous consoler. 🎉\n\n— L’équipe Virevent"
SLACK = {
    "fr": {"today": "aujourd’hui", "noon": "", "optional": "(facultatif)", "tabs": ("Accueil", "Messages", "À propos")},
    "en": {"today": "today", "noon": " AM", "optional": "(optional)", "tabs": ("Home", "Messages", "About")},
}
"""What Slack itself writes around blocks."""
Block = dict[str, Any]


def brand_folder(places: Path) -> None:
    """The sample house with a Slack id for each of its people, so that it is a team as one sets it up."""
    shutil.copytree(SAMPLES / HOUSE, places / HOUSE)
    file = places / HOUSE / "brand.toml"
    head, people, tail = file.read_text(encoding="utf-8").partition("[[people]]")
    named = re.sub(r'name = "(.+)"', lambda found: f'{found[0]}\nslack = "U0{fold(found[1]).upper()}"', tail)
    file.write_text(head + people + named, encoding="utf-8")


async def scenes() -> dict[str, str]:
    """Each picture's page, by the picture's name."""
    bonton = Bonton(Settings())
    french, english = View(bonton.pages, "fr"), View(bonton.pages, "en")

    async def draft(text: str, network: str, brand: str = HOUSE, author: str = "Noé") -> int:
        number = f"{brand}-{network}-{len(text)}"
        asked = {"brand": brand, "networks": (network,), "author": author, "skill": "reply", "front": "slack"}
        return (await bonton.handle(Request(id=number, text=text, **asked))).drafts[0]

    async def decide(number: int, verb: Verb, by: str, text: str = "") -> None:
        await bonton.decide(Decision(draft=number, verb=verb, by=by, text=text, front="slack"))

    async def shown(number: int, view: View = french) -> str:
        found = await bonton.draft(number)
        card = cards.card(found, view, bonton.brand(found.brand), await bonton.events(number))
        return message(card.blocks, view.locale)

    async def lines(drafts: Iterable[Draft]) -> list[Block]:
        link = "https://maison-virevent.slack.com/archives/"
        return [home.line(one, french, link, place) for place, one in enumerate(drafts)]

    async with bonton.running():
        pages: dict[str, str] = {}
        late = await draft(LATE, "instagram")
        pages["card-pending"] = await shown(late)
        pages["edit-modal"] = modal(modals.edit(await bonton.draft(late), french, {}), "fr")
        broken = await draft(BROKEN, "instagram", author="Maud")
        await decide(broken, "edit", "Noé", RASHLY)
        pages["card-findings"] = await shown(broken)
        rash = await draft(RASH, "facebook")
        await decide(rash, "approve", "Maud")
        pages["card-second-approval"] = await shown(rash)
        thanks = await draft(THANKS, "google")
        await decide(thanks, "approve", "Maud")
        pages["card-approved"] = await shown(thanks)
        refund = await draft(REFUND, "facebook", author="Thibault")
        reason = f"{french.say('slack.reason_elsewhere')}: le service client l’a eue au téléphone ce matin"
        await decide(refund, "reject", "Inès", reason)
        pages["card-rejected"] = await shown(refund)
        queue = await draft(QUEUE, "google", ROASTER, "Callum")
        await decide(queue, "approve", "Priya")
        pages["card-approved-en"] = await shown(queue, english)

        house = bonton.brand(HOUSE)
        maud = house.person("Maud")
        tab = home.Home(brands=[house], brand=house, person=maud, user="U0MAUD")
        pending = list(reversed(await bonton.pending(HOUSE)))
        recent = await bonton.recent(HOUSE, datetime.now(UTC) - timedelta(hours=1))
        tab.waiting = await lines(one for one in pending if home.awaits(one, house, maud))
        tab.asked = await lines(one for one in pending if "Maud" in one.authors)
        tab.decided = await lines(one for one in reversed(recent) if one.state not in ("pending", "approved"))
        pages["home"] = app_home(home.view(tab, french)["blocks"], "fr")
    return pages


# --- Block Kit as Slack lays it out ---


def mrkdwn(words: str, locale: str) -> str:
    """Slack's markup, which is escaped already, as HTML. Slack capitalises a date that begins its token."""

    def token(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith("!date^"):
            said = re.sub(r"\{date\w*\}", SLACK[locale]["today"], target.split("^")[2])
            return (said[:1].upper() + said[1:]).replace("{time}", DECIDED + SLACK[locale]["noon"])
        if target.startswith(("@", "#")):
            return f'<span class="mention">{target[0]}{label or target[1:].removeprefix("U0").capitalize()}</span>'
        return f'<a href="{target}">{label or target}</a>'

    words = re.sub(r"<([^<>]+)>", token, words)
    for mark, tag in (("`", "code"), (r"\*", "b"), ("_", "i"), ("~", "s")):
        words = re.sub(
            rf"(?<![\w{mark}]){mark}(?=\S)([^\n{mark}]+?)(?<=\S){mark}(?![\w{mark}])", rf"<{tag}>\1</{tag}>", words
        )
    return words.replace("\n", "<br>")


def written(text: Block, locale: str) -> str:
    return mrkdwn(text["text"], locale) if text["type"] == "mrkdwn" else html.escape(text["text"]).replace("\n", "<br>")


AVATAR = (
    '<svg class="avatar" viewBox="0 0 36 36"><rect width="36" height="36" rx="8"/><text x="18" y="25">B</text></svg>'
)
CHEVRON = '<svg viewBox="0 0 20 20"><path d="m5 8 5 5 5-5"/></svg>'


def element(one: Block, locale: str) -> str:
    """A button, a menu or an input."""
    if one["type"] == "button":
        return f'<span class="button {one.get("style", "")}">{written(one["text"], locale)}</span>'
    if one["type"].endswith("select"):
        said = one["initial_option"]["text"] if "initial_option" in one else one["placeholder"]
        return f'<span class="menu">{written(said, locale)}{CHEVRON}</span>'
    if one["type"] == "plain_text_input":
        lines = "area" if one.get("multiline") else "line"
        return f'<div class="box {lines}">{html.escape(one.get("initial_value", ""))}</div>'
    raise ValueError(f"no drawing for an element of type {one['type']}")


def rich(one: Block, locale: str) -> str:
    tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre", "rich_text_section": "div"}[one["type"]]
    return f"<{tag}>{''.join(html.escape(part['text']) for part in one['elements'])}</{tag}>"


def block(one: Block, locale: str) -> str:
    draw = {"context": written, "actions": element, "rich_text": rich}.get(one["type"], written)
    inside = "".join(draw(part, locale) for part in one.get("elements", ()))
    if "text" in one:
        inside = f"<div>{written(one['text'], locale)}</div>"
    inside += element(one["accessory"], locale) if "accessory" in one else ""
    if one["type"] == "input":
        optional = f" <small>{SLACK[locale]['optional']}</small>" if one.get("optional") else ""
        hint = f'<div class="hint">{written(one["hint"], locale)}</div>' if "hint" in one else ""
        inside = f"<label>{written(one['label'], locale)}{optional}</label>{element(one['element'], locale)}{hint}"
    return f'<div class="block"><div class="{one["type"]}">{inside}</div></div>'


def drawn(blocks: Iterable[Block], locale: str) -> str:
    return "".join(block(one, locale) for one in blocks)


def page(body: str) -> str:
    style = (HERE / "slack.css").read_text(encoding="utf-8")
    measure = "document.title = Math.ceil(document.querySelector('main').getBoundingClientRect().height)"
    head = f'<meta charset="utf-8"><style>{style}</style>'
    return f"<!doctype html><html>{head}<main>{body}</main><script>{measure}</script></html>"


def message(blocks: Iterable[Block], locale: str) -> str:
    sender = f'<div class="sender"><b>Bonton</b><span class="badge">APP</span><time>{SENT}{SLACK[locale]["noon"]}</time></div>'
    return page(f'<div class="message">{AVATAR}<div class="said">{sender}{drawn(blocks, locale)}</div></div>')


def modal(view: Block, locale: str) -> str:
    title = f'<header>{AVATAR}<h2>{written(view["title"], locale)}</h2><span class="cross">✕</span></header>'
    ends = "".join(
        f'<span class="button tall {style}">{written(view[name], locale)}</span>'
        for name, style in (("close", ""), ("submit", "primary"))
        if name in view
    )
    inside = f"{title}{drawn(view['blocks'], locale)}<footer>{ends}</footer>"
    return page(f'<div class="veil"><div class="modal">{inside}</div></div>')


def app_home(blocks: Iterable[Block], locale: str) -> str:
    tabs = "".join(f"<span>{name}</span>" for name in SLACK[locale]["tabs"])
    head = f"<header>{AVATAR}<h2>Bonton</h2></header><nav>{tabs}</nav>"
    return page(f'<div class="home">{head}{drawn(blocks, locale)}</div>')


def photograph(browser: str, source: str, picture: Path, width: int = WIDTH) -> None:
    """Two passes: one to learn the height, one to take the picture."""
    address = "data:text/html;base64," + base64.b64encode(source.encode()).decode()

    def run(*more: str) -> str:
        command = [browser, *FLAGS, *more, address]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout  # noqa: S603

    found = re.search(r"<title>(\d+)</title>", run(f"--window-size={width},900", "--dump-dom"))
    if found is None:
        sys.exit(f"{browser} did not lay out {picture.name}")
    run(f"--window-size={width},{found[1]}", f"--screenshot={picture}")


def main() -> None:
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit("docs/pictures/slack.py needs Chromium to take the pictures; there is none on this machine")
    with tempfile.TemporaryDirectory() as folder:
        for name in [name for name in os.environ if name.startswith("BONTON_")]:
            del os.environ[name]  # nothing of a real team's is opened
        os.environ |= {"BONTON_HOME": folder, "BONTON_BRANDS": f"{folder}/brands"}
        brand_folder(Path(folder) / "brands")
        for name, source in asyncio.run(scenes()).items():
            photograph(browser, source, HERE / f"{name}.png")


if __name__ == "__main__":
    main()
