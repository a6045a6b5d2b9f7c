"""A draft by a model, traced: every step and call, without a word of anybody's."""

from __future__ import annotations

from typing import Any

from tests.fakes.model import drafted
from tests.test_tracing import spans

from .conftest import COMMENT, FR

__all__ = ["spans"]


async def test_every_step_and_call_is_a_span_without_words(room: Any, spans: Any) -> None:
    at = await room(drafted_model := _model())
    await at.ask(COMMENT["fr"])
    found = spans.get_finished_spans()
    assert {"prepare", "route", "triage", "retrieve", "write", "model", "submit"} <= {one.name for one in found}
    told = " ".join(f"{one.name} {dict(one.attributes)}" for one in found)
    for words in (COMMENT["fr"], FR, "colis", "Nora"):
        assert words not in told
    assert drafted_model.asked


def _model() -> Any:
    from tests.fakes.model import ScriptedModel

    return ScriptedModel(replies=[drafted(FR, FR, FR)])
