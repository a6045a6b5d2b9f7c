"""The links that X sees in a text, each of which weighs 23 signs. Pure.

By the rules of X's own library (twitter-text 3: docs.x.com/fundamentals/counting-characters, 2026-08-22): with a protocol or bare,
under a top-level domain of the list (`tlds.txt`), with what may stand before, and without the punctuation around. Read word by
word, so that time grows with the text alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import regex

LONGEST_WORD = 5_000
"""Signs without a space: X takes no address of more than 4,096."""
LONGEST_SLUG = 40
"""Of X's own short links."""
LONGEST_DOMAIN = 1_000

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
_PROTOCOL = regex.compile(r"https?://", regex.IGNORECASE)
_BARRED = regex.compile(rf"[A-Za-z0-9@＠$#＃{_INVALID}]")
"""What may not stand before a link."""
_BARE_BARRED = "-_./"
"""Nor, without its protocol."""
_TLD_ENDS = r"(?=[^0-9a-zA-Z@+\-]|$)"
_PORT = regex.compile(r":[0-9]++")
_PATH_SIGN = rf"[a-z0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_CYRILLIC}{_LATIN}]"
_PARENTHESES = rf"\((?:{_PATH_SIGN}++(?:\({_PATH_SIGN}++\){_PATH_SIGN}*+)?|\({_PATH_SIGN}++\){_PATH_SIGN}*+)\)"
_PATH_END = rf"[a-z0-9+\-=_#/{_CYRILLIC}{_LATIN}]"
_PATH = regex.compile(rf"/(?:(?:{_PATH_SIGN}|{_PARENTHESES})*{_PATH_END})?(?:{_PARENTHESES})*+", regex.IGNORECASE)
_QUERY = regex.compile(r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*+", regex.IGNORECASE)
_QUERY_END = "!?*'@();:+$%[].,~|"
_SHORT = regex.compile(r"https?://t\.co/([a-z0-9]+)", regex.IGNORECASE)


def _tlds() -> list[str]:
    lines = (Path(__file__).parent / "tlds.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


_TLD = regex.compile(rf"(?:\L<names>{_TLD_ENDS}|xn--[\-0-9a-z]+)", regex.IGNORECASE, names=_tlds())
_ASCII = regex.compile(
    rf"(?:[\-a-z0-9{_LATIN}]++\.)+(?:\L<names>{_TLD_ENDS}|xn--[\-0-9a-z]+)", regex.IGNORECASE, names=_tlds()
)


def links(text: str) -> Iterator[tuple[int, int]]:
    """Where each link begins and ends, in code points; `text` is NFC."""
    if "." not in text:
        return
    for word in _WORD.finditer(text):
        if "." in word[0] and len(word[0]) <= LONGEST_WORD:
            yield from _in_word(text, word.start(), word.end())


def _in_word(text: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    free = at - 1  # where the last link ended: the sign there may stand before the next
    while at < end:
        run = _RUN.search(text, at, end)
        if run is None:
            return
        protocol = _before(text, run.start(), free)
        found = _domain(text, run.start(), run.end(), free, bare=not protocol)
        at = run.end()
        if found is None:
            continue
        start, stop = found
        at = free = _rest(text, stop, end)
        if not _nameable(text[start:stop]):
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


def _domain(text: str, start: int, end: int, free: int, *, bare: bool) -> tuple[int, int] | None:
    """The first domain of a run, as long as it can be; with a protocol it begins with the run."""
    if not bare:
        stop, _ = _longest(text, start, end)
        return (start, stop) if stop else None
    if start == 0 and not _BARRED.match(text, 0):
        start = 1  # the very first sign, if it may stand before a link, does
        if not _longest(text, start, end)[0]:
            start = 0
    while start < end:
        if not (_may_begin(text, start, free) and _LABEL.match(text, start, end)):
            start += 1
            continue
        stop, broken = _longest(text, start, end)
        if stop:
            return start, stop
        start = broken
    return None


def _longest(text: str, start: int, end: int) -> tuple[int, int]:
    """The end of the longest domain from `start` (0: there is none), and where its labels stop being labels."""
    stop, at = 0, start
    while at < end:
        label = _LABEL.match(text, at, end)
        if label is None or label.end() >= end or text[label.end()] != ".":
            return stop, max(label.end() if label else at, start + 1)
        at = label.end() + 1
        if "_" not in label[0] and (tld := _TLD.match(text, at)):
            stop = tld.end()
    return stop, max(at, start + 1)


def _rest(text: str, at: int, end: int) -> int:
    """The end of the port, the path and the query that follow a domain."""
    if port := _PORT.match(text, at, end):
        at = port.end()
    if path := _PATH.match(text, at, end):
        at = path.end()
    if query := _QUERY.match(text, at, end):
        kept = query[0].rstrip(_QUERY_END)
        at += len(kept) if len(kept) > 1 else 0
    return at


def _nameable(domain: str) -> bool:
    """Whether the domain has a name in ASCII: no label beyond 63 signs."""
    if len(domain) > LONGEST_DOMAIN:
        return False
    if domain.isascii():
        return all(len(label) <= 63 for label in domain.split("."))
    try:
        return bool(domain.encode("idna"))
    except UnicodeError:
        return False


def _with_protocol(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    short = _SHORT.match(text, start, end)
    if short is None:
        yield start, end
    elif len(short[1]) <= LONGEST_SLUG:
        query = _QUERY.match(text, short.end(), end)
        kept = query[0].rstrip(_QUERY_END) if query else ""
        yield start, short.end() + (len(kept) if len(kept) > 1 else 0)


def _bare(text: str, start: int, stop: int, end: int) -> Iterator[tuple[int, int]]:
    """Without a protocol, only the part in ASCII and accented Latin is a link; a path belongs to the last."""
    if start and text[start - 1] in _BARE_BARRED:
        return
    found = [match.span() for match in _ASCII.finditer(text, start, stop)]
    has_path = end > stop and text[stop:end].lstrip(":0123456789").startswith("/")
    for place, (begins, ends) in enumerate(found):
        last = place == len(found) - 1
        yield begins, end if last and has_path else ends
