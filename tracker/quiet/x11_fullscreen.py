"""Whether a window of another program fills a screen (Extended Window Manager Hints, X11).

Any window that the window manager lists with _NET_WM_STATE_FULLSCREEN counts, unless it is
minimised or on another workspace: a film or a presentation is often on a second monitor.
"""

from __future__ import annotations

import contextlib
import os
from typing import Any

from tracker.platform.x11 import connected
from tracker.quiet.interface import QuietReason

_EVERYWHERE = 0xFFFFFFFF


class X11FullScreen:
    """See `QuietSource`."""

    name = "full-screen"

    def __init__(self, process: int | None = None) -> None:
        """`process` is the id of the program whose own windows do not count: this one."""
        self._process = os.getpid() if process is None else process

    def reasons(self) -> frozenset[QuietReason]:
        """See `QuietSource`. Raises ServerError."""
        with connected() as display:
            filled = any(self._fills(display, number) for number in _clients(display))
        return frozenset({QuietReason.FULL_SCREEN} if filled else ())

    def _fills(self, display: Any, number: int) -> bool:
        from Xlib import error

        window = display.create_resource_object("window", number)
        with contextlib.suppress(error.BadWindow):  # closed in the meantime
            states = set(_values(display, window, "_NET_WM_STATE"))
            if _atom(display, "_NET_WM_STATE_FULLSCREEN") not in states:
                return False
            if _atom(display, "_NET_WM_STATE_HIDDEN") in states:
                return False
            if self._process in _values(display, window, "_NET_WM_PID"):
                return False
            return _is_here(display, window)
        return False


def _clients(display: Any) -> list[int]:
    return [int(one) for one in _values(display, display.screen().root, "_NET_CLIENT_LIST")]


def _is_here(display: Any, window: Any) -> bool:
    """Whether the window is on the current workspace, as far as the window manager reports it."""
    current = _values(display, display.screen().root, "_NET_CURRENT_DESKTOP")
    place = _values(display, window, "_NET_WM_DESKTOP")
    return not current or not place or place[0] in {current[0], _EVERYWHERE}


def _atom(display: Any, name: str) -> int:
    return int(display.intern_atom(name))


def _values(display: Any, window: Any, name: str) -> list[int]:
    """A property of 32-bit numbers; empty if it is missing or has another form."""
    from Xlib import X

    found = window.get_full_property(_atom(display, name), X.AnyPropertyType)
    return [int(one) for one in found.value] if found is not None and found.format == 32 else []
