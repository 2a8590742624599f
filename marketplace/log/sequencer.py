"""The order of the log: gives each object its leaf, and begins a new shard when the time has come.

Everything here runs in the writer's transaction, so that leaves, nodes, the objects' own rows and
the signed checkpoint are durable together or not at all. That holds for a change of shards too: the
announcement in the old one and the opening of the new one are one transaction.

By place `rt` never falls, not even when the system's clock is set back or from shard to shard. The
first leaf of an object counts, in whichever shard it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Table, select

from diary.formats.encoding import b64url_encode, digest
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.merkle import new_nodes, root
from diary.log.position import Origin
from diary.log.shard_keys import LogKey
from diary.log.signed_note import NoteSigner, NoteVerifier
from marketplace.core.clock import MarketClock
from marketplace.core.config import ConfigError
from marketplace.log import shards
from marketplace.log.shards import Shard, ShardKeys
from marketplace.storage import schema
from marketplace.storage.database import DatabaseError

T = TypeVar("T")
Row = tuple[Table, dict[str, object]]
Coordinates = tuple[int, int]


@dataclass(frozen=True)
class LogEntry:
    """An object to log. `rows(index, rt_ms)` are the rows that are committed with its leaf; the
    index is the leaf's row, counted over all shards.
    """

    type: LeafType
    digest: str
    attrs: str = ""
    object: bytes | None = None
    rows: Callable[[int, int], Sequence[Row]] = lambda _index, _rt: ()


@dataclass(frozen=True)
class PlacedLeaf:
    """Where an object stands: `index` is its leaf's row; `fresh` is False if it was known."""

    index: int
    rt_ms: int
    fresh: bool


class Sequencer:
    """Appends to the newest shard. Its methods are called by the writer's thread alone."""

    def __init__(self, clock: MarketClock, keys: ShardKeys, present: Sequence[Shard]) -> None:
        """`present` are the shards that there are, oldest first. Raises ConfigError for a key."""
        self._clock = clock
        self._keys = keys
        self.signer: NoteSigner = keys.known(present[-1])
        #: One key for each shard. Ours are trusted for what this process itself knows of them.
        self.verifiers: tuple[NoteVerifier, ...] = tuple(shard.verifier for shard in present)
        #: Whether a shard may have been closed whose key is still there.
        self.unsettled = False

    def sequence(self, connection: Connection, entries: Sequence[LogEntry]) -> list[PlacedLeaf]:
        """Give each entry its leaf, and sign one checkpoint over all of them."""
        known = _known_leaves(connection, {entry.digest for entry in entries})
        fresh: dict[tuple[LeafType, str], LogEntry] = {}
        for entry in entries:
            if (entry.type, entry.digest) not in known:
                fresh.setdefault((entry.type, entry.digest), entry)
        if not fresh:
            return [known[entry.type, entry.digest] for entry in entries]
        shard, size, rt = self._end(connection)
        year = dt.datetime.fromtimestamp(rt / 1000, dt.UTC).year
        # An empty log's first leaf is its genesis beacon, whatever the time.
        if size and year > Origin.parse(shard.origin).shard[0]:
            shard, size = self._succeed(connection, shard, size, rt, year)
        begin = shard.first + size
        self._append(connection, shard, size, rt, list(fresh.values()))
        placed = {key: PlacedLeaf(begin + n, rt, fresh=True) for n, key in enumerate(fresh)}
        told = []
        for entry in entries:
            key = (entry.type, entry.digest)
            told.append(known.get(key) or placed[key])
            known.setdefault(key, PlacedLeaf(told[-1].index, rt, fresh=False))
        return told

    def succeed(self, connection: Connection) -> Shard:
        """Close the newest shard and open the next one now."""
        shard, size, rt = self._end(connection)
        year = dt.datetime.fromtimestamp(rt / 1000, dt.UTC).year
        return self._succeed(connection, shard, size, rt, year)[0]

    def settle(self, connection: Connection) -> None:
        """Destroy the keys of closed shards. To be called once that they are closed is durable."""
        for shard in shards.read(connection)[:-1]:
            self._keys.destroy(shard.origin)
        self.unsettled = False

    def _end(self, connection: Connection) -> tuple[Shard, int, int]:
        """The newest shard, its size, and the time of what comes next."""
        columns = schema.leaf.c
        last = connection.execute(
            select(columns.idx, columns.rt_ms).order_by(columns.idx.desc()).limit(1)
        ).first()
        shard = shards.newest(connection)
        now = self._clock.wall_ms()
        if last is None:
            return shard, 0, now
        return shard, last.idx + 1 - shard.first, max(now, last.rt_ms)

    def _succeed(
        self, connection: Connection, old: Shard, size: int, rt: int, year: int
    ) -> tuple[Shard, int]:
        """The new shard, and its size, which is 1: announcement and opening are in the log."""
        # Durable before anything names it. If this transaction is lost, the next try uses it.
        signer = self._key(lambda: self._keys.signer(shards.next_origin(old.origin, year)))
        vkey = signer.verifier.vkey
        nodes = _edge(connection, old, size)
        before = root(size, lambda level, pos: nodes[level, pos])
        announced = LogKey(signer.name, vkey, old.origin, size, b64url_encode(before))
        final = self._append(connection, old, size, rt, [_key_entry(announced)])
        shards.close(connection, old, size + 1)
        new = shards.begin(connection, signer.verifier, old.first + size + 1)
        if signer.verifier not in self.verifiers:
            self.verifiers += (signer.verifier,)
        opening = LogKey(signer.name, vkey, old.origin, size + 1, b64url_encode(final))
        self._append(connection, new, 0, rt, [_key_entry(opening)])
        self.unsettled = True
        return new, 1

    def _append(
        self, connection: Connection, shard: Shard, size: int, rt: int, entries: Sequence[LogEntry]
    ) -> bytes:
        """Write the entries' leaves and the checkpoint over them; the new root."""
        nodes = _edge(connection, shard, size)
        rows: dict[Table, list[dict[str, object]]] = {}
        for entry in entries:
            leaf = Leaf(entry.type, entry.digest, rt, entry.attrs)
            for level, pos, value in new_nodes(size, leaf.hash(), lambda lv, p: nodes[lv, p]):
                nodes[level, pos] = value
                made = {"shard": shard.number, "level": level, "pos": pos, "hash": value}
                rows.setdefault(schema.node, []).append(made)
            rows.setdefault(schema.leaf, []).append(
                {
                    "idx": shard.first + size,
                    "type": entry.type.value,
                    "digest": entry.digest,
                    "rt_ms": rt,
                    "attrs": entry.attrs,
                    "object": entry.object,
                }
            )
            for table, row in entry.rows(shard.first + size, rt):
                rows.setdefault(table, []).append(row)
            size += 1
        top = root(size, lambda level, pos: nodes[level, pos])
        note = self._signer_of(shard).sign(Checkpoint(shard.origin, size, top).text())
        rows[schema.checkpoint] = [{"shard": shard.number, "size": size, "note": note}]
        # In the tables' order of dependence, so that a row never comes before what it names.
        for table in schema.metadata.sorted_tables:
            if table in rows:
                schema.insert(connection, table, rows[table])
        return top

    def _signer_of(self, shard: Shard) -> NoteSigner:
        if self.signer.name != shard.origin:
            # After a change of shards, and back again if its transaction was lost.
            self.signer = self._key(lambda: self._keys.known(shard))
        return self.signer

    def _key(self, read: Callable[[], NoteSigner]) -> NoteSigner:
        try:
            return read()
        except (OSError, ConfigError) as error:
            raise DatabaseError(f"the log's key: {error}") from error


