"""Seconds of activity on Windows without a hook: GetLastInputInfo (user32).

Antivirus programs quarantine programs that hook the keyboard; this reads only the time of the
session's last input.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tracker.input.idle_polling import IdlePoller

_HALF = 1 << 31


class LastInputInfo(ctypes.Structure):
    """LASTINPUTINFO (winuser.h): UINT cbSize; DWORD dwTime. Both have 32 bits on every Windows."""

    _fields_ = [("cbSize", ctypes.c_uint32), ("dwTime", ctypes.c_uint32)]


@dataclass(frozen=True)
class IdleCalls:
    """BOOL GetLastInputInfo(PLASTINPUTINFO) and DWORD GetTickCount(void), and the last error."""

    get_last_input_info: Callable[[Any], int]
    get_tick_count: Callable[[], int]
    last_error: Callable[[], int]


def system_calls() -> IdleCalls:
    """Load the functions. Raises OSError except on Windows."""
    if sys.platform == "win32":
        user32 = ctypes.WinDLL("user32", use_last_error=True)
        kernel32 = ctypes.WinDLL("kernel32")
        user32.GetLastInputInfo.argtypes = [ctypes.POINTER(LastInputInfo)]
        user32.GetLastInputInfo.restype = ctypes.c_int
        kernel32.GetTickCount.argtypes = []
        kernel32.GetTickCount.restype = ctypes.c_uint32
        return IdleCalls(user32.GetLastInputInfo, kernel32.GetTickCount, ctypes.get_last_error)
    else:  # noqa: RET505 - mypy checks one branch per platform
        raise OSError("GetLastInputInfo is a call of Windows")


def since_input(calls: IdleCalls) -> Callable[[], int]:
    """A function that returns the milliseconds since the last input."""

    def ask() -> int:
        info = LastInputInfo(cbSize=ctypes.sizeof(LastInputInfo))
        if not calls.get_last_input_info(ctypes.byref(info)):
            raise OSError(f"GetLastInputInfo failed with error {calls.last_error()}")
        # Both count milliseconds since Windows started and wrap after 49.7 days, each at its own
        # time: the difference is right modulo 2^32.
        idle = (calls.get_tick_count() - int(info.dwTime)) % (1 << 32)
        # The input's time may be slightly later than the tick, as Microsoft documents.
        return idle if idle < _HALF else 0

    return ask


def windows_idle(calls: Callable[[], IdleCalls] = system_calls) -> IdlePoller:
    """The input backend."""
    return IdlePoller("windows-idle", lambda: since_input(calls()))
