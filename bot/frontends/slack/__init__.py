"""Slack as a front-end, with slack-bolt: Socket Mode, signed HTTP, or both.

`incoming` what arrives · `app` keeps it before Slack is answered · `front` does what it asks · `cards`, `modals`, `home` what people
see (pure) · `web` sends each message once · `members` who may · `manifest` how the app is set up. `Chat` is what `bonton serve` finds.
"""

from __future__ import annotations

from bot.frontends.slack.chat import SlackChat as Chat

__all__ = ["Chat"]
