"""Read-only access to a database that a running marketplace may have open.

Both engines allow readers of other processes beside the one writer. In SQLite a reader that never
writes or checkpoints cannot harm the write-ahead log.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from diary.formats.ed25519 import SigningKey
from diary.log.signed_note import NoteSigner, NoteVerifier
from marketplace.core.config import ConfigError, DatabaseSettings, secret
from marketplace.core.i18n import tr
from marketplace.log import shards
from marketplace.log.audit import Read
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


@contextlib.contextmanager
def open_reader(data_dir: Path, postgresql: DatabaseSettings | None) -> Iterator[Read]:
    """Opens read-only connections to the database of a marketplace."""
    if postgresql is None:
        yield partial(reading, data_dir / data_folder.DATABASE)
        return
    # Loads psycopg.
    from marketplace.storage.engines.postgresql import snapshots

    with snapshots(postgresql) as read:
        yield read


def log_keys(connection: Connection, folder: Path) -> list[NoteVerifier]:
    """The keys of all shards, oldest first; `folder` is the data folder.

    Raises ConfigError if the secret key of the newest one is missing or belongs to another log.
    """
    present = shards.read(connection)
    if not present:
        raise ConfigError(tr("The database holds no marketplace; nothing was changed."))
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
