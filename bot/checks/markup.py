"""Markup: tags, code and script addresses. No network shows them as anything but noise, and a chat may act on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject

_MARKUP = re.compile(
    r"</?[A-Za-z][^<>\n]{0,200}>|<[!?][^<>\n]{0,200}>|```|\{\{|\}\}|!\[[^\]\n]{0,200}\]\(|(?i:\b(?:javascript|vbscript|data:text/\w+):)"
)


def check(subject: Subject) -> Iterator[Finding]:
    for found in _MARKUP.finditer(subject.text):
        yield Finding(check="markup", level="block", key="finding.markup", excerpt=found.group())
