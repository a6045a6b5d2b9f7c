"""Links: only to the brand's own places or to an address that the guidelines hold, and only where the network takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from bot.checks.counted import too_many
from bot.checks.subject import Finding, Subject, doubt

LINK = re.compile(
    r"(?i:\b(?:https?://|www\.)[^\s<>\"«»]+[^\s<>\"«».,;:!?)’])"
    r"|(?<![\w@./-])(?:[A-Za-z0-9-]{1,63}\.){1,4}(?:com|fr|org|net|eu|be|ch|ca|uk|io|co|ly|info|shop|example|test"
    r"|xyz|ru|cn|tk|ai|app|dev|biz|site|online|click|store|website|space|club|cc|su|ws|gg|zip|de|nl)(?![\w@-]|\.\w)"
    r"(?:/[^\s<>\"«»]*[^\s<>\"«».,;:!?)’])?"
)
"""With its protocol or www, or bare as people type it and networks link it: « bit.ly/x »."""
_VEILED = re.compile(
    r"(?i)\bhxxps?://\S+|(?<![\w.-])[\w-]{2,63}(?: ?[\[({] ?(?:\.|dot|point) ?[\])}] ?| (?:dot|point) )(?:com|fr|net|org|io|co|xyz|ru|example|info|shop)\b"
    r"|\bhttps?://[^\s/]*(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"
)
"""An address written so that a filter passes over it: « evil[.]com », "evil dot com"."""
SHORTENERS = frozenset("bit.ly tinyurl.com t.co goo.gl ow.ly buff.ly is.gd rb.gy cutt.ly lnkd.in".split())

REMEMBERED = 2_048
"""Pages that many drafts rest on are read once."""


def check(subject: Subject) -> Iterator[Finding]:
    links = LINK.findall(subject.text)
    yield from too_many(subject, "links", links)
    known = _known(subject) if links else frozenset()
    for veiled in _VEILED.finditer(subject.text):
        yield Finding(check="links", level="block", key="finding.veiled_link", excerpt=veiled.group())
    for link in dict.fromkeys(links):
        if host(link) in SHORTENERS:
            yield Finding(check="links", level="warn", key="finding.short_link", excerpt=link)
        elif subject.brand is not None and host(link) not in known:
            yield Finding(
                check="links", level="block", key="finding.foreign_link", details={"host": host(link)}, excerpt=link
            )
    clickable = subject.known.clickable
    if links and not (clickable.value if clickable else subject.network.taps(subject.kind)):
        details = {"network": subject.network.title, "confidence": doubt(clickable) if clickable else ""}
        yield Finding(
            check="links",
            level="warn",
            key="finding.dead_link",
            details=details,
            excerpt=links[0],
            rule=subject.rule("clickable"),
        )


def _known(subject: Subject) -> frozenset[str]:
    """The hosts that the guidelines, the brand file and, for a post, its brief hold."""
    pages = (*subject.passages, subject.brand_facts)
    if subject.skill == "post":
        pages = (*pages, subject.prompt, *subject.facts)
    return _named(subject.brand_facts).union(*map(_linked, pages))


@lru_cache(maxsize=REMEMBERED)
def _linked(page: str) -> frozenset[str]:
    return frozenset(host(link) for link in LINK.findall(page))


@lru_cache(maxsize=REMEMBERED)
def _named(facts: str) -> frozenset[str]:
    return frozenset(host(f"//{word}") for word in facts.split())


def host(link: str) -> str:
    """The host of a link, without www; empty when there is none to read."""
    try:
        name = urlsplit(link if "//" in link else f"//{link}").hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")
