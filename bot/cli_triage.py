"""`bonton triage`: JSON Lines in, what each comment is out, in the same order.

Lines that have come are read together; none waits for more.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.domain.triage import Triage
    from bot.view import View

TOGETHER = 256
Item = dict[str, Any]
Read = Callable[[str, Sequence[str]], Awaitable["list[Triage]"]]


async def lines(
    items: Iterator[Item],
    read: Read,
    brand: str,
    view: View,
    tell: Callable[[Item], None],
    wrong: Callable[[Exception], str],
) -> None:
    """A bad line is answered by its error and stops nothing. `brand`: of lines that name none."""
    waiting: queue.Queue[Item | None] = queue.Queue(maxsize=4 * TOGETHER)
    threading.Thread(target=_fill, args=(waiting, items), daemon=True).start()
    while batch := await asyncio.to_thread(_batch, waiting):
        for one in await _read(batch, read, brand, view, wrong):
            tell(one)


def _fill(waiting: queue.Queue[Item | None], items: Iterator[Item]) -> None:
    for item in items:
        waiting.put(item)
    waiting.put(None)


def _batch(waiting: queue.Queue[Item | None]) -> list[Item]:
    """The next line and what stands behind it; empty at the end."""
    batch: list[Item] = []
    item = waiting.get()
    while item is not None:
        batch.append(item)
        if len(batch) == TOGETHER or waiting.empty():
            return batch
        item = waiting.get()
    if batch:
        waiting.put(None)
    return batch


async def _read(
    batch: Sequence[Item], read: Read, brand: str, view: View, wrong: Callable[[Exception], str]
) -> list[Item]:
    answers: list[Item] = [{} for _ in batch]
    by_brand: dict[str, list[int]] = {}
    for place, item in enumerate(batch):
        try:
            text(item)
            by_brand.setdefault(str(item.get("brand") or brand), []).append(place)
        except (KeyError, ValueError) as error:
            answers[place] = {"id": item.get("id"), "error": wrong(error)}
    for slug, places in by_brand.items():
        try:
            told = await read(slug, [text(batch[place]) for place in places])
        except ConnectionError:
            raise
        except Exception as error:
            for place in places:
                answers[place] = {"id": batch[place].get("id"), "error": wrong(error)}
            continue
        for place, triage in zip(places, told, strict=True):
            answers[place] = {"id": batch[place].get("id"), **view.triage(triage)}
    return answers


def text(item: Item) -> str:
    """A line's text. Raises KeyError and ValueError where there is none."""
    if "text" not in item and "error" in item:
        raise ValueError(item["error"])
    if not isinstance(item["text"], str):
        raise ValueError("text: a string is expected")
    return item["text"]
