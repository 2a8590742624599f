"""Read-only access to a database that a running marketplace may have open.

SQLite allows readers of other processes beside the one writer; a reader that never writes or
checkpoints cannot harm the write-ahead log.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from diary.formats.ed25519 import SigningKey
from diary.log.signed_note import NoteSigner, NoteVerifier
from marketplace.core.config import ConfigError, secret
from marketplace.core.i18n import tr
from marketplace.log import shards
from marketplace.log.shards import ShardKeys
from marketplace.storage import data_folder


def open_read_only(database: Path) -> sqlite3.Connection:
    """A connection that cannot write."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)


@contextlib.contextmanager
def reading(database: Path) -> Iterator[Connection]:
    """A read-only connection of SQLAlchemy on one consistent snapshot."""
    engine = create_engine(
        "sqlite://", creator=lambda: open_read_only(database), poolclass=NullPool
    )
    with engine.connect() as connection:
        yield connection


def log_keys(folder: Path) -> list[NoteVerifier]:
    """The keys of all shards, oldest first.

    Raises ConfigError if the secret key of the newest one is missing or belongs to another log.
    """
    with reading(folder / data_folder.DATABASE) as connection:
        present = shards.read(connection)
    newest = present[-1]
    path = ShardKeys(folder / "keys").path(newest.origin)
    if not path.exists():
        # The name of this file in versions with one shard.
        path = folder / "keys" / "log.key"
    if (
        not path.exists()
        or NoteSigner(newest.origin, SigningKey.from_seed(secret(path))).verifier.vkey
        != newest.vkey
    ):
        raise ConfigError(tr("%(path)s is missing or is not the key of this log.") % {"path": path})
    return [shard.verifier for shard in present]
