"""The connections of a server: deadlines, limits, and which connection is closed at a limit.

Rules kept:
- A connection that sends no request, or does not read its response, is closed at a deadline. The
  deadlines of bodies are in `marketplace.http.middleware`.
- At a limit the connection that has been idle or stuck longest is closed for the new one. A
  connection whose request is being processed is never closed for another.
- A failed accept is tried again. Failed accepts and closed connections are counted and logged at a
  limited rate.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from marketplace.core import logging

_log = logging.get("marketplace.http.connections")
#: Errors of the system without descriptors or memory for a connection.
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
#: Descriptors reserved for the database, picture files and libraries.
_RESERVED = 256
#: An upload has a file open beside its connection.
_DESCRIPTORS_EACH = 2
_SWEEP_S = 1.0
_PAUSE_S = 0.2
#: Seconds without progress after which a connection is stuck.
_STUCK_S = 1.0
_LOG_EVERY_S = 10.0
_IN_STATE = "marketplace.client"
#: Buffered bytes of a response; the application continues once three quarters have been read.
_UNREAD = 32_768
#: Send buffer of the system for a connection; Linux doubles it.
_IN_SYSTEM = 131_072
#: Connections accepted in a row before the event loop serves the others.
_ACCEPTED_AT_ONCE = 8


@dataclass(frozen=True)
class ConnectionBounds:
    """Deadlines in seconds and limits of connections of a server.

    `head_s` limits the head of a request, `idle_s` the pause before the next one, `write_s` the
    time in which a client reads 48 KiB of a response, or the rest of it.
    """

    head_s: float = 10.0
    idle_s: int = 20
    write_s: float = 20.0
    total: int = 4096
    per_address: int = 2048

    def within(self, descriptors: int) -> ConnectionBounds:
        """These bounds, lowered for a process with this number of descriptors."""
        total = max(8, min(self.total, (descriptors - _RESERVED) // _DESCRIPTORS_EACH))
        return replace(self, total=total, per_address=max(4, min(self.per_address, total // 2)))


def raise_descriptor_limit() -> int:
    """Raise the limit of open descriptors as far as the system allows; returns it."""
    if sys.platform == "win32":
        return 8192  # the limit of the C library, which excludes sockets
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS reports an infinite hard limit but refuses it.
    wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class ConnectionTable:
    """The open connections of one server. Used in its event loop only.

    `proxies` returns whether an address belongs to a trusted proxy, whose connections carry the
    requests of many clients and count in the total only. `now_s` is a monotonic clock in seconds.
    """

    def __init__(
        self,
        bounds: ConnectionBounds,
        proxies: Callable[[str], bool] = lambda _: False,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bounds = bounds
        self.now_s = now_s
        self.closed: Counter[str] = Counter()
        """Numbers of closed and refused connections by reason."""
        self._proxies = proxies
        self._open: defaultdict[str, set[ClientConnection]] = defaultdict(set)
        self._count = 0
        self._joining: Counter[str] = Counter()
        self._logged_at = -_LOG_EVERY_S
        self._logged: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ClientConnection]:
        return iter([client for clients in list(self._open.values()) for client in list(clients)])

    def add(self, client: ClientConnection) -> None:
        """Add a connection for which `make_room` returned True."""
        self.joined(client.address)
        self._open[client.address].add(client)
        self._count += 1

    def remove(self, client: ClientConnection) -> None:
        """Remove a closed connection."""
        mine = self._open.get(client.address)
        if mine and client in mine:
            mine.remove(client)
            self._count -= 1
            if not mine:
                del self._open[client.address]

    def make_room(self, address: str) -> bool:
        """Whether an address may open a connection; closes another one if necessary.

        The new connection counts from now on, until it is added or `joined`.
        """
        mine = self._open.get(address, set())
        room = True
        if len(mine) + self._joining[address] >= self.bounds.per_address:
            room = self._proxies(address) or self._close_one(mine)
        if room and self._count + self._joining.total() >= self.bounds.total:
            room = self.close_one()
        self._joining[address] += room
        return room

    def joined(self, address: str) -> None:
        """End the reservation of `make_room`, as the connection is open or has failed."""
        self._joining[address] -= 1
        if self._joining[address] <= 0:
            del self._joining[address]

    def close_one(self) -> bool:
        """Close the connection with the highest rank of the address with the most connections."""
        most = sorted(self._open.values(), key=len, reverse=True)
        return any(self._close_one(clients) for clients in most[:8])

    def count(self, reason: str, number: int = 1) -> None:
        """Count closed or refused connections, and log the counts at a limited rate."""
        self.closed[reason] += number
        now = self.now_s()
        if now - self._logged_at >= _LOG_EVERY_S:
            changes = self.closed - self._logged
            self._logged_at, self._logged = now, self.closed.copy()
            # Only failed accepts need the operator's attention.
            write = _log.warning if changes["accept_failed"] else _log.info
            write("connections", open=self._count, **changes)

    async def watch(self) -> None:
        """Close connections that exceed a deadline, until cancelled."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            now = self.now_s()
            for client in self:
                if (reason := client.overdue(now)) is not None:
                    self._cut(client, reason)

    def _close_one(self, clients: Iterable[ClientConnection]) -> bool:
        now = self.now_s()
        ranked = [(rank, client) for client in clients if (rank := client.rank(now)) is not None]
        if not ranked:
            return False
        self._cut(max(ranked, key=lambda pair: pair[0])[1], "made_room")
        return True

    def _cut(self, client: ClientConnection, reason: str) -> None:
        # `abort`, since closing would wait until the peer reads the unsent bytes.
        self.remove(client)
        client.transport.abort()
        self.count(reason)


