"""The engine for PostgreSQL: lost connections, one process at a time, rights, and clear errors."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event, func, insert, select, text

from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.objects.segment import parse
from marketplace.cli import main
from marketplace.contracts.queries import Contract
from marketplace.core.clock import MarketplaceClock
from marketplace.core.config import (
    DATABASE_URL,
    Config,
    ConfigError,
    DatabaseSettings,
    parse_database_url,
    read_database,
)
from marketplace.core.problems import ProblemError
from marketplace.log import shards
from marketplace.log.audit import audit_log
from marketplace.log.beacons import Beacons
from marketplace.log.log import Log, LogEntry
from marketplace.log.shards import ShardKeys
from marketplace.review.decisions import checked_text
from marketplace.storage import schema
from marketplace.storage.database import DatabaseError
from marketplace.storage.engines import postgresql
from marketplace.storage.engines.postgresql import LOCK, PostgresqlDatabase
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.later_statements import deleted
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.postgresql_server import PostgresqlServer, postgresql_server
from tests.marketplace.simulated_device import SimulatedDevice, worked

SECRET = "correct-horse"
GUIDE = Path(__file__).parents[3] / "docs" / "operating.md"
PUT = schema.setting.c.value == "x"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    # Tests end it at once: what it confirmed must be on the disk.
    with postgresql_server(fsync="on", full_page_writes="on") as running:
        with running.connect() as connection:
            connection.execute(f"CREATE ROLE with_password LOGIN PASSWORD '{SECRET}'")
        yield running


@pytest.fixture
def database(server: PostgresqlServer) -> Iterator[str]:
    name = server.create_marketplace()
    yield name
    server.drop(name)


@pytest.fixture
def store(server: PostgresqlServer, database: str) -> Iterator[PostgresqlDatabase]:
    opened = PostgresqlDatabase(server.settings(database))
    yield opened
    opened.close()


@contextlib.contextmanager
def served_from(database: DatabaseSettings, folder: Path) -> Iterator[LiveMarketplace]:
    """A marketplace on a database, with its files in `folder`."""
    with live_marketplace(folder / "data", postgresql=database) as marketplace:
        yield marketplace


def enrolled(marketplace: LiveMarketplace) -> tuple[Contract, SimulatedDevice]:
    """A new contract, and a signed-in computer of its freelancer."""
    contract = marketplace.contract()
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(contract.freelancer))
    device.sign_in()
    return contract, device


def put(name: str) -> Callable[[Connection], None]:
    def job(connection: Connection) -> None:
        connection.execute(insert(schema.setting).values(name=name, value="x"))

    return job


def names(store: PostgresqlDatabase) -> list[str]:
    query = select(schema.setting.c.name).where(PUT).order_by(schema.setting.c.name)
    with store.read() as connection:
        return list(connection.execute(query).scalars())


def hold(store: PostgresqlDatabase) -> tuple[threading.Event, Future[bool]]:
    """Keep the writer busy until the event is set, so that other jobs wait for one batch."""
    held = threading.Event()
    return held, store.write(lambda _: held.wait(20))


def terminate(
    server: PostgresqlServer, database: str, keep: psycopg.Connection | None = None
) -> None:
    """End all connections to a database except `keep`."""
    with server.connect() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> %s",
            (database, keep.info.backend_pid if keep else 0),
        )


def new_log(store: PostgresqlDatabase, keys: Path) -> Log:
    of_shards = ShardKeys(keys)
    signer = of_shards.signer("workdiary.localhost/log/2026")
    store.write(lambda connection: shards.begin(connection, signer.verifier)).result()
    return Log(store, MarketplaceClock(system=lambda: START * 1000), of_shards)


def entry(name: str) -> LogEntry:
    return LogEntry(LeafType.SEGMENT, digest(name.encode()), "13")


# Tables


def test_the_migrations_create_exactly_the_declared_tables(store: PostgresqlDatabase) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []


def test_numbers_of_rows_have_64_bits(store: PostgresqlDatabase) -> None:
    with store.read() as connection:
        query = text(
            "SELECT table_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name IN ('id', 'idx')"
            " AND data_type <> 'character varying' AND data_type <> 'text'"
        )
        found = {row.table_name: row.data_type for row in connection.execute(query)}
    assert found.keys() >= {"leaf", "finding", "picture_view", "message", "webhook_delivery"}
    assert set(found.values()) == {"bigint"}


def test_readers_have_one_snapshot_and_cannot_write(store: PostgresqlDatabase) -> None:
    with store.read() as connection:
        count = select(func.count()).where(PUT)
        assert connection.execute(count).scalar() == 0
        store.write(put("a")).result()
        assert connection.execute(count).scalar() == 0
        level = connection.execute(text("SHOW transaction_isolation")).scalar()
        assert level == "repeatable read"
        with pytest.raises(Exception, match="read-only transaction"):
            put("b")(connection)
    assert names(store) == ["a"]


def test_a_commit_waits_for_the_disk_even_if_the_server_is_set_not_to(
    server: PostgresqlServer, database: str
) -> None:
    with server.connect() as connection:
        connection.execute(f"ALTER DATABASE {database} SET synchronous_commit = off")
    opened = PostgresqlDatabase(server.settings(database))
    try:
        mode = opened.write(lambda c: c.execute(text("SHOW synchronous_commit")).scalar())
        assert mode.result() == "on"
    finally:
        opened.close()


def test_a_connection_that_is_in_use_at_the_end_is_closed_afterwards(
    server: PostgresqlServer, database: str
) -> None:
    opened = PostgresqlDatabase(server.settings(database))
    with opened.read() as connection:
        opened.close()
        assert database in server.in_use()
        assert connection.execute(select(func.count()).where(PUT)).scalar() == 0
    wait_for(lambda: database not in server.in_use(), what="the connection to end")


# Lost connections


def test_a_connection_that_ended_between_two_writes_is_replaced(
    server: PostgresqlServer, database: str, store: PostgresqlDatabase
) -> None:
    store.write(put("a")).result()
    assert names(store) == ["a"]
    terminate(server, database)
    store.write(put("b")).result()
    assert names(store) == ["a", "b"]


def test_a_connection_that_ends_during_a_batch_fails_all_of_its_jobs(
    server: PostgresqlServer, database: str, store: PostgresqlDatabase
) -> None:
    held, first = hold(store)
    jobs: list[Future[Any]] = [
        store.write(put("a")),
        store.write(lambda _: terminate(server, database)),
        store.write(put("b")),
        store.write(put("c")),
    ]
    held.set()
    for job in (first, *jobs):
        assert isinstance(job.exception(), DatabaseError)
    assert names(store) == []
    store.write(put("b")).result()
    assert names(store) == ["b"]


@pytest.mark.parametrize("stored", [True, False])
def test_an_entry_whose_commit_has_an_unknown_result_gets_one_leaf(
    store: PostgresqlDatabase, tmp_path: Path, stored: bool
) -> None:
    log = new_log(store, tmp_path / "keys")
    assert log.append(entry("before")).result().index == 0
    left = [True]

    def lose(connection: Connection) -> None:
        if left:
            left.clear()
            raw: Any = connection.connection.dbapi_connection
            if stored:
                raw.commit()
            raw.close()

    event.listen(store._writing, "commit", lose)
    held, first = hold(store)
    jobs = [log.append(entry(name)) for name in ("a", "b", "c")]
    held.set()
    assert isinstance(first.exception(), DatabaseError)
    # The log repeats the entries of a failed batch one by one.
    assert [job.result().index for job in jobs] == [1, 2, 3]
    assert [job.result().fresh for job in jobs] == [not stored] * 3
    assert log.append(entry("after")).result().index == 4
    assert audit_log(store.read, [log.verifier]) == []


def test_restarts_of_the_server_under_load_leave_one_log_without_a_gap(
    server: PostgresqlServer, store: PostgresqlDatabase, tmp_path: Path
) -> None:
    log = new_log(store, tmp_path / "keys")
    acknowledged: dict[str, int] = {}
    refused: list[BaseException] = []
    ended = threading.Event()

    def load(who: int) -> None:
        number = 0
        while not ended.is_set():
            name = f"{who}/{number}"
            try:
                acknowledged[name] = log.append(entry(name)).result(60).index
                number += 1
            except DatabaseError as error:
                refused.append(error)
                ended.wait(0.01)

    threads = [threading.Thread(target=load, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    try:
        for round_ in range(3):
            goal = len(acknowledged) + 40
            while len(acknowledged) < goal:
                assert threads[0].is_alive()
                ended.wait(0.01)
            server.stop()
            assert len(acknowledged) >= goal, round_
            server.start()
        goal = len(acknowledged) + 40
        while len(acknowledged) < goal:
            ended.wait(0.01)
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)
    assert refused, "no write met the restart"
    assert len(set(acknowledged.values())) == len(acknowledged), "an index twice"
    with store.read() as connection:
        rows = connection.execute(select(schema.leaf.c.digest, schema.leaf.c.idx)).all()
    stored = {row.digest: row.idx for row in rows}
    assert {name: stored.get(digest(name.encode())) for name in acknowledged} == acknowledged
    assert sorted(stored.values()) == list(range(len(stored)))
    assert audit_log(store.read, [log.verifier]) == []


def test_requests_get_503_while_the_server_is_down(
    server: PostgresqlServer, database: str, tmp_path: Path
) -> None:
    with served_from(server.settings(database), tmp_path) as marketplace:
        contract, device = enrolled(marketplace)
        (first, second) = worked(marketplace, device, contract.ctr, START, count=2)
        device.send(first)
        with marketplace.browser(contract.client) as browser:
            server.stop()
            try:
                for path in ("/readyz", "/", "/log/checkpoint"):
                    answer = browser.get(path)
                    assert answer.status_code == 503, path
                    assert answer.headers["retry-after"] == "5"
                assert browser.get("/healthz").status_code == 200
                refused = device.put_segment(second)
                assert refused.status_code == 503
                assert "retry-after" in refused.headers
            finally:
                server.start()
            for path in ("/readyz", "/", "/log/checkpoint"):
                assert browser.get(path).status_code == 200, path
        device.send(second)
        assert audit_log(marketplace.deps.store.read, [marketplace.deps.log.verifier]) == []
        device.http.close()


# One process at a time


def test_a_start_during_which_the_server_fails_is_refused_with_a_sentence(
    server: PostgresqlServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = server.settings(server.create_marketplace())
    start = Beacons.start

    def start_without_server(beacons: Beacons) -> None:
        server.stop()
        start(beacons)

    monkeypatch.setattr(Beacons, "start", start_without_server)
    try:
        with (
            pytest.raises(ConfigError, match=r"cannot be used: .*\. Check that the server runs"),
            live_marketplace(tmp_path, postgresql=settings),
        ):
            pass
    finally:
        server.start()
    monkeypatch.undo()
    with live_marketplace(tmp_path, postgresql=settings):
        pass


def test_a_second_process_is_refused(
    server: PostgresqlServer, database: str, store: PostgresqlDatabase
) -> None:
    with pytest.raises(ConfigError, match="Another marketplace serves"):
        PostgresqlDatabase(server.settings(database))
    with pytest.raises(ConfigError, match="Another marketplace serves"):
        postgresql.upgrade(server.settings(database))
    store.write(put("a")).result()
    assert names(store) == ["a"]


def test_a_process_that_lost_its_lock_for_a_while_continues(
    server: PostgresqlServer, database: str, store: PostgresqlDatabase
) -> None:
    with server.connect(database) as other:
        terminate(server, database, keep=other)
        other.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        assert isinstance(store.write(put("a")).exception(), DatabaseError)
    store.write(put("b")).result()
    assert names(store) == ["b"]


def test_a_process_whose_database_another_one_served_refuses_everything(
    server: PostgresqlServer, database: str, store: PostgresqlDatabase
) -> None:
    store.write(put("a")).result()
    terminate(server, database)
    other = PostgresqlDatabase(server.settings(database))
    assert isinstance(store.write(put("b")).exception(), DatabaseError), "the other has the lock"
    other.write(put("c")).result()
    other.close()
    for name in ("d", "e"):
        assert isinstance(store.write(put(name)).exception(), DatabaseError)
    with pytest.raises(DatabaseError, match="another process"), store.read():
        pass
    with pytest.raises(DatabaseError, match="another process"):
        store.probe(20)
    last = PostgresqlDatabase(server.settings(database))
    try:
        assert names(last) == ["a", "c"]
    finally:
        last.close()


# Errors for the operator


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://user:{SECRET}@host/diary",
        f"postgresql+psycopg://user:{SECRET}@host/diary",
        f"user:{SECRET}@host",
        f"postgresql://user:{SECRET}@more@host/diary",
        f"postgresql://user:12/{SECRET}@host/diary",
        f"postgresql://user:{SECRET}/x@host/diary",
        f"postgresql://user:%zz{SECRET}@host/diary",
        f"postgresql://user:{SECRET}@host:99999/diary",
        f"postgresql://user:{SECRET}@host:0/diary",
        f"postgresql://user:{SECRET}@host:port/diary",
        f"postgresql://user:{SECRET}@host/diary?password_of={SECRET}",
        f"postgresql://user:{SECRET}@[::1/diary",
    ],
)
def test_a_malformed_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_database_url(url)
    assert DATABASE_URL in str(refused.value)
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql:///diary", {"dbname": "diary"}),
        ("postgres://h/d", {"host": "h", "dbname": "d"}),
        (
            "postgresql://u:p%40%2F@[::1]:5433/d?sslmode=verify-full",
            {
                "user": "u", "password": "p@/", "host": "::1", "port": "5433", "dbname": "d",
                "sslmode": "verify-full",
            },
        ),
        ("postgresql://a:1,b:2/d", {"host": "a,b", "port": "1,2", "dbname": "d"}),
        ("postgresql://%2Frun%2Fpostgresql/d", {"host": "/run/postgresql", "dbname": "d"}),
        ("postgresql://?service=diary", {"service": "diary"}),
    ],
)  # fmt: skip
def test_an_address_is_read_as_libpq_reads_it(url: str, expected: dict[str, str]) -> None:
    assert parse_database_url(url).parameters == expected


def test_without_the_variable_the_database_is_sqlite() -> None:
    assert read_database({}) is None
    assert read_database({DATABASE_URL: " "}) is None


def test_no_representation_contains_the_password(tmp_path: Path) -> None:
    settings = parse_database_url(f"postgresql://user:{SECRET}@host/diary")
    config = Config(tmp_path, "example", "http://127.0.0.1", postgresql=settings)
    for shown in (repr(settings), str(settings), repr(config), settings.label):
        assert SECRET not in shown
    assert settings.label == "diary"


def refusal(
    arguments: list[str],
    url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """Run a command that must refuse the database; returns its sentence."""
    monkeypatch.setenv(DATABASE_URL, url)
    capsys.readouterr()
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("workdiary-marketplace: ")
    assert output.err.count("\n") == 1
    assert SECRET not in output.err
    assert url not in output.err
    return output.err


@pytest.mark.parametrize("command", ["setup", "serve --example", "migrate"])
@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("malformed", "is not an address like postgresql://"),
        ("scheme", "must begin with postgresql://"),
        ("no server", "cannot be used: .*No such file or directory"),
        ("wrong password", "password authentication failed"),
        ("no database", 'database "missing" does not exist'),
        ("newer", "written by a newer version"),
        ("served", "Another marketplace serves the PostgreSQL database"),
        ("encoding", "must have the encoding UTF8"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_with_a_sentence(
    server: PostgresqlServer,
    database: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    case: str,
    expected: str,
) -> None:
    url = server.url(database)
    with server.connect(database) as connection:
        if case == "malformed":
            url = f"postgresql://user:{SECRET}@and@host/diary"
        elif case == "scheme":
            url = f"mysql://user:{SECRET}@host/diary"
        elif case == "no server":
            url = f"postgresql://user:{SECRET}@/diary?host={tmp_path}"
        elif case == "wrong password":
            url = server.url(database, "with_password", f"{SECRET}-not")
        elif case == "no database":
            url = server.url("missing")
        elif case == "newer":
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        elif case == "served":
            connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        elif case == "encoding":
            connection.execute("DROP DATABASE IF EXISTS ascii")
            connection.execute(
                "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc"
                " TEMPLATE template0"
            )
            url = server.url("ascii")
        arguments = command.split()
        if command != "migrate":
            arguments += ["--data-dir", str(tmp_path / "data")]
        assert re.search(expected, refusal(arguments, url, capsys, monkeypatch))
    assert not (tmp_path / "data" / "marketplace.sqlite").exists()


def test_a_marketplace_is_set_up_in_an_empty_database(
    server: PostgresqlServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = ["--data-dir", str(tmp_path / "data")]
    first, second = server.create("first"), server.create("second")
    try:
        monkeypatch.setenv(DATABASE_URL, server.url(first))
        assert main(["migrate"]) == 0
        assert "has the tables of this version" in capsys.readouterr().out
        assert main(["devices", *folder]) == 2, "there is no folder"
        assert main(["setup", *folder]) == 0
        assert main(["setup", *folder]) == 0
        assert "a contract exists already" in capsys.readouterr().out
        assert main(["devices", *folder]) == 0
        names = {path.name for path in (tmp_path / "data").iterdir()}
        assert names.isdisjoint({"marketplace.sqlite", "marketplace.sqlite-wal"})
        # The log's key with another database, or with none.
        refused = refusal(["setup", *folder], server.url(second), capsys, monkeypatch)
        assert (
            "holds a log's key, and the PostgreSQL database 'second' holds no marketplace"
            in refused
        )
        refused = refusal(["seed", *folder], server.url(first), capsys, monkeypatch)
        assert "works with SQLite only" in refused
        monkeypatch.delenv(DATABASE_URL)
        assert main(["setup", *folder]) == 2
        assert f"If its database is PostgreSQL, set {DATABASE_URL}" in capsys.readouterr().err
        # The database without the log's key.
        (key,) = (tmp_path / "data" / "keys").glob("log*.key")
        key.rename(tmp_path / "log.key")
        refused = refusal(
            ["devices", "--data-dir", str(tmp_path / "data")],
            server.url(first),
            capsys,
            monkeypatch,
        )
        assert "holds no marketplace" in refused
    finally:
        server.drop(first)
        server.drop(second)


def test_the_folder_of_an_sqlite_marketplace_is_not_used_with_postgresql(
    server: PostgresqlServer,
    database: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = ["--data-dir", str(tmp_path / "data")]
    assert main(["setup", *folder]) == 0
    assert main(["migrate", *folder]) == 0
    refused = refusal(["setup", *folder], server.url(database), capsys, monkeypatch)
    assert f"holds an SQLite database, and {DATABASE_URL} names another one" in refused
    monkeypatch.delenv(DATABASE_URL)
    assert main(["migrate"]) == 2
    assert "--data-dir is required" in capsys.readouterr().err


# Rights


def statements_of_the_guide() -> list[str]:
    """The SQL of the operating guide, without psql's own commands."""
    (block,) = re.findall(r"```sql\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    lines = [line for line in block.splitlines() if not line.startswith("\\")]
    return [each.strip() for each in " ".join(lines).split(";") if each.strip()]


def test_the_roles_of_the_guide_can_migrate_and_serve_and_no_more(
    server: PostgresqlServer, tmp_path: Path
) -> None:
    statements = statements_of_the_guide()
    everywhere = [each for each in statements if re.match("CREATE (ROLE|DATABASE)", each)]
    assert len(everywhere) == 3
    with server.connect() as connection:
        for each in everywhere:
            connection.execute(each)
    with server.connect("diary") as connection:
        for each in statements:
            if each not in everywhere:
                connection.execute(each)
    owner, serving = (server.settings("diary", user) for user in ("diary_owner", "diary"))
    with pytest.raises(ConfigError, match="Run 'workdiary-marketplace migrate' as the owner"):
        PostgresqlDatabase(serving)
    postgresql.upgrade(owner)
    with psycopg.connect(server.url("diary", "diary"), autocommit=True) as connection:
        for statement in (
            "CREATE TABLE other (name text)",
            "CREATE TEMPORARY TABLE other (name text)",
            "CREATE SCHEMA other",
            "DROP TABLE picture_view",
            "TRUNCATE picture_view",
            "ALTER TABLE picture_view ADD COLUMN other text",
            "CREATE INDEX other ON leaf (rt_ms)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
    with served_from(serving, tmp_path) as marketplace:
        everything(marketplace)


def everything(marketplace: LiveMarketplace) -> None:
    """A device, a segment, its pages, a comment, its memo's deletion, a revocation."""
    contract, device = enrolled(marketplace)
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    with marketplace.browser(contract.client) as browser:
        for path in ("/", f"/contracts/{contract.ctr}/days/2026-11-18"):
            assert browser.get(path).status_code == 200, path
        assert browser.get(f"/pictures/{parse(data).hash}/0").status_code == 200
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert slot.memo
    statement = deleted(device, data, "memo", scope=["memo"])
    assert device.post_statement("tombstones", statement).status_code == 201
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert (slot.memo, bool(slot.no_memo)) == (None, True)
    marketplace.deps.devices.revoke(device.key.kid, "lost")
    assert device.put_segment(data).status_code == 401
    assert marketplace.deps.store.scrub().result() is True
    device.http.close()


# Texts


def test_characters_that_postgresql_cannot_store_are_refused_or_found_nowhere(
    server: PostgresqlServer, database: str, tmp_path: Path
) -> None:
    with served_from(server.settings(database), tmp_path) as marketplace:
        contract, device = enrolled(marketplace)
        (data,) = worked(marketplace, device, contract.ctr, START, memo="Invoice\0number")
        device.send(data)
        with marketplace.browser(contract.client) as browser:
            for path in ("/?q=a%00b", "/?q=invoice", f"/contracts/{contract.ctr}/days/2026-11-18"):
                assert browser.get(path).status_code == 200, path
            for path in ("/contracts/a%00b/days/2026-11-18", f"/pictures/{'A' * 43}/4294967296"):
                assert browser.get(path).status_code == 404, path
            path = f"/pictures/{parse(data).hash}/4294967296"
            assert browser.get(path).status_code in (404, 422)
        with pytest.raises(ProblemError) as refused:
            checked_text("a\0b")
        assert refused.value.code == "invalid_request"
        device.http.close()
