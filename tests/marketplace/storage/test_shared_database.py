"""The parts of processes that share a PostgreSQL database (ADR 0036), two of each in this one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg.conninfo import make_conninfo
from sqlalchemy import create_engine, select, text

from diary.log.leaf import LeafType
from marketplace.accounts.passkeys import CHALLENGE_S, Challenges
from marketplace.accounts.pending import MAX_PENDING, PendingSignIns
from marketplace.cli import main
from marketplace.core.clock import MarketplaceClock
from marketplace.core.config import DATABASE_URL, ConfigError, DatabaseSettings
from marketplace.core.problems import ProblemError
from marketplace.core.rate_limit import Throttle
from marketplace.http.shared_counters import SharedCounters
from marketplace.log import shards
from marketplace.log.audit import audit_log
from marketplace.log.log import Log, LogEntry
from marketplace.log.shards import ShardKeys
from marketplace.storage import schema
from marketplace.storage.database import DatabaseError, LockUnavailableError
from marketplace.storage.engines.postgresql import LOCK
from marketplace.storage.engines.shared_postgresql import (
    Lease,
    SharedKeyedLocks,
    SharedPostgresqlDatabase,
)
from tests.marketplace.live_marketplace import START
from tests.marketplace.postgresql_server import PostgresqlServer, postgresql_server
from tests.marketplace.shared_processes import PATIENCE_S


def create_tables(settings: DatabaseSettings, revision: str) -> None:
    """Create the tables of a former revision in an empty database."""
    config = Config()
    config.set_main_option("script_location", "marketplace.storage:migrations")
    info = make_conninfo(**settings.parameters)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(info))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    with postgresql_server() as running:
        yield running


@pytest.fixture
def database(server: PostgresqlServer) -> Iterator[str]:
    name = server.create_marketplace()
    yield name
    server.drop(name)


@pytest.fixture
def stores(
    server: PostgresqlServer, database: str
) -> Iterator[tuple[SharedPostgresqlDatabase, SharedPostgresqlDatabase]]:
    """The databases of two processes, which are one here."""
    opened = []
    for _ in range(2):
        opened.append(SharedPostgresqlDatabase(server.settings(database)))
        opened[-1].started()
    yield opened[0], opened[1]
    for store in opened:
        store.close()


def test_write_transactions_of_two_processes_take_turns(
    stores: tuple[SharedPostgresqlDatabase, SharedPostgresqlDatabase],
) -> None:
    inside = threading.Event()
    release = threading.Event()

    def first(connection: Any) -> None:
        schema.insert(connection, schema.setting, [{"name": "a", "value": "1"}])
        inside.set()
        assert release.wait(PATIENCE_S)

    held = stores[0].write(first)
    assert inside.wait(PATIENCE_S)
    names = select(schema.setting.c.name).where(schema.setting.c.value == "1")
    second = stores[1].write(lambda c: c.execute(names).scalars().all())
    assert not second.done()
    release.set()
    held.result(PATIENCE_S)
    assert second.result(PATIENCE_S) == ["a"], "the second one saw an older state"


def test_two_logs_append_to_one_history_also_after_one_began_a_shard(
    stores: tuple[SharedPostgresqlDatabase, SharedPostgresqlDatabase], tmp_path: Path
) -> None:
    keys = ShardKeys(tmp_path, shared=True)
    signer = keys.signer("workdiary.localhost/log/2026")
    stores[0].write(lambda connection: shards.begin(connection, signer.verifier)).result()
    clock = MarketplaceClock(system=lambda: START * 1000)
    logs = [Log(store, clock, keys) for store in stores]
    placed = [
        logs[n % 2].append(LogEntry(LeafType.SEGMENT, f"{n:043}", "13")).result() for n in range(9)
    ]
    assert [each.index for each in placed] == list(range(9))
    logs[0].rotate()
    assert logs[1].verifiers == logs[0].verifiers
    assert len(logs[1].verifiers) == 2
    after = [logs[n % 2].append(LogEntry(LeafType.SEGMENT, f"x{n:042}", "13")) for n in range(40)]
    assert len({each.result().index for each in after}) == 40
    assert audit_log(stores[1].read, logs[1].verifiers) == []


def test_a_mutex_belongs_to_one_process_and_is_lost_with_its_connection(
    server: PostgresqlServer,
    database: str,
    stores: tuple[SharedPostgresqlDatabase, SharedPostgresqlDatabase],
) -> None:
    first, second = (store.mutex("tests") for store in stores)
    entered = threading.Event()

    def enter() -> None:
        with second:
            entered.set()

    with ThreadPoolExecutor(1) as pool:
        with first:
            stores[0].write(first.require).result()
            assert isinstance(stores[1].write(second.require).exception(), DatabaseError)
            waiting = pool.submit(enter)
            assert first._connection is not None
            pid = first._connection.info.backend_pid
            assert not entered.is_set()
            with server.connect(database) as connection:
                connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            waiting.result(PATIENCE_S)
            assert isinstance(stores[0].write(first.require).exception(), DatabaseError)
        with first:
            stores[0].write(first.require).result()


def test_the_lock_of_a_picture_excludes_other_processes_and_its_loss_is_noticed(
    server: PostgresqlServer,
    database: str,
    stores: tuple[SharedPostgresqlDatabase, SharedPostgresqlDatabase],
) -> None:
    first, second = (store.picture_locks for store in stores)
    with first.hold("a"), first.hold("b"):
        with pytest.raises(LockUnavailableError), second.hold("a"):
            pass
        with second.hold("c"):
            stores[1].write(lambda c: second.require(c, "c")).result()
        stores[0].write(lambda c: first.require(c, "a")).result()
        assert isinstance(first, SharedKeyedLocks)
        assert first._connection is not None
        pid = first._connection.info.backend_pid
        with server.connect(database) as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        with second.hold("a"):
            lost = stores[0].write(lambda c: first.require(c, "a"))
            assert isinstance(lost.exception(), LockUnavailableError)
            with first.hold("d"):  # on a new connection
                stores[0].write(lambda c: first.require(c, "d")).result()
        assert isinstance(
            stores[0].write(lambda c: first.require(c, "b")).exception(), LockUnavailableError
        )
    with second.hold("a"), first.hold("b"):
        stores[0].write(lambda c: first.require(c, "b")).result()


def test_the_lease_passes_on_when_it_is_released_or_its_connection_ends(
    server: PostgresqlServer,
    database: str,
    stores: tuple[SharedPostgresqlDatabase, SharedPostgresqlDatabase],
) -> None:
    first, second = (store.lease() for store in stores)
    assert (first.renew(), second.renew()) == (True, False)
    assert (first.renew(), second.renew()) == (True, False)
    first.release()
    assert (second.renew(), first.renew()) == (True, False)
    assert second._connection is not None
    pid = second._connection.info.backend_pid
    with server.connect(database) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    assert (first.renew(), second.renew()) == (True, False)
    _release(first, second)


def _release(*leases: Lease) -> None:
    for lease in leases:
        lease.release()


def test_attempts_are_counted_together(
    stores: tuple[SharedPostgresqlDatabase, SharedPostgresqlDatabase],
) -> None:
    now = [1_000_000.0]
    limits = [
        Throttle(shared=SharedCounters(store.side, b"s" * 32, lambda: now[0]), mail="4/hour")
        for store in stores
    ]
    for turn in range(4):
        limits[turn % 2].check("mail", "ana")
        limits[turn % 2].hit("mail", "ana")
    for limit in limits:
        with pytest.raises(ProblemError):
            limit.check("mail", "ana")
        with pytest.raises(ProblemError) as refused:
            limit.hit("mail", "ana")
        headers = refused.value.headers or {}
        assert 1 <= int(headers["Retry-After"]) <= 3600
    limits[0].hit("mail", "tom")
    now[0] += 2 * 3600
    limits[1].hit("mail", "ana")
    with stores[0].side() as connection:
        count = connection.execute(text("SELECT sum(count) FROM counted_attempt")).scalar()
    assert count == 1, "expired counters stayed"


def test_a_sign_in_that_began_at_one_process_ends_at_the_other_once(
    stores: tuple[SharedPostgresqlDatabase, SharedPostgresqlDatabase],
) -> None:
    now = [1_000]
    pending = [PendingSignIns(store.side, lambda: now[0]) for store in stores]
    first, second = (Challenges(lambda: now[0], each) for each in pending)
    challenge = first.new("ana")
    assert second.use(challenge, "ana")
    assert not first.use(challenge, "ana"), "used twice"
    wrong = first.new("ana")
    assert not second.use(wrong, "tom")
    old = first.new("")
    now[0] += CHALLENGE_S
    assert not second.use(old, "")
    for number in range(MAX_PENDING + 200):
        pending[0].put("oidc", str(number).encode(), "{}", now[0] + number)
    assert pending[1].take("oidc", b"0") is None, "the oldest stayed"
    assert pending[1].take("oidc", str(MAX_PENDING + 199).encode()) == "{}"


def test_what_they_need_is_required(
    server: PostgresqlServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = ["serve", "--shared", "--example", "--data-dir", str(tmp_path / "data")]
    monkeypatch.delenv(DATABASE_URL, raising=False)
    assert main([*arguments, "--port", "1", "--base-url", "https://diary.example"]) == 2
    assert "Several processes need PostgreSQL" in capsys.readouterr().err
    monkeypatch.setenv(DATABASE_URL, server.url("postgres"))
    for missing in (["--port", "8080"], ["--base-url", "https://diary.example"]):
        assert main([*arguments, *missing]) == 2
        assert "needs a --port" in capsys.readouterr().err


def test_tables_of_another_version_are_upgraded_by_a_process_alone(
    server: PostgresqlServer, database: str
) -> None:
    settings = server.settings(database)
    first = SharedPostgresqlDatabase(settings)
    first.started()
    with server.connect(database) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public AUTHORIZATION owner")
    create_tables(settings, "0031")
    with pytest.raises(ConfigError, match="Stop all of them"):
        SharedPostgresqlDatabase(settings)
    first.close()
    last = SharedPostgresqlDatabase(settings)
    last.started()
    with server.connect(database) as connection:
        held = connection.execute(
            "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND objid = %s",
            (LOCK & 0xFFFFFFFF,),
        ).fetchall()
    assert held == [("ShareLock",)], "the process kept the database for itself"
    last.close()
