"""The transparency log: ordered leaves, signed checkpoints, receipts.

Entries wait while the previous transaction commits, and are then sequenced in one batch; while
several arrive at a time, the next batch waits for a few milliseconds more. The
leaves, tree nodes, their other rows and the batch's checkpoint are committed together. The response
follows the commit, so a client that lost the response repeats the request and gets the same leaf at
the same index: an object has only one leaf.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.exc import SQLAlchemyError

from diary.log.leaf import Leaf, LeafType
from diary.log.merkle import inclusion_proof
from diary.log.receipt import Receipt
from diary.log.signed_note import NoteSigner, NoteVerifier
from marketplace.core import logging
from marketplace.core.clock import MarketplaceClock
from marketplace.log import shards
from marketplace.log.cosigned import cosigned
from marketplace.log.sequencer import (
    Coordinates,
    LogEntry,
    PlacedLeaf,
    Row,
    Sequencer,
    nodes_of,
    parts,
)
from marketplace.log.shards import Shard, ShardKeys
from marketplace.storage import schema
from marketplace.storage.database import MAX_BATCH, Database, DatabaseError

__all__ = [
    "Log",
    "LogEntry",
    "PlacedLeaf",
    "Row",
    "checkpoint",
    "find",
    "key_receipts",
    "parts",
    "receipt",
    "receipts",
]

#: Seconds for which a batch waits for more entries, if the last batch had several.
_GATHER_S = 0.004
_Waiting = tuple[LogEntry, "Future[PlacedLeaf]"]
_log = logging.get("marketplace.log")


class Log:
    """The log of one marketplace. Thread-safe."""

    def __init__(self, store: Database, clock: MarketplaceClock, keys: ShardKeys) -> None:
        """`store` has a shard. Raises ConfigError if the newest shard's key is missing."""
        self._store = store
        with store.read() as connection:
            present = shards.read(connection)
            self._sequencer = Sequencer(clock, keys, present, shared=store.shared)
            # A crash may have left the key of a closed shard.
            self._sequencer.destroy_closed_keys(connection)
        self._pool: list[_Waiting] = []
        self._flushing = False
        self._gate = threading.Lock()  # guards the two above
        self._last_batch = 0  # entries; the writer's thread only

    @property
    def verifiers(self) -> tuple[NoteVerifier, ...]:
        """The key of each shard, oldest first."""
        if self._store.shared:
            # Another process may have opened a shard.
            with self._store.read() as connection:
                return tuple(shard.verifier for shard in shards.read(connection))
        return self._sequencer.verifiers

    @property
    def verifier(self) -> NoteVerifier:
        """The newest shard's key."""
        return self.verifiers[-1]

    @property
    def _signer(self) -> NoteSigner:
        return self._sequencer.signer

    def rotate(self) -> Shard:
        """Close the newest shard and open the next one with a new key. Blocks.

        Returns the new shard once both are durable and the old key is destroyed. Raises
        DatabaseError if the write fails; then nothing has changed.
        """
        shard = self._store.write(self._sequencer.succeed).result()
        self._destroy_closed_keys()
        return shard

    def _destroy_closed_keys(self) -> None:
        """Destroy the keys of closed shards after the commit that closed them."""
        if not self._sequencer.keys_left:
            return
        try:
            with self._store.read() as connection:
                self._sequencer.destroy_closed_keys(connection)
        except (OSError, DatabaseError, SQLAlchemyError):
            # The next start tries again. The entries are durable, so their futures must succeed.
            _log.warning("log_key_not_destroyed")

    def append(self, entry: LogEntry) -> Future[PlacedLeaf]:
        """Log an object; the future is done when leaf and rows are durable.

        The future raises DatabaseError if the write fails; then nothing was stored.
        """
        future: Future[PlacedLeaf] = Future()
        with self._gate:
            self._pool.append((entry, future))
            if self._flushing:
                return future
            self._flushing = True
        self._schedule()
        return future

    def _schedule(self) -> None:
        """Schedule a batch of all entries that wait when the writer begins it."""
        taken: list[_Waiting] = []

        def job(connection: Connection) -> list[PlacedLeaf]:
            # With other processes, entries gather while these write.
            if self._last_batch > 1 and not self._store.shared:
                # Larger batches cost less for each entry.
                time.sleep(_GATHER_S)
            with self._gate:
                taken.extend(self._pool[:MAX_BATCH])
                del self._pool[:MAX_BATCH]
                self._flushing = bool(self._pool)
                more = self._flushing
            if more:
                self._schedule()
            taken[:] = [item for item in taken if item[1].set_running_or_notify_cancel()]
            self._last_batch = len(taken)
            return self._sequencer.sequence(connection, [entry for entry, _ in taken])

        try:
            self._store.write(job).add_done_callback(lambda done: self._resolve(taken, done))
        except DatabaseError as error:
            self._fail_pool(error)

    def _fail_pool(self, error: BaseException) -> None:
        with self._gate:
            waiting, self._pool, self._flushing = self._pool, [], False
        for _, future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)

    def _resolve(self, taken: list[_Waiting], done: Future[list[PlacedLeaf]]) -> None:
        error = done.exception()
        if error is None:
            self._destroy_closed_keys()
            for (_, future), placed in zip(taken, done.result(), strict=True):
                future.set_result(placed)
        elif not taken:
            # The transaction did not begin.
            self._fail_pool(error)
        elif len(taken) == 1:
            taken[0][1].set_exception(error)
        else:
            # Sequence each entry alone, so that one bad entry does not fail the others.
            for item in taken:
                self._sequence_alone(item)

    def _sequence_alone(self, item: _Waiting) -> None:
        try:
            job = self._store.write(
                lambda connection: self._sequencer.sequence(connection, [item[0]])
            )
        except DatabaseError as error:
            item[1].set_exception(error)
        else:
            job.add_done_callback(lambda done: self._resolve([item], done))


