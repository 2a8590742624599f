"""Databases of earlier revisions, created from a current one with all its rows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

#: The names of earlier revisions where the current ones differ.
_TABLES = {
    "deed": "statement",
    "code": "one_time_code",
    "total": "daily_total",
    "holding": "storage_usage",
    "view": "picture_view",
}
_COLUMNS = {
    ("segment", "bcn_slot"): "beacon_slot",
    ("view", "shot"): "picture",
    ("view", "kind"): "size",
}


def to_revision(database: Path, revision: str) -> None:
    """Replace a closed database with one of an earlier revision and the rows that it can hold."""
    former = database.with_name("former.sqlite")
    engine = create_engine(f"sqlite:///{former}")
    config = Config()
    config.set_main_option("script_location", "marketplace.storage:migrations")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    raw = sqlite3.connect(former, isolation_level=None)
    raw.execute("ATTACH ? AS current", (str(database),))
    tables = raw.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        if table == "alembic_version":
            continue
        source = _TABLES.get(table, table) if revision <= "0013" else table
        columns = [row[1] for row in raw.execute(f"PRAGMA main.table_info({table})")]
        sources = [_COLUMNS.get((table, name), name) for name in columns]
        raw.execute(
            f"INSERT INTO main.{table} ({', '.join(columns)}) "
            f"SELECT {', '.join(sources)} FROM current.{source}"
        )
    if revision == "0001":
        raw.execute("INSERT INTO main.setting SELECT 'log', origin FROM current.shard")
        raw.execute("INSERT INTO main.setting SELECT 'vkey', vkey FROM current.shard")
    raw.execute("DETACH current")
    raw.close()
    for name in ("-wal", "-shm"):
        database.with_name(database.name + name).unlink(missing_ok=True)
    former.replace(database)
