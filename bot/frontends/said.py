"""What a person means under a draft, in plain words: « approuver », "shorter", "reject: too long".

Shared by the front-ends where people type; it only names the intention, `bot.steps.change` understands the wish itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.domain.decision import Verb
from bot.errors import Refused
from bot.pages import Pages
from bot.steps.change import understand
from bot.triage.text import fold

Act = Verb | Literal["sources", "why", "none"]
_ACTS: tuple[tuple[Act, str], ...] = (
    (
        "approve",
        r"approuve[rz]?|j'approuve|valide[rz]?|je valide|approve|approved",
    ),
    ("edit", r"modifie[rz]?|edite[rz]?|edit|change text"),
    ("ignore", r"ignore[rz]?|laisse[rz]?|pas la peine|ne pas repondre|ignore it|not worth answering|leave it"),
    ("sources", r"sources?"),
    ("why", r"pourquoi|why"),
)
_BARE: tuple[tuple[Act, str], ...] = (
    ("approve", r"ok|oui|go|c'est bon|yes|looks good|lgtm|ship it|a"),
    ("edit", r"m|e"),
    ("ignore", r"i"),
    ("sources", r"s"),
    ("why", r"p|w|\?"),
)
"""Said to Bonton alone these are plain; between teammates in a thread « ok » approves nothing."""
_REJECT = re.compile(
    r"^(?:refuse[rz]?|rejette[rz]?|rejeter|(?P<bare>non|no|r)|reject)(?:\s*[:,(–—-]\s*|\s+|$)(?P<why>.*?)\)?$",
    re.DOTALL,
)
_AGREED = re.compile(r"oui(?: merci)?|o|d'accord|ok|volontiers|yes(?: please)?|y|sure|go ahead")
_DECLINED = re.compile(r"non(?: merci)?|n|no(?: thanks| thank you)?|pas une regle|not a rule")
_ELSEWHERE = re.compile(r"\b(?:la meme chose|le meme|la meme|pareil|idem|the same|same again)\b")
"""« la même chose pour LinkedIn » asks for another draft, not for a change of this one."""
_LONG = 8
"""Words from which a sentence is a new request rather than a wish about the draft."""


def networks(said: str, pages: Pages) -> tuple[tuple[str, ...], str]:
    """« linkedin,x le brief » → the networks and the brief; no network when the first word is none."""
    first, _, words = said.partition(" ")
    named = [pages.network(part) for part in first.split(",") if part]
    if words.strip() and named and all(named):
        return tuple(network.name for network in named if network), words.strip()
    return (), said


@dataclass(frozen=True)
class Meant:
    act: Act
    words: str = ""


def meant(said: str, *, bare: bool = True) -> Meant:
    """The intention under an open draft; `none` when the words speak of something else.

    `bare` words (« ok », "yes", "a") count where only Bonton is spoken to.
    """
    folded = fold(said).strip(" .!")
    if _ELSEWHERE.search(folded):
        return Meant("none")
    for act, pattern in (*_ACTS, *_BARE) if bare else _ACTS:
        if re.fullmatch(pattern, folded):
            return Meant(act)
    found = _REJECT.match(folded)
    if found and len(folded.split()) <= 2 * _LONG and (bare or not found["bare"]):
        start = len(said) - len(said.lstrip()) + found.start("why")
        return Meant("reject", said[start:].strip(" )") if found["why"] else "")
    if len(folded.split()) <= _LONG:
        try:
            understand(said)
        except Refused:
            return Meant("none")
        return Meant("ask", said)
    return Meant("none")


def agreed(said: str) -> bool | None:
    """Yes or no to a question of ours; None when the words answer something else."""
    folded = fold(said).strip(" .!")
    return True if _AGREED.fullmatch(folded) else False if _DECLINED.fullmatch(folded) else None
