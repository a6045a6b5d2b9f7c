"""Hashtags: how many the network takes and how long, and none that the brand never chose (a stray # joins a conversation).

YouTube's own tags, a list between commas, are measured one by one here as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.counted import too_many, too_wide
from bot.checks.subject import Finding, Subject

TAG = re.compile(r"(?<![\w&/#])#(\w*[^\W\d_]\w*)")


def check(subject: Subject) -> Iterator[Finding]:
    found = [match.group() for match in TAG.finditer(subject.text)]
    yield from too_many(subject, "hashtags", found)
    listed = subject.known.max is not None and subject.known.max.unit == "youtube_tags"
    yield from too_wide(subject, subject.text.split(",") if listed else [tag[1:] for tag in found])
    if subject.brand is None:
        return
    ours = {tag.casefold() for tag in (*subject.brand.hashtags.always, *subject.brand.hashtags.allowed)}
    asked = subject.prompt.casefold() if subject.skill == "post" else ""
    for tag in dict.fromkeys(found):
        if tag.casefold() not in ours and tag.casefold() not in asked:
            yield Finding(
                check="hashtags", level="warn", key="finding.foreign_hashtag", details={"tag": tag}, excerpt=tag
            )
