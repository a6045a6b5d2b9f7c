"""Formatting that the network will not show: Markdown where text is plain, line breaks where they are ignored.

Lists with a dash or a star read well as they are, so they are no Markdown here; tags and code are `markup`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject, doubt

_MARKDOWN = re.compile(
    r"\*\*(?=\S)[^*\n]{1,200}\*\*|(?<!\w)__(?=\S)[^_\n]{1,200}__(?!\w)|~~(?=\S)[^~\n]{1,200}~~|(?<!`)`[^`\s][^`\n]{0,200}`(?!`)"
    r"|(?m:^#{1,6} \S[^\n]{0,80})|(?<!!)\[[^\[\]\n]{1,200}\]\((?:https?://|www\.|/)[^\s()]{1,300}\)"
)


def check(subject: Subject) -> Iterator[Finding]:
    rule = subject.known.markdown
    if rule is not None and not rule.value and (found := _MARKDOWN.search(subject.text)):
        yield _finding(subject, "markdown", found.group(), doubt(rule))
    rule = subject.known.line_breaks
    text = subject.text.strip()
    if rule is not None and not rule.value and (place := text.find("\n")) > 0:
        yield _finding(subject, "line_breaks", text[max(place - 20, 0) : place + 21], doubt(rule))


def _finding(subject: Subject, name: str, excerpt: str, confidence: str) -> Finding:
    details = {"network": subject.network.title, "confidence": confidence}
    return Finding(
        check="formatting",
        level="warn",
        key=f"finding.{name}",
        details=details,
        excerpt=excerpt,
        rule=subject.rule(name),
    )
