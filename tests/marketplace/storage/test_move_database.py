"""The command `move`: tables from SQLite to a real PostgreSQL database."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import Connection, func, select, text

from diary.core.slots import SLOT, WEEK, week_of
from diary.log.leaf import LeafType
from diary.log.receipt import open_receipt
from diary.objects.segment import parse
from marketplace.accounts.model import account
from marketplace.cli import main
from marketplace.composition import lock, open_services
from marketplace.contracts.queries import Contract
from marketplace.core.config import DATABASE_URL, Config, ConfigError
from marketplace.log.audit import audit_log
from marketplace.maintenance import move as move_module
from marketplace.seed.generate import generate
from marketplace.seed.plan import SeedOptions
from marketplace.storage import schema
from marketplace.storage.data_folder import DATABASE, FORMER
from marketplace.storage.engines.postgresql import LOCK, PostgresqlDatabase
from marketplace.storage.local_settings import LOCAL
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.engines import engines
from tests.marketplace.later_statements import amended, deleted, retired
from tests.marketplace.live_marketplace import (
    AUD,
    START,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)
from tests.marketplace.postgresql_server import PostgresqlServer
from tests.marketplace.simulated_device import SimulatedDevice, worked

#: The Sunday before `START`.
LAST_DAY = dt.date(2026, 11, 15)


@pytest.fixture
def server() -> PostgresqlServer:
    return engines.server


@pytest.fixture
def database(server: PostgresqlServer) -> Iterator[str]:
    """An empty database without tables."""
    name = server.create("target")
    yield name
    server.drop(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def url(server: PostgresqlServer, database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the database, which the commands of the test get."""
    found = server.url(database)
    monkeypatch.setenv(DATABASE_URL, found)
    return found


@contextlib.contextmanager
def small(folder: Path) -> Iterator[tuple[LiveMarketplace, Contract, SimulatedDevice]]:
    """A marketplace on SQLite with a contract and an enrolled computer."""
    with live_marketplace(folder, postgresql=None, s3=None) as marketplace:
        contract = marketplace.contract()
        device = enrolled(marketplace, contract)
        yield marketplace, contract, device
        device.http.close()


def served_by_sqlite(folder: Path) -> bool:
    """Whether the folder is served as before."""
    with live_marketplace(folder, postgresql=None, s3=None) as marketplace:
        return marketplace.leaves() > 0


def enrolled(marketplace: LiveMarketplace, contract: Contract) -> SimulatedDevice:
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(contract.freelancer))
    device.sign_in()
    return device


def follow(device: SimulatedDevice, marketplace: LiveMarketplace) -> None:
    """Let a computer continue at another port, as behind the same proxy."""
    host = device.http.headers["Host"]
    device.http.close()
    device.http = httpx.Client(
        base_url=marketplace.url, headers={"Host": host}, timeout=30, trust_env=False, verify=False
    )
    device.now_s = marketplace.deps.clock.real_s
    device.sign_in()


def rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """All rows by table, without those that belong to one database."""
    found = {}
    for table in schema.metadata.sorted_tables:
        listed = sorted(map(tuple, connection.execute(select(table))), key=repr)
        found[table.name] = [row for row in listed if row[0] not in LOCAL]
    return found


@dataclass
class Contents:
    """All rows of a marketplace, and the bundle with pictures of each contract and week with
    segments. Downloads count as views, so there are other rows `after` them.
    """

    before: dict[str, list[tuple[object, ...]]]
    bundles: dict[tuple[str, int], bytes]
    after: dict[str, list[tuple[object, ...]]]


def contents(config: Config, clock: MovedClock) -> Contents:
    """The contents, without a server: nothing is written in the background."""
    columns = schema.segment.c
    with lock(config.data_dir), open_services(config, clock) as services:
        with services.store.read() as connection:
            stored = rows(connection)
            spans = connection.execute(select(columns.ctr, columns.t0)).all()
            people = {
                row.ctr: account(connection, row.freelancer)
                for row in connection.execute(select(schema.contract))
            }
        bundles = {}
        for ctr, week in sorted({(ctr, week_of(t0)) for ctr, t0 in spans}):
            person = people[ctr]
            assert person is not None
            pieces = services.bundles.make(person, ctr, week, images=True)
            bundles[ctr, week] = b"".join(pieces)
        services.store.write(lambda _: None).result()
        with services.store.read() as connection:
            return Contents(stored, bundles, rows(connection))


