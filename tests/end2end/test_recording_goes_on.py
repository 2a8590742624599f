"""The disk is full, the index is locked or lost, a clock is wrong: real programs lose no work.

A separate process locks the index. Only the client's wall clock is shifted: a `sitecustomize` in
its path adds the seconds in a file to Python's time.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import RunningSystem
from tests.small_disk import small_disk

pytestmark = pytest.mark.xdist_group("end2end-1")

#: Holds the write lock of a database from its first line of output until its input ends.
_LOCKER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
db.execute("ROLLBACK")
"""
#: Deletes everything in the keyring.
_FORGET = """
import secretstorage
with secretstorage.dbus_init() as bus:
    for item in list(secretstorage.get_default_collection(bus).get_all_items()):
        item.delete()
"""
_SHIFT = """
import os, time
_ns = time.time_ns
def _off():
    try:
        with open(os.environ["SHIFT_FILE"]) as file:
            return int(file.read() or 0)
    except OSError:
        return 0
time.time_ns = lambda: _ns() + _off() * 1_000_000_000
time.time = lambda: time.time_ns() / 1e9
"""


def state(system: RunningSystem) -> Path:
    (found,) = (system.folder / "client").glob("*/index.sqlite")
    return found.parent


@contextmanager
def locked(index: Path) -> Iterator[None]:
    """Another program holds the index."""
    argv = [sys.executable, "-c", _LOCKER, str(index)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            assert other.stdin is not None
            other.stdin.close()
            other.wait(20)


def check_chain(system: RunningSystem) -> None:
    """The numbers are consecutive, and no time is recorded twice."""
    for before, after in itertools.pairwise(system.sealed()):
        assert after.segment.prev == before.hash
        assert after.segment.t0 >= before.segment.t1


def test_the_journal_outlives_the_index(system: RunningSystem) -> None:
    client = system.open_client()
    system.gui.start_recording("Before the index is lost")
    Target(system.desktop, "WORK").type("some work", delay_ms=30)
    system.wait_mid_slot()
    client.kill()
    for path in state(system).glob("index.sqlite*"):
        path.unlink()
    system.open_client()
    system.wait_sealed("crash")
    system.wait_all_sent()
    assert sum(s.segment.seconds for s in system.sealed()) >= 60
    check_chain(system)


def test_what_a_lost_key_has_recorded_is_set_aside(system: RunningSystem) -> None:
    client = system.open_client()
    system.gui.start_recording("Before the keys are lost")
    Target(system.desktop, "WORK").type("some work", delay_ms=30)
    system.wait_mid_slot()
    client.kill()
    sealed = len(system.sealed())
    env = {**os.environ, **system.desktop.env}
    subprocess.run([sys.executable, "-c", _FORGET], env=env, check=True, timeout=60)
    # A new code, with which this computer joins again.
    assert system.marketplace is not None
    system.marketplace.stop()
    system.open_marketplace()
    system.open_client()

    def records(kind: str) -> list[Path]:
        return list(state(system).glob(f"journal/{kind}.*"))

    # A slot's border may have left two.
    wait_for(
        lambda: records("aside") and not records("stretch"),
        timeout=60,
        what="every record aside",
    )
    # The new key does not seal it, and it is not reported as kept.
    assert len(system.sealed()) == sealed
    system.gui.start_recording("With the new key")
    system.wait_mid_slot()
    system.gui.stop_recording()
    wait_for(lambda: len(system.sealed()) > sealed, timeout=120, what="a segment of the new key")
    kids = {s.kid for s in system.sealed()[sealed:]}
    assert len(kids) == 1
    assert kids.isdisjoint(s.kid for s in system.sealed()[:sealed])


def test_a_locked_index_ends_no_recording(system: RunningSystem) -> None:
    """For a whole demo slot, in which segments end and wait to be sealed."""
    system.open_client()
    system.gui.start_recording("Beside another program")
    target = Target(system.desktop, "WORK")
    system.wait_mid_slot()
    began = system.demo_ms()

    def worked() -> bool:
        target.type("x")
        return system.demo_ms() > began + 700_000

    with locked(state(system) / "index.sqlite"):
        sealed = len(system.sealed())
        wait_for(worked, timeout=120, every=1.0, what="work over the end of a slot")
        system.gui.wait_recording(system.gui.open_window())
        assert len(system.sealed()) <= sealed + 1
    wait_for(lambda: len(system.sealed()) > sealed, timeout=120, what="what waited to be sealed")
    system.wait_mid_slot()
    system.gui.wait_recording(system.gui.open_window())
    system.stop_recording()
    system.wait_all_sent()
    check_chain(system)
    # No second in between is missing.
    segments = [s.segment for s in system.sealed()]
    assert sum(s.seconds for s in segments) == segments[-1].t1 - segments[0].t0
    assert segments[-1].t1 * 1000 > began + 700_000


def test_a_clock_that_was_ahead_offline_blocks_nothing(
    system: RunningSystem, tmp_path: Path
) -> None:
    """Start offline with the clock three days ahead, record, correct the clock, start again."""
    folder, shift = tmp_path / "shift", tmp_path / "shift" / "seconds"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_SHIFT)
    shift.write_text("0")
    system.desktop.env.update(PYTHONPATH=str(folder), SHIFT_FILE=str(shift))
    client = system.open_client()
    system.gui.start_recording("Joined")
    system.wait_mid_slot()
    system.stop_recording()
    system.wait_all_sent()
    client.stop()
    assert system.marketplace is not None
    system.marketplace.stop()
    # Its estimate of the marketplace's time ended with the boot.
    for path in state(system).glob("journal/clock"):
        path.unlink()

    # Three days of the demo, whose clock runs `speed` times as fast.
    speed = system.speed or 1
    shift.write_text(str(3 * 86_400 // speed))
    system.open_client()
    before = len(system.sealed())
    system.gui.start_recording("With a wrong clock")
    system.gui.stop_recording()
    wait_for(lambda: len(system.sealed()) > before, timeout=120, what="a segment of the future")
    future = system.sealed()[-1].segment

    shift.write_text("0")
    system.gui.start_recording("With the right clock")
    system.gui.stop_recording()
    wait_for(lambda: len(system.sealed()) > before + 1, timeout=120, what="a segment of now")
    last, wrong = system.sealed()[-1], system.sealed()[-2]
    assert future.t0 - last.segment.t1 > 2 * 86_400
    assert last.segment.prev == wrong.hash
    assert (last.segment.seq, last.segment.epoch) == (wrong.segment.seq + 1, 1)


@pytest.fixture
def client_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB for the client's state."""
    with small_disk(tmp_path / "client", "size=24m,mode=700") as folder:
        yield folder


def test_a_full_disk_ends_no_recording(client_disk: Path, system: RunningSystem) -> None:
    """For a whole demo slot; then there is space again."""
    system.open_client()
    system.gui.start_recording("On a full disk")
    target = Target(system.desktop, "WORK")
    system.wait_mid_slot()
    ballast = client_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    began, sealed = system.demo_ms(), len(system.sealed())

    def worked() -> bool:
        target.type("x")
        return system.demo_ms() > began + 700_000

    wait_for(worked, timeout=120, every=1.0, what="work over the end of a slot")
    system.gui.wait_recording(system.gui.open_window())
    assert len(system.sealed()) <= sealed + 1
    ballast.unlink()
    wait_for(lambda: len(system.sealed()) > sealed, timeout=120, what="what waited to be sealed")
    system.stop_recording()
    system.wait_all_sent()
    check_chain(system)
    segments = [s.segment for s in system.sealed()]
    assert sum(s.seconds for s in segments) == segments[-1].t1 - segments[0].t0
    assert segments[-1].t1 * 1000 > began + 700_000
