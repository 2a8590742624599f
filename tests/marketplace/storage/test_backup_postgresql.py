"""Backup and restoration of a PostgreSQL database, and restoration to the other engine."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from diary.objects.segment import parse
from marketplace.cli import main
from marketplace.core.config import DATABASE_URL, ConfigError, DatabaseSettings
from marketplace.log.audit import audit_log
from marketplace.maintenance.backup import back_up, restore, verify
from marketplace.maintenance.doctor import examine
from marketplace.storage import schema
from marketplace.storage.data_folder import DATABASE
from marketplace.storage.local_settings import LOCAL
from tests.marketplace.engines import engines
from tests.marketplace.live_marketplace import START, LiveMarketplace, MovedClock, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked


@pytest.fixture
def databases() -> Iterator[list[str]]:
    """Two empty databases with tables."""
    made = [engines.server.create_marketplace() for _ in range(2)]
    yield made
    for name in made:
        engines.server.drop(name)


def settings(name: str) -> DatabaseSettings:
    return engines.server.settings(name)


def work(marketplace: LiveMarketplace) -> str:
    """Record and send a segment with its pictures; returns its hash."""
    contract = marketplace.contract()
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(contract.freelancer))
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    device.http.close()
    return parse(data).hash


def rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    for table in schema.metadata.sorted_tables:
        listed = sorted(map(tuple, connection.execute(select(table))), key=repr)
        found[table.name] = [row for row in listed if row[0] not in (*LOCAL, "pictures")]
    return found


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_backup_of_each_engine_is_restored_to_each(
    databases: list[str], tmp_path: Path, source: str, target: str
) -> None:
    clock = MovedClock()
    old, new = (
        settings(name) if engine == "postgresql" else None
        for name, engine in zip(databases, (source, target), strict=True)
    )
    folder, copy, restored = (tmp_path / name for name in ("data", "copy", "restored"))
    with live_marketplace(folder, clock=clock, postgresql=old, s3=None) as marketplace:
        segment = work(marketplace)
        marketplace.deps.checks.check_unchecked()
        with marketplace.deps.store.read() as connection:
            stored = rows(connection)
        back_up(folder, copy, postgresql=old)
    assert {path.name for path in copy.iterdir()} == {"blobs", "keys", DATABASE}
    restore(copy, restored, new)
    assert (restored / DATABASE).exists() == (target == "sqlite")
    with live_marketplace(restored, clock=clock, postgresql=new, s3=None) as marketplace:
        with marketplace.deps.store.read() as connection:
            assert rows(connection) == stored
        (shot,) = parse(marketplace_segment(marketplace, segment)).pictures.values()
        assert marketplace.deps.blobs.has(shot.blob.sha256)
        marketplace.contract("After the restoration")
        assert audit_log(marketplace.deps.store.read, marketplace.deps.log.verifiers) == []


def marketplace_segment(marketplace: LiveMarketplace, name: str) -> bytes:
    columns = schema.segment.c
    with marketplace.deps.store.read() as connection:
        query = select(columns.data).where(columns.hash == name)
        return bytes(connection.execute(query).scalar_one())


def test_a_copy_during_writes_is_one_consistent_state(databases: list[str], tmp_path: Path) -> None:
    database = settings(databases[0])
    with live_marketplace(tmp_path / "data", postgresql=database, s3=None) as marketplace:
        work(marketplace)
        ended, written = threading.Event(), threading.Semaphore(0)

        def write() -> None:
            while not ended.is_set():
                marketplace.deps.contracts.add_account("client", "Acme")
                with marketplace.deps.store.read() as connection:
                    (contract,) = connection.execute(select(schema.contract.c.ctr)).scalars()
                assert contract
                marketplace.clock.to(marketplace.clock.ms / 1000 + 1)
                written.release()

        thread = threading.Thread(target=write)
        thread.start()
        try:
            for number in range(2):
                assert written.acquire(timeout=60)
                copy = tmp_path / f"copy{number}"
                back_up(tmp_path / "data", copy, postgresql=database)
                verify(copy)
                with contextlib.closing(sqlite3.connect(copy / DATABASE)) as raw:
                    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        finally:
            ended.set()
            thread.join(60)


def test_a_copy_goes_to_an_empty_database_only(databases: list[str], tmp_path: Path) -> None:
    folder, copy = tmp_path / "data", tmp_path / "copy"
    with live_marketplace(folder, postgresql=settings(databases[0]), s3=None):
        back_up(folder, copy, postgresql=settings(databases[0]))
    with pytest.raises(ConfigError, match="holds the marketplace"):
        restore(copy, tmp_path / "new", settings(databases[0]))
    assert not (tmp_path / "new").exists()
    with contextlib.closing(sqlite3.connect(copy / DATABASE)) as raw:
        raw.execute("UPDATE setting SET value = ? WHERE name = 'name'", ("x" * 90,))
        raw.execute("UPDATE shard SET vkey = 'x'")
        raw.commit()
    with pytest.raises(ConfigError):
        restore(copy, tmp_path / "new", settings(databases[1]))
    assert not (tmp_path / "new").exists()


def test_commands_name_a_database_that_cannot_be_read(
    databases: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "data"
    with live_marketplace(folder, postgresql=settings(databases[0]), s3=None):
        pass
    monkeypatch.setenv(DATABASE_URL, engines.server.url("missing"))
    assert main(["backup", str(tmp_path / "copy"), "--data-dir", str(folder)]) == 2
    assert 'database "missing" does not exist' in capsys.readouterr().err
    assert main(["doctor", "--data-dir", str(folder)]) == 1
    assert 'database "missing" does not exist' in capsys.readouterr().out
    # Tables of another version, or none of a marketplace.
    with engines.server.connect(databases[0]) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0027'")
    checks = list(examine(folder, postgresql=settings(databases[0])))
    assert "Run 'workdiary-marketplace migrate' first" in checks[1].text
    with pytest.raises(ConfigError, match="migrate' first"):
        back_up(folder, tmp_path / "copy", postgresql=settings(databases[0]))
    log = list(examine(folder, postgresql=settings(databases[1])))[2]
    assert (log.state, "holds no marketplace" in log.text) == ("failed", True)
