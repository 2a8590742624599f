"""Acknowledged data is on disk: after a kill at any step, and when the disk refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from diary.core.slots import SLOT
from diary.formats.encoding import digest
from diary.objects.segment import parse
from system import files
from tests.diary.world import AUD, START, World
from tests.small_disk import small_disk
from tests.uploader.device_folder import DeviceFolder
from uploader.errors import Problem, StoreError
from uploader.store import state_folder
from uploader.store.index_rebuild import ENROLMENT
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from diary.interfaces import Head


def write_plan(plan: Path, count: int) -> list[bytes]:
    """Segments and pictures for `crash_child`."""
    world, made = World(), []
    plan.mkdir()
    (plan / ENROLMENT).write_bytes(world.enrolment.data)
    for number in range(count):
        made.append(world.work(START + number * SLOT))
        (plan / f"{number}.sdjwt").write_bytes(made[-1])
        (plan / f"{number}.blob").write_bytes(b"picture %d" % number)
    return made


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL, which Windows lacks")
def test_a_kill_at_any_step_loses_nothing_that_was_promised(tmp_path: Path) -> None:
    sealed = write_plan(tmp_path / "plan", 2)
    command = [sys.executable, "-m", "tests.uploader.crash_child"]
    done = subprocess.run(
        [*command, str(tmp_path / "runs"), str(tmp_path / "plan")],
        capture_output=True,
        text=True,
        check=True,
    )
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    steps = Counter(run["step"] for run in runs)
    # Every kind of step occurred for each segment, and one run completed.
    assert {"open", "write", "fsync", "replace"} <= set(steps)
    assert all(count >= 2 for name, count in steps.items() if name)
    assert steps[None] == 1
    for run in runs:
        base = tmp_path / "runs" / str(run["n"])
        _check_after_crash(base, run["acknowledged"], sealed)


def _check_after_crash(base: Path, promised: list[str], sealed: list[bytes]) -> None:
    ctr = parse(sealed[0]).segment.ctr
    with Outbox(StateFolder(base, AUD), ahead_s=10**10) as outbox:
        assert outbox.incidents() == ()
        assert not list(base.rglob(".tmp-*"))
        kept = [outbox.queue.read(row) for row in outbox._index.rows()]
        # The files are a prefix of the sealed segments, and include all acknowledged ones.
        assert kept == sealed[: len(kept)]
        assert len(kept) >= sum(what.startswith("segment") for what in promised)
        for what in promised:
            if what.startswith("blob"):
                assert outbox.blob(what.removeprefix("blob ")) is not None
        journaled = [what for what in promised if what.startswith("journal")]
        if journaled:
            least = int(journaled[-1].removeprefix("journal "))
            found = outbox.read_journal()["open"]
            assert int(found.removeprefix(b"segment ")) >= least
        # Recording continues: the chain is complete in the end.
        for data in sealed[len(kept) :]:
            outbox.commit(ctr, outbox.head(ctr), data)
        assert outbox.head(ctr).prev == parse(sealed[-1]).hash
        assert outbox.queue.counts().waiting == len(sealed)


def test_a_segment_is_synced_before_it_is_reported(
    device: DeviceFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill does not lose the system's cache; only this order protects against a power cut."""
    calls: list[str] = []
    write = files.write_private

    def record(path: Path, data: bytes) -> None:
        write(path, data)
        calls.append(f"wrote {path.name}")

    device.work(START)  # creates the folders
    data = device.world.work(START + SLOT)
    head = device.outbox.head(device.world.ctr)
    monkeypatch.setattr(state_folder, "write_private", record)
    device.outbox.on_commit = lambda: calls.append("reported")
    device.outbox.commit(device.world.ctr, head, data)
    assert calls == ["wrote 0-1.sdjwt", "reported"]


# The disk refuses


@pytest.fixture
def megabyte(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB."""
    with small_disk(tmp_path / "small", "size=1m") as folder:
        yield folder


def _fill(folder: Path, leave: int = 0) -> Path:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
        file.truncate(max(0, file.tell() - leave))
    return ballast


def test_a_full_disk_is_reported_and_nothing_sealed_is_lost(megabyte: Path) -> None:
    device = DeviceFolder(megabyte)
    kept = device.day(2)
    ballast = _fill(megabyte)
    data = device.world.work(START + 2 * SLOT)
    head = device.outbox.head(device.world.ctr)
    actions: list[Callable[[], object]] = [
        lambda: device.outbox.commit(device.world.ctr, head, data),
        lambda: device.outbox.put_blob(os.urandom(200_000)),
        lambda: device.outbox.write_journal("open", os.urandom(100_000)),
    ]
    for action in actions:
        with pytest.raises(OSError, match=r"disk is full.*Free some space") as caught:
            action()
        assert isinstance(caught.value, StoreError)
        assert caught.value.code is Problem.DISK_FULL
    assert device.outbox.head(device.world.ctr) == head
    ballast.unlink()
    device.outbox.commit(device.world.ctr, head, data)
    assert device.reopen().head(device.world.ctr).seq == 3
    rows = device.outbox.queue.waiting(9)
    assert [device.outbox.queue.read(row) for row in rows] == [*kept, data]
    device.outbox.close()


def test_a_disk_that_fills_between_file_and_row_keeps_neither(megabyte: Path) -> None:
    device = DeviceFolder(megabyte)
    device.day(1)
    data = device.world.work(START + SLOT)
    head = device.outbox.head(device.world.ctr)
    # Space for the segment's own pages first, then increasingly for the database's log.
    refused = 0
    for leave in range(0, 40_960, 4096):
        ballast = _fill(megabyte, leave)
        trouble = _try_to_commit(device, head, data)
        if trouble is None:
            break
        refused += 1
        assert trouble.code is Problem.DISK_FULL
        assert device.outbox.head(device.world.ctr) == head
        assert not (device.root / f"segments/{device.world.ctr}/0-1.sdjwt").exists()
        ballast.unlink()
    assert refused >= 2
    assert device.outbox.head(device.world.ctr).seq == 2
    (megabyte / "ballast").unlink()
    assert device.reopen().head(device.world.ctr).seq == 2
    device.outbox.close()


def _try_to_commit(device: DeviceFolder, head: Head, data: bytes) -> StoreError | None:
    try:
        device.outbox.commit(device.world.ctr, head, data)
    except StoreError as error:
        return error
    return None


def test_a_read_only_disk_is_reported_and_keeps_its_files(megabyte: Path) -> None:
    device = DeviceFolder(megabyte)
    device.day(1)
    device.outbox.close()
    subprocess.run(["mount", "-o", "remount,ro", str(megabyte)], check=True)
    with pytest.raises(OSError, match="cannot be written") as caught:
        device.open()
    assert isinstance(caught.value, StoreError)
    assert caught.value.code is Problem.DISK_READ_ONLY
    subprocess.run(["mount", "-o", "remount,rw", str(megabyte)], check=True)
    device.outbox = device.open()
    assert device.outbox.head(device.world.ctr).seq == 1
    device.outbox.close()


def test_a_picture_is_not_promised_when_the_disk_is_full(megabyte: Path) -> None:
    device = DeviceFolder(megabyte)
    ballast = _fill(megabyte)
    picture = os.urandom(50_000)
    with pytest.raises(StoreError):
        device.outbox.put_blob(picture)
    assert device.outbox.blob(digest(picture)) is None
    assert not list(device.root.rglob(".tmp-*"))
    ballast.unlink()
    assert device.outbox.blob(device.outbox.put_blob(picture)) == picture
    device.outbox.close()
