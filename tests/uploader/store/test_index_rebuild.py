"""The index is rebuilt from the files; damaged and lost files are reported."""

from __future__ import annotations

import os
import sqlite3

import pytest

from diary.objects.segment import parse
from tests.uploader.device_folder import DeviceFolder, incident_codes, recorded
from uploader.errors import Problem
from uploader.store.index.rows import UploadState


def test_a_deleted_index_is_made_again_from_the_files(device: DeviceFolder) -> None:
    recorded(device)
    before = device.state()
    device.outbox.close()
    for path in device.root.glob("index.sqlite*"):
        path.unlink()
    device.outbox = device.open()
    assert device.state() == before
    assert device.outbox.incidents() == ()
    states = [row.state for row in before["rows"]]
    assert states == [UploadState.DONE, UploadState.DONE, UploadState.REFUSED, UploadState.WAITING]


@pytest.mark.parametrize("place", ["head", "middle", "everything", "truncated"])
def test_a_damaged_index_is_set_aside_and_made_again(device: DeviceFolder, place: str) -> None:
    recorded(device)
    before = device.state()
    device.outbox.close()
    index = device.root / "index.sqlite"
    data = bytearray(index.read_bytes())
    if place == "head":
        data[:100] = os.urandom(100)
    elif place == "middle":
        data[4096:-4096] = os.urandom(len(data) - 8192)
    elif place == "everything":
        data[:] = b"this is not a database" * 100
    else:
        del data[5000:]
    index.write_bytes(data)
    device.outbox = device.open()
    assert device.state() == before
    assert incident_codes(device.outbox) == [Problem.INDEX_DAMAGED]
    kept = [p for p in (device.root / "damaged").iterdir() if p.name.endswith("index.sqlite")]
    assert [p.read_bytes() for p in kept] == [bytes(data)]


def test_an_index_damaged_while_running_is_made_again_with_its_journal(
    device: DeviceFolder,
) -> None:
    recorded(device)
    device.outbox.write_journal("open", b"three minutes")
    before = device.state()
    running = device.outbox._index._db.connection
    assert running is not None
    running.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    running.execute("PRAGMA shrink_memory")  # its page cache would hide the damage
    index = device.root / "index.sqlite"
    index.write_bytes(b"x" * index.stat().st_size)
    assert device.state() == before
    assert device.outbox.read_journal() == {"open": b"three minutes"}
    assert incident_codes(device.outbox)[-1] is Problem.INDEX_DAMAGED


def test_the_journal_of_a_damaged_index_is_carried_over_where_it_can_be_read(
    device: DeviceFolder,
) -> None:
    device.day(2)
    device.outbox.write_journal("open", b"three minutes")
    device.outbox.close()
    with sqlite3.connect(device.root / "index.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    device.outbox = device.open()
    assert incident_codes(device.outbox) == [Problem.INDEX_DAMAGED]
    assert device.outbox.read_journal() == {"open": b"three minutes"}
    assert device.outbox.head(device.world.ctr).seq == 2


def test_a_file_without_a_row_is_found_again(device: DeviceFolder) -> None:
    """As after a crash between the file and its row."""
    data = device.day(2)
    before = device.state()
    device.outbox._index._execute("DELETE FROM segments WHERE seq = 1")
    device.outbox._index._execute("DELETE FROM shots WHERE hash = ?", parse(data[1]).hash)
    device.reopen()
    assert device.state() == before


def test_a_receipt_without_its_mark_is_found_again(device: DeviceFolder) -> None:
    device.deliver(device.day(1)[0])
    before = device.state()
    device.outbox._index._execute(
        "UPDATE segments SET state = 'waiting', log_index = NULL, rt_ms = NULL"
    )
    device.reopen()
    assert device.state() == before


# Damage and loss of files


@pytest.mark.parametrize("rebuilt", [False, True])
@pytest.mark.parametrize("place", [5, 300, 700, -100, -2])
def test_a_changed_byte_is_found_before_anything_is_sent(
    device: DeviceFolder, place: int, rebuilt: bool
) -> None:
    sealed = [parse(data) for data in device.day(3)]
    path = device.root / f"segments/{device.world.ctr}/0-2.sdjwt"
    data = bytearray(path.read_bytes())
    data[place] = ord("A") if data[place] != ord("A") else ord("B")
    path.write_bytes(data)
    if rebuilt:
        device.outbox.close()
        (device.root / "index.sqlite").unlink()
        device.outbox = device.open()
    sent = [row for row in device.outbox.queue.waiting(9) if device.outbox.queue.read(row)]
    assert [row.hash for row in sent] == [s.hash for s in sealed[:2]]
    assert incident_codes(device.outbox) == [Problem.FILE_DAMAGED]
    kept = [p.read_bytes() for p in (device.root / "damaged").iterdir()]
    assert kept == [bytes(data)]
    # Its number stays used, in this run and after the index is rebuilt.
    assert device.outbox.head(device.world.ctr).seq == 3
    device.outbox.close()
    (device.root / "index.sqlite").unlink()
    device.outbox = device.open()
    assert device.outbox.head(device.world.ctr).seq == 3
    assert device.outbox.queue.counts().damaged == 1
    if not rebuilt or place < 0:
        # The mark has the hash, or the signed part was complete: the chain continues unbroken.
        assert device.outbox.head(device.world.ctr).prev == sealed[2].hash


def test_a_lost_file_is_reported_and_delays_nothing(device: DeviceFolder) -> None:
    sealed = [parse(data) for data in device.day(3)]
    path = device.root / f"segments/{device.world.ctr}/0-1.sdjwt"
    data = path.read_bytes()
    path.unlink()
    device.reopen()
    assert incident_codes(device.outbox) == [Problem.FILE_LOST]
    assert [r.hash for r in device.outbox.queue.waiting(9)] == [sealed[0].hash, sealed[2].hash]
    path.write_bytes(data)  # from a backup
    device.reopen()
    assert incident_codes(device.outbox) == []
    assert [r.hash for r in device.outbox.queue.waiting(9)] == [s.hash for s in sealed]


def test_a_file_lost_while_running_is_reported(device: DeviceFolder) -> None:
    device.day(1)
    (row,) = device.outbox.queue.waiting(9)
    (device.root / f"{row.name}.sdjwt").unlink()
    assert device.outbox.queue.read(row) is None
    assert incident_codes(device.outbox) == [Problem.FILE_LOST]
    assert device.outbox.queue.waiting(9) == []


def test_a_damaged_receipt_is_fetched_again(device: DeviceFolder) -> None:
    device.deliver(device.day(1)[0])
    device.outbox.close()
    (device.root / f"segments/{device.world.ctr}/0-0.tlog-proof").write_bytes(b"torn")
    (device.root / "index.sqlite").unlink()
    device.outbox = device.open()
    assert incident_codes(device.outbox) == [Problem.FILE_DAMAGED]
    assert device.outbox.queue.counts().waiting == 1


def test_files_that_are_not_ours_are_left_alone(device: DeviceFolder) -> None:
    device.day(1)
    strange = [device.root / "segments" / "notes.txt", device.root / "segments" / "x" / "0-0.sdjwt"]
    strange.append(device.root / f"segments/{device.world.ctr}/0-01.sdjwt")
    for path in strange:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"mine")
    device.reopen()
    assert device.outbox.queue.counts().waiting == 1
    assert all(path.read_bytes() == b"mine" for path in strange)
