"""Servers that send a byte now and then, in every phase of a request: the deadline ends each.

Every server finally sends a valid response, so that a request without a total deadline would
succeed, late.
"""

from __future__ import annotations

import contextlib
import gc
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest

from tests.uploader.api.test_transport import _certificate
from uploader.api.transport import Limits, ServerClockObserver, Transport
from uploader.api.watchdog import Watchdog
from uploader.errors import NetworkError, Problem

#: Real seconds for a whole request, and the total of a slow response.
WHOLE_S, PIECE_S, PIECES = 0.4, 0.02, 300
GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Drips:
    """A server that reads a request's head and then runs `what` with its connection."""

    def __init__(self, what: Callable[[Drips, socket.socket], None], *, head: bool = True) -> None:
        self.what, self.head = what, head
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.threads: list[threading.Thread] = []
        self.requests = 0

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(30)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args)
        self.threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._start(self._serve, self.listener.accept()[0])

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(30)
            if self.head:
                self.read_head(connection)
            self.requests += 1
            self.what(self, connection)

    def read_head(self, connection: socket.socket) -> None:
        """The request's head, byte by byte, so that its body stays in the socket."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += connection.recv(1) or b"\r\n\r\n"

    def drip(self, connection: socket.socket, data: bytes) -> None:
        """Some bytes at a time, in `PIECES` pieces."""
        size = max(1, len(data) // PIECES)
        for start in range(0, len(data), size):
            if self.over.wait(PIECE_S):
                return
            connection.sendall(data[start : start + size])

    def repeat(self, connection: socket.socket, piece: bytes) -> None:
        """The same piece repeatedly."""
        self.drip(connection, piece * PIECES)


def ends(drips: Drips, connection: socket.socket) -> None:
    connection.sendall(GOOD)


def head_drips(drips: Drips, connection: socket.socket) -> None:
    drips.drip(connection, HEAD + b"X-Long: " + b"x" * PIECES + b"\r\nContent-Length: 2\r\n\r\n{}")


def continues(drips: Drips, connection: socket.socket) -> None:
    drips.repeat(connection, b"HTTP/1.1 100 Continue\r\n\r\n")
    connection.sendall(GOOD)


def continues_with_headers(drips: Drips, connection: socket.socket) -> None:
    drips.repeat(connection, b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n")
    connection.sendall(GOOD)


def body_drips(drips: Drips, connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 600\r\n\r\n")
    drips.drip(connection, b"{" + b" " * 598 + b"}")


def body_drips_to_the_end(drips: Drips, connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Connection: close\r\n\r\n")
    drips.drip(connection, b"{" + b" " * 598 + b"}")


def chunks_drip(drips: Drips, connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    drips.repeat(connection, b"1\r\n \r\n")
    connection.sendall(b"2\r\n{}\r\n0\r\n\r\n")


def trailers_go_on(drips: Drips, connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")
    drips.repeat(connection, b"X: y\r\n")
    connection.sendall(b"\r\n")


def redirect_drips(drips: Drips, connection: socket.socket) -> None:
    drips.drip(connection, b"HTTP/1.1 302 Found\r\nX: " + b"x" * PIECES + b"\r\n\r\n")


def reads_slowly(drips: Drips, connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    for _ in range(PIECES):
        if drips.over.wait(PIECE_S):
            return
        connection.recv(4096)
    left = BODY - PIECES * 4096
    while left > 0 and (data := connection.recv(1 << 20)):
        left -= len(data)
    connection.sendall(GOOD)


#: More than the sockets of both sides buffer, so that the sender has to wait.
BODY = 24 << 20


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@contextlib.contextmanager
def line(whole_s: float = WHOLE_S) -> Iterator[Transport]:
    limits = Limits(30, 30, whole_s, slowest_bytes_s=1 << 30)
    transport = Transport(ServerClockObserver(uptime_ms=lambda: 0), limits)
    try:
        yield transport
    finally:
        transport.close()
        with warnings.catch_warnings():
            # An interrupted TLS handshake leaves its socket to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


def problem(transport: Transport, url: str, body: bytes | None = None) -> Problem:
    with pytest.raises(NetworkError) as caught:
        transport.send("GET" if body is None else "PUT", url, body=body)
    return caught.value.code


@pytest.mark.parametrize(
    ("what", "body"),
    [
        (head_drips, None),
        (continues, None),
        (continues_with_headers, None),
        (body_drips, None),
        (body_drips_to_the_end, None),
        (chunks_drip, None),
        (trailers_go_on, None),
        (redirect_drips, None),
        (reads_slowly, bytes(BODY)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_phase_of_a_request_ends_at_the_deadline(
    what: Callable[[Drips, socket.socket], None], body: bytes | None
) -> None:
    with Drips(what) as server, line() as transport:
        assert problem(transport, f"http://127.0.0.1:{server.port}/", body) is Problem.TIMEOUT


@pytest.mark.parametrize("what", [head_drips, continues, trailers_go_on])
def test_a_connection_that_is_used_again_is_guarded_too(
    what: Callable[[Drips, socket.socket], None],
) -> None:
    def first_well(drips: Drips, connection: socket.socket) -> None:
        ends(drips, connection)
        drips.read_head(connection)
        drips.requests += 1
        what(drips, connection)

    # Long enough for the first response on a busy machine.
    with Drips(first_well) as server, line(4) as transport:
        url = f"http://127.0.0.1:{server.port}/"
        assert transport.send("GET", url).body == b"{}"
        assert problem(transport, url) is Problem.TIMEOUT
        assert server.requests == 2


def test_a_tls_handshake_that_drips_ends_at_the_deadline() -> None:
    def drips_in_the_handshake(drips: Drips, connection: socket.socket) -> None:
        # The head of a record of 16,384 bytes, which arrive one by one.
        drips.drip(connection, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc" + bytes(PIECES))

    with Drips(drips_in_the_handshake, head=False) as server, line() as transport:
        assert problem(transport, f"https://127.0.0.1:{server.port}/") is Problem.TIMEOUT


def test_a_response_that_drips_within_tls_ends_at_the_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = _certificate(tmp_path, "marketplace")
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    def within(drips: Drips, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inner:
            drips.read_head(inner)
            head_drips(drips, inner)

    with Drips(within, head=False) as server, line() as transport:
        assert problem(transport, f"https://127.0.0.1:{server.port}/") is Problem.TIMEOUT


def test_a_proxy_that_drips_meets_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers_connect(drips: Drips, connection: socket.socket) -> None:
        drips.drip(connection, b"HTTP/1.1 200 Go on\r\nX: " + b"x" * PIECES + b"\r\n\r\n")

    # Long enough to reach the proxy on a busy machine.
    with Drips(answers_connect) as proxy, line(4) as transport:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        assert problem(transport, "https://market.example/") is Problem.TIMEOUT
        assert proxy.requests == 1


def test_a_name_server_that_does_not_answer_meets_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = threading.Event()

    def never(*_: object, **__: object) -> None:
        asked.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "late")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    with line() as transport:
        assert problem(transport, "https://market.example/") in {Problem.TIMEOUT, Problem.OFFLINE}
    asked.set()


def test_what_is_in_time_is_not_touched() -> None:
    def answers_each(drips: Drips, connection: socket.socket) -> None:
        # Ends with an error once the client has closed the connection.
        while True:
            ends(drips, connection)
            drips.read_head(connection)

    with Drips(answers_each) as server, line(30) as transport:
        for _ in range(5):
            assert transport.send("GET", f"http://127.0.0.1:{server.port}/").body == b"{}"


def test_a_finished_watchdog_shuts_nothing() -> None:
    one, other = socket.socketpair()
    with one, other:
        with Watchdog(30) as dog:
            dog.guard(one)
        one.sendall(b"still there")
        assert other.recv(20) == b"still there"
        assert not dog.expired
