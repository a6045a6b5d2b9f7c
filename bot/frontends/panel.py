"""A message with buttons, before any chat has drawn it: what a flow shows in Slack, in Telegram and in the terminal alike.

A chat draws a panel (`slack/panels.py`, `telegram/panels.py`, the terminal) and hands a press back to the flow that made it. A
panel says nothing of places, and holds only what its reader may see.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.domain.model import Value


class Button(Value):
    words: str
    press: str = Field(max_length=60)
    """What comes back: `<flow>:<what>:<of what>`, ASCII (Telegram's buttons hold 64 bytes)."""
    style: Literal["", "primary", "danger"] = ""


class Block(Value):
    """A stretch of a panel, and the buttons that belong to it."""

    mark: str = ""
    """What tells its buttons from those of other blocks where all stand below the message: « 1 », « 2 »."""
    title: str = ""
    text: str = ""
    quote: str = ""
    """Somebody else's words: shown as they are, and nothing in them is a mention or a link."""
    note: str = ""
    buttons: tuple[Button, ...] = ()


class Panel(Value):
    title: str = ""
    blocks: tuple[Block, ...] = ()

    @property
    def notice(self) -> str:
        """What a notification says."""
        said = (block.title or block.text or block.quote or block.note for block in self.blocks)
        return self.title or next(filter(None, said), "Bonton")


class Attachment(Value):
    """A file that a flow hands over. Not what people send us."""

    name: str
    """With its ending; safe as a file's name everywhere."""
    title: str
    data: bytes


class Shown(Value):
    """A panel, and where it goes."""

    panel: Panel
    attached: Attachment | None = None
    """A file that comes with it, once, in the same place."""
    to: Literal["here", "new", "below", "private"] = "here"
    """In place of the message that was pressed; as a new one; as a new one in the thread below it; or to who pressed alone."""
    key: str = ""
    """Panels of one key are one message, which changes."""


def said(words: str) -> Panel:
    """A sentence of ours."""
    return Panel(blocks=(Block(text=words),))
