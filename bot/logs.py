"""Logs: structured, on stderr, ids and counts only. Called once, by the command line."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

import structlog


def configure(*, verbose: bool = False) -> None:
    level = logging.DEBUG if verbose else logging.WARNING
    if not logging.getLogger().handlers:
        logging.basicConfig(level=level, stream=sys.stderr, format="%(message)s")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whatever stderr is by then
    )


def where(error: BaseException) -> str:
    """The kind of error and the line that raised it: what a log may say of it, since its message may hold people's words."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        frame
        for frame in frames
        if f"{Path(__file__).parent.name}/" in frame.filename and "site-packages" not in frame.filename
    ]
    last = next(reversed(ours or frames), None)
    place = f" at {Path(last.filename).name}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{place}"
