"""Whether Windows asks programs not to disturb: SHQueryUserNotificationState (shellapi.h)."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

from tracker.quiet.interface import QuietReason

#: Values of QUERY_USER_NOTIFICATION_STATE. The others are the lock screen, a store app, and none.
STATES: dict[int, QuietReason] = {
    2: QuietReason.FULL_SCREEN,  # QUNS_BUSY: a full-screen program, or presentation settings
    3: QuietReason.FULL_SCREEN,  # QUNS_RUNNING_D3D_FULL_SCREEN
    4: QuietReason.FULL_SCREEN,  # QUNS_PRESENTATION_MODE
    6: QuietReason.DO_NOT_DISTURB,  # QUNS_QUIET_TIME
}


def system_state() -> int:
    """The state now. Raises OSError."""
    if sys.platform == "win32":
        query = ctypes.WinDLL("shell32").SHQueryUserNotificationState
        query.argtypes, query.restype = (ctypes.POINTER(ctypes.c_int),), ctypes.c_long
        state = ctypes.c_int()
        result = query(ctypes.byref(state))
        if result < 0:
            raise OSError(f"SHQueryUserNotificationState: {result:#x}")
        return state.value
    else:  # noqa: RET505 - mypy checks one branch per platform
        raise OSError("only Windows has this state")


class WindowsQuiet:
    """See `QuietSource`."""

    name = "windows"

    def __init__(self, state: Callable[[], int] = system_state) -> None:
        self._state = state

    def reasons(self) -> frozenset[QuietReason]:
        """See `QuietSource`. Raises OSError."""
        found = STATES.get(self._state())
        return frozenset({found} if found else ())
