"""Connections to the X server with python-xlib; the errors of short ones become `ServerError`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

#: python-xlib's modules of the extensions whose requests or events the program uses.
_EXTENSIONS = frozenset({"ge", "record", "shape", "xinput"})


def open_display(name: str | None = None) -> Any:
    """A connection to a server, by default $DISPLAY. Raises errors of many kinds.

    python-xlib loads a module for each extension that the server has. Those that the program does
    not use take 0.8 MB, so they are removed from its list.
    """
    # Imported here, so that a program that never connects does not load the library.
    from Xlib import ext
    from Xlib.display import Display

    ext.__extensions__[:] = [each for each in ext.__extensions__ if each[1] in _EXTENSIONS]
    return Display(name)


class ServerError(Exception):
    """The X server cannot be reached, or closed the connection."""


@contextlib.contextmanager
def connected() -> Iterator[Any]:
    """A separate connection to $DISPLAY. Raises ServerError, also for requests that the server
    refuses inside the block.
    """
    from Xlib import error

    try:
        display = open_display()
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
