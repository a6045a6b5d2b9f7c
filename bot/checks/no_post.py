"""A post where nobody posts: a network that only takes replies."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.subject import Finding, Subject


def whole(subject: Subject) -> Iterator[Finding]:
    if subject.skill == "post" and subject.network.post.kind == subject.network.reply.kind:
        details = {"network": subject.network.title}
        yield Finding(check="no_post", level="warn", key="publication.no_post", details=details)
