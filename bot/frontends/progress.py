"""A progress bar on stderr for work that lasts beyond two seconds; nothing for what is quicker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

PATIENCE = 2.0


@contextmanager
def progress() -> Iterator[Callable[[int, int, str], None]]:
    """Gives the function to call with (done, total, document)."""
    started = time.monotonic()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("")
    shown = False

    def advance(done: int, total: int, document: str) -> None:
        nonlocal shown
        if not shown and time.monotonic() - started > PATIENCE:
            bar.start()
            shown = True
        bar.update(task, completed=done, total=total, description=document[-40:])

    try:
        yield advance
    finally:
        if shown:
            bar.stop()
