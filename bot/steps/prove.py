"""What of a writer's words may be shown: every variant is checked, one rewrite may mend them, and what breaks a rule goes.

The playbooks' words come from pages that people reviewed: they are shown with what is found. A model's words are shown only
when no rule is broken that would stop an approval, and never in another language than the one asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.domain.draft import Finding, Variant
from bot.steps.draft import Job, Mend, Writer, Written

Check = Callable[[str, str], Sequence[Finding]]
"""The findings on a text, by whoever was told what."""
Findings = tuple[tuple[Finding, ...], ...]
_WEIGHTS = {"block": 100, "warn": 1, "note": 0}
_NEVER_SHOWN = frozenset({"brevity", "codes", "dictated", "facts", "language", "leak"})
"""Checks that only warn people of their own words, and of which a model's words do not come back."""


async def proven(job: Job, writer: Writer, check: Check) -> Written:
    """The writer's words, mended at most once; those of the playbooks when a model's cannot be shown."""
    written = await writer.write(job)
    if written.proven and not written.mendable:
        return written
    findings = await _look(written, check)
    if written.mendable and _rank(findings) > (False, 0):
        again = await writer.write(job.model_copy(update={"mend": Mend(written=written, findings=findings)}))
        found = await _look(again, check)
        if _rank(found) < _rank(findings):
            written, findings = again, found
        else:
            written = written.model_copy(update={"usage": again.usage})
    if written.proven or not written.variants:
        return written
    fit = tuple(variant for variant, found in zip(written.variants, findings, strict=True) if _fit(found))
    if fit:
        return written.model_copy(update={"variants": fit})
    plain = await writer.write(job.model_copy(update={"plain": "unfit"}))
    return plain.model_copy(update={"usage": written.usage})


async def _look(written: Written, check: Check) -> Findings:
    return await asyncio.to_thread(_findings, written.variants, written.told, check)


def _findings(variants: Sequence[Variant], told: str, check: Check) -> Findings:
    return tuple(tuple(check(variant.text, told)) for variant in variants)


def _heavy(findings: Sequence[Sequence[Finding]]) -> int:
    return sum(_WEIGHTS[finding.level] for found in findings for finding in found)


def _rank(findings: Findings) -> tuple[bool, int]:
    """How far the variant shown is from what may be shown."""
    first = findings[0] if findings else ()
    return not _fit(first), _heavy([first])


def _fit(found: Sequence[Finding]) -> bool:
    return not any(finding.level == "block" or finding.check in _NEVER_SHOWN for finding in found)
