"""The transparency log: leaves in one order, signed checkpoints, receipts.

Log first, then answer: what is accepted is pooled only while the transaction before it commits,
sequenced in one batch, and its leaf, its tree nodes, its own rows and the batch's checkpoint are
committed together. The answer comes after the commit, so whoever lost the answer asks again and
gets the same leaf at the same index: the first leaf of an object counts, and there is no second.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from diary.log.leaf import Leaf, LeafType
from diary.log.merkle import inclusion_proof
from diary.log.receipt import Receipt
from diary.log.signed_note import NoteSigner, NoteVerifier
from marketplace.core import logging
from marketplace.core.clock import MarketClock
from marketplace.log import shards
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

_Waiting = tuple[LogEntry, "Future[PlacedLeaf]"]
_log = logging.get("marketplace.log")


class Log:
    """The log of one marketplace, whose newest shard grows; safe to use from any thread."""

    def __init__(self, store: Database, clock: MarketClock, keys: ShardKeys) -> None:
        """The store has a shard already. Raises ConfigError if its key is not there."""
        self._store = store
        with store.read() as connection:
            present = shards.read(connection)
            self._sequencer = Sequencer(clock, keys, present)
            # What a crash left behind between the durable end of a shard and that of its key.
            self._sequencer.settle(connection)
        self._pool: list[_Waiting] = []
        self._flushing = False
        self._gate = threading.Lock()  # guards the two above

    @property
    def verifiers(self) -> tuple[NoteVerifier, ...]:
        """The key of each shard, oldest first."""
        return self._sequencer.verifiers

    @property
    def verifier(self) -> NoteVerifier:
        """The newest shard's key."""
        return self.verifiers[-1]

    @property
    def _signer(self) -> NoteSigner:
        return self._sequencer.signer

    def rotate(self) -> Shard:
        """Close the newest shard and open the next one, with a key of its own. Blocks.

        Returns the new shard once both are durable and the old key is destroyed. StoreError if it
        could not be written: then nothing has changed.
        """
        shard = self._store.write(self._sequencer.succeed).result()
        self._settle()
        return shard

    def _settle(self) -> None:
        """After a commit: destroy the keys that have nothing left to sign."""
        if not self._sequencer.unsettled:
            return
        try:
            with self._store.read() as connection:
                self._sequencer.settle(connection)
        except (OSError, SQLAlchemyError):
            # Tried again at the next start. What was logged is durable, and must be told.
            _log.warning("log_key_not_destroyed")

    def append(self, entry: LogEntry) -> Future[PlacedLeaf]:
        """Log an object; the future is done when leaf and rows are durable.

        StoreError out of the future when they are not: nothing of the object was kept.
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
        """Ask the writer to take what waits. What arrives until it does so joins the same batch."""
        taken: list[_Waiting] = []

        def job(connection: Connection) -> list[PlacedLeaf]:
            with self._gate:
                taken.extend(self._pool[:MAX_BATCH])
                del self._pool[:MAX_BATCH]
                self._flushing = bool(self._pool)
                more = self._flushing
            if more:
                self._schedule()
            taken[:] = [item for item in taken if item[1].set_running_or_notify_cancel()]
            return self._sequencer.sequence(connection, [entry for entry, _ in taken])

        try:
            self._store.write(job).add_done_callback(lambda done: self._tell(taken, done))
        except DatabaseError as error:
            self._fail_pool(error)

    def _fail_pool(self, error: BaseException) -> None:
        with self._gate:
            waiting, self._pool, self._flushing = self._pool, [], False
        for _, future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)

    def _tell(self, taken: list[_Waiting], done: Future[list[PlacedLeaf]]) -> None:
        error = done.exception()
        if error is None:
            self._settle()
            for (_, future), placed in zip(taken, done.result(), strict=True):
                future.set_result(placed)
        elif not taken:
            # The transaction did not even begin.
            self._fail_pool(error)
        elif len(taken) == 1:
            taken[0][1].set_exception(error)
        else:
            # One bad entry must not take the others with it: each gets a batch of its own.
            for item in taken:
                self._alone(item)

    def _alone(self, item: _Waiting) -> None:
        try:
            job = self._store.write(
                lambda connection: self._sequencer.sequence(connection, [item[0]])
            )
        except DatabaseError as error:
            item[1].set_exception(error)
        else:
            job.add_done_callback(lambda done: self._tell([item], done))


def checkpoint(connection: Connection, shard: Shard | None = None) -> tuple[int, bytes] | None:
    """Size and signed note of the newest checkpoint of a shard, or of the newest shard.

    None for an empty log. Of a closed shard it is the final one, for ever.
    """
    columns = schema.checkpoint.c
    number = (shard or shards.newest(connection)).number
    row = connection.execute(
        select(schema.checkpoint)
        .where(columns.shard == number)
        .order_by(columns.size.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.size, row.note)


def receipts(connection: Connection, indexes: Iterable[int]) -> dict[int, bytes]:
    """The tlog-proofs of leaves by their rows, each under the newest checkpoint of its shard.

    They are put together from what is stored, as it is stored: a reader verifies them. A leaf that
    cannot even be spelled any more is left out.
    """
    present = shards.read(connection)
    of_shard: dict[Shard, list[int]] = {}
    for index in sorted(set(indexes)):
        of_shard.setdefault(shards.holding(present, index), []).append(index)
    found: dict[int, bytes] = {}
    for shard, wanted in of_shard.items():
        found.update(_receipts(connection, shard, wanted))
    return found


def _receipts(connection: Connection, shard: Shard, wanted: Sequence[int]) -> dict[int, bytes]:
    newest = checkpoint(connection, shard)
    if newest is None:
        return {}
    size, note = newest
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
    columns = schema.leaf.c
    rows = connection.execute(
        select(columns.idx).where(columns.type == LeafType.KEY.value).order_by(columns.idx)
    )
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
        rows = connection.execute(select(schema.leaf).where(schema.leaf.c.idx.in_(part)))
        for row in rows:
            if row.type in set(LeafType):
                leaf = Leaf(LeafType(row.type), row.digest, row.rt_ms, row.attrs)
                yield leaf, row.idx, row.object
