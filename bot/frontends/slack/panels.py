"""A panel in Block Kit. Pure; Slack's limits are kept here as for cards (50 blocks, 25 buttons a row, 2,000 characters a value)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from bot.frontends import panel as panels
from bot.frontends.slack import text
from bot.frontends.slack.cards import Block, Card, button, quoted

ACTION = "flow"
MOST = 48
ROW = 5
"""Buttons side by side: with more, a phone shows half words."""


def draw(panel: panels.Panel) -> Card:
    blocks: list[Block] = []
    if panel.title:
        blocks.append({"type": "header", "text": {"type": "plain_text", "text": text.clip(panel.title, 150)}})
    for place, block in enumerate(panel.blocks):
        blocks += _block(place, block)
    return Card(blocks[:MOST], text.safe(panel.notice, 300))


def version(card: Card) -> str:
    """Names what the card shows."""
    return hashlib.sha256(json.dumps([card.blocks, card.notice]).encode()).hexdigest()[:16]


def _block(place: int, block: panels.Block) -> Iterator[Block]:
    if block.title:
        yield _section(f"*{text.safe(block.title, 600)}*")
    if block.text:
        for part in text.pieces(text.safe(block.text, 6_000)):
            yield _section(part)
    if block.quote:
        yield quoted(block.quote[:2_800])
    if block.note:
        yield {
            "type": "context",
            "elements": [{"type": "mrkdwn", "text": text.safe(block.note, 900), "verbatim": True}],
        }
    for row in range(0, len(block.buttons), ROW):
        elements = [_button(f"{place}.{row + at}", one) for at, one in enumerate(block.buttons[row : row + ROW])]
        yield {"type": "actions", "block_id": f"flow.{place}.{row}", "elements": elements}


def _button(name: str, one: panels.Button) -> Block:
    drawn = button(one.words, f"{ACTION}.{name}", one.press)
    return {**drawn, "style": one.style} if one.style else drawn


def _section(words: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}
