"""The journal's files survive the index; a damaged one is reported and affects no other."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.uploader.device_folder import DeviceFolder
from uploader.errors import Problem

OPEN, AWAY = "stretch/b00t-1-1", "stretch/b00t-1-1-idle"


def _gone(root: Path) -> None:
    for path in root.glob("index.sqlite*"):
        path.unlink()


def _empty(root: Path) -> None:
    _gone(root)
    (root / "index.sqlite").write_bytes(b"")


def _noise(root: Path) -> None:
    path = root / "index.sqlite"
    path.write_bytes(os.urandom(path.stat().st_size))


def _cut(root: Path) -> None:
    path = root / "index.sqlite"
    path.write_bytes(path.read_bytes()[:5000])


def _other(root: Path) -> None:
    _gone(root)
    with sqlite3.connect(root / "index.sqlite") as db:
        db.execute("CREATE TABLE journal(key TEXT, data BLOB)")
    db.close()


@pytest.mark.parametrize("loss", [_gone, _empty, _noise, _cut, _other])
def test_the_journal_outlives_the_index(device: DeviceFolder, loss: Callable[[Path], None]) -> None:
    device.day(2)
    device.outbox.write_journal(OPEN, b"four minutes")
    device.outbox.write_journal(AWAY, b"a question")
    device.outbox.close()
    loss(device.root)
    device.outbox = device.open()
    assert device.outbox.read_journal() == {OPEN: b"four minutes", AWAY: b"a question"}
    assert device.outbox.head(device.world.ctr).seq == 2


def test_the_journal_is_written_while_another_program_holds_the_index(device: DeviceFolder) -> None:
    device.day(1)
    with sqlite3.connect(device.root / "index.sqlite", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        device.outbox.write_journal(OPEN, b"four minutes")
        # Readers do not wait for the lock.
        assert device.outbox.head(device.world.ctr).seq == 1
        assert device.outbox.totals(0, device.world.ctr) == (0, 0)
        other.execute("ROLLBACK")
    other.close()
    assert device.reopen().read_journal() == {OPEN: b"four minutes"}


def test_a_program_starts_while_another_one_holds_the_index(device: DeviceFolder) -> None:
    device.day(1)
    with sqlite3.connect(device.root / "index.sqlite", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert device.reopen().head(device.world.ctr).seq == 1
        other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:20],
        lambda data: data[:-1],
        lambda data: data + b" ",
        lambda data: data.replace(b"four", b"nine"),
        lambda data: b"\xff" * len(data),
        lambda data: data[44:],
    ],
    ids=["empty", "cut early", "cut late", "longer", "changed", "noise", "without its digest"],
)
def test_a_damaged_record_is_set_aside_and_reported(
    device: DeviceFolder, damage: Callable[[bytes], bytes]
) -> None:
    device.outbox.write_journal(OPEN, b"four minutes")
    device.outbox.write_journal(AWAY, b"a question")
    path = device.root / "journal" / OPEN.replace("/", ".")
    path.write_bytes(damage(path.read_bytes()))
    damaged = path.read_bytes()
    device.reopen()
    assert device.outbox.read_journal() == {AWAY: b"a question"}
    (trouble,) = device.outbox.incidents()
    assert trouble.code is Problem.JOURNAL_DAMAGED
    assert (device.root / trouble.detail).read_bytes() == damaged
    assert device.reopen().incidents() == ()


def test_an_invalid_record_is_left_alone(device: DeviceFolder) -> None:
    device.outbox.write_journal(OPEN, b"four minutes")
    (device.root / "journal" / "notes (copy).txt").write_bytes(b"mine")
    assert device.reopen().read_journal() == {OPEN: b"four minutes"}
    assert device.outbox.incidents() == ()
    assert (device.root / "journal" / "notes (copy).txt").read_bytes() == b"mine"


@pytest.mark.parametrize("key", ["", "/", "a/b/c", "../x", "a.b", "x" * 101, "é"])
def test_a_key_never_leaves_the_journals_folder(device: DeviceFolder, key: str) -> None:
    for data in (b"x", None):
        with pytest.raises(ValueError, match="not a key"):
            device.outbox.write_journal(key, data)
