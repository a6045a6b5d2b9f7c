"""What `bonton doctor` says about Telegram. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from telegram.error import Forbidden, InvalidToken, TelegramError

from bot.frontends.telegram.chat import TelegramChat, client
from bot.settings import Settings
from knowledge.brand import Brand

Found = tuple[str, bool, str]


async def examine(settings: Settings, brands: Sequence[Brand]) -> list[Found]:
    if not settings.telegram_bot_token.get_secret_value():
        return [("telegram", True, "not set up (docs/telegram.md says how)")]
    if reason := TelegramChat.off(settings):
        return [("telegram", False, reason)]
    try:
        async with client(settings) as bot:
            told = await bot.get_me()
    except (InvalidToken, Forbidden) as error:
        return [
            ("telegram", False, f"TELEGRAM_BOT_TOKEN is refused ({type(error).__name__}): ask @BotFather for it again")
        ]
    except TelegramError as error:
        return [("telegram", False, f"{settings.telegram_api_url} does not answer ({type(error).__name__})")]
    how = "webhook" if settings.telegram_webhook else "polling"
    return [("telegram", True, f"@{told.username}, {how}"), _people(brands)]


def _people(brands: Sequence[Brand]) -> Found:
    known = [brand for brand in brands if any(one.telegram and one.decides for one in brand.people)]
    if not known:
        return (
            "telegram people",
            False,
            "nobody can approve from Telegram: add telegram = NUMBER under people (/whoami tells it)",
        )
    return "telegram people", True, ", ".join(brand.slug for brand in known)
