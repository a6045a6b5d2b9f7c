"""What a model gave back, as words: from its tool call or its plain JSON, mended where the shape alone is wrong.

Nothing is guessed: what cannot be read, was cut or refuses is a fault, with its kind. Rules of content are the checks' business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from bot.domain.draft import Variant
from bot.domain.model import Value
from bot.domain.network import Limit
from bot.domain.parts import Piece
from bot.domain.triage import Posture
from bot.steps.draft import Doubt
from bot.triage.text import clean
from bot.typography import typeset_within

TOOL = "draft"
DOUBTS: tuple[Doubt, ...] = get_args(Doubt)
_CUT = {"length", "max_tokens", "model_length"}
_REFUSED = {"refusal", "content_filter", "safety", "prohibited_content", "blocklist", "recitation"}
_LONGEST = 20_000
Join = Callable[[Sequence[Piece]], str]


class Fault(Exception):
    """Why there are no words: `why.*` of the interface pages."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Answer(Value):
    variants: tuple[Variant, ...]
    used: tuple[int, ...] = ()
    """Ids of passages, from 1, as they were given."""
    doubts: tuple[Doubt, ...] = ()


def tool(postures: Sequence[Posture], parts: Sequence[str] = ()) -> dict[str, Any]:
    """The one thing that a model can call: it hands over the texts, and does nothing."""
    return {
        "type": "function",
        "function": {"name": TOOL, "description": "Hands over the draft.", "parameters": schema(postures, parts)},
    }


def schema(postures: Sequence[Posture], parts: Sequence[str] = ()) -> dict[str, Any]:
    """Of one text a posture, or of its parts by these names."""
    part = {
        "type": "object",
        "properties": {"name": {"type": "string", "enum": list(parts)}, "text": {"type": "string"}},
        "required": ["name", "text"],
    }
    said = {"parts": {"type": "array", "items": part}} if parts else {"text": {"type": "string"}}
    variant = {
        "type": "object",
        "properties": {"posture": {"type": "string", "enum": list(postures)}, **said},
        "required": ["posture", *said],
    }
    return {
        "type": "object",
        "properties": {
            "variants": {"type": "array", "items": variant},
            "used": {"type": "array", "items": {"type": "integer"}},
            "doubts": {"type": "array", "items": {"type": "string", "enum": list(DOUBTS)}},
        },
        "required": ["variants", "used"],
        "additionalProperties": False,
    }


def read(
    message: Any,
    postures: Sequence[Posture],
    passages: int,
    language: str,
    limit: Limit | None = None,
    *,
    join: Join | None = None,
) -> Answer:
    """The answer in a model's message; `join` lays the parts of one out as a text. Raises Fault: garbage, cut or refused."""
    finish = _finish(message)
    if finish in _REFUSED or (getattr(message, "additional_kwargs", None) or {}).get("refusal"):
        raise Fault("refused")
    if finish in _CUT:
        raise Fault("cut")
    given = _given(message)
    if given is None:
        raise Fault("garbage")
    texts = _texts(given.get("variants"), postures, join)
    used = _numbers(given.get("used"))
    if not texts or any(not 1 <= number <= passages for number in used):
        raise Fault("garbage")  # a source that was never given is made up, and so may be the words that rest on it
    unit, most = (limit.unit, limit.value) if limit else ("", None)
    return Answer(
        variants=tuple(
            Variant(posture=one, text=typeset_within(texts[one], language, unit, most))
            for one in postures
            if one in texts
        ),
        used=used,
        doubts=tuple(doubt for doubt in DOUBTS if doubt in _strings(given.get("doubts"))),
    )


def _finish(message: Any) -> str:
    metadata = getattr(message, "response_metadata", None) or {}
    named = (metadata.get(name) for name in ("finish_reason", "stop_reason", "done_reason"))
    return str(next((value for value in named if value), "")).lower()


def _given(message: Any) -> Mapping[str, Any] | None:
    for call in getattr(message, "tool_calls", None) or ():
        if call.get("name") == TOOL and isinstance(call.get("args"), Mapping):
            return call["args"]  # type: ignore[no-any-return]
    broken = [
        call.get("args") for call in getattr(message, "invalid_tool_calls", None) or () if call.get("name") == TOOL
    ]
    for text in (*broken, _text(message)):
        if (found := _json(text)) is not None:
            return found
    return None


def _text(message: Any) -> str:
    content = getattr(message, "content", "")
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))


def _json(text: Any) -> Mapping[str, Any] | None:
    """The JSON object in a text that may wrap it in words or a fence."""
    if not isinstance(text, str) or "{" not in text:
        return None
    body = text[text.index("{") :][:_LONGEST]
    body = re.sub(r",\s*([}\]])", r"\1", body)
    try:
        found, _ = json.JSONDecoder(strict=False).raw_decode(body)
    except (json.JSONDecodeError, RecursionError):
        return None
    if isinstance(found, Mapping) and isinstance(found.get("arguments"), Mapping):
        found = found["arguments"]
    return found if isinstance(found, Mapping) else None


def _texts(given: Any, postures: Sequence[Posture], join: Join | None) -> dict[Posture, str]:
    """The first text of each posture asked for; a list or a mapping, strings or objects, whole or in parts."""
    if isinstance(given, str):
        given = (_json(f'{{"variants": {given}}}') or {}).get("variants")
    if isinstance(given, Mapping):
        given = [{"posture": posture, "text": text} for posture, text in given.items()]
    found: dict[Posture, str] = {}
    for one in given if isinstance(given, Sequence) and not isinstance(given, str) else ():
        if isinstance(one, Mapping) and (said := _said(one, join)):
            posture = next((known for known in postures if known == str(one.get("posture", "")).strip().lower()), None)
            posture = posture or (postures[0] if len(postures) == 1 else None)
            text = clean(said)
            if posture and text and len(text) <= _LONGEST:
                found.setdefault(posture, text)
    return found


def _said(one: Mapping[str, Any], join: Join | None) -> str:
    """The words of a variant: its text, or its parts joined; parts as a list of objects or by their names."""
    given = one.get("parts")
    if join is None or not given:
        return one["text"] if isinstance(one.get("text"), str) else ""
    if isinstance(given, Mapping):
        given = [{"name": name, "text": text} for name, texts in given.items() for text in _listed(texts)]
    parts = [part for part in _listed(given) if isinstance(part, Mapping) and isinstance(part.get("text"), str)]
    return join([Piece(name=str(part.get("name", "")).strip().lower(), text=clean(part["text"])) for part in parts])


def _listed(given: Any) -> Sequence[Any]:
    return given if isinstance(given, list | tuple) else [given]


def _numbers(given: Any) -> tuple[int, ...]:
    """Ids as models write them: 2, "2", "[2]"."""
    listed = given if isinstance(given, list | tuple) else [] if given is None else [given]
    found = [int(digits[0]) for one in listed if (digits := re.findall(r"\d{1,4}", str(one)))]
    return tuple(dict.fromkeys(found))


def _strings(given: Any) -> set[str]:
    return {one for one in given if isinstance(one, str)} if isinstance(given, list | tuple) else set()
