"""The journal of an incident: everything that was done, by whom, when, with which text, and which facts stood then.

As Markdown for people, as JSON for programs. Texts stand in it to the character, so that a hash can be checked against them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.crisis.report import standing
from bot.crisis.telling import Telling
from bot.domain.draft import Draft
from bot.domain.incident import Line, Record

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&])")
FEW = 12
"""Facts that are said again under a text; of more, the numbers of their lines."""
_FENCE = re.compile(r"`{3,}")


def markdown(telling: Telling, heading: int = 1) -> str:
    """A table of moments, then every text with the facts that stood when it left; `heading`: of its title."""
    say, mark = telling.noted, "#" * heading
    lines = [f"{mark} {plain(say('title', title=telling.title))}", ""]
    rows = [
        (moment.at, moment.who, moment.what, f"v{moment.version}" if moment.version else "")
        for moment in telling.moments()
    ]
    if not rows:
        return "\n".join([*lines, say("nothing"), ""])
    lines += table([say("at"), say("who"), say("what"), say("facts")], rows)
    if truth := telling.truth():
        lines += ["", f"{mark}# {telling.say('truth')}", ""]
        heads = [say("facts"), say("line"), say("at"), say("who"), say("what"), ""]
        lines += table(
            heads, [(f"v{one.version}", f"{one.line}", one.at, one.who, one.what, one.words) for one in truth]
        )
    if telling.record.drafts:
        lines += ["", f"{mark}# {say('texts')}"]
    for draft in telling.record.drafts:
        lines += ["", *_text(telling, draft, f"{mark}##")]
    return "\n".join([*lines, ""])


def _text(telling: Telling, draft: Draft, mark: str) -> list[str]:
    say, record = telling.noted, telling.record
    version = version_of(record, draft)
    stood = standing(record.truth, version)
    facts = [f"- {say('pair', name=say(f'sort_{line.sort}'), words=plain(line.words))}" for line in stood]
    state = telling.state(draft)
    return [
        f"{mark} {plain(say('text_of', draft=draft.id, network=telling.network(draft.network)))}",
        "",
        plain(state),
        "",
        *fenced(draft.body.text),
        "",
        f"`SHA-256 {draft.hash}`",
        "",
        say("text_facts", version=version),
        "",
        *((facts if len(facts) <= FEW else [say("facts_lines", lines=_numbers(stood))]) or [say("facts_none")]),
    ]


def _numbers(lines: Sequence[Line]) -> str:
    return ", ".join(str(line.id) for line in lines)


def version_of(record: Record, draft: Draft) -> int:
    """Of the source of truth, when the text left; where it did not, at the last thing done to it."""
    acts = [entry for entry in record.entries if entry.draft == draft.id]
    left = [entry for entry in acts if entry.what == "draft.released"]
    return max((entry.version for entry in left or acts), default=0)


def as_json(telling: Telling) -> dict[str, Any]:
    """The record, each line with its sentence."""
    record = telling.record
    entries = [
        {**entry.model_dump(mode="json", exclude={"incident"}), "said": moment.what}
        for entry, moment in zip(record.entries, telling.moments(), strict=True)
    ]
    return {
        "incident": record.incident.model_dump(mode="json"),
        "brand": record.brand,
        "entries": entries,
        "truth": [line.model_dump(mode="json", exclude={"incident"}) for line in record.truth],
        "texts": [
            {
                "draft": draft.id,
                "revision": draft.revision,
                "state": draft.state,
                "statement": draft.body.statement,
                "network": draft.network,
                "text": draft.body.text,
                "hash": draft.hash,
                "released_at": at.isoformat() if (at := record.released.get(draft.id)) else None,
                "approved_by": list(draft.body.approvals.by),
                "truth": version_of(record, draft),
            }
            for draft in record.drafts
        ],
    }


def whole(telling: Telling) -> dict[str, Any]:
    """The journal, and what the report draws from it: moments in ISO 8601, lengths in seconds."""
    told, record = telling.report, telling.record
    left_out = {"incident", "brand", "questions", "proposals", "awaited"}
    figures = told.model_dump(mode="python", exclude=left_out)
    seconds = {"lasted": told.lasted, "to_first_words": told.to_first_words, "from_spike": told.from_spike}
    return {
        **as_json(telling),
        "figures": _measured(figures | seconds),
        "updates": [_measured(one.model_dump()) for one in told.awaited],
        "timeline": [moment.model_dump(exclude={"kind"}) for moment in telling.timeline()],
        "volume": [one.model_dump(mode="json") for one in record.volume],
        "promises": [one.model_dump(mode="json") for one in record.commitments],
        "lessons": telling.questions(),
        "proposals": [
            {"rule": rule, "because": because, "drafts": list(one.drafts), "line": one.line}
            for one, (rule, because) in zip(told.proposals, telling.proposals(), strict=True)
        ],
    }


def _measured(value: Any) -> Any:
    """As JSON: a length in seconds, a moment as it is written everywhere."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _measured(one) for key, one in value.items()}
    return [_measured(one) for one in value] if isinstance(value, tuple | list) else value


# --- Markdown that nobody's words can change ---


def plain(words: str) -> str:
    """One line of somebody's words: nothing in it is markup, a link or a picture."""
    return _MARKUP.sub(r"\\\1", " ".join(words.split()))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    return [*lines, *(f"| {' | '.join(plain(cell) for cell in row)} |" for row in rows)]


def fenced(text: str) -> list[str]:
    """To the character, whatever it holds."""
    longest = max((len(ticks) for ticks in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return [f"{fence}text", text, fence]


def dumped(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2)
