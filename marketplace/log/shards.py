"""The shards of the log, and the keys that sign them.

Only the newest shard grows; the others are closed. In the tables a leaf has a row, counted over all
shards; its index in its shard is the row minus the shard's first row. Each shard has a secret key
in its own file, created before the log names it and destroyed when the shard is closed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, update

from diary.formats.ed25519 import SigningKey
from diary.log.position import LogPosition, Origin
from diary.log.signed_note import NoteSigner, NoteVerifier
from marketplace.core.config import ConfigError, secret
from marketplace.core.i18n import tr
from marketplace.storage import schema
from system.files import fsync_file, move, remove
from system.locks import lock_file


@dataclass(frozen=True)
class Shard:
    """One shard. `first` is the row of its leaf 0; `size` its final number of leaves, None while
    it grows.
    """

    number: int
    origin: str
    vkey: str
    first: int
    size: int | None

    @property
    def name(self) -> str:
        """The last part of the origin."""
        return Origin.parse(self.origin).name

    @property
    def verifier(self) -> NoteVerifier:
        """The key by which its checkpoints are verified."""
        return NoteVerifier.parse(self.vkey)


_ALL = select(schema.shard).order_by(schema.shard.c.number)


def read(connection: Connection) -> tuple[Shard, ...]:
    """All shards, oldest first."""
    rows = connection.execute(_ALL)
    return tuple(Shard(row.number, row.origin, row.vkey, row.first, row.size) for row in rows)


def newest(connection: Connection) -> Shard:
    """The shard that grows."""
    return read(connection)[-1]


def named(connection: Connection, name: str) -> Shard | None:
    """The shard of a log name like `2026` or `2026-2`."""
    return next((shard for shard in read(connection) if shard.name == name), None)


def holding(shards: Sequence[Shard], row: int) -> Shard:
    """The shard that contains the leaf of a row."""
    return max((shard for shard in shards if shard.first <= row), key=lambda shard: shard.first)


def row_of(shards: Sequence[Shard], position: LogPosition) -> int:
    """The row of the leaf at a position in one of the shards."""
    shard = next(each for each in shards if Origin.parse(each.origin).shard == position[:2])
    return shard.first + position.leaf


def begin(connection: Connection, verifier: NoteVerifier, first: int = 0) -> Shard:
    """Open the next shard, whose leaf 0 will be at the row `first`."""
    shard = Shard(len(read(connection)) + 1, verifier.name, verifier.vkey, first, None)
    schema.insert(
        connection,
        schema.shard,
        [{"number": shard.number, "origin": shard.origin, "vkey": shard.vkey, "first": first}],
    )
    return shard


def close(connection: Connection, shard: Shard, size: int) -> None:
    """Store the final size of a shard."""
    connection.execute(
        update(schema.shard).where(schema.shard.c.number == shard.number).values(size=size)
    )


def next_origin(origin: str, year: int) -> str:
    """The origin of the next shard: the first of a new year, or the next of the same year."""
    last = Origin.parse(origin)
    then, part = last.shard
    return f"{last.aud}/log/{year}" if year > then else f"{last.aud}/log/{then}-{part + 1}"


class ShardKeys:
    """The secret keys in a folder. Safe to use from the writer's thread and at start, and in a
    `shared` folder by several processes.
    """

    def __init__(self, folder: Path, *, shared: bool = False) -> None:
        self._folder = folder
        self._shared = shared

    def path(self, origin: str) -> Path:
        """The file of a shard's secret key."""
        return self._folder / f"log-{Origin.parse(origin).name}.key"

    def signer(self, origin: str) -> NoteSigner:
        """The key of a shard, created durably on first use. ConfigError for a damaged one."""
        with self._creating(origin):
            return NoteSigner(origin, SigningKey.from_seed(secret(self.path(origin))))

    def known(self, shard: Shard) -> NoteSigner:
        """The key of the newest shard. Raises ConfigError if it is missing or differs."""
        path = self.path(shard.origin)
        former = self._folder / "log.key"
        if former.exists() and not path.exists():
            # The name of this file in versions with one shard.
            move(former, path)
        signer = self.signer(shard.origin) if path.exists() else None
        if signer is None or signer.verifier.vkey != shard.vkey:
            raise ConfigError(
                tr(
                    "%(path)s is not the key of this log. Restore it from your backup: without it "
                    "no verifiable entry can be added."
                )
                % {"path": path}
            )
        return signer

    @contextlib.contextmanager
    def _creating(self, origin: str) -> Iterator[None]:
        """A process that was stopped here must not replace a key that another one has used."""
        if not self._shared or self.path(origin).exists():
            yield
            return
        with lock_file(self._folder / "creating", wait=True):
            yield

    def destroy(self, origin: str) -> None:
        """Destroy the key of a closed shard, whose final checkpoint is signed and durable.

        Then not even the operator can sign another history of that shard. Old copies on the medium
        or in a backup are not reached.
        """
        path = self.path(origin)
        with contextlib.suppress(FileNotFoundError):
            length = path.stat().st_size
            with path.open("r+b") as file:
                file.write(bytes(length))
                file.flush()
                fsync_file(file.fileno())
            remove(path)
