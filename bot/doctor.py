"""`bonton doctor`: what works here, and how to mend what does not. Looks, and changes nothing."""

from __future__ import annotations

import os
import shutil

from bot.app import Bonton
from bot.errors import BontonError
from bot.settings import Settings
from knowledge.brand import BrandError, folders, load

ROOM_MB = 200
Found = tuple[str, bool, str]


async def examine(settings: Settings) -> list[Found]:
    """(part, whether it works, what was found or how to mend it), in the order one would mend them."""
    found = [_home(settings), _brands(settings)]
    try:
        bonton = Bonton(settings)
        found.append(("pages", True, f"{len(bonton.pages.playbooks)} playbooks, {len(bonton.pages.networks)} networks"))
    except BontonError as error:
        return [*found, ("pages", False, str(error).splitlines()[0])]
    found.append(await _database(settings))
    found += await _model(settings)
    return [*found, *await _chats(settings, bonton)]


async def _chats(settings: Settings, bonton: Bonton) -> list[Found]:
    from bot.frontends.slack import doctor as slack
    from bot.frontends.telegram import doctor as telegram

    brands = bonton.brands()
    return [*await slack.examine(settings, brands), *await telegram.examine(settings, brands)]


def _home(settings: Settings) -> Found:
    home = settings.folder
    there = home if home.exists() else home.parent
    if not os.access(there, os.W_OK):
        return "home", False, f"{home} cannot be written: choose another BONTON_HOME or give this user the right"
    free = shutil.disk_usage(there).free // 2**20
    if free < ROOM_MB:
        return "home", False, f"{home}: {free} MB left on its disk; at least {ROOM_MB} MB are needed"
    return "home", True, str(home)


def _brands(settings: Settings) -> Found:
    found = folders(settings.brand_places)
    for folder in found.values():
        try:
            brand = load(folder)
        except BrandError as error:
            return "brands", False, str(error)
        if not any(person.decides for person in brand.people):
            return (
                "brands",
                False,
                f"{folder / 'brand.toml'}: people: nobody may approve; give somebody the role approver",
            )
    return "brands", bool(found), ", ".join(found) or "none: `bonton brand new NAME` makes one"


async def _database(settings: Settings) -> Found:
    from sqlalchemy import text

    from bot.ledger.engine import address, connect

    url = settings.database_url.get_secret_value()
    if not url:
        return "database", True, "SQLite in the data folder"
    try:
        engine = connect(address(settings.folder, url))
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        await engine.dispose()
    except Exception as error:
        return "database", False, f"BONTON_DATABASE_URL does not answer ({type(error).__name__}): is the server up?"
    return "database", True, "the database of BONTON_DATABASE_URL answers"


async def _model(settings: Settings) -> list[Found]:
    """Which models write, whether their provider can be reached (no word is sent, nothing is spent), and what today cost."""
    if not settings.models:
        return [("model", True, "none: replies come from the playbooks")]
    from bot.writers import models
    from bot.writers.spending import Prices

    found: list[Found] = []
    for part, name in zip(("model", "second model"), settings.models, strict=False):
        try:
            found.append((part, *await models.reach(name, settings.model_timeout)))
        except BontonError as error:
            found.append((part, False, str(error)))
    try:
        Prices.of(settings.model_price)
    except BontonError as error:
        return [*found, ("spending", False, str(error))]
    return [*found, await _spending(settings)]


async def _spending(settings: Settings) -> Found:
    from bot.ledger.engine import address, connect
    from bot.ledger.spending import SqlSpending

    if settings.model_budget and not settings.model_price:
        return (
            "spending",
            False,
            "BONTON_MODEL_BUDGET needs BONTON_MODEL_PRICE: what nobody prices cannot be held to a budget",
        )
    url = settings.database_url.get_secret_value()
    engine = connect(address(settings.folder, url))
    try:
        if not url and not (settings.folder / "bonton.sqlite").exists():
            return "spending", True, "nothing yet"
        today = await SqlSpending(engine).today()
    except Exception as error:
        return (
            "spending",
            False,
            f"cannot be read ({type(error).__name__}): it will be when `bonton serve` has run once",
        )
    finally:
        await engine.dispose()
    told = (
        f"today {today.calls} calls, {today.input_tokens} tokens in, {today.output_tokens} out, cost {today.cost:.4f}"
    )
    if not settings.model_budget:
        return "spending", True, f"{told}; no daily budget (BONTON_MODEL_BUDGET)"
    left = today.cost < settings.model_budget
    return (
        "spending",
        left,
        f"{told} of {settings.model_budget:g}" + ("" if left else ": the playbooks write until midnight UTC"),
    )
