"""What reads best: length, number of hashtags. Studies disagree, so the words that the page itself asks of a text win over them.

A reply may be as short as it likes here: `brevity` knows what is too short for one.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.hashtags import TAG
from bot.checks.subject import Finding, Subject, doubt
from bot.domain.counters import length


def check(subject: Subject) -> Iterator[Finding]:
    yield from _length(subject)
    yield from _tags(subject)


def _tags(subject: Subject) -> Iterator[Finding]:
    """More than read well; what is above the limit is the check of hashtags'."""
    aim, limit = subject.known.hashtags_ideal, subject.known.hashtags
    found = [match.group() for match in TAG.finditer(subject.text)] if aim and aim.value is not None else []
    if aim and aim.value is not None and aim.value < len(found) <= (limit.value if limit else len(found)):
        details = {
            "count": len(found),
            "ideal": aim.value,
            "network": subject.network.title,
            "confidence": doubt(aim),
        }
        yield Finding(
            check="ideal",
            level="note",
            key="finding.ideal_tags",
            details=details,
            excerpt=found[aim.value],
            rule=subject.rule("hashtags_ideal"),
        )


def _length(subject: Subject) -> Iterator[Finding]:
    aim = subject.known.ideal
    words = len(subject.text.split())
    asked = [code.words for code in (subject.network.reply, subject.network.post) if code.kind == subject.kind]
    if aim is None or words == 0 or any(span.min <= words <= span.max for span in asked):
        return
    count = length(subject.text, aim.unit)
    details = {"length": count, "network": subject.network.title, "confidence": doubt(aim)}
    if aim.value is not None and count > aim.value:
        yield Finding(
            check="ideal",
            level="note",
            key="finding.ideal_long",
            details={**details, "ideal": aim.value},
            rule=subject.rule("ideal"),
        )
    elif aim.min is not None and count < aim.min and subject.kind == subject.network.post.kind:
        yield Finding(
            check="ideal",
            level="note",
            key="finding.ideal_short",
            details={**details, "ideal": aim.min},
            rule=subject.rule("ideal"),
        )
