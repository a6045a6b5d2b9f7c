"""Brevity: a model's reply far under what its network bears has not heard the person. People may be as brief as they like."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.subject import Finding, Subject

LEAST = 0.4
"""Of the words that the network's page counts a reply from."""


def check(subject: Subject) -> Iterator[Finding]:
    words = len(subject.text.split())
    least = subject.network.reply.words.min
    if subject.told and subject.skill == "reply" and 0 < words < LEAST * least:
        details = {"count": words, "least": least, "network": subject.network.title}
        yield Finding(check="brevity", level="note", key="finding.too_short", details=details)
