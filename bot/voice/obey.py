"""Applies the accepted rules that code can apply to a writer's words, before they are checked.

Replaces, removes, opens and closes; twice is the same as once. Addresses, links, handles and hashtags are left as they are. What
code cannot do well (a length, more warmth) is told to the writer instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.domain.counters import clusters
from bot.domain.voice import Habit
from bot.typography import capital
from bot.voice.diff import unsigned, words
from bot.voice.habits import has_emoji

_UNTOUCHED = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+|(?<!\w)[@#]\w+|\w+(?:\.\w+)+(?:/\S*)?")
_SPACE = "[ \u00a0\u202f]"


def obey(text: str, rules: Iterable[Habit], fits: Callable[[str], bool] = lambda _: True) -> str:
    """`text` under the rules, in the order they are given; a rule that would leave nothing, or no longer fits, is passed over."""
    for rule in rules if text.strip() else ():
        applied = _apply(text, rule)
        if applied.strip() and (len(applied) <= len(text) or fits(applied)):
            text = applied
    return text


def _apply(text: str, rule: Habit) -> str:
    match rule.kind:
        case "replace":
            phrase = _phrase(rule.before)
            text = _outside(text, lambda part: phrase.sub(lambda found: _cased(found, rule.after), part))
        case "remove":
            text = _tidy(_outside(text, lambda part: _without(part, rule.before)))
        case "calm":
            text = _outside(text, _calm)
        case "no_emoji" if has_emoji(text):
            text = _tidy("".join("" if has_emoji(cluster) else cluster for cluster in clusters(text)))
        case "open" if _first(text) != _first(rule.after):  # « Bonjour à vous » is a greeting already
            text = f"{rule.after} {_joined(text, rule)}"
        case "close":
            text = _closed(text, rule.after)
    return text


def _outside(text: str, change: Callable[[str], str]) -> str:
    """`text` changed everywhere but in addresses, links, handles and hashtags."""
    parts: list[str] = []
    last = 0
    for found in _UNTOUCHED.finditer(text):
        parts += [change(text[last : found.start()]), found.group()]
        last = found.end()
    return "".join([*parts, change(text[last:])])


def _phrase(said: str) -> re.Pattern[str]:
    """The words as a whole, in any case and with either apostrophe."""
    spaced = r"\s+".join(re.escape(word) for word in said.split())
    either = re.sub("[’']", "[’']", spaced)
    return re.compile(rf"(?<![\w’'-]){either}(?![\w-]|[’']\w)", re.IGNORECASE)


def _cased(found: re.Match[str], said: str) -> str:
    return capital(said) if found.group()[:1].isupper() else said


def _without(text: str, said: str) -> str:
    """`text` without the words and the comma after them; what they began goes on with a capital."""

    def gone(found: re.Match[str]) -> str:
        return found[2].upper() if found[1][:1].isupper() else found[2]

    there = re.compile(rf"({_phrase(said).pattern})(?:{_SPACE}*,)?{_SPACE}*(\w?)", re.IGNORECASE)
    while (left := there.sub(gone, text)) != text:  # words that follow themselves
        text = left
    return text


def _calm(text: str) -> str:
    """Exclamation marks become full stops, and vanish beside a question mark or another stop."""
    text = re.sub(r"(?=[!?]*!)[!?]*\?[!?]*", "?", text)
    text = re.sub(rf"(?:{_SPACE}*!)+(?={_SPACE}*[.…])", "", text)
    return re.sub(rf"(?:{_SPACE}*!)+", ".", text)


def _tidy(text: str) -> str:
    """Closes the gaps that a removal leaves."""
    text = re.sub(r"[ \u00a0]{2,}", " ", text)
    text = re.sub(r"[ \u00a0]+([.,])", r"\1", text)
    text = re.sub(r",(?=[.!?…])|(?<![.])\.(?=\.(?!\.))", "", text)
    return re.sub(r"(?m)^[ \u00a0]+|[ \u00a0]+$", "", text).strip()


def _first(text: str) -> str:
    return next(iter(words(text)), "").casefold()


def _closed(text: str, ending: str) -> str:
    """`text` ended by the words: before its signature, unless they are one."""
    signs = ending.startswith(("—", "–"))
    body, signature = (text.rstrip(), "") if signs else unsigned(text)
    return text if body.casefold().endswith(ending.casefold()) else f"{body} {ending}{signature}"


def _joined(text: str, rule: Habit) -> str:
    """After a comma a sentence goes on in lower case, unless a name begins it."""
    plain = rule.after.endswith(",") and re.match(r"[A-ZÀ-Ý][a-zà-ÿ’']+ [^A-ZÀ-Ý]", text)
    return text[:1].lower() + text[1:] if plain else text
