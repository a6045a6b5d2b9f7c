"""Work that is done by panels and buttons, once for every chat: each module holds a `Flow`, found by its name (`discover.py`).

A flow asks the desk and shows panels; it decides nothing and knows no chat. `Teller` is what it may know of who speaks.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from bot.desk import Desk
from bot.domain.incident import of_box
from bot.errors import NotAllowed, Refused
from bot.frontends.panel import Shown
from bot.triage.text import clean, fold
from bot.view import View
from knowledge.brand import Brand


@dataclass(frozen=True)
class Teller:
    """Who speaks or presses, and where."""

    front: str
    user: str
    place: str
    event: str
    """The chat's own id of what was said: heard again, it starts nothing twice."""
    view: View
    brands: Sequence[Brand]
    """Those open to them here, their own choice first."""
    who: str = ""
    """Their name in the terminal, which has no identities."""
    below: str = ""
    """The thread under the panel that was pressed or answered, where the chat has threads; else its place."""
    about: str = ""
    """The key of the panel that was pressed or answered."""

    @property
    def brand(self) -> Brand:
        if not self.brands:
            raise NotAllowed("inbox.no_brand")
        return self.brands[0]

    def open(self, slug: str) -> Brand:
        """The brand of that slug, or of that inbox, when it is open to them. Raises NotAllowed."""
        for brand in self.brands:
            if brand.slug == of_box(slug)[0]:
                return brand
        raise NotAllowed("inbox.closed", brand=slug[:60])

    def name(self, brand: Brand) -> str:
        """As the brand's people name them. Raises NotAllowed for a stranger."""
        person = brand.person(self.who) if self.who else brand.person_in(self.front, self.user)
        if person is None:
            raise NotAllowed("inbox.stranger", who=(self.who or self.user)[:40], brand=brand.name)
        return person.name


class Flow(Protocol):
    name: ClassVar[str]
    """The head of its buttons' presses."""
    words: ClassVar[tuple[str, ...]]
    """What people type to come to it, folded: « boite », "inbox"."""

    def __init__(self, desk: Desk) -> None: ...

    def takes(self, rest: str) -> bool:
        """Whether these words, folded, may follow the flow's own: else it is a sentence, not a call."""
        ...

    def hears(self, words: str) -> bool:
        """Whether these words, said in answer to a panel of the flow's or in the thread below it, are for it."""
        ...

    def said(self, words: str, teller: Teller) -> AsyncIterator[Shown]:
        """What follows the flow's own word. Raises Refused."""
        ...

    def pressed(self, press: str, teller: Teller) -> AsyncIterator[Shown]:
        """What a button's press leads to, without the flow's name. Raises Refused."""
        ...


Asking = Callable[[str, Teller], AsyncIterator[Shown]]
"""What was said to a flow, or pressed."""
PANEL = "flow:"
"""What the keys of panels begin with, among a chat's messages."""
SIGNS = " #?!."
"""What may stand around a number: « #12 ? »."""


def called(known: Mapping[str, Flow], words: str, *, command: bool = False) -> tuple[str, str] | None:
    """« Boîte 12 » → ("inbox", "12"): the flow that these words call, and the rest as it was written; None when they call none.

    After a slash (or a chat's own `command`) the first word is the flow's, whatever follows.
    """
    told = clean(words)
    command = command or told.startswith("/")
    said = told.lstrip("/")
    folded = fold(said).rstrip(" ?!.")
    for name, flow in known.items():
        for word in sorted(flow.words, key=len, reverse=True):
            if folded == word:
                return name, ""
            if folded.startswith(f"{word} "):
                rest = folded.removeprefix(word).strip()
                if command or flow.takes(rest):
                    after = len(word.split())
                    return name, " ".join(said.split(maxsplit=after)[after:])
    return None


def hearer(known: Mapping[str, Flow], key: str, words: str) -> str | None:
    """The flow whose panel stands under that key of a message, when it hears these words."""
    name = key.removeprefix(PANEL).partition(":")[0] if key.startswith(PANEL) else ""
    return name if name in known and known[name].hears(words) else None


__all__ = ["SIGNS", "Asking", "Flow", "NotAllowed", "Refused", "Teller", "called", "hearer"]
