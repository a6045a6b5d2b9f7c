"""How a comment is written, and the valence of its words: what a classifier sees beside meaning. Numbers only, no judgement.

Valence comes from two public lexicons in `valence.tsv` (their licences stand there).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
LONGEST = 1_500
"""Signs that are read: what a comment is shows long before."""
_ASIDE = re.compile(r"https?\S*|www\.\S+")
_NAMED = re.compile(r"@[\w.]+")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[^\w\s]+")
_NOT = frozenset(
    "not no never n't cannot can't don't didn't doesn't isn't wasn't won't without pas jamais rien sans ni aucun aucune plus ne n'".split()
)
_BEFORE = 3
"""Words before one that may turn it round."""
_JOY = re.compile(r"[😀-😆😊😍🥰😘🤩😻❤💕💖👍🙏✨🎉👏🔥💯]|:\)|;\)|<3")
_ANGER = re.compile(r"[😠😡🤬😤👎💩🤮😒🙄😭😢💔🤡]|:\(|>:")


def manner(texts: Sequence[str]) -> Matrix:
    """One row a text: valences of its words, and how it is written."""
    return np.array([[*_valences(text[:LONGEST]), *_style(text[:LONGEST])] for text in texts], dtype=np.float32)


def _valences(text: str) -> list[float]:
    tokens = _TOKEN.findall(_NAMED.sub(" ", _ASIDE.sub(" ", text)).casefold().replace("’", "'"))
    row: list[float] = []
    for lexicon, full in zip(_lexicons(), (4.0, 1.0), strict=True):
        glad = cross = last = 0.0
        count = 0
        for place, token in enumerate(tokens):
            value = lexicon.get(token)
            if value is None and token.endswith("s"):
                value = lexicon.get(token[:-1])
            if value is None:
                continue
            value /= full
            if any(word in _NOT for word in tokens[max(0, place - _BEFORE) : place]):
                value *= -0.7
            glad, cross, last, count = glad + max(value, 0), cross - min(value, 0), value, count + 1
        total = glad - cross
        row += [glad, cross, total / math.sqrt(total * total + 1), last, float(count == 0)]
    return row


def _style(text: str) -> list[float]:
    letters = [sign for sign in text if sign.isalpha()]
    return [
        float("!" in text),
        float(text.count("!") > 1),
        float("?" in text),
        sum(sign.isupper() for sign in letters) / (len(letters) + 1),
        float("#" in text),
        float("@" in text),
        float("http" in text or "www." in text or ".com" in text),
        min(len(text), 600) / 140,
        float(bool(_JOY.search(text))),
        float(bool(_ANGER.search(text))),
        float("..." in text or "…" in text),
        float(bool(re.search(r"\d", text))),
    ]


@cache
def _lexicons() -> tuple[dict[str, float], dict[str, float]]:
    """English and French: token → valence, -4 to 4 and -1 to 1."""
    found: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for line in (Path(__file__).parent / "valence.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("# "):
            which, token, value = line.split("\t")
            found[which == "fr"][token] = float(value)
    return found
