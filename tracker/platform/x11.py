"""Short connections to the X server with python-xlib, whose errors become `ServerError`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


class ServerError(Exception):
    """The X server cannot be reached, or closed the connection."""


@contextlib.contextmanager
def connected() -> Iterator[Any]:
    """A separate connection to $DISPLAY. Raises ServerError, also for requests that the server
    refuses inside the block.
    """
    # Imported here, so that a program that never connects does not load the library.
    from Xlib import error
    from Xlib.display import Display

    try:
        display = Display()
    # python-xlib raises errors of many kinds: display name, socket, permission.
    except Exception as problem:
        raise ServerError(str(problem) or type(problem).__name__) from problem
    try:
        yield display
    except (error.XError, error.ConnectionClosedError) as problem:
        raise ServerError(str(problem) or type(problem).__name__) from problem
    finally:
        # Display.close() fails and leaves the socket open once the server is gone.
        display.display.socket.close()