class ClientConnection(H11Protocol):
    """An HTTP/1.1 connection with deadlines; one of `connections`."""

    def __init__(self, connections: ConnectionTable, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        # Each request gets a copy, and so finds its connection.
        self.app_state = {**self.app_state, _IN_STATE: self}
        self._connections = connections
        self.address = "?"
        self._waits_since: float = connections.now_s()
        """The time since which a request, or its first bytes, are awaited."""
        self._begun = True
        """Whether a head is awaited; False between two requests."""
        self._piled: RequestResponseCycle | None = None
        """The last request with further requests behind it."""
        self._stalled_since: float | None = None
        """The time since which the peer reads too little; None without unsent bytes."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Register the connection."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=_UNREAD)
        self.address = self.client[0] if self.client else "?"
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection."""
        self._connections.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Note the begin of a request."""
        if not self._busy and not self._begun:
            self._begun, self._waits_since = True, self._connections.now_s()
        super().data_received(data)
        self._note_pile()

    def on_response_complete(self) -> None:
        """Note the end of a response."""
        self._begun, self._waits_since = False, self._connections.now_s()
        super().on_response_complete()
        self._note_pile()

    def resume_writing(self) -> None:
        """Note that the peer reads."""
        self._stalled_since = None
        super().resume_writing()

    @property
    def _busy(self) -> bool:
        """Whether a request is being processed."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    @property
    def piled(self) -> bool:
        """Whether further requests arrived before the response to the current one, which neither
        browsers nor HTTP libraries do.
        """
        return self._busy and self._piled is self.cycle

    def _note_pile(self) -> None:
        # uvicorn pauses reading at the next request until the current one reads its body.
        if self._busy and self.flow.read_paused and not self.cycle.more_body:
            self._piled = self.cycle

    def overdue(self, now: float) -> str | None:
        """The exceeded deadline, if any; called about once a second."""
        if self.transport.get_write_buffer_size() == 0:
            self._stalled_since = None
        elif self._stalled_since is None:
            self._stalled_since = now
        elif now - self._stalled_since > self._connections.bounds.write_s:
            return "not_reading"
        waited = now - self._waits_since
        if not self._busy and self._begun and waited > self._connections.bounds.head_s:
            return "no_request"
        return None

    def rank(self, now: float) -> tuple[int, float] | None:
        """The priority for being closed at a limit, highest first; None for never."""
        if self._stalled_since is not None and now - self._stalled_since > _STUCK_S:
            return 3, now - self._stalled_since
        if self._busy:
            return (2, now - self._waits_since) if self.piled else None
        return (1 if self._begun else 0), now - self._waits_since


def is_piled(scope: Mapping[str, Any]) -> bool:
    """Whether the connection of an ASGI request is `piled`; False with another server."""
    client = scope.get("state", {}).get(_IN_STATE)
    return isinstance(client, ClientConnection) and client.piled


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
        """Stop accepting."""
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
