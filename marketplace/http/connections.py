"""The connections of a server: how long each may wait, how many there may be, which one goes first.

Rules kept:
- A connection that sends no request, or does not read its answer, is closed at a deadline; bodies
  have theirs in `marketplace.http.middleware`.
- At a limit the connection that has been idle or stuck for longest makes room for the new one. One
  whose request is being worked on is never closed for another.
- An accept that fails is tried again; it and every closed connection are counted, and logged once
  in a while, however many there are.
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
#: What the system answers when it has no descriptor or memory for a connection.
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
#: Descriptors for the database, files of pictures and the libraries.
_RESERVED = 256
#: An upload holds a file beside its connection.
_EACH = 2
_SWEEP_S = 1.0
_PAUSE_S = 0.2
#: A connection is not called stuck before this.
_STUCK_S = 1.0
_TOLD_EVERY_S = 10.0
_IN_STATE = "marketplace.line"
#: Bytes of an answer that are held for a client; more are made when three quarters of it are read.
_UNREAD = 32_768
#: Bytes of answers that the system may hold for a connection; Linux takes it twice.
_IN_SYSTEM = 131_072
#: Connections that are accepted before those that are there get their turn again.
_AT_ONCE = 8


@dataclass(frozen=True)
class ConnectionBounds:
    """Deadlines in seconds, and numbers of connections, of one server.

    `head_s` is for the head of a request, `idle_s` for the next one to begin, `write_s` for 48 KiB
    of an answer to be read, or the rest of it; `total` and `per_address` count connections.
    """

    head_s: float = 10.0
    idle_s: int = 20
    write_s: float = 20.0
    total: int = 4096
    per_address: int = 2048

    def within(self, descriptors: int) -> ConnectionBounds:
        """These bounds as far as a process with so many descriptors can keep them."""
        total = max(8, min(self.total, (descriptors - _RESERVED) // _EACH))
        return replace(self, total=total, per_address=max(4, min(self.per_address, total // 2)))


def raise_descriptor_limit() -> int:
    """Raise the limit of open descriptors as far as the system lets us; returns it."""
    if sys.platform == "win32":
        return 8192  # what the C library holds; sockets are not counted there
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS calls its hard limit infinite and refuses it.
    wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class ConnectionTable:
    """The open connections of one server. Used in its event loop only.

    `proxies` returns whether an address belongs to a trusted proxy: its connections carry the
    requests of many people and count in the total only. `now_s` is a monotonic clock in seconds.
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
        """How many were closed or refused, by reason."""
        self._proxies = proxies
        self._open: defaultdict[str, set[ClientConnection]] = defaultdict(set)
        self._count = 0
        self._joining: Counter[str] = Counter()
        self._told_at = -_TOLD_EVERY_S
        self._told: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ClientConnection]:
        return iter([line for lines in list(self._open.values()) for line in list(lines)])

    def add(self, line: ClientConnection) -> None:
        """A connection has been made, for which there was room."""
        self.joined(line.address)
        self._open[line.address].add(line)
        self._count += 1

    def remove(self, line: ClientConnection) -> None:
        """A connection is over."""
        mine = self._open.get(line.address)
        if mine and line in mine:
            mine.remove(line)
            self._count -= 1
            if not mine:
                del self._open[line.address]

    def make_room(self, address: str) -> bool:
        """Whether an address may have a new connection; closes another one for it if need be.

        Until that is added or `joined`, it is counted as if it were there.
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
        """A connection that was made room for is there, or has failed."""
        self._joining[address] -= 1
        if self._joining[address] <= 0:
            del self._joining[address]

    def close_one(self) -> bool:
        """Close the least useful connection of the address with the most of them, if any."""
        most = sorted(self._open.values(), key=len, reverse=True)
        return any(self._close_one(lines) for lines in most[:8])

    def count(self, reason: str, number: int = 1) -> None:
        """Count something that was done to connections, and log all of it once in a while."""
        self.closed[reason] += number
        now = self.now_s()
        if now - self._told_at >= _TOLD_EVERY_S:
            news = self.closed - self._told
            self._told_at, self._told = now, self.closed.copy()
            # Failed accepts are for the operator; closed connections are everyday.
            tell = _log.warning if news["accept_failed"] else _log.info
            tell("connections", open=self._count, **news)

    async def watch(self) -> None:
        """Close connections that are over a deadline, until cancelled."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            now = self.now_s()
            for line in self:
                if (reason := line.overdue(now)) is not None:
                    self._cut(line, reason)

    def _close_one(self, lines: Iterable[ClientConnection]) -> bool:
        now = self.now_s()
        ranked = [(rank, line) for line in lines if (rank := line.rank(now)) is not None]
        if not ranked:
            return False
        self._cut(max(ranked, key=lambda pair: pair[0])[1], "made_room")
        return True

    def _cut(self, line: ClientConnection, reason: str) -> None:
        # At once: the unsent bytes would wait for the same peer.
        self.remove(line)
        line.transport.abort()
        self.count(reason)


