"""The connections of a server: deadlines, limits, and which connection is closed at a limit.

Rules kept:
- A connection that sends no request, or does not read its response, is closed at a deadline. The
  deadlines of bodies are in `marketplace.http.middleware`.
- At a limit the connection that has been idle or stuck longest is closed for the new one. A
  connection whose request is being processed is never closed for another.
- Failed accepts and closed connections are counted and logged at a limited rate.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketplace.core import logging

_log = logging.get("marketplace.http.connections")
#: Descriptors reserved for the database, picture files and libraries.
_RESERVED = 256
#: An upload has a file open beside its connection.
_DESCRIPTORS_EACH = 2
_SWEEP_S = 1.0
#: Seconds without progress after which a connection is stuck.
_STUCK_S = 1.0
_LOG_EVERY_S = 10.0
_IN_STATE = "marketplace.client"
#: Buffered bytes of a response; the application continues once three quarters have been read.
_UNREAD = 32_768
#: Bytes of a body that uvicorn reads ahead of the application.
_READ_AHEAD = 65_536


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


class ClientConnection(asyncio.Protocol):
    """A connection with deadlines, in front of uvicorn's protocol; one of `connections`.

    `protocol` makes uvicorn's protocol with the given state of the application. This class passes
    every event of the transport on to it. `ConnectionStateMiddleware` reports the requests.
    """

    def __init__(
        self,
        connections: ConnectionTable,
        protocol: Callable[[dict[str, Any]], asyncio.Protocol],
        state: Mapping[str, Any],
    ) -> None:
        # Each request gets a copy of the state, and so finds its connection.
        self._http = protocol({**state, _IN_STATE: self})
        self._connections = connections
        self.transport: asyncio.Transport
        self.address = "?"
        self._waits_since: float = connections.now_s()
        """The time since which a request, or its first bytes, are awaited."""
        self._begun = True
        """Whether a head is awaited; False between two requests."""
        self._busy = False
        """Whether a request is being processed."""
        self._whole = False
        """Whether the body of the current request has arrived."""
        self._pipelined = False
        self._stalled_since: float | None = None
        """The time since which the peer reads too little; None without unsent bytes."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Register the connection."""
        self.transport = transport
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) else "?"
        self._connections.add(self)
        self._http.connection_made(transport)
        transport.set_write_buffer_limits(high=_UNREAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection."""
        self._connections.remove(self)
        self._http.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Note the beginning of a request."""
        if not self._busy and not self._begun:
            self._begun, self._waits_since = True, self._connections.now_s()
        self._http.data_received(data)
        if self._busy and self._whole and not self.transport.is_reading():
            self._pipelined = True

    def eof_received(self) -> bool | None:
        """The peer sends no more."""
        return self._http.eof_received()

    def pause_writing(self) -> None:
        """The peer has not read enough of a response."""
        self._http.pause_writing()

    def resume_writing(self) -> None:
        """Note that the peer reads."""
        self._stalled_since = None
        self._http.resume_writing()

    def begin_request(self, body: int | None) -> None:
        """Note that the application gets a request. `body` is its length, None if unknown."""
        # uvicorn stops reading at a further request, or at 64 KiB of a body.
        whole = body is not None and body <= _READ_AHEAD
        self._busy, self._whole = True, body == 0
        self._pipelined = whole and not self.transport.is_reading()

    def end_body(self) -> None:
        """Note that the body of the request has arrived."""
        self._whole = True

    def end_request(self) -> None:
        """Note the end of a response."""
        self._busy = self._pipelined = self._begun = False
        self._waits_since = self._connections.now_s()

    @property
    def pipelined(self) -> bool:
        """Whether further requests arrived before the response to the current one (RFC 9112 section
        9.3.2). Neither browsers nor HTTP libraries send such requests.
        """
        return self._pipelined

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
        waited = now - self._waits_since
        if self._busy:
            return (2, waited) if self._pipelined else None
        # The head of an honest request is here within a second, and may be complete already: the
        # application gets the request only in the next round of the event loop.
        return (1 if self._begun and waited > _STUCK_S else 0), waited


class ConnectionStateMiddleware:
    """ASGI middleware: reports the beginning and the end of each request to its connection."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        client = _client_of(scope)
        if client is None:
            await self._app(scope, receive, send)
            return

        running = True

        async def receive_and_report() -> Message:
            message = await receive()
            if running and not message.get("more_body", False):
                client.end_body()
            return message

        async def send_and_report(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                end()

        def end() -> None:
            # The next request of the connection may run while the application finishes this one.
            nonlocal running
            if running:
                running = False
                client.end_request()

        client.begin_request(_body_length(scope))
        try:
            await self._app(scope, receive_and_report, send_and_report)
        finally:
            end()


def is_pipelined(scope: Mapping[str, Any]) -> bool:
    """Whether the connection of an ASGI request is `pipelined`; False with another server."""
    client = _client_of(scope)
    return client is not None and client.pipelined


def _client_of(scope: Mapping[str, Any]) -> ClientConnection | None:
    client = scope.get("state", {}).get(_IN_STATE)
    return client if isinstance(client, ClientConnection) else None


def _body_length(scope: Scope) -> int | None:
    headers = Headers(scope=scope)
    if "transfer-encoding" in headers:
        return None
    length = headers.get("content-length", "0")
    return int(length) if re.fullmatch("[0-9]{1,19}", length) else None
