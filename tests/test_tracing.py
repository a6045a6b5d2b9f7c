"""Traces carry ids and kinds, and nobody's words; without an endpoint there are none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import bot.tracing
from bot.tracing import configure, span, use


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    use(SimpleSpanProcessor(kept))
    yield kept
    bot.tracing._tracer = None


def test_a_step_is_a_span_with_its_ids_and_the_kind_of_its_error(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="parcel"), span("prepare", request="r-1"), span("route", request="r-1"):
        raise ValueError("my parcel is late")
    route, prepare = spans.get_finished_spans()
    assert route.parent.span_id == prepare.context.span_id
    assert dict(prepare.attributes) == {"bonton.request": "r-1", "error.type": "ValueError"}
    assert not route.events
    assert route.status.description is None


def test_without_an_endpoint_nothing_is_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    configure()
    assert bot.tracing._tracer is None
    with span("prepare", request="r-1"):
        pass
