"""A small HTTP proxy before a marketplace that injects network faults.

Each fault is a function of one `Exchange`. The proxy takes the next fault from `plan` for every
request that `applies` to; without one the request passes. `seen` has the requests that
reached the marketplace, with their responses.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_HOP = {"connection", "date", "server", "transfer-encoding", "content-length", "keep-alive"}


@dataclass(frozen=True)
class Reply:
    """A response of the marketplace."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Exchange:
    """One request, and its possible treatments."""

    def __init__(self, handler: _Handler) -> None:
        self._handler = handler
        self.method = handler.command
        self.path = handler.path
        self.length = int(handler.headers.get("Content-Length") or 0)
        self._body: bytes | None = None

    @property
    def body(self) -> bytes:
        if self._body is None:
            self._body = self._handler.rfile.read(self.length)
        return self._body

    def header(self, name: str) -> str | None:
        return self._handler.headers.get(name)

    def read_some(self, size: int) -> None:
        self._handler.rfile.read(min(size, self.length))

    def forward(self) -> Reply:
        """Forward it to the marketplace."""
        proxy = self._handler.proxy
        connection = http.client.HTTPConnection("127.0.0.1", proxy.upstream_port, timeout=60)
        headers = {k: v for k, v in self._handler.headers.items() if k.lower() not in _HOP}
        with contextlib.closing(connection):
            connection.request(self.method, self.path, body=self.body or None, headers=headers)
            answer = connection.getresponse()
            data = answer.read()
        kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in _HOP]
        reply = Reply(answer.status, kept, data)
        sent = {name.lower(): value for name, value in headers.items()}
        proxy.seen.append(Seen(self.method, self.path, self.body, reply, sent))
        return reply

    def head(self, status: int, headers: list[tuple[str, str]], length: int | None) -> None:
        """Send status line and headers."""
        handler = self._handler
        handler.send_response_only(status)
        handler.send_header("Date", formatdate(handler.proxy.now_s(), usegmt=True))
        for name, value in headers:
            handler.send_header(name, value)
        if length is not None:
            handler.send_header("Content-Length", str(length))
        else:
            handler.send_header("Connection", "close")
            handler.close_connection = True
        handler.end_headers()

    def write(self, data: bytes) -> None:
        self._handler.wfile.write(data)

    def reply(self, reply: Reply) -> None:
        self.head(reply.status, reply.headers, len(reply.body))
        if self.method != "HEAD":
            self.write(reply.body)

    def answer(self, status: int, body: bytes = b"", kind: str = "", **headers: str) -> None:
        """Respond without the marketplace; the request's body is read first."""
        _ = self.body
        listed = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if kind:
            listed.append(("Content-Type", kind))
        self.reply(Reply(status, listed, body))

    def hang_up(self) -> None:
        """Close in the middle, in an orderly way."""
        self._handler.close_connection = True
        with contextlib.suppress(OSError):
            self._handler.connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Close in the middle by a reset."""
        linger = struct.pack("ii", 1, 0)
        with contextlib.suppress(OSError):
            self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._handler.close_connection = True
        self._handler.proxy.abandon(self._handler.connection)


Fault = Callable[[Exchange], None]


@dataclass(frozen=True)
class Seen:
    """One request that reached the marketplace, and its response."""

    method: str
    path: str
    body: bytes
    reply: Reply
    headers: dict[str, str]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FaultProxy

    @property
    def proxy(self) -> FaultProxy:
        return self.server

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Log nothing: tests read `seen`."""

    def do(self) -> None:
        exchange = Exchange(self)
        fault = self.proxy.next_fault(exchange)
        with contextlib.suppress(OSError, http.client.HTTPException):
            if fault is None:
                exchange.reply(exchange.forward())
            else:
                fault(exchange)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do  # noqa: N815 - the base's names


class FaultProxy(ThreadingHTTPServer):
    """Listens on a port of 127.0.0.1; `now_s` sets its Date header."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.upstream_port = 0
        self.now_s: Callable[[], float] = lambda: 0.0
        self.seen: deque[Seen] = deque()
        self.requests: deque[tuple[str, str]] = deque()
        self.plan: deque[Fault | None] = deque()
        self.always: Fault | None = None
        self.applies: Callable[[Exchange], bool] = lambda _: True
        self._lock = threading.Lock()

    def next_fault(self, exchange: Exchange) -> Fault | None:
        self.requests.append((exchange.method, exchange.path))
        with self._lock:
            if not self.applies(exchange):
                return None
            return self.plan.popleft() if self.plan else self.always

    def abandon(self, connection: socket.socket) -> None:
        """Close with a reset: the base class only shuts the connection down."""
        with contextlib.suppress(OSError):
            connection.close()

    def shutdown_request(self, request: Any) -> None:
        with contextlib.suppress(OSError):
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log nothing: broken connections are intended."""

    def puts(self, what: str) -> list[Seen]:
        """The writes of a kind that reached the marketplace."""
        return [s for s in self.seen if s.method == "PUT" and f"/v1/{what}/" in s.path]


