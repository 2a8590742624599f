"""The writer thread, the migrations, and the sequencer of the log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from diary.formats.encoding import digest
from diary.log.checkpoint import open_checkpoint
from diary.log.leaf import LeafType
from diary.log.receipt import open_receipt
from marketplace.core.clock import MarketplaceClock
from marketplace.core.config import ConfigError
from marketplace.log import log, shards
from marketplace.log.audit import audit_log
from marketplace.log.log import Log, LogEntry
from marketplace.log.shards import ShardKeys
from marketplace.storage import migrate, schema
from marketplace.storage.database import Database, DatabaseError
from marketplace.storage.engines.sqlite import SqliteDatabase
from tests.marketplace.engines import engines


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    opened = engines.open(tmp_path / "a 100% odd name #1.sqlite")
    yield opened
    opened.close()


class Ticking:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.ms = 1_794_992_400_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


def new_log(store: Database, clock: Ticking, keys: Path) -> Log:
    """A log whose first shard has just begun."""
    of_shards = ShardKeys(keys)
    signer = of_shards.signer("workdiary.localhost/log/2026")
    store.write(lambda connection: shards.begin(connection, signer.verifier)).result()
    return Log(store, MarketplaceClock(system=clock), of_shards)


@pytest.fixture
def sequencer(store: Database, clock: Ticking, tmp_path: Path) -> Log:
    return new_log(store, clock, tmp_path / "keys")


def entry(name: str) -> LogEntry:
    return LogEntry(LeafType.SEGMENT, digest(name.encode()), "13")


def put(name: str) -> Callable[[Connection], None]:
    """A job that writes one row."""

    def job(connection: Connection) -> None:
        connection.execute(insert(schema.setting).values(name=name, value="x"))

    return job


def hold(store: Database) -> tuple[threading.Event, Future[bool]]:
    """Keep the writer busy until the event is set, so that other jobs wait for one batch."""
    held = threading.Event()
    return held, store.write(lambda _: held.wait(20))


#: The rows of `put`; PostgreSQL's engine has one of its own.
PUT = schema.setting.c.value == "x"

# The store


def test_the_migrations_make_exactly_the_declared_tables(store: Database) -> None:
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_the_newest_migration_is_the_one_that_the_store_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", "marketplace.storage:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


@pytest.mark.sqlite_only("compares the file")
def test_a_database_of_a_newer_version_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "newer.sqlite"
    store = SqliteDatabase(path)
    store.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num='9999'"))).result()
    store.close()
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="newer version"):
        SqliteDatabase(path)
    assert path.read_bytes() == before


def test_readers_cannot_write(store: Database) -> None:
    read_only = pytest.raises(DBAPIError, match=r"read-?only")
    with store.read() as connection, read_only:
        put("a")(connection)


@pytest.mark.sqlite_only("the write-ahead log is a file")
def test_a_scrub_empties_the_write_ahead_log_after_what_was_written_before(
    tmp_path: Path, store: Database
) -> None:
    held, first = hold(store)
    written, scrubbed = store.write(put("before")), store.scrub()
    held.set()
    assert (first.result(), written.result(), scrubbed.result()) == (True, None, True)
    (wal,) = tmp_path.rglob("*-wal")
    assert wal.stat().st_size == 0
    with store.read() as connection:
        connection.execute(select(schema.setting)).all()
        store.write(put("after")).result()
        assert store.scrub().result() is False, "a reader still needs it"
        assert wal.stat().st_size > 0
    store.write(put("at last")).result()
    assert store.scrub().result() is True
    assert wal.stat().st_size == 0
    store.close()
    with pytest.raises(DatabaseError):
        store.scrub()


def test_a_failing_job_fails_no_other(store: Database) -> None:
    held, first = hold(store)
    jobs = [store.write(put(n)) for n in ("a", "b", "a", "c")]
    held.set()
    assert first.result() is True
    failed = [job.exception() for job in jobs]
    assert [error is None for error in failed] == [True, True, False, True]
    assert isinstance(failed[2], DatabaseError)
    with store.read() as connection:
        names = connection.execute(select(schema.setting.c.name).where(PUT)).scalars().all()
    assert sorted(names) == ["a", "b", "c"]


def test_a_readers_snapshot_does_not_change(store: Database) -> None:
    count = select(func.count()).where(PUT)
    with store.read() as connection:
        assert connection.execute(count).scalar() == 0
        store.write(put("a")).result()
        assert connection.execute(count).scalar() == 0
    with store.read() as connection:
        assert connection.execute(count).scalar() == 1


def test_what_was_accepted_is_written_before_it_closes(tmp_path: Path) -> None:
    store = engines.open(tmp_path / "x.sqlite")
    jobs = [store.write(put(str(n))) for n in range(200)]
    store.close()
    assert all(job.exception() is None for job in jobs)
    with pytest.raises(DatabaseError):
        store.write(lambda _: None)
    again = engines.open(tmp_path / "x.sqlite")
    with again.read() as connection:
        assert connection.execute(select(func.count()).where(PUT)).scalar() == 200
    again.close()


# The log


def test_receipts_of_every_leaf_verify_under_the_newest_checkpoint(
    store: Database, sequencer: Log
) -> None:
    placed = [sequencer.append(entry(str(i))).result() for i in range(70)]
    assert [p.index for p in placed] == list(range(70))
    with store.read() as connection:
        proofs = log.receipts(connection, range(70))
        assert audit_log(store.read, sequencer.verifiers) == []
    for i in range(70):
        name = digest(str(i).encode())
        logged = open_receipt(
            proofs[i], [sequencer.verifier], type=LeafType.SEGMENT, object_digest=name
        )
        assert (logged.index, logged.checkpoint.size) == (i, 70)


def test_the_first_leaf_of_an_object_counts_also_within_one_batch(
    store: Database, sequencer: Log
) -> None:
    held, _ = hold(store)
    jobs = [sequencer.append(entry(name)) for name in ("a", "b", "a", "c", "b")]
    held.set()
    placed = [job.result() for job in jobs]
    assert [(p.index, p.fresh) for p in placed] == [
        (0, True), (1, True), (0, False), (2, True), (1, False),
    ]  # fmt: skip
    again = sequencer.append(entry("b")).result()
    assert (again.index, again.fresh, again.rt_ms) == (1, False, placed[1].rt_ms)
    with store.read() as connection:
        newest = log.checkpoint(connection)
        assert newest is not None
        assert newest[0] == 3
        count = select(func.count()).select_from(schema.checkpoint)
        assert connection.execute(count).scalar() == 1, "one batch, one checkpoint"


def test_received_times_never_fall_though_the_clock_is_set_back(
    sequencer: Log, clock: Ticking
) -> None:
    first = sequencer.append(entry("a")).result()
    clock.ms -= 3_600_000
    second = sequencer.append(entry("b")).result()
    clock.ms += 7_200_000
    third = sequencer.append(entry("c")).result()
    assert first.rt_ms == second.rt_ms < third.rt_ms


def test_one_bad_entry_takes_no_other_with_it(store: Database, sequencer: Log) -> None:
    clash: dict[str, object] = {"name": "same", "value": "x"}
    bad = [
        LogEntry(LeafType.SEGMENT, digest(n), "13", rows=lambda *_: [(schema.setting, clash)])
        for n in (b"1", b"2")
    ]
    held, _ = hold(store)
    jobs = [sequencer.append(e) for e in (entry("a"), bad[0], entry("b"), bad[1], entry("c"))]
    held.set()
    wait(jobs)
    assert [job.exception() is None for job in jobs] == [True, True, True, False, True]
    assert isinstance(jobs[3].exception(), DatabaseError)
    with store.read() as connection:
        assert audit_log(store.read, sequencer.verifiers) == []
        assert log.find(connection, digest(b"2")) is None, "no leaf without its rows"


def test_a_closed_store_answers_instead_of_waiting(store: Database, sequencer: Log) -> None:
    store.close()
    assert isinstance(sequencer.append(entry("a")).exception(timeout=20), DatabaseError)


def test_many_threads_get_one_order(store: Database, sequencer: Log) -> None:
    threads = [
        threading.Thread(
            target=lambda n=n: [sequencer.append(entry(f"{n}/{i}")).result() for i in range(20)]
        )
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with store.read() as connection:
        indexes = connection.execute(select(schema.leaf.c.idx)).scalars().all()
        assert sorted(indexes) == list(range(160))
        assert audit_log(store.read, sequencer.verifiers) == []


@settings(max_examples=max(10, settings().max_examples // 10))
@given(batches=st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=9), max_size=8))
def test_any_batches_make_the_same_log_as_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    store = engines.open(folder / "x.sqlite")
    clock = Ticking()
    batched = new_log(store, clock, folder / "keys")
    for batch in batches:
        held, _ = hold(store)
        jobs = [batched.append(entry(str(n))) for n in batch]
        held.set()
        wait(jobs)
    order = list(dict.fromkeys(n for batch in batches for n in batch))

    def state(connection: Connection) -> tuple[int, bytes] | None:
        newest = log.checkpoint(connection)
        if newest is None:
            return None
        opened = open_checkpoint(newest[1], [batched.verifier])
        return opened.size, opened.root

    with store.read() as connection:
        found = state(connection)
    store.close()
    other = engines.open(tmp_path_factory.mktemp("log") / "x.sqlite")
    single = new_log(other, clock, folder / "keys")
    for n in order:
        single.append(entry(str(n))).result()
    with other.read() as connection:
        assert state(connection) == found
    other.close()
