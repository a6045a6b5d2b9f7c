"""Finds parts by their file's name, so that one file adds one thing.

A check is a module of `bot/checks` with `check`, run on each part of a publication, or with `whole`, run once on all of it; a
chat that `bonton serve` opens is one of `bot/frontends` with `Chat`, work by panels one of `bot/frontends/flows` with `Flow`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from bot import checks as checks_package
from bot.checks.subject import Finding, Subject

Check = Callable[[Subject], Iterator[Finding]]


@cache
def checks() -> dict[str, Check]:
    """Name → check, in the order of their names."""
    return _named("check")


@cache
def wholes() -> dict[str, Check]:
    """Name → check of what no part shows alone."""
    return _named("whole")


def _named(function: str) -> dict[str, Check]:
    found: dict[str, Check] = {}
    for module in pkgutil.iter_modules(checks_package.__path__):
        check = getattr(importlib.import_module(f"{checks_package.__name__}.{module.name}"), function, None)
        if check is not None:
            found[module.name] = check
    return found


def flows() -> dict[str, Any]:
    """Name → the flow's class, in the order of their names."""
    package = importlib.import_module("bot.frontends.flows")
    found = [
        importlib.import_module(f"{package.__name__}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    ]
    return {module.Flow.name: module.Flow for module in found if hasattr(module, "Flow")}


def chats() -> dict[str, Any]:
    """Name → the front-end's class, in the order of their names. Imports their vendors: only to serve."""
    found: dict[str, Any] = {}
    package = importlib.import_module("bot.frontends")
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg:
            chat = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "Chat", None)
            if chat is not None:
                found[chat.name] = chat
    return found