class ClientConnection(H11Protocol):
    """An HTTP/1.1 connection with deadlines; one of `lines`."""

    def __init__(self, lines: ConnectionTable, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        # So that a request knows its connection: each gets a copy of this.
        self.app_state = {**self.app_state, _IN_STATE: self}
        self._lines = lines
        self.address = "?"
        self._waits_since: float = lines.now_s()
        """Since when a request is awaited, or its first bytes."""
        self._begun = True
        """Whether bytes of a head are awaited: not so between two requests."""
        self._piled: RequestResponseCycle | None = None
        """The last request after which more had come already."""
        self._stalled_since: float | None = None
        """Since when there is something to send and too little of it gets through."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection begins."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=_UNREAD)
        self.address = self.client[0] if self.client else "?"
        self._lines.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over."""
        self._lines.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes have arrived."""
        if not self._busy and not self._begun:
            self._begun, self._waits_since = True, self._lines.now_s()
        super().data_received(data)
        self._note_pile()

    def on_response_complete(self) -> None:
        """An answer has been given to the transport."""
        self._begun, self._waits_since = False, self._lines.now_s()
        super().on_response_complete()
        self._note_pile()

    def resume_writing(self) -> None:
        """The peer has read enough for more to be written."""
        self._stalled_since = None
        super().resume_writing()

    @property
    def _busy(self) -> bool:
        """Whether a request is being worked on."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    @property
    def piled(self) -> bool:
        """Whether more requests have come before the answer of the present one: no browser and no
        HTTP library sends them so.
        """
        return self._busy and self._piled is self.cycle

    def _note_pile(self) -> None:
        # Reading is paused at the next request; it goes on when the present one reads its body.
        if self._busy and self.flow.read_paused and not self.cycle.more_body:
            self._piled = self.cycle

    def overdue(self, now: float) -> str | None:
        """Which deadline is over, if any; called about once a second."""
        if self.transport.get_write_buffer_size() == 0:
            self._stalled_since = None
        elif self._stalled_since is None:
            self._stalled_since = now
        elif now - self._stalled_since > self._lines.bounds.write_s:
            return "not_reading"
        waited = now - self._waits_since
        if not self._busy and self._begun and waited > self._lines.bounds.head_s:
            return "no_request"
        return None

    def rank(self, now: float) -> tuple[int, float] | None:
        """How readily this one makes room for another, the highest first; None: not at all."""
        if self._stalled_since is not None and now - self._stalled_since > _STUCK_S:
            return 3, now - self._stalled_since
        if self._busy:
            return (2, now - self._waits_since) if self.piled else None
        return (1 if self._begun else 0), now - self._waits_since


def is_piled(scope: Mapping[str, Any]) -> bool:
    """Whether the connection of an ASGI request is `piled`; False for one of another server."""
    line = scope.get("state", {}).get(_IN_STATE)
    return isinstance(line, ClientConnection) and line.piled


class ListeningSocket:
    """Accepts the connections of one bound socket, until it is closed."""

    def __init__(
        self, bound: socket.socket, lines: ConnectionTable, make: Callable[[], ClientConnection]
    ) -> None:
        bound.setblocking(False)
        self._bound = bound
        self._lines = lines
        self._make = make
        self._task = asyncio.get_running_loop().create_task(self._accept())

    def close(self) -> None:
        """Accept no more."""
        self._task.cancel()

    async def wait_closed(self) -> None:
        """Wait for the end of that."""
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _accept(self) -> None:
        # asyncio's own server tries its whole backlog again when descriptors run out, and logs a
        # traceback each time.
        loop = asyncio.get_running_loop()
        joining: set[asyncio.Task[None]] = set()
        while True:
            for _ in range(_AT_ONCE):
                try:
                    connection, peer = await loop.sock_accept(self._bound)
                except OSError as error:
                    self._lines.count("accept_failed")
                    if error.errno in _EXHAUSTED:
                        for _ in range(_AT_ONCE):
                            self._lines.close_one()
                    await asyncio.sleep(_PAUSE_S)
                    continue
                address = str(peer[0]) if isinstance(peer, tuple) else "?"
                if self._lines.make_room(address):
                    # By itself the system holds megabytes for a client that does not read.
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _IN_SYSTEM)
                    task = loop.create_task(self._join(connection, address))
                    joining.add(task)
                    task.add_done_callback(joining.discard)
                else:
                    self._lines.count("refused")
                    connection.close()
            await asyncio.sleep(0)

    async def _join(self, connection: socket.socket, address: str) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(self._make, connection)
        except OSError:
            self._lines.count("accept_failed")
            self._lines.joined(address)
            connection.close()
