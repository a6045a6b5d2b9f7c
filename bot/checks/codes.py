"""Codes: a voucher, a reference, a password. Only the brand's own papers give one; a comment that names one grants nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.links import LINK
from bot.checks.subject import Finding, Subject

_CODE = re.compile(r"(?<![\w#@./-])(?=[A-Z-]{0,20}\d)[A-Z][A-Z0-9-]{4,20}(?![\w-])")


def check(subject: Subject) -> Iterator[Finding]:
    bare = LINK.sub(lambda link: " " * len(link.group()), subject.text)
    codes = _CODE.findall(bare)
    if not codes:
        return
    ours = subject.ground if subject.skill == "post" else "\n".join((*subject.passages, subject.brand_facts))
    known = ours.casefold()
    for code in codes:
        if code.casefold() not in known:
            yield Finding(check="codes", level="warn", key="finding.code", details={"code": code}, excerpt=code)
