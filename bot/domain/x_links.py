"""The links that X sees in a text, each of which weighs 23 signs. Pure.

By the rules of X's own library (twitter-text 3: docs.x.com/fundamentals/counting-characters, 2026-08-22): with a protocol or bare,
under a top-level domain of the list (`tlds.txt`), with what may stand before, and without the punctuation around. Read word by
word, so that time grows with the text alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import regex

LONGEST_LINK = 4_096
"""X counts the protocol once more, and puts one before a bare link."""
LONGEST_SLUG = 40
"""Of X's own short links."""
LONGEST_LABEL = 63
"""Of a domain, in ASCII."""

_LATIN = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289\u028B\u02BB"
    r"\u0300-\u036F\u1E00-\u1EFF"
)
_CYRILLIC = r"\u0400-\u04FF"
_MARKS = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
"""Signs that turn the direction of a text: they part words, and may stand before a link."""
_SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_INVALID = r"\uFFFE\uFEFF\uFFFF"
_PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]\^_{|}~$"
_SIGN = rf"[^{_PUNCTUATION}{_SPACES}{_INVALID}{_MARKS}]"
"""What a label of a domain is made of, besides its inner hyphens."""

_WORD = regex.compile(rf"[^{_SPACES}{_MARKS}]+")
_RUN = regex.compile(rf"(?:{_SIGN}|[_.\-])+")
"""What may hold a domain."""
_LABEL = regex.compile(rf"{_SIGN}(?:(?:{_SIGN}|[_\-])*{_SIGN})?")
_PROTOCOL = regex.compile(r"[Hh][Tt]{2}[Pp][Ss]?://")
_BARRED = regex.compile(rf"[A-Za-z0-9@＠$#＃{_INVALID}]")
"""What may not stand before a link."""
_BARE_BARRED = "-_./"
"""Nor, without its protocol."""
_PORT = regex.compile(r":[0-9]++")
_PATH_SIGN = rf"[A-Za-z0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_CYRILLIC}{_LATIN}]"
_PARENTHESES = rf"\((?:{_PATH_SIGN}++(?:\({_PATH_SIGN}++\){_PATH_SIGN}*+)?|\({_PATH_SIGN}++\){_PATH_SIGN}*+)\)"
_PATH_END = rf"[A-Za-z0-9+\-=_#/{_CYRILLIC}{_LATIN}]"
_QUERY_SIGN = r"[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]"
_ANY_SIGN = r"[^\s<>()?]"
_ANY_PARENTHESES = rf"\((?:{_ANY_SIGN}++(?:\({_ANY_SIGN}++\){_ANY_SIGN}*+)?|\({_ANY_SIGN}++\){_ANY_SIGN}*+)\)"
_ANY_END = r"[^\s()?!*\"'「」<>;:=,.$%\[\]~&|@]"
_FOREIGN = r"\u00A0-\uD7FF\uE000-\uFDCF\uFDF0-\uFFEF\U00010000-\U0010FFFD"
_SHORT = regex.compile(r"[Hh][Tt]{2}[Pp][Ss]?://[Tt]\.[Cc][Oo]/([A-Za-z0-9]+)")


