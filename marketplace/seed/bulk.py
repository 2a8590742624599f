"""Write rows and log leaves in bulk.

The result is what `marketplace.log.sequencer` would have stored, leaf by leaf, without its reads:
the builder keeps the right edge of the tree in memory.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Table, create_engine, event, insert, update
from sqlalchemy.pool import StaticPool

from diary.formats.encoding import b64url_encode, digest
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.merkle import new_nodes, node_hash
from diary.log.position import Origin
from diary.log.receipt import Receipt
from diary.log.shard_keys import LogKey
from diary.log.signed_note import NoteSigner
from marketplace.log import shards
from marketplace.storage import migrate, schema

#: Rows of one transaction, roughly.
_FLUSH_ROWS = 50_000
#: No other process uses the database, and a failed run is discarded: no journal, no fsync before
#: the end, and a cache (KiB) that holds the indexes.
_PRAGMAS = (
    "journal_mode=OFF",
    "synchronous=OFF",
    "locking_mode=EXCLUSIVE",
    "cache_size=-524288",
    "temp_store=MEMORY",
)


class BulkWriter:
    """Collects rows and writes them in large transactions to the new database at `path`."""

    def __init__(self, path: Path) -> None:
        self._engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=StaticPool)
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", lambda c: c.exec_driver_sql("BEGIN"))
        migrate.upgrade(self._engine)
        self._rows: dict[Table, list[dict[str, Any]]] = {}
        self._waiting = 0

    def add(self, table: Table, row: dict[str, Any]) -> None:
        """Add a row; it has all columns that other rows of the table have."""
        self._rows.setdefault(table, []).append(row)
        self._waiting += 1

    def flush_if_large(self) -> None:
        """Write the collected rows if there are many."""
        if self._waiting >= _FLUSH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write the collected rows."""
        rows, self._rows, self._waiting = self._rows, {}, 0
        with self._engine.connect() as connection, connection.begin():
            for table in schema.insert_order():
                if table in rows:
                    connection.execute(insert(table), rows[table])

    def run(self, job: Callable[[Connection], object]) -> None:
        """Run a statement after the collected rows."""
        self.flush()
        with self._engine.connect() as connection, connection.begin():
            job(connection)

    def close(self) -> None:
        """Write the rest and close the database."""
        self.flush()
        self._engine.dispose()


def _prepare(dbapi: Any, _record: Any) -> None:
    dbapi.isolation_level = None
    cursor = dbapi.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@dataclass(frozen=True)
class Entry:
    """An object to log."""

    type: LeafType
    digest: str
    attrs: str = ""
    object: bytes | None = None


class LogBuilder:
    """Builds the log of a new marketplace: leaves, tree nodes, checkpoints and shards.

    `key(origin)` returns the key of a shard, `closed(origin)` is called when a shard is complete.
    """

    def __init__(
        self,
        writer: BulkWriter,
        aud: str,
        begin_s: int,
        key: Callable[[str], NoteSigner],
        closed: Callable[[str], None],
    ) -> None:
        self._writer = writer
        self._key = key
        self._closed = closed
        self._number = 0
        self._first = 0
        self._size = 0
        self._open_shard(key(f"{aud}/log/{_year(begin_s * 1000)}"))

    def _open_shard(self, signer: NoteSigner) -> None:
        self._first += self._size
        self._number += 1
        self._signer = signer
        self._size = 0
        self._edge: dict[int, bytes] = {}
        row = {
            "number": self._number,
            "origin": signer.name,
            "vkey": signer.verifier.vkey,
            "first": self._first,
            "size": None,
        }
        self._writer.add(schema.shard, row)

    def append(self, rt_ms: int, entries: Sequence[Entry]) -> list[int]:
        """Log the entries in one batch with one checkpoint; returns their rows."""
        if self._size and _year(rt_ms) > Origin.parse(self._signer.name).shard[0]:
            self._succeed(rt_ms)
        return self._append(rt_ms, entries)

    def append_with_receipt(self, rt_ms: int, entry: Entry) -> tuple[int, bytes]:
        """Log one entry; returns its row and its receipt under the new checkpoint."""
        if self._size and _year(rt_ms) > Origin.parse(self._signer.name).shard[0]:
            self._succeed(rt_ms)
        # The siblings of a new last leaf are the complete subtrees before it.
        index, proof = self._size, tuple(self._edge[level] for level in sorted(self._edge))
        row = self._append(rt_ms, [entry])[0]
        leaf = Leaf(entry.type, entry.digest, rt_ms, entry.attrs)
        return row, Receipt(leaf, entry.object, index, proof, self._note).data()

    def _append(self, rt_ms: int, entries: Sequence[Entry]) -> list[int]:
        rows = []
        for entry in entries:
            leaf = Leaf(entry.type, entry.digest, rt_ms, entry.attrs)
            made = new_nodes(self._size, leaf.hash(), lambda level, _: self._edge[level])
            for level, pos, value in made:
                node = {"shard": self._number, "level": level, "pos": pos, "hash": value}
                self._writer.add(schema.node, node)
                self._edge.pop(level, None)
            self._edge[made[-1][0]] = made[-1][2]
            row = self._first + self._size
            leaf_row = {
                "idx": row,
                "type": entry.type.value,
                "digest": entry.digest,
                "rt_ms": rt_ms,
                "attrs": entry.attrs,
                "object": entry.object,
            }
            self._writer.add(schema.leaf, leaf_row)
            rows.append(row)
            self._size += 1
        text = Checkpoint(self._signer.name, self._size, self._root()).text()
        self._note = self._signer.sign(text)
        checkpoint = {"shard": self._number, "size": self._size, "note": self._note}
        self._writer.add(schema.checkpoint, checkpoint)
        self._writer.flush_if_large()
        return rows

    def _root(self) -> bytes:
        levels = sorted(self._edge)
        value = self._edge[levels[0]]
        for level in levels[1:]:
            value = node_hash(self._edge[level], value)
        return value

    def _succeed(self, rt_ms: int) -> None:
        """Close the shard and open that of the next year."""
        old = self._signer
        new = self._key(shards.next_origin(old.name, _year(rt_ms)))
        vkey = new.verifier.vkey
        self._log_key(rt_ms, LogKey(new.name, vkey, old.name, self._size, self._encoded_root()))
        opening = LogKey(new.name, vkey, old.name, self._size, self._encoded_root())
        number, size = self._number, self._size
        columns = schema.shard.c
        closing = update(schema.shard).where(columns.number == number).values(size=size)
        self._writer.run(lambda connection: connection.execute(closing))
        self._open_shard(new)
        self._log_key(rt_ms, opening)
        self._closed(old.name)

    def _encoded_root(self) -> str:
        return b64url_encode(self._root())

    def _log_key(self, rt_ms: int, key: LogKey) -> None:
        self._append(rt_ms, [Entry(LeafType.KEY, digest(key.data()), object=key.data())])


def _year(time_ms: int) -> int:
    return dt.datetime.fromtimestamp(time_ms / 1000, dt.UTC).year