@contextlib.contextmanager
def running(proxy: FaultProxy) -> Iterator[FaultProxy]:
    """Serve during the block."""
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join(30)


# The faults


def passes(exchange: Exchange) -> None:
    """No fault."""
    exchange.reply(exchange.forward())


def reset_at_once(exchange: Exchange) -> None:
    """The connection is reset before anything was read."""
    exchange.reset()


def reset_in_the_body(exchange: Exchange) -> None:
    """The connection is reset with half of the body read."""
    exchange.read_some(exchange.length // 2)
    exchange.reset()


def reply_lost(exchange: Exchange) -> None:
    """The marketplace has handled the request, but its response is lost."""
    exchange.forward()
    exchange.reset()


def hung_up(exchange: Exchange) -> None:
    """An orderly end instead of a response."""
    exchange.forward()
    exchange.hang_up()


def cut_short(exchange: Exchange) -> None:
    """Half of the response, then the end."""
    reply = exchange.forward()
    exchange.head(reply.status, reply.headers, max(2, len(reply.body)))
    exchange.write(reply.body[: len(reply.body) // 2])
    exchange.hang_up()


def cut_short_without_length(exchange: Exchange) -> None:
    """Half of a response without a length."""
    reply = exchange.forward()
    exchange.head(reply.status, reply.headers, None)
    exchange.write(reply.body[: len(reply.body) // 2])
    exchange.hang_up()


def trouble(status: int, **headers: str) -> Fault:
    """An error page of a server or a gateway."""

    def fault(exchange: Exchange) -> None:
        exchange.answer(status, b"<html><h1>Sorry</h1></html>", "text/html", **headers)

    return fault


def captive_portal(exchange: Exchange) -> None:
    """The network's own sign-in page."""
    exchange.answer(200, b"<!doctype html><title>Welcome to the train</title>", "text/html")


def redirected(place: str, status: int = 302) -> Fault:
    """A redirect; `{here}` is the same address again."""

    def fault(exchange: Exchange) -> None:
        exchange.answer(status, Location=place.replace("{here}", exchange.path))

    return fault


def huge(exchange: Exchange) -> None:
    """An endless response."""
    _ = exchange.body
    exchange.head(200, [("Content-Type", "application/json")], 1 << 40)
    while True:
        exchange.write(b"[" * 65_536)


def garbage(exchange: Exchange) -> None:
    """Something that is not HTTP."""
    _ = exchange.body
    exchange.write(b"\x00\x01\x02 nonsense\r\n\r\n")
    exchange.hang_up()


def not_json(exchange: Exchange) -> None:
    """The right content type with other contents."""
    exchange.answer(200, b'{"receipt": ', "application/json")


def other_shape(exchange: Exchange) -> None:
    """JSON with other contents."""
    exchange.answer(200, b'{"receipt": 7, "findings": "none"}', "application/json")


def mangled(change: Callable[[bytes], bytes]) -> Fault:
    """The marketplace's response with a changed body."""

    def fault(exchange: Exchange) -> None:
        reply = exchange.forward()
        exchange.reply(Reply(reply.status, reply.headers, change(reply.body)))

    return fault


def with_header(name: str, value: str) -> Fault:
    """The marketplace's response with another value of one header."""

    def fault(exchange: Exchange) -> None:
        reply = exchange.forward()
        headers = [
            (key, value if key.lower() == name.lower() else kept) for key, kept in reply.headers
        ]
        exchange.reply(Reply(reply.status, headers, reply.body))

    return fault


@dataclass
class Drip:
    """A response of one byte at a time, as long as the test lets it."""

    let: threading.Event = field(default_factory=threading.Event)

    def __call__(self, exchange: Exchange) -> None:
        _ = exchange.body
        exchange.head(200, [("Content-Type", "application/json")], 1 << 20)
        while not self.let.wait(0.01):
            exchange.write(b" ")
        exchange.hang_up()


@dataclass
class Silence:
    """No response, as long as the test lets it."""

    let: threading.Event = field(default_factory=threading.Event)

    def __call__(self, exchange: Exchange) -> None:
        _ = exchange.body
        self.let.wait(60)
        exchange.hang_up()


#: Faults that can meet any request.
NETWORK: tuple[Fault, ...] = (
    reset_at_once,
    reset_in_the_body,
    reply_lost,
    hung_up,
    cut_short,
    trouble(500),
    trouble(502),
    captive_portal,
    redirected("https://elsewhere.example/"),
    redirected("{here}"),
    garbage,
)
#: Faults of a response that has JSON.
JSON_ONLY: tuple[Fault, ...] = (huge, not_json, other_shape, cut_short_without_length)