def _tlds() -> list[str]:
    lines = (Path(__file__).parent / "tlds.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


_ASCII_TLDS = frozenset(name for name in _tlds() if name.isascii())
_ASCII_TLD = regex.compile(r"[0-9A-Za-z\-]++(?![@+])")
_PUNYCODE = regex.compile(r"[Xx][Nn]--[0-9A-Za-z\-]+")
_OTHER_TLD = regex.compile(r"(?i:\L<names>)(?![0-9A-Za-z@+\-])", names=[name for name in _tlds() if not name.isascii()])
_SEPARATORS = str.maketrans("\u3002\uff0e\uff61", "...")
"""Full stops of other scripts, which part names as well (RFC 3490)."""
_LATIN_RUN = regex.compile(rf"[\-A-Za-z0-9{_LATIN}][\-A-Za-z0-9{_LATIN}.]*+")
_DOT = regex.compile(r"\.")


class Grammar(NamedTuple):
    """What may follow a domain."""

    path: regex.Pattern[str]
    query: regex.Pattern[str]
    query_end: regex.Pattern[str]
    """One sign that may end it."""


X = Grammar(
    regex.compile(rf"/(?:(?:{_PATH_SIGN}|{_PARENTHESES})*{_PATH_END})?(?:{_PARENTHESES})*+"),
    regex.compile(rf"\?{_QUERY_SIGN}*+"),
    regex.compile(r"[A-Za-z0-9\-_&=#/]"),
)
MASTODON = Grammar(
    regex.compile(rf"/(?:(?:{_ANY_SIGN}|{_ANY_PARENTHESES})*{_ANY_END})?(?:{_ANY_PARENTHESES})*+"),
    regex.compile(rf"\?(?:{_QUERY_SIGN}|[\^{_FOREIGN}])*+"),
    regex.compile(rf"[A-Za-z0-9\-_&=#/{_FOREIGN}]"),
)
"""Paths and queries hold the signs of any script there (config/initializers/twitter_regex.rb of the server, 2026-11-23)."""


def links(text: str, grammar: Grammar = X) -> Iterator[tuple[int, int]]:
    """Where each link begins and ends, in code points; `text` is NFC."""
    if "." not in text:
        return
    for word in _WORD.finditer(text):
        if "." in word[0]:
            yield from _in_word(text, word.start(), word.end(), grammar)


def has_protocol(text: str, start: int) -> bool:
    """Whether the link that begins at `start` names its protocol."""
    return bool(_PROTOCOL.match(text, start))


def _in_word(text: str, at: int, end: int, grammar: Grammar) -> Iterator[tuple[int, int]]:
    free = at - 1  # where the last link ended: the sign there may stand before the next
    while at < end:
        run = _RUN.search(text, at, end)
        if run is None:
            return
        protocol = _before(text, run.start(), free)
        found = _longest(text, *run.span()).span if protocol else None
        if found is None or found[0] != run.start():
            protocol = ""
            found = _bare_domain(text, *run.span(), free)
        at = run.end()
        if found is None:
            continue
        start, stop = found
        at = free = _rest(text, stop, end, grammar)
        counted = at - start + (2 * len(protocol) or len("https://"))
        if not _nameable(text[start:stop]) or counted > LONGEST_LINK:
            continue
        if protocol:
            yield from _with_protocol(text, start - len(protocol), at)
        else:
            yield from _bare(text, start, stop, at)


def _before(text: str, begins: int, free: int) -> str:
    """The protocol that stands before a run, when nothing barred stands before it."""
    for length in (8, 7):
        start = begins - length
        if start >= 0 and _PROTOCOL.fullmatch(text, start, begins) and _may_begin(text, start, free):
            return text[start:begins]
    return ""


def _may_begin(text: str, at: int, free: int) -> bool:
    """Whether a link may begin at `at`: after a sign that no link before it has taken, and that is not barred."""
    return at == 0 or (at > free and not _BARRED.match(text, at - 1))


def _bare_domain(text: str, start: int, end: int, free: int) -> tuple[int, int] | None:
    """The first domain of a run, as long as it can be."""
    if start == 0 and not _BARRED.match(text, 0):
        start = 1  # the very first sign, if it may stand before a link, does
        if not _longest(text, start, end).span:
            start = 0
    while start < end:
        if not (_may_begin(text, start, free) and _LABEL.match(text, start, end)):
            start += 1
            continue
        seen = _longest(text, start, end)
        if seen.span:
            return seen.span
        start = seen.broken
    return None


class _Seen(NamedTuple):
    span: tuple[int, int] | None
    broken: int
    """Where the labels stop being labels."""


def _longest(text: str, start: int, end: int) -> _Seen:
    """The longest domain from `start`. The name right before the top level takes no underscore: where there is one, what follows
    it is the domain, which its place then bars, but which no other link may touch."""
    stop, at = 0, start
    after_underscore: tuple[int, int] | None = None
    while at < end:
        label = _LABEL.match(text, at, end)
        if label is None or label.end() >= end or text[label.end()] != ".":
            at = label.end() if label else at
            break
        at = label.end() + 1
        if not (ends := _tld(text, at)):
            continue
        if "_" not in label[0]:
            stop = ends
        elif after_underscore is None:
            begins = label.start() + label[0].rindex("_") + 1
            while text[begins] == "-":
                begins += 1
            after_underscore = (begins, ends)
    return _Seen((start, stop) if stop else after_underscore, max(at, start + 1))


def _tld(text: str, at: int, end: int | None = None) -> int:
    """Where the top-level domain at `at` ends; 0 where there is none."""
    end = len(text) if end is None else end
    if (word := _ASCII_TLD.match(text, at, end)) and word[0].lower() in _ASCII_TLDS:
        return word.end()
    found = _OTHER_TLD.match(text, at, end) or _PUNYCODE.match(text, at, end)
    return found.end() if found else 0


def _rest(text: str, at: int, end: int, grammar: Grammar) -> int:
    """The end of the port, the path and the query that follow a domain."""
    if port := _PORT.match(text, at, end):
        at = port.end()
    if path := grammar.path.match(text, at, end):
        at = path.end()
    return _query(text, at, end, grammar)


def _query(text: str, at: int, end: int, grammar: Grammar) -> int:
    """The end of the query at `at`, which is `at` itself where there is none."""
    query = grammar.query.match(text, at, end)
    stop = query.end() if query else at
    while stop > at + 1 and not grammar.query_end.match(text, stop - 1):
        stop -= 1
    return stop if stop > at + 1 else at


def _nameable(domain: str) -> bool:
    """Whether the domain has a name in ASCII: no label beyond 63 signs, nothing foreign in what is encoded already."""
    if domain.startswith("xn--") and not _latin(domain, 0, len(domain)):
        return False
    return all(_short_enough(label) for label in domain.split("."))


def _short_enough(label: str) -> bool:
    if len(label) > LONGEST_LABEL or label.isascii():  # encoded, it is longer still
        return len(label) <= LONGEST_LABEL
    parts = label.translate(_SEPARATORS).split(".")
    encoded = sum(len(part) if part.isascii() else 4 + len(part.encode("punycode")) for part in parts)
    return encoded + len(parts) - 1 <= LONGEST_LABEL


def _with_protocol(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    short = _SHORT.match(text, start, end)
    if short is None:
        yield start, end
    elif len(short[1]) <= LONGEST_SLUG:
        yield start, _query(text, short.end(), end, X)


def _bare(text: str, start: int, stop: int, end: int) -> Iterator[tuple[int, int]]:
    """Without a protocol, only the part in ASCII and accented Latin is a link; a path belongs to the last."""
    if start and text[start - 1] in _BARE_BARRED:
        return
    found = _latin(text, start, stop)
    has_path = end > stop and text[stop:end].lstrip(":0123456789").startswith("/")
    for place, (begins, ends) in enumerate(found):
        last = place == len(found) - 1
        yield begins, end if last and has_path else ends


def _latin(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """The domains in ASCII and accented Latin within a domain: one at most in a stretch of such signs, as long as it can be."""
    found = []
    for run in _LATIN_RUN.finditer(text, start, stop):
        ends = (_tld(text, dot.end(), stop) for dot in _DOT.finditer(text, *run.span()))
        if known := [end for end in ends if end]:
            found.append((run.start(), known[-1]))
    return found
