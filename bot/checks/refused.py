"""Signs that a network refuses in this kind of text, as its page lists them: < and > in a title on YouTube."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.subject import Finding, Subject, doubt, over


def check(subject: Subject) -> Iterator[Finding]:
    signs = subject.known.refused
    if signs is None:
        return
    found = dict.fromkeys(sign for sign in subject.text if sign in signs.value)
    for sign in found:
        place = subject.text.index(sign)
        yield Finding(
            check="refused",
            level=over(signs),
            key="finding.refused",
            details={
                "sign": sign if sign.isprintable() else f"U+{ord(sign):04X}",
                "network": subject.network.title,
                "confidence": doubt(signs),
            },
            excerpt=subject.text[max(place - 10, 0) : place + 11],
            rule=subject.rule("refused"),
        )
