"""Seconds of activity on macOS without the input monitoring permission: Quartz Event Services.

CGEventSourceSecondsSinceLastEventType returns the time since the last input, not what it was, and
so needs no permission.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable

from tracker.input.idle_polling import IdlePoller

#: kCGEventSourceStateCombinedSessionState: all input of this session, from hardware and programs.
COMBINED_SESSION = 0
#: kCGAnyInputEventType.
ANY_INPUT = 0xFFFFFFFF

#: CFTimeInterval CGEventSourceSecondsSinceLastEventType(CGEventSourceStateID, CGEventType)
SecondsSince = Callable[[int, int], float]


def system_call() -> SecondsSince:
    """Load the function. Raises OSError except on macOS."""
    library = ctypes.util.find_library("CoreGraphics")
    if library is None:
        raise OSError("CoreGraphics is a library of macOS")
    call = ctypes.CDLL(library).CGEventSourceSecondsSinceLastEventType
    call.argtypes = [ctypes.c_int32, ctypes.c_uint32]
    call.restype = ctypes.c_double
    return call


def since_input(call: SecondsSince) -> Callable[[], int]:
    """A function that returns the milliseconds since the last input."""
    return lambda: max(0, int(call(COMBINED_SESSION, ANY_INPUT) * 1000))


def mac_idle(call: Callable[[], SecondsSince] = system_call) -> IdlePoller:
    """The input backend."""
    return IdlePoller("mac-idle", lambda: since_input(call()))
