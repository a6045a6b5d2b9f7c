"""The ledger's two databases, and its desk, for what the voice learns from them."""

from __future__ import annotations

from tests.ledger.conftest import clients, database, desk, postgresql

__all__ = ["clients", "database", "desk", "postgresql"]
