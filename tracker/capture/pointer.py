"""The pointer's position in pixels of the desktop. Read once per picture, never stored."""

from __future__ import annotations

import sys

from tracker.capture.interface import CaptureError


def pointer() -> tuple[int, int]:
    """x and y. Raises CaptureError("error") where the system does not report them."""
    if sys.platform == "win32":
        position = _windows()
    elif sys.platform == "darwin":
        position = _mac()
    else:
        position = _x11()
    if position is None:
        raise CaptureError("error", "the system does not report the pointer position")
    return position


def _x11() -> tuple[int, int]:
    from tracker.platform.x11 import ServerError, connected

    try:
        with connected() as display:
            found = display.screen().root.query_pointer()
            return int(found.root_x), int(found.root_y)
    except ServerError as error:
        raise CaptureError("error", f"the pointer cannot be found: {error}") from error


def _windows() -> tuple[int, int] | None:
    import ctypes
    import ctypes.wintypes

    point = ctypes.wintypes.POINT()
    library = getattr(ctypes, "windll").user32  # noqa: B009 - only Windows has the name
    return (point.x, point.y) if library.GetCursorPos(ctypes.byref(point)) else None


def _mac() -> tuple[int, int] | None:
    import ctypes
    import ctypes.util

    class Point(ctypes.Structure):
        _fields_ = (("x", ctypes.c_double), ("y", ctypes.c_double))

    graphics = ctypes.CDLL(ctypes.util.find_library("CoreGraphics"))
    graphics.CGEventCreate.restype = ctypes.c_void_p
    graphics.CGEventCreate.argtypes = (ctypes.c_void_p,)
    graphics.CGEventGetLocation.restype = Point
    graphics.CGEventGetLocation.argtypes = (ctypes.c_void_p,)
    graphics.CFRelease.argtypes = (ctypes.c_void_p,)
    event = graphics.CGEventCreate(None)
    if not event:
        return None
    position = graphics.CGEventGetLocation(event)
    graphics.CFRelease(event)
    return int(position.x), int(position.y)
