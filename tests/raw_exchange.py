"""Bytes sent to a server that may close or reset the connection at any point."""

from __future__ import annotations

import contextlib
import socket


def response_to(line: socket.socket, data: bytes, *, end: bool = False) -> bytes:
    """Send bytes, with `end` close that direction, and return all bytes received.

    A reset ends the exchange as an orderly close does: a server that refuses early closes with
    unread bytes, and the kernel may then drop even the response.
    """
    with contextlib.suppress(ConnectionError):
        line.sendall(data)
    if end:
        # Linux reports ENOTCONN, a plain OSError, after the peer's reset.
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_WR)
    received = bytearray()
    with contextlib.suppress(ConnectionError):
        while piece := line.recv(65_536):
            received += piece
    return bytes(received)