# Statements of many requests and checks: building them takes longer than running them.
_CHECKPOINT = (
    select(schema.checkpoint)
    .where(schema.checkpoint.c.shard == bindparam("shard"))
    .order_by(schema.checkpoint.c.size.desc())
    .limit(1)
)
_LEAVES = select(schema.leaf).where(schema.leaf.c.idx.in_(bindparam("rows", expanding=True)))
_KEY_LEAVES = (
    select(schema.leaf.c.idx)
    .where(schema.leaf.c.idx.in_(bindparam("rows", expanding=True)))
    .where(schema.leaf.c.type == LeafType.KEY.value)
    .order_by(schema.leaf.c.idx)
)


def checkpoint(connection: Connection, shard: Shard | None = None) -> tuple[int, bytes] | None:
    """Size and signed note of the newest checkpoint of a shard, or of the newest shard.

    None for an empty log; the final checkpoint for a closed shard.
    """
    number = (shard or shards.newest(connection)).number
    row = connection.execute(_CHECKPOINT, {"shard": number}).first()
    return None if row is None else (row.size, row.note)


def receipts(connection: Connection, indexes: Iterable[int]) -> dict[int, bytes]:
    """The tlog-proofs of leaves by their rows, each under the newest checkpoint of its shard that
    reaches the quorum of the witnesses, or else under the newest one.

    They are built from storage without verification; readers verify them. Leaves that cannot be
    encoded are omitted.
    """
    present = shards.read(connection)
    of_shard: dict[Shard, list[int]] = {}
    for index in sorted(set(indexes)):
        of_shard.setdefault(shards.holding(present, index), []).append(index)
    found: dict[int, bytes] = {}
    for shard, wanted in of_shard.items():
        best = cosigned(connection, shard)
        end = shard.first + (best[0] if best else 0)
        covered = [row for row in wanted if row < end]
        found.update(_receipts(connection, shard, covered, best))
        later = [row for row in wanted if row >= end]
        if later:
            found.update(_receipts(connection, shard, later, checkpoint(connection, shard)))
    return found


def _receipts(
    connection: Connection, shard: Shard, wanted: Sequence[int], under: tuple[int, bytes] | None
) -> dict[int, bytes]:
    if under is None or not wanted:
        return {}
    size, note = under
    needed: set[Coordinates] = set()

    def remember(level: int, pos: int) -> bytes:
        needed.add((level, pos))
        return b"\0" * 32

    inside = [row for row in wanted if row - shard.first < size]
    for row in inside:
        inclusion_proof(row - shard.first, size, remember)
    nodes = nodes_of(connection, shard, needed)
    found = {}
    for leaf, row, obj in _leaves(connection, inside):
        index = row - shard.first
        proof = inclusion_proof(index, size, lambda lv, p: nodes.get((lv, p), b"\0" * 32))
        with contextlib.suppress(ValueError, TypeError):
            found[row] = Receipt(leaf, obj, index, tuple(proof), note).data()
    return found


def receipt(connection: Connection, index: int) -> bytes:
    """The tlog-proof of the leaf of a row. Raises KeyError if the log has no such leaf."""
    return receipts(connection, [index])[index]


def key_receipts(connection: Connection) -> list[bytes]:
    """The receipts of all announcements and openings of shards, oldest first."""
    # The announcement is the last leaf of the shard before, and the opening the first leaf. Reading
    # these rows takes no search of the whole log.
    later = [shard.first for shard in shards.read(connection)[1:]]
    if not later:
        return []
    named = [row for first in later for row in (first - 1, first)]
    rows = connection.execute(_KEY_LEAVES, {"rows": named})
    found = receipts(connection, [row.idx for row in rows])
    return [found[index] for index in sorted(found)]


def find(connection: Connection, digest: str) -> int | None:
    """The row of an object's leaf."""
    return connection.execute(
        select(func.min(schema.leaf.c.idx)).where(schema.leaf.c.digest == digest)
    ).scalar()


def _leaves(
    connection: Connection, indexes: Sequence[int]
) -> Iterable[tuple[Leaf, int, bytes | None]]:
    for part in parts(indexes):
        rows = connection.execute(_LEAVES, {"rows": part})
        for row in rows:
            if row.type in set(LeafType):
                leaf = Leaf(LeafType(row.type), row.digest, row.rt_ms, row.attrs)
                yield leaf, row.idx, row.object
