"""Receives the response of a sign-in in the browser on a loopback address (RFC 8252 section 7.3).

Rules kept: the port is random and only 127.0.0.1 can reach it; one response ends the wait, and only
one whose `state` and `iss` are those of this sign-in. Other programs and pages of this computer can
connect too: each other request gets an error and changes nothing. Requests have a deadline and a
longest head; of too many connections the oldest is closed, so that a request that arrives at once
is read before a flood can displace it.
"""

from __future__ import annotations

import html
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from http import HTTPStatus
from typing import Self
from urllib.parse import parse_qsl

import h11

from uploader.errors import Problem, SignInError

HOST = "127.0.0.1"
PATH = "/callback"
#: Seconds for one request to arrive.
REQUEST_S = 5.0
#: Room for the cookies that a browser has for other programs at this address.
MAX_HEAD = 65_536
MAX_CONNECTIONS = 128
_MAX_FIELDS = 16
_MAX_CODE = 2048
#: Connections accepted between two rounds of reading; a new one lasts for many rounds.
_ACCEPTS = 4
_PIECE = 16_384
_HEADERS = [
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    ),
]


@dataclass(frozen=True)
class AuthorizationResponse:
    """The accepted response: a code, or the server's `error`."""

    code: str = field(repr=False)
    error: str


@dataclass(frozen=True)
class ResultPage:
    """The page that the browser shows after the response."""

    title: str = "Workdiary"
    text: str = "Return to Workdiary. You can close this page."


@dataclass
class _Connection:
    deadline: float
    http: h11.Connection = field(
        default_factory=lambda: h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
    )
    begun: bool = False
    #: The response to HEAD has no body.
    headers_only: bool = False
    answered: bool = False


