"""What was asked, drafted, decided and released, for good: SQLAlchemy Core on SQLite or PostgreSQL."""
