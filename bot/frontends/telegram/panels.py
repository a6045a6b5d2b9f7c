"""A panel as Telegram HTML with an inline keyboard. Pure. All buttons stand below the message, so each bears its block's mark."""

from __future__ import annotations

import hashlib
import json

from bot.frontends import panel as panels
from bot.frontends.telegram.cards import Card, Row, clip, escape, within

PRESS = "f:"
"""What the data of a panel's button begins with."""
SIDE_BY_SIDE = 3
NARROW = 20
"""Signs of a button that still fits beside two others on a phone."""


def draw(panel: panels.Panel) -> Card:
    lines = [f"<b>{escape(clip(panel.title, 300))}</b>"] if panel.title else []
    rows: list[Row] = []
    for block in panel.blocks:
        lines += _lines(block)
        rows += _rows(block)
    return Card(within(lines).lstrip("\n") or "…", rows)


def version(card: Card) -> str:
    """Names what the card shows."""
    return hashlib.sha256(json.dumps([card.text, card.rows]).encode()).hexdigest()[:16]


def _lines(block: panels.Block) -> list[str]:
    parts = []
    if block.title:
        parts.append(f"<b>{escape(clip(block.title, 300))}</b>")
    if block.text:
        parts.append(escape(clip(block.text, 3_000)))
    if block.quote:
        parts.append(f"<blockquote>{escape(clip(block.quote, 2_400))}</blockquote>")
    if block.note:
        parts.append(f"<i>{escape(clip(block.note, 700))}</i>")
    return ["", *parts] if parts else []


def _rows(block: panels.Block) -> list[Row]:
    mark = f"{block.mark} · " if block.mark else ""
    buttons = [
        (f"{mark if not place else ''}{one.words}", f"{PRESS}{one.press}") for place, one in enumerate(block.buttons)
    ]
    rows: list[Row] = []
    for words, data in buttons:
        fits = (
            rows and len(rows[-1]) < SIDE_BY_SIDE and all(len(said) <= NARROW for said, _ in [*rows[-1], (words, data)])
        )
        if fits:
            rows[-1].append((words, data))
        else:
            rows.append([(words, data)])
    return rows
