"""The parts of `tests/writers`."""

from tests.writers.conftest import job

__all__ = ["job"]
