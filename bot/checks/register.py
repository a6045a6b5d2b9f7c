"""Register: tu and vous never mixed, and the one that the brand uses here. French only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject

TU = re.compile(r"(?i)(?<![\w’'-])(?:tu|te|toi|ton|ta|tes)(?![\w’'])|(?<!\w)t[’'](?=\w)|-(?:tu|toi)\b")
VOUS = re.compile(r"(?i)(?<![\w’'])(?:vous|votre|vos)(?!\w)")
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")
_NOT_TU = re.compile(
    r"(?i)\bton (?:juste|employé|utilisé|de la|du|pareil|méprisant|agressif|adapté|qui)\b|\b(?:un|le|ce|de|quel) ton\b"
)


def check(subject: Subject) -> Iterator[Finding]:
    if subject.language is None or subject.language.name != "fr":
        return
    text = _NOT_TU.sub(" ", _QUOTED.sub(" ", subject.text))
    tu, vous = TU.search(text), VOUS.search(text)
    if tu and vous:
        yield Finding(
            check="register",
            level="warn",
            key="finding.register_mixed",
            excerpt=f"{tu.group()} … {vous.group()}",
        )
    elif subject.register_ == "vous" and tu:
        yield Finding(check="register", level="warn", key="finding.register_vous", excerpt=tu.group())
    elif subject.register_ == "tu" and vous:
        yield Finding(check="register", level="warn", key="finding.register_tu", excerpt=vous.group())
