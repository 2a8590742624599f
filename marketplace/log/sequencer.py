"""Sequencing: assign a leaf to each object, and begin a new shard each year.

All of it runs in the writer's transaction, so that leaves, nodes, the objects' own rows and the
signed checkpoint are committed together. The announcement in the old shard and the opening of the
new one are also one transaction.

`rt` never decreases along the log, neither when the system clock is set back nor between shards. An
object has one leaf in all shards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Table, bindparam, select, text

from diary.formats.encoding import b64url_encode, digest
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.merkle import inclusion_proof, new_nodes, root
from diary.log.position import Origin
from diary.log.receipt import Receipt
from diary.log.shard_keys import LogKey
from diary.log.signed_note import NoteSigner, NoteVerifier
from marketplace.core.clock import MarketplaceClock
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
    """An object to log. `rows(index, rt_ms)` returns the rows to commit with its leaf; `index` is
    the leaf's row, counted over all shards.
    """

    type: LeafType
    digest: str
    attrs: str = ""
    object: bytes | None = None
    rows: Callable[[int, int], Sequence[Row]] = lambda _index, _rt: ()


@dataclass(frozen=True)
class Batch:
    """Leaves that were appended together: those of the rows from `first`, in the tree of `size`
    leaves under the checkpoint `note`. `nodes` has every complete subtree that their inclusion
    proofs need: the new ones and the right edge of the tree before.
    """

    shard: Shard
    first: int
    size: int
    nodes: dict[Coordinates, bytes]
    root: bytes
    note: bytes
    leaves: tuple[tuple[Leaf, bytes | None], ...]

    def receipt(self, row: int) -> bytes:
        """The tlog-proof of the leaf of a row; nothing is read from storage."""
        index = row - self.shard.first
        leaf, obj = self.leaves[row - self.first]
        proof = inclusion_proof(index, self.size, lambda level, pos: self.nodes[level, pos])
        return Receipt(leaf, obj, index, tuple(proof), self.note).data()


@dataclass(frozen=True)
class PlacedLeaf:
    """The leaf of an object: its row `index`. An object that was logged before has no `batch`."""

    index: int
    rt_ms: int
    batch: Batch | None = None

    @property
    def fresh(self) -> bool:
        """Whether it was logged now."""
        return self.batch is not None


class Sequencer:
    """Appends to the newest shard. Only the writer's thread calls its methods."""

    def __init__(
        self,
        clock: MarketplaceClock,
        keys: ShardKeys,
        present: Sequence[Shard],
        *,
        shared: bool = False,
    ) -> None:
        """`present` are the existing shards, oldest first. In a `shared` database other processes
        append too. Raises ConfigError for a missing key.
        """
        self._shared = shared
        self._clock = clock
        self._keys = keys
        self.signer: NoteSigner = keys.known(present[-1])
        #: The key of each shard, oldest first.
        self.verifiers: tuple[NoteVerifier, ...] = tuple(shard.verifier for shard in present)
        #: Whether the key of a closed shard may still exist.
        self.keys_left = False
        #: The last batch, whose nodes contain the right edge if its transaction was committed.
        self._last: Batch | None = None

    def sequence(self, connection: Connection, entries: Sequence[LogEntry]) -> list[PlacedLeaf]:
        """Assign a leaf to each entry, and sign one checkpoint."""
        known = _known_leaves(connection, {entry.digest for entry in entries})
        fresh: dict[tuple[LeafType, str], LogEntry] = {}
        for entry in entries:
            if (entry.type, entry.digest) not in known:
                fresh.setdefault((entry.type, entry.digest), entry)
        if not fresh:
            return [known[entry.type, entry.digest] for entry in entries]
        shard, size, rt = self._end(connection)
        year = dt.datetime.fromtimestamp(rt / 1000, dt.UTC).year
        # The first leaf of a log is its genesis beacon, in any year.
        if size and year > Origin.parse(shard.origin).shard[0]:
            shard, size = self._succeed(connection, shard, size, rt, year)
        begin = shard.first + size
        batch = self._append(connection, shard, size, rt, list(fresh.values()))
        placed = {key: PlacedLeaf(begin + n, rt, batch) for n, key in enumerate(fresh)}
        results = []
        for entry in entries:
            key = (entry.type, entry.digest)
            results.append(known.get(key) or placed[key])
            known.setdefault(key, PlacedLeaf(results[-1].index, rt))
        return results

    def succeed(self, connection: Connection) -> Shard:
        """Close the newest shard and open the next one now."""
        shard, size, rt = self._end(connection)
        year = dt.datetime.fromtimestamp(rt / 1000, dt.UTC).year
        return self._succeed(connection, shard, size, rt, year)[0]

    def destroy_closed_keys(self, connection: Connection) -> None:
        """Destroy the keys of closed shards. Call it after the commit that closed them."""
        for shard in shards.read(connection)[:-1]:
            self._keys.destroy(shard.origin)
        self.keys_left = False

    def _end(self, connection: Connection) -> tuple[Shard, int, int]:
        """The newest shard, its size, and the time of the next leaf."""
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
        """Log announcement and opening; returns the new shard and its size, 1."""
        # The key is durable before the log names it. If this transaction fails, the next one uses
        # it.
        signer = self._key(lambda: self._keys.signer(shards.next_origin(old.origin, year)))
        vkey = signer.verifier.vkey
        nodes = self._edge(connection, old, size)
        before = root(size, lambda level, pos: nodes[level, pos])
        announced = LogKey(signer.name, vkey, old.origin, size, b64url_encode(before))
        final = self._append(connection, old, size, rt, [_key_entry(announced)]).root
        shards.close(connection, old, size + 1)
        new = shards.begin(connection, signer.verifier, old.first + size + 1)
        if signer.verifier not in self.verifiers:
            self.verifiers += (signer.verifier,)
        opening = LogKey(signer.name, vkey, old.origin, size + 1, b64url_encode(final))
        self._append(connection, new, 0, rt, [_key_entry(opening)])
        self.keys_left = True
        return new, 1

    def _append(
        self, connection: Connection, shard: Shard, size: int, rt: int, entries: Sequence[LogEntry]
    ) -> Batch:
        """Write the leaves of the entries and a checkpoint."""
        nodes = self._edge(connection, shard, size)
        first = shard.first + size
        leaves: list[tuple[Leaf, bytes | None]] = []
        rows: dict[Table, list[dict[str, object]]] = {}
        for entry in entries:
            leaf = Leaf(entry.type, entry.digest, rt, entry.attrs)
            leaves.append((leaf, entry.object))
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
        # In the order of the foreign keys.
        for table in schema.insert_order():
            if table in rows:
                schema.insert(connection, table, rows[table])
        self._last = Batch(shard, first, size, nodes, top, note, tuple(leaves))
        return self._last

    def _edge(self, connection: Connection, shard: Shard, size: int) -> dict[Coordinates, bytes]:
        """The roots of the largest complete subtrees, which appending to `size` leaves needs."""
        wanted = {
            (level, (size >> level) - 1) for level in range(size.bit_length()) if size >> level & 1
        }
        if self._shared:
            return _nodes_at_once(connection, shard, wanted)
        last = self._last
        # A batch that was not committed left the stored tree shorter.
        if last is not None and (last.shard.number, last.size) == (shard.number, size):
            return {coordinates: last.nodes[coordinates] for coordinates in wanted}
        return nodes_of(connection, shard, wanted)

    def _signer_of(self, shard: Shard) -> NoteSigner:
        if self.signer.name != shard.origin:
            # After a change of shards, and again if its transaction failed.
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
            known[LeafType(row.type), row.digest] = PlacedLeaf(row.idx, row.rt_ms)
    return known


