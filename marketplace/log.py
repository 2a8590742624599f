"""The transparency log: leaves in one order, signed checkpoints, receipts.

Log first, then answer: what is accepted is pooled only while the transaction before it commits,
sequenced in one batch, and its leaf, its tree nodes, its own rows and the batch's checkpoint are
committed together. The answer comes after the commit, so whoever lost the answer asks again and
gets the same leaf at the same index: the first leaf of an object counts, and there is no second.

By index `rt` never falls, even when the system's clock is set back.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select, tuple_

from diary.checkpoint import Checkpoint
from diary.leaf import Leaf, LeafType
from diary.merkle import inclusion_proof, new_nodes, root
from diary.note import NoteSigner
from diary.receipt import Receipt
from marketplace import schema
from marketplace.clock import MarketClock
from marketplace.store import MAX_BATCH, Store, StoreError

T = TypeVar("T")
Row = tuple[Table, dict[str, object]]
Coordinates = tuple[int, int]


@dataclass(frozen=True)
class Entry:
    """An object to log. `rows(index, rt_ms)` are the rows that are committed with its leaf."""

    type: LeafType
    digest: str
    attrs: str = ""
    object: bytes | None = None
    rows: Callable[[int, int], Sequence[Row]] = lambda _index, _rt: ()


@dataclass(frozen=True)
class Placed:
    """Where an object stands. `fresh` is False if its leaf was there before."""

    index: int
    rt_ms: int
    fresh: bool


_Waiting = tuple[Entry, "Future[Placed]"]


class Log:
    """The sequencer of one log shard; safe to use from any thread."""

    def __init__(self, store: Store, clock: MarketClock, signer: NoteSigner) -> None:
        self._store = store
        self._clock = clock
        self._signer = signer
        self.verifier = signer.verifier
        self._pool: list[_Waiting] = []
        self._flushing = False
        self._gate = threading.Lock()  # guards the two above

    @property
    def origin(self) -> str:
        """The log's name on its checkpoints."""
        return self._signer.name

    def append(self, entry: Entry) -> Future[Placed]:
        """Log an object; the future is done when leaf and rows are durable.

        StoreError out of the future when they are not: nothing of the object was kept.
        """
        future: Future[Placed] = Future()
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

        def job(connection: Connection) -> list[Placed]:
            with self._gate:
                taken.extend(self._pool[:MAX_BATCH])
                del self._pool[:MAX_BATCH]
                self._flushing = bool(self._pool)
                more = self._flushing
            if more:
                self._schedule()
            taken[:] = [item for item in taken if item[1].set_running_or_notify_cancel()]
            return self._sequence(connection, [entry for entry, _ in taken])

        try:
            self._store.write(job).add_done_callback(lambda done: self._tell(taken, done))
        except StoreError as error:
            self._fail_pool(error)

    def _fail_pool(self, error: BaseException) -> None:
        with self._gate:
            waiting, self._pool, self._flushing = self._pool, [], False
        for _, future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)

    def _tell(self, taken: list[_Waiting], done: Future[list[Placed]]) -> None:
        error = done.exception()
        if error is None:
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
            job = self._store.write(lambda connection: self._sequence(connection, [item[0]]))
        except StoreError as error:
            item[1].set_exception(error)
        else:
            job.add_done_callback(lambda done: self._tell([item], done))

    def _sequence(self, connection: Connection, entries: list[Entry]) -> list[Placed]:
        """Give each entry its leaf and write the batch; runs in the writer's transaction."""
        known = _known_leaves(connection, {entry.digest for entry in entries})
        size, last_rt = _end(connection)
        rt = max(self._clock.wall_ms(), last_rt)
        nodes = _edge(connection, size)
        rows: dict[Table, list[dict[str, object]]] = {}
        placed: list[Placed] = []
        for entry in entries:
            key = (entry.type, entry.digest)
            if key in known:
                placed.append(known[key])
                continue
            leaf = Leaf(entry.type, entry.digest, rt, entry.attrs)
            for level, pos, value in new_nodes(size, leaf.hash(), lambda lv, p: nodes[lv, p]):
                nodes[level, pos] = value
                rows.setdefault(schema.node, []).append({"level": level, "pos": pos, "hash": value})
            rows.setdefault(schema.leaf, []).append(
                {
                    "idx": size,
                    "type": entry.type.value,
                    "digest": entry.digest,
                    "rt_ms": rt,
                    "attrs": entry.attrs,
                    "object": entry.object,
                }
            )
            for table, row in entry.rows(size, rt):
                rows.setdefault(table, []).append(row)
            placed.append(Placed(size, rt, fresh=True))
            known[key] = Placed(size, rt, fresh=False)
            size += 1
        if rows:
            note = self._checkpoint(size, root(size, lambda lv, p: nodes[lv, p]))
            rows[schema.checkpoint] = [{"size": size, "note": note}]
        # In the tables' order of dependence, so that a row never comes before what it names.
        for table in schema.metadata.sorted_tables:
            if table in rows:
                schema.insert(connection, table, rows[table])
        return placed

    def _checkpoint(self, size: int, root_hash: bytes) -> bytes:
        return self._signer.sign(Checkpoint(self.origin, size, root_hash).text())


