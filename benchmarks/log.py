"""The marketplace's log as it grows: appending, proving, monitoring, and memory.

Each figure compares the same work in a log of 10,000 or 100,000 leaves with one of 1,000, on disk
as in the marketplace. Logarithmic growth stays below a factor of two.
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Figure, compare
from diary.formats.encoding import digest
from diary.log import merkle
from diary.log.checkpoint import open_checkpoint
from diary.log.leaf import LeafType
from diary.log.tiles import Tile, TileReader
from marketplace.core.clock import MarketplaceClock
from marketplace.log import log as tlog
from marketplace.log import shards, tile_reader
from marketplace.log.sequencer import nodes_of
from marketplace.storage.database import MAX_BATCH, Database
from marketplace.storage.engines.sqlite import SqliteDatabase

SMALL = 1_000
SIZES = (10_000, 100_000)
_TARGET = 2.0
_ONCE = 64


@dataclass
class StoredLog:
    """A log of `size` leaves in a separate database."""

    size: int
    store: Database
    log: tlog.Log
    names: Iterator[int] = field(default_factory=itertools.count)

    def append(self, count: int) -> None:
        """Log `count` more objects, durably, in one batch."""
        entries = [
            tlog.LogEntry(LeafType.SEGMENT, digest(b"%d" % next(self.names)), "13")
            for _ in range(count)
        ]
        for future in [self.log.append(entry) for entry in entries]:
            future.result()

    def prove(self) -> None:
        """Build receipts of leaves from the whole log."""
        with self.store.read() as connection:
            step = max(1, self.size // _ONCE)
            for index in range(0, self.size, step)[:_ONCE]:
                tlog.receipt(connection, index)

    def consistency(self) -> None:
        """Build proofs from older states to the newest one."""
        with self.store.read() as connection:
            shard = shards.newest(connection)

            def read(level: int, position: int) -> bytes:
                return nodes_of(connection, shard, {(level, position)})[level, position]

            for old in range(1, self.size, self.size // 16)[:16]:
                merkle.consistency_proof(old, self.size, read)

    def monitor(self) -> None:
        """Read and prove the newest leaves by tiles, as a monitor does once a minute."""
        with self.store.read() as connection:
            shard = shards.newest(connection)
            newest = tlog.checkpoint(connection)
            assert newest is not None
            checkpoint = open_checkpoint(newest[1], [shard.verifier])

            def fetch(tile: Tile) -> bytes:
                data = tile_reader.read(connection, shard, tile)
                assert data is not None
                return data

            reader = TileReader(checkpoint, fetch)
            reader.consistency(checkpoint.size - 100)
            for _ in reader.entries(checkpoint.size - 100):
                pass


@contextlib.contextmanager
def stored_log(size: int) -> Iterator[StoredLog]:
    """A log of `size` leaves during the block."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = SqliteDatabase(folder / "log.sqlite")
        keys = shards.ShardKeys(folder / "keys")
        signer = keys.signer("workdiary.localhost/log/2026")
        store.write(lambda connection: shards.begin(connection, signer.verifier)).result()
        # A fixed clock, so that no new year begins in between.
        clock = MarketplaceClock(system=lambda: 1_795_510_800_000)
        made = StoredLog(size, store, tlog.Log(store, clock, keys))
        for begin in range(0, size, MAX_BATCH):
            made.append(min(MAX_BATCH, size - begin))
        try:
            yield made
        finally:
            store.close()


def figures() -> list[Figure]:
    """All figures of this module."""
    found = []
    with stored_log(SMALL) as small:
        for size in SIZES:
            with stored_log(size) as large:
                found += _compared(large, small)
    return found


def _compared(large: StoredLog, small: StoredLog) -> list[Figure]:
    against = f"the same in a log of {small.size:,}"
    works: list[tuple[str, str, Callable[[StoredLog], None]]] = [
        ("append", f"{_ONCE} leaves, one durable batch", lambda log: log.append(_ONCE)),
        ("receipts", f"{_ONCE} inclusion proofs from the disk", StoredLog.prove),
        ("consistency", "16 proofs from the disk", StoredLog.consistency),
        ("monitor", "100 new leaves and their consistency, by tiles", StoredLog.monitor),
    ]
    found = [
        Figure(
            f"{name} in a log of {large.size:,}",
            what,
            *compare(lambda work=work: work(large), lambda work=work: work(small)),  # type: ignore[misc]
            against,
            _TARGET,
        )
        for name, what, work in works
    ]
    return [
        *found,
        Figure(
            f"memory in a log of {large.size:,}",
            "peak of all of the above",
            _peak(large),
            _peak(small),
            against,
            _TARGET,
            unit="kB",
        ),
    ]


def _peak(log: StoredLog) -> float:
    """The peak of Python's memory during all four, in bytes."""
    tracemalloc.start()
    try:
        log.append(_ONCE)
        log.prove()
        log.consistency()
        log.monitor()
        return float(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
