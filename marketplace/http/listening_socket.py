"""A listening socket that admits connections within the limits of a `ConnectionTable`.

A failed accept is tried again after a pause.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable

from marketplace.http.connections import ClientConnection, ConnectionTable

#: Errors of the system without descriptors or memory for a connection.
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_PAUSE_S = 0.2
#: Send buffer of the system for a connection; Linux doubles it.
_IN_SYSTEM = 131_072
#: Connections accepted in a row before the event loop serves the others.
_ACCEPTED_AT_ONCE = 8


class ListeningSocket:
    """Accepts the connections of a bound socket until closed."""

    def __init__(
        self,
        bound: socket.socket,
        connections: ConnectionTable,
        make: Callable[[], ClientConnection],
    ) -> None:
        bound.setblocking(False)
        self._bound = bound
        self._connections = connections
        self._make = make
        self._task = asyncio.get_running_loop().create_task(self._accept())

    def close(self) -> None:
        """Stop accepting. The caller may close the socket at once."""
        # asyncio may have seen a connection already; it would accept it for a cancelled task, and
        # log a traceback.
        with contextlib.suppress(NotImplementedError):  # on Windows
            asyncio.get_running_loop().remove_reader(self._bound)
        self._task.cancel()

    async def wait_closed(self) -> None:
        """Wait until accepting has stopped."""
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _accept(self) -> None:
        # asyncio's server would retry its whole backlog without descriptors, and log a traceback
        # each time.
        loop = asyncio.get_running_loop()
        joining: set[asyncio.Task[None]] = set()
        while True:
            for _ in range(_ACCEPTED_AT_ONCE):
                try:
                    connection, peer = await loop.sock_accept(self._bound)
                except OSError as error:
                    self._connections.count("accept_failed")
                    if error.errno in _EXHAUSTED:
                        for _ in range(_ACCEPTED_AT_ONCE):
                            self._connections.close_one()
                    await asyncio.sleep(_PAUSE_S)
                    continue
                address = str(peer[0]) if isinstance(peer, tuple) else "?"
                if self._connections.make_room(address):
                    # The default buffer holds megabytes for a client that does not read.
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _IN_SYSTEM)
                    task = loop.create_task(self._join(connection, address))
                    joining.add(task)
                    task.add_done_callback(joining.discard)
                else:
                    self._connections.count("refused")
                    connection.close()
            await asyncio.sleep(0)

    async def _join(self, connection: socket.socket, address: str) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(self._make, connection)
        except OSError:
            self._connections.count("accept_failed")
            self._connections.joined(address)
            connection.close()
