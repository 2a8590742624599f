"""Backup, restoration and diagnosis of a data folder."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from marketplace.contracts.queries import Contract
from marketplace.core.config import ConfigError
from marketplace.maintenance.backup import back_up, restore
from marketplace.maintenance.doctor import examine
from tests.marketplace.engines import engines
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def market(folder: Path) -> Iterator[LiveMarketplace]:
    with live_marketplace(folder) as running:
        yield running


@pytest.fixture
def contract(market: LiveMarketplace) -> Contract:
    """A contract with a segment and its picture."""
    made = market.contract()
    device = SimulatedDevice(market.url, market.deps.clock.real_s)
    device.enrol(market.code(made.freelancer))
    for data in worked(market, device, made.ctr, START):
        device.send(data)
    device.http.close()
    return made


def segment_of(market: LiveMarketplace, contract: Contract) -> str:
    slot = market.day(contract.client, contract.ctr).slots[0]
    assert slot.picture is not None
    return slot.picture.segment


def test_a_running_marketplace_is_copied_and_restored(
    market: LiveMarketplace, contract: Contract, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    leaves = market.leaves()
    assert engines.command(["backup", str(copy)], folder) == 0
    assert {path.name for path in copy.iterdir()} == {"blobs", "keys", "marketplace.sqlite"}
    # Work after the copy is not in it.
    market.contract("Later")
    engines.target(tmp_path / "new")
    assert engines.command(["restore", str(copy)], tmp_path / "new") == 0
    with live_marketplace(tmp_path / "new", clock=market.clock) as restored:
        assert restored.leaves() == leaves
        assert restored.day(contract.client, contract.ctr).totals.payable_s > 0
        account = restored.account(contract.client)
        segment = segment_of(restored, contract)
        assert restored.deps.review.picture(account, segment, 0).mime == "image/webp"
    if sys.platform != "win32":
        for path in (tmp_path / "new").rglob("*"):
            assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.usefixtures("contract")
def test_a_copy_is_complete_or_absent(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    database = engines.database(folder)
    with pytest.raises(ConfigError, match="exists already"):
        back_up(folder, copy, postgresql=database)
    (folder / "keys").rename(folder / "gone")
    with pytest.raises(ConfigError, match="not the key"):
        back_up(folder, tmp_path / "other", postgresql=database)
    assert not (tmp_path / "other").exists()
    (folder / "gone").rename(folder / "keys")


@pytest.mark.usefixtures("contract")
def test_a_damaged_picture_is_left_out(folder: Path, tmp_path: Path) -> None:
    pictures = [path for path in (folder / "blobs").glob("??/*") if path.is_file()]
    pictures[0].write_bytes(b"other bytes")
    lines = back_up(folder, tmp_path / "copy", postgresql=engines.database(folder))
    assert lines[-1] == "left out 1 damaged pictures"
    assert len(list((tmp_path / "copy" / "blobs").glob("??/*"))) == len(pictures) - 1


@pytest.mark.usefixtures("contract")
def test_only_a_copy_that_verifies_is_restored(folder: Path, tmp_path: Path) -> None:
    copy, new = tmp_path / "copy", tmp_path / "new"
    back_up(folder, copy, postgresql=engines.database(folder))
    database = engines.target(new)
    new.mkdir()
    (new / "file").touch()
    with pytest.raises(ConfigError, match="has files"):
        restore(copy, new, database)
    (new / "file").unlink()
    with closing(sqlite3.connect(copy / "marketplace.sqlite")) as raw:
        raw.execute("UPDATE leaf SET digest = ? WHERE idx = 1", ("A" * 43,))
        raw.commit()
    with pytest.raises(ConfigError, match="does not verify"):
        restore(copy, new, database)
    assert list(new.iterdir()) == []
    with pytest.raises(ConfigError):
        restore(tmp_path / "missing", new, database)


@pytest.mark.usefixtures("contract")
def test_the_doctor_of_a_running_marketplace(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert engines.command(["doctor"], folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8
    assert any("entries verifies" in line for line in lines)
    assert not any(line.startswith("failed") for line in lines)


def test_the_doctor_names_each_fault(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with live_marketplace(folder):
        pass
    engines.execute(folder, "UPDATE leaf SET rt_ms = rt_ms + 1")
    engines.execute(
        folder,
        "INSERT INTO message (address, kind, data, language, message_id, created_s, next_s, "
        "attempts) VALUES ('a@b.example', 'reset', '{}', 'en', 'x', 0, 0, 2)",
    )
    if sys.platform != "win32":
        (folder / "keys").chmod(0o755)
    database = engines.database(folder)
    states = [check.state for check in examine(folder, postgresql=database)]
    assert states == [
        "failed" if sys.platform != "win32" else "ok",
        # The test's server does not wait for the disk.
        "ok" if database is None else "attention",
        "failed",
        "ok",
        "ok",
        "attention",
        "ok",
        "attention",
    ]
    assert engines.command(["doctor"], folder) == 1
    assert "E_" in capsys.readouterr().out
    for key in (folder / "keys").glob("log*"):
        key.unlink()
    log = list(examine(folder, postgresql=database))[2]
    assert log.state == "failed"
    assert "not the key" in log.text
