"""Pictures on Windows and macOS: the checks before each, with simulated systems."""

# ruff: noqa: N802 - the names and arguments are those of the system

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import pytest

from tracker.capture.backends.macos import MacCapture
from tracker.capture.backends.windows import SIGNATURES, Calls, WindowsCapture, desktop_is_ours
from tracker.capture.interface import CaptureError, Frame

if TYPE_CHECKING:
    from collections.abc import Callable


class Inner:
    """Takes a picture of two pixels, and counts the calls."""

    name = "inner"

    def __init__(self) -> None:
        self.taken = 0

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        self.taken += 1
        return Frame(2, 1, b"\0\0\0\0\1\1\1\1", "all", now_ms())


class SimulatedDesktop:
    """The desktop that receives input; "" for one that cannot be opened."""

    HANDLE = 0x7FFF_0000_0040

    def __init__(self, name: str, *, named: bool = True) -> None:
        self.name = name
        self.named = named
        self.open = 0
        self.calls = Calls(
            {
                name: ctypes.CFUNCTYPE(result, *arguments)(getattr(self, name))
                for name, (result, arguments) in SIGNATURES.items()
            }
        )

    def OpenInputDesktop(self, flags: int, inherit: int, access: int) -> int | None:
        assert (flags, inherit, access) == (0, 0, 1)
        if not self.name:
            return None
        self.open += 1
        return self.HANDLE

    def GetUserObjectInformationW(
        self, desktop: int, what: int, into: int, size: int, needed: Any
    ) -> int:
        assert (desktop, what) == (self.HANDLE, 2)
        if not self.named:
            return 0
        text = self.name.encode("utf-16-le") + b"\0\0"
        assert len(text) <= size
        ctypes.memmove(into, text, len(text))
        needed.contents.value = len(text)
        return 1

    def CloseDesktop(self, desktop: int) -> int:
        assert desktop == self.HANDLE
        self.open -= 1
        return 1


@pytest.mark.parametrize(
    ("desktop", "ours"),
    [
        (SimulatedDesktop("Default"), True),
        (SimulatedDesktop("Winlogon"), False),
        (SimulatedDesktop("Screen-saver"), False),
        (SimulatedDesktop(""), False),
        (SimulatedDesktop("Default", named=False), False),
    ],
    ids=["own", "lock", "screen saver", "secure", "unnamed"],
)
def test_windows_gives_pictures_of_the_persons_own_desktop_only(
    desktop: SimulatedDesktop, ours: bool
) -> None:
    inner = Inner()
    capture = WindowsCapture(inner, lambda: desktop.calls)
    assert desktop_is_ours(desktop.calls) is ours
    if ours:
        assert capture.grab(lambda: 5).at_ms == 5
    else:
        with pytest.raises(CaptureError) as caught:
            capture.grab(lambda: 5)
        assert caught.value.reason == "locked"
    assert (inner.taken, desktop.open) == (int(ours), 0)


def test_a_windows_that_cannot_be_asked_gives_no_picture() -> None:
    inner = Inner()
    with pytest.raises(CaptureError, match="could not be read") as caught:
        WindowsCapture(inner).grab(lambda: 0)
    assert (caught.value.reason, inner.taken) == ("error", 0)


@pytest.mark.parametrize(
    ("allowed", "locked", "reason"),
    [
        (True, False, None),
        (None, False, None),
        (False, False, "denied"),
        (False, True, "denied"),
        (True, True, "locked"),
    ],
)
def test_macos_is_asked_before_each_picture(
    allowed: bool | None, locked: bool, reason: str | None
) -> None:
    inner = Inner()
    capture = MacCapture(inner, may_capture=lambda: allowed, locked=lambda: locked)
    if reason is None:
        assert capture.grab(lambda: 5).at_ms == 5
    else:
        with pytest.raises(CaptureError) as caught:
            capture.grab(lambda: 5)
        assert caught.value.reason == reason
    assert inner.taken == (0 if reason else 1)


def test_a_macos_that_cannot_be_asked_gives_no_picture() -> None:
    with pytest.raises(CaptureError, match="could not be read"):
        MacCapture(Inner()).grab(lambda: 0)
