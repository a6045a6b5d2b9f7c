"""Traces: a span for each step and each call of a model, over OpenTelemetry, when an endpoint is set; ids and counts only.

Off without `OTEL_EXPORTER_OTLP_ENDPOINT`; its other variables are OpenTelemetry's own. Errors are named by their kind: their
messages may hold people's words.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_tracer: Any = None


def configure() -> None:
    """Called once, by the command line."""
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    use(BatchSpanProcessor(OTLPSpanExporter()))


def use(processor: Any) -> None:
    """From now on spans go to this processor."""
    global _tracer  # noqa: PLW0603 - one process, one tracer
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    name = os.environ.get("OTEL_SERVICE_NAME", "bonton")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer("bonton")


@contextmanager
def span(name: str, **ids: str | int) -> Iterator[None]:
    """A step, with what identifies it: never with anybody's words."""
    if _tracer is None:
        yield
        return
    with _tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as current:
        for key, value in ids.items():
            current.set_attribute(f"bonton.{key}", value)
        try:
            yield
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            raise
