"""What length reads best. Studies disagree, so the words that the page itself asks a reply or a post to have win over them.

A reply may be as short as it likes here: `brevity` knows what is too short for one.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.subject import Finding, Subject, doubt
from bot.domain.counters import length


def check(subject: Subject) -> Iterator[Finding]:
    aim = subject.known.ideal
    words = len(subject.text.split())
    asked = [code.words for code in (subject.network.reply, subject.network.post) if code.kind == subject.kind]
    if aim is None or words == 0 or any(span.min <= words <= span.max for span in asked):
        return
    count = length(subject.text, aim.unit)
    details = {"length": count, "network": subject.network.title, "confidence": doubt(aim)}
    if aim.value is not None and count > aim.value:
        yield Finding(check="ideal", level="note", key="finding.ideal_long", details={**details, "ideal": aim.value})
    elif aim.min is not None and count < aim.min and subject.kind == subject.network.post.kind:
        yield Finding(check="ideal", level="note", key="finding.ideal_short", details={**details, "ideal": aim.min})
