"""The engines of `marketplace.storage.database`: SQLite and PostgreSQL."""