def _key_entry(key: LogKey) -> LogEntry:
    return LogEntry(LeafType.KEY, digest(key.data()), object=key.data())


def _known_leaves(
    connection: Connection, digests: set[str]
) -> dict[tuple[LeafType, str], PlacedLeaf]:
    columns = schema.leaf.c
    known = {}
    for part in parts(sorted(digests)):
        query = select(columns.idx, columns.type, columns.digest, columns.rt_ms)
        for row in connection.execute(query.where(columns.digest.in_(part))):
            known[LeafType(row.type), row.digest] = PlacedLeaf(row.idx, row.rt_ms, fresh=False)
    return known


def _edge(connection: Connection, shard: Shard, size: int) -> dict[Coordinates, bytes]:
    """The roots of the largest complete subtrees: all that appending to `size` leaves reads."""
    wanted = {
        (level, (size >> level) - 1) for level in range(size.bit_length()) if size >> level & 1
    }
    return nodes_of(connection, shard, wanted)


def nodes_of(
    connection: Connection, shard: Shard, wanted: set[Coordinates]
) -> dict[Coordinates, bytes]:
    """Stored nodes of a shard, by level and position; those that are not there are left out."""
    columns = schema.node.c
    of_level: dict[int, list[int]] = {}
    for level, pos in sorted(wanted):
        of_level.setdefault(level, []).append(pos)
    nodes = {}
    # Level by level: pairs in one IN are not looked up in the index, but found by reading it all.
    for level, positions in of_level.items():
        query = select(columns.pos, columns.hash).where(
            columns.shard == shard.number, columns.level == level
        )
        for part in parts(positions):
            for row in connection.execute(query.where(columns.pos.in_(part))):
                nodes[level, row.pos] = row.hash
    return nodes


def parts(items: Sequence[T], size: int = 400) -> Iterable[Sequence[T]]:
    """Pieces that fit into one statement's parameters."""
    return (items[i : i + size] for i in range(0, len(items), size))
