"""Pictures on Windows: by mss, unless the screen shows a desktop that is not the person's.

While Windows shows its lock screen, or asks for consent on its secure desktop, the input goes to
another desktop, and what a program gets is an error, black, or what was there before. The record
then says `locked`, and no picture is taken.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tracker.capture.backends.mss_screen import MssCapture
from tracker.capture.interface import CaptureError, SelectableTarget

if TYPE_CHECKING:
    from tracker.capture.interface import CaptureBackend, Frame, Screens

#: The desktop of the person's session (winsta0\default).
OURS = "default"
DESKTOP_READOBJECTS = 0x0001
UOI_NAME = 2
_NAME_SIZE = 256

#: Each call's result and arguments.
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


#: The calls of `SIGNATURES` (user32) by their names.
Calls = dict[str, Callable[..., Any]]


def system_calls() -> Calls:
    """Those of this Windows. Raises OSError elsewhere."""
    if sys.platform == "win32":
        user32 = ctypes.WinDLL("user32")
        found: dict[str, Callable[..., Any]] = {}
        for name, (result, arguments) in SIGNATURES.items():
            call = getattr(user32, name)
            call.restype, call.argtypes = result, arguments
            found[name] = call
        return Calls(found)
    else:  # noqa: RET505 - a checker of types sees only one of the two
        raise OSError("desktops of this kind are of Windows")


def desktop_is_ours(calls: Calls) -> bool:
    """Whether the desktop that has the input is the person's own."""
    desktop = calls["OpenInputDesktop"](0, 0, DESKTOP_READOBJECTS)
    if not desktop:
        # The secure desktop cannot be opened by a program of the person.
        return False
    try:
        # UTF-16, as Windows writes it, whatever a wchar_t is here.
        name = ctypes.create_string_buffer(_NAME_SIZE)
        needed = ctypes.c_uint32()
        told = calls["GetUserObjectInformationW"](
            desktop, UOI_NAME, name, _NAME_SIZE, ctypes.byref(needed)
        )
        if not told:
            return False
        text = name.raw[: needed.value].decode("utf-16-le", "replace")
        return text.partition("\0")[0].lower() == OURS
    finally:
        calls["CloseDesktop"](desktop)


class WindowsCapture:
    """Asks before each picture what the screen shows."""

    name = "mss"

    def __init__(
        self,
        inner: CaptureBackend | None = None,
        calls: Callable[[], Calls] = system_calls,
    ) -> None:
        self._inner = inner or MssCapture()
        self._calls = calls

    def set_target(self, screens: Screens) -> None:
        """See `tracker.capture.interface.Aimed`."""
        if isinstance(self._inner, SelectableTarget):
            self._inner.set_target(screens)

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Raises CaptureError("locked") for another desktop than the person's."""
        try:
            ours = desktop_is_ours(self._calls())
        except (OSError, AttributeError) as error:
            raise CaptureError("error", f"the desktop could not be asked for: {error}") from error
        if not ours:
            raise CaptureError("locked", "Windows shows its lock screen, or asks for consent")
        return self._inner.grab(now_ms)
