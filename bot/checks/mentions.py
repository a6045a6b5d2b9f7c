"""Mentions: how many the network takes, and never a mass mention of a whole channel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.counted import too_many
from bot.checks.subject import Finding, Subject

MENTION = re.compile(r"(?<![\w@.])@[\w][\w.]*(?:@[\w-]+(?:\.[\w-]+)+)?")
MASS = re.compile(
    r"(?i)(?<![\w@.])@(?:everyone|here|channel|all|followers|tous|highlight)(?![\w@-]|\.\w)|<!(?:here|channel|everyone)>"
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from too_many(subject, "mentions", MENTION.findall(subject.text))
    for mass in MASS.finditer(subject.text):
        yield Finding(check="mentions", level="block", key="finding.mass_mention", excerpt=mass.group())
