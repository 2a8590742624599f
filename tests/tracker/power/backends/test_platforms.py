"""Locks and sleeps on Windows and macOS: the real structures over simulated systems.

Each simulated call is a C function with the declared signature, so that arguments and results are
really converted.
"""

# ruff: noqa: ARG002, N802 - the names and arguments are those of the system

from __future__ import annotations

import ctypes
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tracker.power.backends import macos, windows
from tracker.power.backends.macos import MacPowerWatch, screen_is_locked
from tracker.power.backends.windows import WindowClass, WindowMessage, WindowsPowerWatch
from tracker.power.interface import PowerWatch


class Notes:
    """Records all events."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def lock_requested(self) -> None:
        self.events.append("lock asked")

    def unlock_requested(self) -> None:
        self.events.append("lock withdrawn")

    def lock_changed(self, source: str, locked: bool | None) -> None:
        words = {True: "locked", False: "unlocked", None: "unknown"}
        self.events.append(f"{source} {words[locked]}")

    def suspending(self) -> None:
        self.events.append("suspending")

    def resumed(self) -> None:
        self.events.append("resumed")

    def ending(self) -> None:
        self.events.append("ending")


# Windows


def test_the_structures_are_laid_out_as_windows_lays_them_out() -> None:
    assert ctypes.sizeof(ctypes.c_void_p) == 8
    assert ctypes.sizeof(WindowClass) == 80
    assert [
        getattr(WindowClass, name).offset for name in ("lpfnWndProc", "hInstance", "lpszClassName")
    ] == [8, 24, 64]
    assert ctypes.sizeof(WindowMessage) == 48
    fields = ("message", "wParam", "lParam", "time", "x")
    assert [getattr(WindowMessage, name).offset for name in fields] == [
        8, 16, 24, 32, 36,
    ]  # fmt: skip


class SimulatedWindows:
    """A window and its messages. `failing` names a call that fails."""

    WINDOW = 0x7FFF_0000_1234

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.log: list[str] = []
        self.answers: list[int] = []
        self._procedure: Any = None
        self._messages: queue.SimpleQueue[tuple[int, int]] = queue.SimpleQueue()
        self.calls = windows.PowerCalls(
            {
                name: ctypes.CFUNCTYPE(result, *arguments)(getattr(self, name))
                for name, (_, result, arguments) in windows.SIGNATURES.items()
            },
            lambda: 1400,
        )

    def send(self, message: int, what: int) -> None:
        """Windows sends the window a message."""
        self._messages.put((message, what))

    def _does(self, name: str, result: int) -> int:
        self.log.append(name)
        return 0 if self.failing == name else result

    def GetModuleHandleW(self, name: str | None) -> int:
        assert name is None
        return 0x40_0000

    def RegisterClassExW(self, kind: Any) -> int:
        assert (kind.contents.cbSize, kind.contents.lpszClassName) == (80, windows.CLASS_NAME)
        assert kind.contents.hInstance == 0x40_0000
        self._procedure = kind.contents.lpfnWndProc
        return self._does("register", 0xC001)

    def UnregisterClassW(self, name: str, module: int) -> int:
        return self._does("unregister", 1)

    def CreateWindowExW(self, _extended: int, kind: str, *more: Any) -> int:
        parent = more[6]
        assert kind == windows.CLASS_NAME
        # Neither a child nor message-only: broadcasts would pass it by.
        assert parent is None
        return self._does("create", self.WINDOW)

    def DestroyWindow(self, window: int) -> int:
        return self._does("destroy", 1)

    def DefWindowProcW(self, window: int, message: int, what: int, more: int) -> int:
        self.log.append(f"default {message:#x}")
        return 7

    def GetMessageW(self, into: Any, window: int | None, first: int, last: int) -> int:
        message, what = self._messages.get(timeout=60)
        into.contents.hwnd, into.contents.message = self.WINDOW, message
        into.contents.wParam = what
        return 1 if message else 0

    def DispatchMessageW(self, message: Any) -> int:
        expected = message.contents
        answer = self._procedure(expected.hwnd, expected.message, expected.wParam, expected.lParam)
        self.answers.append(answer)
        return int(answer)

    def PostMessageW(self, window: int, message: int, what: int, more: int) -> int:
        assert window == self.WINDOW
        self._messages.put((message, what))
        return 1

    def WTSRegisterSessionNotification(self, window: int, flags: int) -> int:
        assert (window, flags) == (self.WINDOW, windows.NOTIFY_FOR_THIS_SESSION)
        return self._does("listen", 1)

    def WTSUnRegisterSessionNotification(self, window: int) -> int:
        return self._does("unlisten", 1)


@pytest.fixture
def simulated() -> SimulatedWindows:
    return SimulatedWindows()


@pytest.fixture
def watch(simulated: SimulatedWindows) -> Iterator[WindowsPowerWatch]:
    made = WindowsPowerWatch(lambda: simulated.calls)
    yield made
    made.stop()


SESSION, POWER = windows.WM_WTSSESSION_CHANGE, windows.WM_POWERBROADCAST


@pytest.mark.parametrize(
    ("message", "what", "expected", "answer"),
    [
        (SESSION, 7, "windows locked", 0),
        (SESSION, 8, "windows unlocked", 0),
        (SESSION, 2, "windows locked", 0),  # another user's session is shown
        (SESSION, 1, "windows unlocked", 0),
        (SESSION, 4, "windows locked", 0),  # a remote desktop is left
        (SESSION, 3, "windows unlocked", 0),
        (SESSION, 5, None, 0),  # a logon, which is not reported
        (POWER, 0x04, "suspending", 1),
        (POWER, 0x12, "resumed", 1),
        (POWER, 0x07, "resumed", 1),
        (POWER, 0x0A, None, 1),  # the battery
        (0x0010, 0, None, 7),
    ],
)
def test_what_windows_sends_is_reported(
    simulated: SimulatedWindows,
    watch: WindowsPowerWatch,
    message: int,
    what: int,
    expected: str | None,
    answer: int,
) -> None:
    notes = Notes()
    watch.start(notes)
    wait_for(lambda: watch.alive, what="the watch")
    simulated.send(message, what)
    wait_for(lambda: simulated.answers, what="the message to be answered")
    assert notes.events == ([expected] if expected else [])
    assert simulated.answers == [answer]


def test_the_end_gives_everything_back(
    simulated: SimulatedWindows, watch: WindowsPowerWatch
) -> None:
    notes = Notes()
    for _ in range(2):
        watch.start(notes)
        watch.hold(True)
        watch.stop()
        assert not watch.alive
        assert simulated.log == [
            "register",
            "create",
            "listen",
            "unlisten",
            "destroy",
            "unregister",
        ]
        simulated.log.clear()
    assert notes.events == ["windows unknown"] * 2


def test_a_thread_that_windows_ends_is_noticed(
    simulated: SimulatedWindows, watch: WindowsPowerWatch
) -> None:
    notes = Notes()
    watch.start(notes)
    wait_for(lambda: watch.alive, what="the watch")
    simulated.send(0, 0)
    wait_for(lambda: notes.events, what="the end to be noticed")
    assert (watch.alive, notes.events) == (False, ["windows unknown"])
    assert simulated.log[-2:] == ["destroy", "unregister"]


@pytest.mark.parametrize(
    ("failing", "log"),
    [
        ("register", ["register"]),
        ("create", ["register", "create", "unregister"]),
        ("listen", ["register", "create", "listen", "destroy", "unregister"]),
    ],
)
def test_a_call_that_fails_is_reported_and_leaves_nothing_behind(
    failing: str, log: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "tracker")
    simulated = SimulatedWindows(failing)
    watch = WindowsPowerWatch(lambda: simulated.calls)
    watch.start(Notes())
    watch.stop()
    assert not watch.alive
    assert simulated.log == log
    assert "failed with error 1400" in caplog.text


@pytest.mark.parametrize("make", [WindowsPowerWatch, MacPowerWatch])
def test_on_another_system_nothing_is_watched(
    make: Callable[[], PowerWatch], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "tracker")
    watch = make()
    watch.start(Notes())
    watch.hold(True)
    watch.stop()
    assert not watch.alive
    assert "reports no" in caplog.text


# macOS


class SimulatedMac:
    """A login session whose dictionary can be read."""

    def __init__(self, locked: bool | None = None, *, session: bool = True) -> None:
        self.locked = locked
        self.session = session
        self.held: list[int] = []
        self.calls = macos.Calls(
            {
                name: ctypes.CFUNCTYPE(result, *arguments)(getattr(self, name))
                for name, (_, result, arguments) in macos.SIGNATURES.items()
            }
        )

    def CGSessionCopyCurrentDictionary(self) -> int | None:
        if not self.session:
            return None
        self.held.append(0x1_0000_0010)
        return 0x1_0000_0010

    def CFStringCreateWithCString(self, allocator: int | None, text: bytes, encoding: int) -> int:
        assert (allocator, text, encoding) == (None, b"CGSSessionScreenIsLocked", 0x0800_0100)
        self.held.append(0x1_0000_0020)
        return 0x1_0000_0020

    def CFDictionaryGetValue(self, dictionary: int, key: int) -> int | None:
        assert (dictionary, key) == (0x1_0000_0010, 0x1_0000_0020)
        return None if self.locked is None else 0x1_0000_0030 + self.locked

    def CFBooleanGetValue(self, value: int) -> int:
        return value - 0x1_0000_0030

    def CFRelease(self, value: int) -> None:
        self.held.remove(value)


@pytest.mark.parametrize(
    ("locked", "session", "expected"),
    [(True, True, True), (False, True, False), (None, True, False), (None, False, False)],
)
def test_the_lock_is_read_from_the_session_and_nothing_is_leaked(
    locked: bool | None, session: bool, expected: bool
) -> None:
    simulated = SimulatedMac(locked, session=session)
    assert screen_is_locked(simulated.calls) is expected
    assert simulated.held == []


def test_locks_and_sleeps_are_reported_once_each() -> None:
    simulated, notes = SimulatedMac(), Notes()
    slept = 0
    # The events of each second.
    seconds: list[tuple[bool | None, int]] = [
        (None, 0),
        (True, 0),
        (True, 1_999),  # the clocks are read one after the other
        (True, 60_000),
        (False, 0),
        (None, 0),
    ]
    expected: list[list[str]] = []

    def wait(ending: threading.Event) -> bool:
        nonlocal slept
        expected.append(notes.events[:])
        notes.events.clear()
        if not seconds:
            return True
        simulated.locked, more = seconds.pop(0)
        slept += more
        return False

    watch = MacPowerWatch(lambda: simulated.calls, slept=lambda: slept, wait=wait)
    watch.start(notes)
    watch.hold(True)
    wait_for(lambda: notes.events == ["mac unknown"], what="the seconds to pass")
    assert expected == [[], [], ["mac locked"], [], ["resumed"], ["mac unlocked"], []]
    assert simulated.held == []
    watch.stop()


def asking(watch: MacPowerWatch) -> threading.Thread | None:
    return watch._thread


def test_the_mac_is_asked_once_a_second_and_only_while_a_sleep_must_wait() -> None:
    waits: list[float | None] = []

    class Ending(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout)
            return True

    MacPowerWatch()._wait(Ending())
    assert waits == [1.0]

    simulated, notes = SimulatedMac(), Notes()
    watch = MacPowerWatch(lambda: simulated.calls)
    watch.start(notes)
    assert asking(watch) is None
    for times in (1, 2):
        watch.hold(True)
        thread = asking(watch)
        watch.hold(True)
        assert thread is not None
        assert asking(watch) is thread
        assert watch.alive
        watch.hold(False)
        thread.join(20)
        assert notes.events == ["mac unknown"] * times
    watch.stop()
    assert not watch.alive


def test_the_clocks_show_how_long_the_machine_has_slept() -> None:
    assert macos.slept_ms() >= -1
