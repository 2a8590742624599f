"""Pictures on Windows with mss, unless the screen shows a desktop other than the user's.

While Windows shows its lock screen or a consent dialog on the secure desktop, input goes to another
desktop, and a capture returns an error, black, or the previous picture. No picture is taken then;
the record states `locked`.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tracker.capture.backends.mss_screen import MssCapture
from tracker.capture.interface import CaptureError, SelectableTarget

if TYPE_CHECKING:
    from tracker.capture.interface import CaptureBackend, Frame, HeldFrame, Screens

#: The desktop of the user's session (winsta0\default).
OURS = "default"
DESKTOP_READOBJECTS = 0x0001
UOI_NAME = 2
_NAME_SIZE = 256

#: Result and argument types of each call.
SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "OpenInputDesktop": (ctypes.c_void_p, (ctypes.c_uint32, ctypes.c_int, ctypes.c_uint32)),
    "GetUserObjectInformationW": (
        ctypes.c_int,
        (
            ctypes.c_void_p,
            ctypes.c_int,
            ctypes.c_void_p,
            ctypes.c_uint32,
            ctypes.POINTER(ctypes.c_uint32),
        ),
    ),
    "CloseDesktop": (ctypes.c_int, (ctypes.c_void_p,)),
}


#: The calls of `SIGNATURES` (user32) by name.
Calls = dict[str, Callable[..., Any]]


def system_calls() -> Calls:
    """Load the functions. Raises OSError except on Windows."""
    if sys.platform == "win32":
        user32 = ctypes.WinDLL("user32")
        found: dict[str, Callable[..., Any]] = {}
        for name, (result, arguments) in SIGNATURES.items():
            call = getattr(user32, name)
            call.restype, call.argtypes = result, arguments
            found[name] = call
        return Calls(found)
    else:  # noqa: RET505 - mypy checks one branch per platform
        raise OSError("only Windows has these desktops")


def desktop_is_ours(calls: Calls) -> bool:
    """Whether the desktop that receives input is the user's own."""
    desktop = calls["OpenInputDesktop"](0, 0, DESKTOP_READOBJECTS)
    if not desktop:
        # A user's program cannot open the secure desktop.
        return False
    try:
        # UTF-16 on Windows, whatever the size of wchar_t here.
        name = ctypes.create_string_buffer(_NAME_SIZE)
        needed = ctypes.c_uint32()
        found = calls["GetUserObjectInformationW"](
            desktop, UOI_NAME, name, _NAME_SIZE, ctypes.byref(needed)
        )
        if not found:
            return False
        text = name.raw[: needed.value].decode("utf-16-le", "replace")
        return text.partition("\0")[0].lower() == OURS
    finally:
        calls["CloseDesktop"](desktop)


class WindowsCapture:
    """Checks the desktop before each picture."""

    name = "mss"

    def __init__(
        self,
        inner: CaptureBackend | None = None,
        calls: Callable[[], Calls] = system_calls,
    ) -> None:
        self._inner = inner or MssCapture()
        self._calls = calls

    def set_target(self, screens: Screens) -> None:
        """See `tracker.capture.interface.SelectableTarget`."""
        if isinstance(self._inner, SelectableTarget):
            self._inner.set_target(screens)

    def grab(self, now_ms: Callable[[], int]) -> Frame | HeldFrame:
        """Take a picture. Raises CaptureError("locked") unless the user's own desktop is shown."""
        try:
            ours = desktop_is_ours(self._calls())
        except (OSError, AttributeError) as error:
            raise CaptureError("error", f"the active desktop could not be read: {error}") from error
        if not ours:
            raise CaptureError("locked", "Windows shows its lock screen or a consent dialog")
        return self._inner.grab(now_ms)
