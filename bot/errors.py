"""What can go wrong, as types, and whether a person may be shown it.

BontonError
├── Refused         the person can mend it: shown in their language, by `key` and `details` (interface pages hold the words)
│   └── NotAllowed  the person may not do this: a private refusal
├── PageError       a page in prompts/ is wrong: names file and field
└── SettingsError   the environment is wrong: names the setting

Texts of comments and drafts never go into an error: errors are logged.
"""

from __future__ import annotations


class BontonError(Exception):
    """Everything that Bonton raises on purpose."""


class Refused(BontonError):
    """A request or decision that cannot be carried out, with the sentence's key in the interface pages."""

    def __init__(self, key: str, **details: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.details = details


class NotAllowed(Refused):
    """Refused for who asks, not for what is asked."""


class PageError(BontonError):
    """A page that cannot be used; the message names file and field."""


class SettingsError(BontonError):
    """A setting that cannot be used; the message names it."""
