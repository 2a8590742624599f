"""Seconds of activity on a real Mutter without a screen, from input sent through itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jeepney import DBusAddress

from tests.rig.waiting import wait_for
from tracker.activity import Counts
from tracker.desk import look
from tracker.input.base import InputError
from tracker.input.choose import choose
from tracker.input.counters import Counters
from tracker.input.meter import Meter
from tracker.input.mutter_idle import NAME, MutterIdle

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform == "linux":
    from tests.rig.bus import Bus
    from tests.rig.processes import Processes

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has Mutter"),
    pytest.mark.xdist_group("mutter"),
]

REMOTE = "org.gnome.Mutter.RemoteDesktop"
GONE = "Mutter's activity is not heard any longer"


def uptime_ms() -> int:
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000)


class Compositor:
    """Mutter on a bus of its own, and hands on it."""

    def __init__(self) -> None:
        # A path of a socket is short.
        self.folder = Path(tempfile.mkdtemp(prefix="mutter-"))
        run = self.folder / "run"
        run.mkdir(mode=0o700)
        self._env = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(run),
            "GSETTINGS_BACKEND": "memory",
            "LANG": "C.UTF-8",
        }
        self._processes = Processes(self.folder)
        argv = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address={fd}"]
        _, self.address = self._processes.start_telling("dbus-daemon", argv, self._env)
        self._env["DBUS_SESSION_BUS_ADDRESS"] = self.address
        self.bus = Bus(self.address)
        self.start()

    def start(self) -> None:
        self._service = self._processes.start(
            "mutter",
            ["mutter", "--wayland", "--no-x11", "--headless", "--virtual-monitor", "1280x720"],
            self._env,
        )

        def ready() -> bool:
            self._service.check()
            return self.bus.owned(NAME) and self.bus.owned(REMOTE)

        wait_for(ready, timeout=60, what="Mutter")
        session = self._ask("/org/gnome/Mutter/RemoteDesktop", REMOTE, "CreateSession")[0]
        self._session = str(session)
        self._ask(self._session, f"{REMOTE}.Session", "Start")

    def kill(self) -> None:
        self._service.stop(9)
        wait_for(lambda: not self.bus.owned(NAME), what="the end of Mutter")

    def _ask(self, path: str, interface: str, method: str, *more: Any) -> Any:
        return self.bus.call(DBusAddress(path, REMOTE, interface), method, *more)

    def key(self) -> None:
        for down in (True, False):
            self._ask(self._session, f"{REMOTE}.Session", "NotifyKeyboardKeycode", "ub", 30, down)

    def move(self) -> None:
        more = ("NotifyPointerMotionRelative", "dd", 3.0, 3.0)
        self._ask(self._session, f"{REMOTE}.Session", *more)

    def close(self) -> None:
        self.bus.close()
        self._processes.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def compositor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Compositor]:
    with contextlib.closing(Compositor()) as made:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
        yield made


def test_each_second_with_activity_counts_once(compositor: Compositor) -> None:
    desk = look({**os.environ, "WAYLAND_DISPLAY": "wayland-0"}, "linux")
    meter = Meter(choose(desk).backend, uptime_ms)
    meter.start(wait_s=20)
    assert meter.take() == Counts("active-only", moves=0)
    seconds: set[int] = set()
    moves = 0
    for turn in range(150):
        before = uptime_ms() // 1000
        (compositor.key if turn % 2 else compositor.move)()
        if before == uptime_ms() // 1000:
            seconds.add(before)
        if len(seconds) == 4:
            break
        wait_for(lambda: uptime_ms() % 200 < 40, every=0.005)
    last = max(seconds)
    wait_for(lambda: uptime_ms() // 1000 > last + 1, what="the seconds to be over")
    counts = meter.take()
    moves += counts.moves or 0
    # All seconds with input and none besides: the first may have begun before the watch was told.
    assert len(seconds) - 1 <= moves <= last - min(seconds) + 2
    assert counts.row[:3] == (None, None, None)
    # Nobody at the desk: nothing is counted.
    quiet = uptime_ms() // 1000
    wait_for(lambda: uptime_ms() // 1000 > quiet + 1, what="a quiet second")
    assert meter.take() == Counts("active-only", moves=0)
    meter.stop()


@pytest.mark.expected_logs(GONE)
def test_a_compositor_that_dies_is_noticed_and_met_again(compositor: Compositor) -> None:
    meter = Meter(MutterIdle(), uptime_ms, retry_s=0.05)
    meter.start(wait_s=20)
    compositor.kill()
    gap = wait_for(lambda: next((c for c in [meter.take()] if not c.measured), None))
    assert gap == Counts("unavailable")
    compositor.start()
    wait_for(lambda: meter.take().measured, what="the new compositor")
    compositor.key()
    wait_for(lambda: meter.take().present, what="activity on it")
    meter.stop()
    assert meter.take() == Counts()


def test_without_a_compositor_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    backend = MutterIdle()
    with pytest.raises(InputError) as caught:
        backend.start(Counters(uptime_ms))
    assert caught.value.quality == "unavailable"
    assert not backend.alive()
    backend.stop()
