"""When two comments are one: by the network's own id, else by author and words, made comparable. Pure.

`once` is unique in the inbox of a brand. `words` finds the same comment when one source tells its id and another does not.
It does not find comments that merely say alike (`bot/triage/groups.py`).
"""

from __future__ import annotations

import hashlib
import re

from bot.domain.comment import NewComment
from bot.triage.text import fold

_LINK = re.compile(r"https?://\S+")
_MORE = re.compile(r"(?:\.\.\.|…)\s*(?:voir plus|lire la suite|plus|see more|read more|more)?\s*$")
_NOT_WORDS = re.compile(r"[^\w]+")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
"""« trooooop » and « troop » are one word."""


def words(comment: NewComment) -> str:
    """A key of network, author and words; case, accents, punctuation, links and drawn-out letters aside."""
    said = _DRAWN_OUT.sub(r"\1\1", _NOT_WORDS.sub("", _MORE.sub("", _LINK.sub(" ", fold(comment.text)))))
    said = said or comment.text.strip()  # emoji alone
    return _digest(comment.network, fold(comment.author).lstrip("@"), said)


def once(comment: NewComment) -> str:
    """The comment's name: its id on the network, else its words."""
    return _digest("ref", comment.network, comment.ref) if comment.ref else words(comment)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", errors="replace")).hexdigest()[:40]