def moved(folder: Path) -> int:
    return main(["move", "--data-dir", str(folder)])


def holds_nothing(server: PostgresqlServer, database: str) -> bool:
    """Whether no row of a marketplace was stored."""
    with server.connect(database) as connection:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (table,) in connection.execute(query).fetchall():
            count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            if table not in ("alembic_version", "setting") and count != (0,):
                return False
        names = connection.execute("SELECT name FROM setting").fetchall()
        return all(name in LOCAL for (name,) in names)


def test_a_year_is_the_same_afterwards_and_continues(
    server: PostgresqlServer,
    database: str,
    url: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = SeedOptions.create(
        name=AUD, contracts=4, days=365, segments=800, clients=2, last_day=LAST_DAY, random_seed=7
    )
    generate(folder, options, lambda *_: None)
    clock = MovedClock()
    with live_marketplace(folder, clock=clock, postgresql=None, s3=None) as marketplace:
        base_url = marketplace.url
        contract = marketplace.contract()
        device, other = enrolled(marketplace, contract), enrolled(marketplace, contract)
        sent = worked(marketplace, device, contract.ctr, START, count=4)
        answers = [device.send(data) for data in sent]
        (late,) = worked(marketplace, other, contract.ctr, START + 4 * SLOT)
        other.send(late)
        device.sign_in()
        # Deleted with its time, a memo erased, a memo changed, a computer that signed out.
        for data, names, scope in (
            (sent[0], ["shot_0"], ["shot", "time"]),
            (sent[1], ["memo"], ["memo"]),
        ):
            statement = deleted(device, data, *names, scope=scope)  # type: ignore[arg-type]
            assert device.post_statement("tombstones", statement).status_code == 201
        memo = amended(device, sent[2], "Another memo")
        assert device.post_statement("amends", memo).status_code == 201
        assert other.post_statement("retires", retired(other)).status_code == 201
        other.http.close()
        decisions = marketplace.deps.decisions
        week, client = week_of(START), marketplace.account(contract.client)
        segments = [parse(data).hash for data in sent]
        decisions.ask(client, contract.ctr, week, segments[2:3], "Which form?")
        decisions.comment(client, contract.ctr, week, segments[3:], "Seen")
        with marketplace.browser(contract.client) as browser:
            assert browser.get(f"/pictures/{segments[2]}/0").status_code == 200
        marketplace.deps.checks.check_unchecked()
        day = marketplace.day(contract.client, contract.ctr)
    config = Config(folder, AUD, base_url)
    old = contents(config, clock)
    weeks = {week for _, week in old.bundles}
    assert max(weeks) - min(weeks) >= 51 * WEEK
    filled = ("review", "statement", "picture_view", "finding", "blob_owner", "daily_total")
    assert all(old.after[table] for table in filled)
    assert moved(folder) == 0
    written = capsys.readouterr().out.splitlines()
    assert any("rows to the PostgreSQL database 'target'; the log verifies" in w for w in written)
    assert {DATABASE, f"{DATABASE}-wal"}.isdisjoint(path.name for path in folder.iterdir())
    database_settings = server.settings(database)
    new = contents(replace(config, postgresql=database_settings), clock)
    assert [name for name in old.after if new.before[name] != old.after[name]] == []
    assert new.bundles.keys() == old.bundles.keys()
    assert [key for key in new.bundles if new.bundles[key] != old.bundles[key]] == []
    with live_marketplace(
        folder, clock=clock, postgresql=database_settings, s3=None, base_url=base_url
    ) as marketplace:
        assert marketplace.day(contract.client, contract.ctr) == day
        follow(device, marketplace)
        for data, name, answer in zip(sent[2:], segments[2:], answers[2:], strict=True):
            again = device.put_segment(data)
            assert again.status_code == 200
            assert device.open(again.json(), name).leaf == device.open(answer, name).leaf
        # The engine numbers rows by itself, behind those that were moved.
        with marketplace.browser(contract.client) as browser:
            assert browser.get(f"/pictures/{segments[3]}/0").status_code == 200
        more = worked(marketplace, device, contract.ctr, START + 6 * SLOT, count=2)
        for data in more:
            device.send(data)
        marketplace.deps.checks.check_unchecked()
        with marketplace.deps.store.read() as connection:
            numbers = {
                table.name: connection.execute(select(func.count(column), func.max(column))).one()
                for table in schema.metadata.sorted_tables
                if (column := table.autoincrement_column) is not None
            }
            assert numbers["picture_view"][0] > len(new.after["picture_view"])
            for name, (_, last) in numbers.items():
                state = text(f"SELECT last_value FROM {name}_id_seq")
                assert connection.execute(state).scalar_one() >= (last or 1), name
        log = marketplace.deps.log
        assert audit_log(marketplace.deps.store.read, log.verifiers) == []
        for name, answer in zip(segments, answers, strict=True):
            receipt = answer["receipt"].encode()
            open_receipt(receipt, log.verifiers, type=LeafType.SEGMENT, object_digest=name)
        device.http.close()


def test_only_one_of_both_databases_can_be_served_afterwards(
    url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with small(folder):
        pass
    assert moved(folder) == 0
    assert str(folder / FORMER) in capsys.readouterr().out
    devices = ["devices", "--data-dir", str(folder)]
    assert main(devices) == 0
    assert moved(folder) == 0
    assert "already" in capsys.readouterr().out
    assert main(["doctor", "--data-dir", str(folder)]) == 0
    assert f"attention: {folder / FORMER}" in capsys.readouterr().out
    monkeypatch.delenv(DATABASE_URL)
    assert main(devices) == 2
    assert f"has moved to PostgreSQL: set {DATABASE_URL}" in capsys.readouterr().err
    # Neither by the former name.
    (folder / FORMER).rename(folder / DATABASE)
    assert main(devices) == 2
    assert "must not be served again" in capsys.readouterr().err
    with pytest.raises(ConfigError, match="must not be served again"):
        served_by_sqlite(folder)
    monkeypatch.setenv(DATABASE_URL, url)
    assert main(devices) == 2
    assert "holds an SQLite database" in capsys.readouterr().err
    assert moved(folder) == 0
    assert (folder / FORMER).exists()
    assert main(devices) == 0


@pytest.mark.usefixtures("url")
def test_nothing_moves_while_one_of_both_is_served(
    server: PostgresqlServer, database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with small(folder):
        pass
    with lock(folder):
        assert moved(folder) == 2
    assert "Another marketplace is running" in capsys.readouterr().err
    with server.connect(database) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        assert moved(folder) == 2
    assert "Another marketplace serves" in capsys.readouterr().err
    assert served_by_sqlite(folder)


@pytest.mark.usefixtures("url")
def test_a_database_with_another_marketplace_is_refused(
    server: PostgresqlServer,
    database: str,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with small(folder):
        pass
    with live_marketplace(tmp_path / "other", postgresql=server.settings(database), s3=None):
        pass
    assert moved(folder) == 2
    assert f"holds the marketplace '{AUD}' already" in capsys.readouterr().err
    with server.connect(database) as connection:
        connection.execute("DELETE FROM setting")
    assert moved(folder) == 2
    assert "of the PostgreSQL database has rows" in capsys.readouterr().err
    assert served_by_sqlite(folder)


@pytest.mark.usefixtures("url")
def test_a_killed_move_leaves_nothing_and_is_repeated(
    server: PostgresqlServer, database: str, folder: Path
) -> None:
    with small(folder) as (marketplace, contract, device):
        (data,) = worked(marketplace, device, contract.ctr, START)
        device.send(data)
        with marketplace.deps.store.read() as connection:
            stored = rows(connection)
    assert main(["migrate"]) == 0
    command = [sys.executable, "-m", "marketplace", "move", "--data-dir", str(folder)]
    with server.connect(database) as other:
        # One of the last tables: the move waits for it with most rows copied.
        other.execute("BEGIN")
        other.execute("LOCK TABLE witness_state IN SHARE ROW EXCLUSIVE MODE")
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as moving:
            try:
                with server.connect() as watch:
                    wait_for(
                        lambda: waits(watch, database) or moving.poll() is not None,
                        what="the move to wait",
                    )
                assert moving.poll() is None, moving.stdout and moving.stdout.read()
            finally:
                os.kill(moving.pid, signal.SIGKILL)
    assert holds_nothing(server, database)
    # It is served as before.
    with live_marketplace(folder, postgresql=None, s3=None) as marketplace:
        assert marketplace.deps.log.verifiers
        with marketplace.deps.store.read() as connection:
            assert rows(connection) == stored
    assert moved(folder) == 0
    opened = PostgresqlDatabase(server.settings(database))
    try:
        with opened.read() as connection:
            assert rows(connection) == stored
    finally:
        opened.close()


def waits(connection: psycopg.Connection, database: str) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    return connection.execute(query, (database,)).fetchone() == (1,)


class Killed(BaseException):
    """The end of a process."""


@pytest.mark.parametrize("committed", [True, False])
def test_a_move_that_ends_at_its_commit_is_finished_by_the_next(
    server: PostgresqlServer,
    database: str,
    url: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    committed: bool,
) -> None:
    with small(folder):
        pass
    mark = move_module._mark

    def ends(*arguments: object) -> None:
        if not committed:
            mark(*arguments)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(move_module, "move" if committed else "_mark", ends)
        with pytest.raises(Killed):
            moved(folder)
    assert holds_nothing(server, database) != committed
    # Neither can be served.
    devices = ["devices", "--data-dir", str(folder)]
    assert main(devices) == 2
    assert "holds an SQLite database" in capsys.readouterr().err
    monkeypatch.delenv(DATABASE_URL)
    assert main(devices) == 2
    assert "run 'move' again if it was interrupted" in capsys.readouterr().err
    # Another database could become a second copy.
    monkeypatch.setenv(DATABASE_URL, server.url(other := server.create("another")))
    assert moved(folder) == 2
    assert "Name that database" in capsys.readouterr().err
    server.drop(other)
    monkeypatch.setenv(DATABASE_URL, url)
    assert moved(folder) == 0
    written = capsys.readouterr().out
    assert ("since an earlier attempt" in written) == committed
    assert main(devices) == 0
    assert (folder / FORMER).exists()


@pytest.mark.usefixtures("url")
def test_a_lost_connection_at_the_commit_is_repeated(
    server: PostgresqlServer,
    database: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with small(folder):
        pass
    mark = move_module._mark

    def loses(*arguments: object) -> None:
        mark(*arguments)  # type: ignore[arg-type]
        with server.connect() as connection:
            query = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            connection.execute(f"{query} WHERE datname = %s", (database,))

    with monkeypatch.context() as patch:
        patch.setattr(move_module, "_mark", loses)
        assert moved(folder) == 2
    assert "cannot be used" in capsys.readouterr().err
    assert moved(folder) == 0
    assert main(["doctor", "--data-dir", str(folder)]) == 0


@pytest.mark.usefixtures("url")
def test_a_damaged_log_does_not_move(
    server: PostgresqlServer, database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with small(folder):
        pass
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as raw:
        raw.execute("UPDATE leaf SET rt_ms = rt_ms + 1 WHERE idx = 1")
        raw.commit()
    assert moved(folder) == 2
    assert "The log does not verify" in capsys.readouterr().err
    assert holds_nothing(server, database)
    assert (folder / DATABASE).exists()


@pytest.mark.usefixtures("url")
def test_a_value_that_postgresql_refuses_is_named_by_its_table_only(
    server: PostgresqlServer, database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with small(folder):
        pass
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as raw:
        raw.execute("UPDATE one_time_code SET purpose = 'a-secret-of-no-length-that-fits'")
        raw.commit()
    assert moved(folder) == 2
    error = capsys.readouterr().err
    assert "The table one_time_code cannot be copied" in error
    assert "a-secret" not in error
    assert holds_nothing(server, database)
    assert served_by_sqlite(folder)


@pytest.mark.usefixtures("url")
def test_a_role_without_the_tables_is_told_to_use_their_owner(
    server: PostgresqlServer,
    database: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with small(folder):
        pass
    assert main(["migrate"]) == 0
    with server.connect(database) as connection:
        connection.execute("CREATE ROLE serving LOGIN")
        connection.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO serving"
        )
        connection.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO serving")
    monkeypatch.setenv(DATABASE_URL, server.url(database, "serving"))
    assert moved(folder) == 2
    assert "as the owner of the tables" in capsys.readouterr().err
    assert holds_nothing(server, database)
