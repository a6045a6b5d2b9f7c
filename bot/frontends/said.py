"""What a person means under a draft, in plain words: « approuver », "shorter", "reject: too long".

Shared by the front-ends where people type; it only names the intention, `bot.steps.change` understands the wish itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.domain.decision import Verb
from bot.errors import Refused
from bot.steps.change import understand
from bot.triage.text import fold

Act = Verb | Literal["sources", "why", "none"]
_ACTS: tuple[tuple[Act, str], ...] = (
    (
        "approve",
        r"approuve[rz]?|j'approuve|valide[rz]?|je valide|ok|oui|go|c'est bon|approve|approved|yes|looks good|lgtm|ship it|a",
    ),
    ("edit", r"modifie[rz]?|edite[rz]?|edit|change text|m|e"),
    ("ignore", r"ignore[rz]?|laisse[rz]?|pas la peine|ne pas repondre|ignore it|not worth answering|leave it|i"),
    ("sources", r"sources?|s"),
    ("why", r"pourquoi|why|p|w|\?"),
)
_REJECT = re.compile(
    r"^(?:refuse[rz]?|rejette[rz]?|rejeter|non|reject|no|r)(?:\s*[:,(–—-]\s*|\s+|$)(.*?)\)?$", re.DOTALL
)
_LONG = 8
"""Words from which a sentence is a new request rather than a wish about the draft."""


@dataclass(frozen=True)
class Meant:
    act: Act
    words: str = ""


def meant(said: str) -> Meant:
    """The intention under an open draft; `none` when the words speak of something else."""
    folded = fold(said).strip(" .!")
    for act, pattern in _ACTS:
        if re.fullmatch(pattern, folded):
            return Meant(act)
    if (found := _REJECT.match(folded)) and len(folded.split()) <= 2 * _LONG:
        start = len(said) - len(said.lstrip()) + found.start(1)
        return Meant("reject", said[start:].strip(" )") if found[1] else "")
    if len(folded.split()) <= _LONG:
        try:
            understand(said)
        except Refused:
            return Meant("none")
        return Meant("ask", said)
    return Meant("none")
