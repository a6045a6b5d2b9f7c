"""Alternative texts: they describe, and do not say that an image is one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject

_IMAGE = re.compile(
    r"(?i)^\W*(?:(?:une?|l[’']|la|le|cette|an?|the|this)\s*)?"
    r"(?:image|photo(?:graphie|graph)?|picture|visuel|illustration|cliché|capture)\s*(?:\d{1,3}\s*)?"
    r"(?:(?:de\s+|d[’']|du\s+|des\s+|of\s+|showing\s+|montrant\s+|représentant\s+)|:\s)"
)


def check(subject: Subject) -> Iterator[Finding]:
    if subject.part == "alt" and (found := _IMAGE.match(subject.text)):
        yield Finding(check="alt_text", level="warn", key="publication.alt_says_image", excerpt=found.group().strip())
