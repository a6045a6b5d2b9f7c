"""The commands and their menus: one name a language, all understood everywhere."""

from __future__ import annotations

import re

WORDS = {
    "reply": ("repondre", "reply"),
    "post": ("publier", "post"),
    "answer": ("demander", "ask"),
    "pending": ("attente", "pending"),
    "inbox": ("boite", "inbox"),
    "promises": ("promesses", "promises"),
    "alarm": ("alarme", "alarm"),
    "crisis": ("crise", "crisis"),
    "lift": ("levee", "lift"),
    "drill": ("exercice", "drill"),
    "help": ("aide", "help", "start"),
    "whoami": ("whoami", "quisuisje"),
}
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


def menu(locale: str) -> list[tuple[str, str]]:
    """(command, key of its description), as Telegram shows them while one types `/`."""
    place = 0 if locale == "fr" else 1
    return [
        (words[min(place, len(words) - 1)] if name != "whoami" else "whoami", f"telegram.menu_{name}")
        for name, words in WORDS.items()
    ]


def read(text: str, bot: str) -> tuple[str, str] | None:
    """« /repondre instagram … » → ("reply", "instagram …"); None when it is no command, or for another bot.

    A command that is none of ours reads as help.
    """
    found = _COMMAND.fullmatch(text.strip())
    if found is None or (found[2] and found[2].casefold() != bot.casefold()):
        return None
    name = next((name for name, words in WORDS.items() if found[1].casefold() in words), "help")
    return name, (found[3] or "").strip()
