"""Permissions of macOS for screen recording and input monitoring."""

from __future__ import annotations

#: Links to the panes of System Settings that grant the permissions.
MAC_SETTINGS = {
    "capture": "x-apple.systempreferences:com.apple.preference.security?Privacy_ScreenCapture",
    "listen": "x-apple.systempreferences:com.apple.preference.security?Privacy_ListenEvent",
}


def mac_may_capture() -> bool | None:
    """Whether screen recording is permitted, without a dialog. None before macOS 10.15."""
    return _preflight("CGPreflightScreenCaptureAccess")


def mac_may_listen() -> bool | None:
    """Whether input monitoring is permitted; as above."""
    return _preflight("CGPreflightListenEventAccess")


def _preflight(name: str) -> bool | None:
    import ctypes
    import ctypes.util

    library = ctypes.util.find_library("CoreGraphics")
    call = getattr(ctypes.CDLL(library), name, None) if library else None
    if call is None:
        return None
    call.argtypes = []
    call.restype = ctypes.c_bool
    return bool(call())