class LoopbackListener:
    """Listens until its block ends. `wait` runs in one thread; `cancel` may be called from any."""

    def __init__(
        self,
        *,
        state: str,
        issuer: str,
        page: ResultPage | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises SignInError(SIGN_IN_NO_PORT) if this computer opens no port."""
        self._state = state
        self._issuer = issuer
        self._page = page or ResultPage()
        self._monotonic = monotonic
        try:
            self._socket = socket.create_server((HOST, 0), backlog=128)
        except OSError as error:
            raise SignInError(Problem.SIGN_IN_NO_PORT, error.strerror or "") from error
        self._socket.setblocking(False)
        self._wake, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._selector.register(self._wake, selectors.EVENT_READ)
        # In order of arrival.
        self._connections: dict[socket.socket, _Connection] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in list(self._connections):
            self._drop(connection)
        self._selector.close()
        for each in (self._socket, self._wake, self._waker):
            each.close()

    @property
    def authority(self) -> str:
        """Address and port."""
        return f"{HOST}:{self._socket.getsockname()[1]}"

    @property
    def redirect_uri(self) -> str:
        """The address to which the browser is redirected."""
        return f"http://{self.authority}{PATH}"

    def cancel(self) -> None:
        """End `wait` with SIGN_IN_CANCELLED, also one that has not begun."""
        try:
            self._waker.send(b"x")
        except OSError:
            # The block has ended, or many calls have filled the pipe.
            return

    def wait(self, timeout_s: float) -> AuthorizationResponse:
        """The response. Raises SignInError: SIGN_IN_TIMED_OUT or SIGN_IN_CANCELLED."""
        end = self._monotonic() + timeout_s
        while True:
            now = self._monotonic()
            if now >= end:
                raise SignInError(Problem.SIGN_IN_TIMED_OUT)
            self._expire(now)
            deadlines = [each.deadline for each in self._connections.values()]
            pause = max(0.0, min([end, *deadlines]) - now)
            ready = [key.fileobj for key, _ in self._selector.select(pause)]
            if self._wake in ready:
                raise SignInError(Problem.SIGN_IN_CANCELLED)
            # Reading comes first: accepting may close the oldest connection.
            for connection in [each for each in self._connections if each in ready]:
                response = self._read(connection)
                if response is not None:
                    return response
            if self._socket in ready:
                self._accept()

    def _accept(self) -> None:
        for _ in range(_ACCEPTS):
            try:
                connection, _address = self._socket.accept()
            except OSError:
                # None is left, it was closed again, or this process has no descriptor for it.
                return
            if len(self._connections) >= MAX_CONNECTIONS:
                self._drop(next(iter(self._connections)))
            connection.setblocking(False)
            self._connections[connection] = _Connection(self._monotonic() + REQUEST_S)
            self._selector.register(connection, selectors.EVENT_READ)

    def _expire(self, now: float) -> None:
        for connection, state in list(self._connections.items()):
            if state.deadline <= now:
                if not state.answered and state.begun:
                    self._send(connection, 408)
                self._drop(connection)

    def _drop(self, connection: socket.socket) -> None:
        del self._connections[connection]
        self._selector.unregister(connection)
        connection.close()

    def _read(self, connection: socket.socket) -> AuthorizationResponse | None:
        state = self._connections[connection]
        try:
            data = connection.recv(_PIECE)
        except BlockingIOError:
            return None
        except OSError:
            data = b""
        if not data:
            self._drop(connection)
            return None
        if state.answered:
            # Read on, so that closing does not reset the connection before the error is read.
            return None
        state.begun = True
        try:
            state.http.receive_data(data)
            event = state.http.next_event()
        except h11.RemoteProtocolError as error:
            result: int | AuthorizationResponse = error.error_status_hint
        else:
            if not isinstance(event, h11.Request):
                return None
            state.headers_only = event.method == b"HEAD"
            result = self._judge(event)
        if isinstance(result, AuthorizationResponse):
            self._send(connection, 200)
            return result
        self._send(connection, result)
        state.answered = True
        return None

    def _judge(self, request: h11.Request) -> int | AuthorizationResponse:
        """The response in a request, or the status that refuses the request."""
        if request.http_version not in (b"1.0", b"1.1"):
            return 505
        # A page whose name resolves to this address (DNS rebinding) sends another Host.
        hosts = [value for name, value in request.headers if name == b"host"]
        if hosts != [self.authority.encode()]:
            return 421
        path, _, query = request.target.decode("ascii").partition("?")
        if path != PATH:
            return 404
        if request.method != b"GET":
            return 405
        try:
            pairs = parse_qsl(
                query, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS
            )
        except ValueError:
            return 400
        return self._response(pairs)

    def _response(self, pairs: list[tuple[str, str]]) -> int | AuthorizationResponse:
        values = dict(pairs)
        if len(values) != len(pairs):
            return 400
        # Constant time: another program of this computer could measure how far its guess is right.
        if not _same(values.get("state", ""), self._state):
            return 400
        if not _same(values.get("iss", ""), self._issuer):
            return 400
        code, error = values.get("code", ""), values.get("error", "")
        if bool(code) == bool(error) or len(code) > _MAX_CODE:
            return 400
        return AuthorizationResponse(code, error[:80])

    def _send(self, connection: socket.socket, status: int) -> None:
        reason = HTTPStatus(status).phrase
        body = self._html().encode() if status == 200 else f"{reason}\n".encode()
        state = self._connections[connection]
        head = h11.Response(
            status_code=status,
            reason=reason.encode(),
            headers=[
                ("Content-Type", f"text/{'html' if status == 200 else 'plain'}; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
                *_HEADERS,
            ],
        )
        data = h11.Data(data=b"" if state.headers_only else body)
        sent = [state.http.send(event) for event in (head, data, h11.EndOfMessage())]
        try:
            # Far below the size of a new connection's buffer.
            connection.send(b"".join(part for part in sent if part))
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            # The program at the other end has gone.
            return

    def _html(self) -> str:
        title, text = html.escape(self._page.title), html.escape(self._page.text)
        return (
            '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
            f"<title>{title}</title>"
            "<style>body{font:15px/1.5 system-ui,sans-serif;margin:15vh auto;max-width:30em;"
            "padding:0 16px}h1{font-size:20px}</style>"
            f'<h1 dir="auto">{title}</h1><p dir="auto">{text}</p>'
        )


def _same(given: str, expected: str) -> bool:
    return compare_digest(given.encode(), expected.encode())
