"""Seconds of activity on macOS, without the permission to listen: Quartz Event Services.

CGEventSourceSecondsSinceLastEventType tells how long ago the last input was. It needs no
permission, since it says nothing of what the input was.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable

from tracker.input.idle_polling import IdlePoller

#: kCGEventSourceStateCombinedSessionState: this session's input, whoever made it.
COMBINED_SESSION = 0
#: kCGAnyInputEventType.
ANY_INPUT = 0xFFFFFFFF

#: CFTimeInterval CGEventSourceSecondsSinceLastEventType(CGEventSourceStateID, CGEventType)
SecondsSince = Callable[[int, int], float]


def system_call() -> SecondsSince:
    """The call of this macOS. Raises OSError elsewhere."""
    library = ctypes.util.find_library("CoreGraphics")
    if library is None:
        raise OSError("CoreGraphics is a library of macOS")
    call = ctypes.CDLL(library).CGEventSourceSecondsSinceLastEventType
    call.argtypes = [ctypes.c_int32, ctypes.c_uint32]
    call.restype = ctypes.c_double
    return call


def since_input(call: SecondsSince) -> Callable[[], int]:
    """How to ask for the milliseconds since the last input."""
    return lambda: max(0, int(call(COMBINED_SESSION, ANY_INPUT) * 1000))


def mac_idle(call: Callable[[], SecondsSince] = system_call) -> IdlePoller:
    """The way to measure."""
    return IdlePoller("mac-idle", lambda: since_input(call()))