# Built once: many checks run it for each level.
_NODES = select(schema.node.c.pos, schema.node.c.hash).where(
    schema.node.c.shard == bindparam("shard"),
    schema.node.c.level == bindparam("level"),
    schema.node.c.pos.in_(bindparam("positions", expanding=True)),
)


def nodes_of(
    connection: Connection, shard: Shard, wanted: set[Coordinates]
) -> dict[Coordinates, bytes]:
    """The stored nodes among `wanted`, by level and position."""
    of_level: dict[int, list[int]] = {}
    for level, pos in sorted(wanted):
        of_level.setdefault(level, []).append(pos)
    nodes = {}
    # Level by level: SQLite does not use the index for an IN of pairs.
    for level, positions in of_level.items():
        for part in parts(positions):
            values = {"shard": shard.number, "level": level, "positions": part}
            for row in connection.execute(_NODES, values):
                nodes[level, row.pos] = row.hash
    return nodes


_NODES_AT_ONCE = text(
    "SELECT node.level, node.pos, node.hash FROM node"
    " JOIN unnest(CAST(:levels AS integer[]), CAST(:positions AS bigint[])) AS wanted (level, pos)"
    " ON node.level = wanted.level AND node.pos = wanted.pos WHERE node.shard = :shard"
)


def _nodes_at_once(
    connection: Connection, shard: Shard, wanted: set[Coordinates]
) -> dict[Coordinates, bytes]:
    """`nodes_of` with one query, for PostgreSQL."""
    listed = sorted(wanted)
    values = {
        "shard": shard.number,
        "levels": [level for level, _ in listed],
        "positions": [pos for _, pos in listed],
    }
    rows = connection.execute(_NODES_AT_ONCE, values)
    return {(row.level, row.pos): row.hash for row in rows}


def parts(items: Sequence[T], size: int = 400) -> Iterable[Sequence[T]]:
    """Pieces that fit into the parameters of one SQL statement."""
    return (items[i : i + size] for i in range(0, len(items), size))
