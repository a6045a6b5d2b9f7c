"""Telegram as a front-end, with python-telegram-bot's Bot: polling, or a webhook with its secret token.

`chat` how it is reached · `front` what people say, tap and are told · `cards` what they see (pure) · `taps` what a button holds ·
`wall` sends each message once · `commands` the menus. `Chat` is what `bonton serve` finds.
"""

from __future__ import annotations

from bot.frontends.telegram.chat import TelegramChat as Chat

__all__ = ["Chat"]
