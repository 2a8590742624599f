"""Short connections to the X server by python-xlib; its errors become one of ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


class ServerError(Exception):
    """The X server cannot be reached, or closed the connection."""


@contextlib.contextmanager
def connected() -> Iterator[Any]:
    """A separate connection to the server of DISPLAY. Raises ServerError, also for requests that
    the server refuses inside the block.
    """
    # Imported here, so that a program that never connects does not load the library.
    from Xlib import error
    from Xlib.display import Display

    try:
        display = Display()
    # python-xlib lets errors of many kinds through: of the name, the socket, the permission.
    except Exception as problem:
        raise ServerError(str(problem) or type(problem).__name__) from problem
    try:
        yield display
    except (error.XError, error.ConnectionClosedError) as problem:
        raise ServerError(str(problem) or type(problem).__name__) from problem
    finally:
        # Display.close() fails, and leaves the socket open, when the server is gone.
        display.display.socket.close()
