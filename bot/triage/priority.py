"""Which comments matter first: a priority of 0 to 100 from what was read, how many may see it, and what was asked. Pure.

Severity leads; a question that waits, the press, a law or a wide audience lift; spam and thanks sink. Every part says why.
"""

from __future__ import annotations

import math

from bot.domain.comment import NewComment
from bot.domain.model import Said
from bot.domain.triage import Triage

SEVERITY = {1: 0, 2: 18, 3: 38, 4: 66, 5: 88}
URGENT = 60
"""From here on somebody is interrupted."""
FIRST = 20
"""Under this, a comment is not shown among the few that matter."""
_KINDS = {"question": 12, "complaint": 6, "crisis": 10, "suggestion": 2, "troll": -6, "spam": -30}
_WIDE = 1_000
"""Followers from which the audience counts."""


def priority(comment: NewComment, triage: Triage) -> tuple[int, tuple[Said, ...]]:
    """0 (nothing waits) to 100 (now), and the reasons, the weightiest first."""
    score = float(SEVERITY[triage.severity] + _KINDS.get(triage.kind, 0))
    reasons = []
    if triage.severity >= 3:
        reasons.append(Said(key="inbox.why_severity", details={"severity": triage.severity}))
    for risk in triage.risks:
        reasons.append(Said(key="triage.risk", details={"risk": risk, "words": ""}))
        score += 3
    if triage.kind == "question":
        reasons.append(Said(key="inbox.why_question"))
    if comment.reach >= _WIDE:
        score += min(12.0, 4 * math.log10(comment.reach / 100))
        reasons.append(Said(key="inbox.why_reach", details={"reach": comment.reach}))
    if comment.rating is not None and comment.rating <= 2:
        score += 4
        reasons.append(Said(key="inbox.why_rating", details={"rating": comment.rating}))
    if not reasons and triage.kind == "complaint":
        reasons.append(Said(key="inbox.why_complaint"))
    return max(0, min(100, round(score))), tuple(reasons)