def checkpoint(connection: Connection) -> tuple[int, bytes] | None:
    """Size and signed note of the newest checkpoint; None for an empty log."""
    row = connection.execute(
        select(schema.checkpoint).order_by(schema.checkpoint.c.size.desc()).limit(1)
    ).first()
    return None if row is None else (row.size, row.note)


def receipts(connection: Connection, indexes: Iterable[int]) -> dict[int, bytes]:
    """The tlog-proofs of the leaves under the newest checkpoint, by index.

    They are put together from what is stored, as it is stored: a reader verifies them. A leaf that
    cannot even be spelled any more is left out.
    """
    newest = checkpoint(connection)
    wanted = sorted(set(indexes))
    if newest is None or not wanted:
        return {}
    size, note = newest
    needed: set[Coordinates] = set()

    def remember(level: int, pos: int) -> bytes:
        needed.add((level, pos))
        return b"\0" * 32

    inside = [index for index in wanted if index < size]
    for index in inside:
        inclusion_proof(index, size, remember)
    nodes = _nodes(connection, needed)
    found = {}
    for leaf, index, obj in _leaves(connection, inside):
        proof = inclusion_proof(index, size, lambda lv, p: nodes.get((lv, p), b"\0" * 32))
        with contextlib.suppress(ValueError, TypeError):
            found[index] = Receipt(leaf, obj, index, tuple(proof), note).data()
    return found


def receipt(connection: Connection, index: int) -> bytes:
    """The tlog-proof of one leaf. Raises KeyError if the log has no such leaf."""
    return receipts(connection, [index])[index]


def find(connection: Connection, digest: str) -> int | None:
    """The index of an object's leaf."""
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


def _known_leaves(connection: Connection, digests: set[str]) -> dict[tuple[LeafType, str], Placed]:
    columns = schema.leaf.c
    known = {}
    for part in parts(sorted(digests)):
        query = select(columns.idx, columns.type, columns.digest, columns.rt_ms)
        for row in connection.execute(query.where(columns.digest.in_(part))):
            known[LeafType(row.type), row.digest] = Placed(row.idx, row.rt_ms, fresh=False)
    return known


def _end(connection: Connection) -> tuple[int, int]:
    """Size of the log, and the rt of its last leaf."""
    columns = schema.leaf.c
    row = connection.execute(
        select(columns.idx, columns.rt_ms).order_by(columns.idx.desc()).limit(1)
    ).first()
    return (0, 0) if row is None else (row.idx + 1, row.rt_ms)


def _edge(connection: Connection, size: int) -> dict[Coordinates, bytes]:
    """The roots of the largest complete subtrees: all that appending to `size` leaves reads."""
    wanted = {
        (level, (size >> level) - 1) for level in range(size.bit_length()) if size >> level & 1
    }
    return _nodes(connection, wanted)


def _nodes(connection: Connection, wanted: set[Coordinates]) -> dict[Coordinates, bytes]:
    columns = schema.node.c
    nodes = {}
    for part in parts(sorted(wanted)):
        query = select(schema.node).where(tuple_(columns.level, columns.pos).in_(part))
        for row in connection.execute(query):
            nodes[row.level, row.pos] = row.hash
    return nodes


def parts(items: Sequence[T], size: int = 400) -> Iterable[Sequence[T]]:
    """Pieces that fit into one statement's parameters."""
    return (items[i : i + size] for i in range(0, len(items), size))
