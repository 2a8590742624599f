"""ASGI middleware: request limits, response headers, metrics, access log.

uvicorn limits neither the size of a body nor its time of arrival; this middleware does, depending
on the path. It reads a body before the request gets its turn, so that a slow body delays no other
request; only a route for pictures reads its body as a stream. A body over a limit gets a problem
response, whatever the route makes of the broken stream.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketplace.core import logging
from marketplace.core.client_address import address_of
from marketplace.core.config import MAX_BATCH, MAX_BLOB
from marketplace.core.problems import ProblemError
from marketplace.http.browser_security import SECURITY_HEADERS
from marketplace.http.connections import is_pipelined
from marketplace.http.fair_queue import FairQueue
from marketplace.http.services import Services

_log = logging.get("marketplace.http")
_DRAIN_BYTES = 8 * 1024 * 1024
_DRAIN_S = 2.0
_PIECE = 32_768
_LOCAL = {"127.0.0.1", "localhost"}
_FOR_LOCAL = ("/healthz", "/readyz", "/metrics", "/admin/")


@dataclass(frozen=True)
class RequestLimits:
    """Limits of one request: bytes, real seconds, number of header lines."""

    body: int = 131_072
    batch: int = MAX_BATCH
    blob: int = MAX_BLOB
    body_s: float = 20.0
    blob_s: float = 120.0
    headers: int = 64
    header_bytes: int = 32_768


class RequestLimitsMiddleware:
    """The outermost ASGI middleware."""

    def __init__(
        self, app: ASGIApp, services: Callable[[], Services], limits: RequestLimits | None = None
    ) -> None:
        self._app = app
        self._deps = services
        self._limits = limits or RequestLimits()
        self._turns = FairQueue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        services = self._deps()
        exchange = _Exchange(scope, receive, send, self._limits, services, self._turns)
        begin = time.monotonic()
        try:
            await exchange.run(self._app)
        finally:
            route = getattr(scope.get("route"), "path", None) or "other"
            seconds = time.monotonic() - begin
            services.metrics.requests.labels(
                scope["method"][:16], route, str(exchange.status)
            ).inc()
            services.metrics.duration.labels(route).observe(seconds)
            _log.info(
                "request",
                method=scope["method"][:16],
                route=route,
                status=exchange.status,
                ms=round(seconds * 1000, 1),
            )


class _Exchange:
    """One request and its response."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        limits: RequestLimits,
        services: Services,
        turns: FairQueue,
    ) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._clock = services.clock
        self._config = services.config
        self._headers = limits
        self._turns = turns
        self._address = address_of(scope)
        self._has_turn = False
        self._streams = scope["path"].startswith("/v1/blobs/") and scope["method"] == "PUT"
        if self._streams:
            self._limit = limits.blob
        else:
            self._limit = limits.batch if scope["path"] == "/v1/segments" else limits.body
        seconds = limits.blob_s if self._streams else limits.body_s
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._size = 0
        self._ended = False
        self._body: Message | None = None
        self._problem: ProblemError | None = None
        #: 499: the client disconnected before the response.
        self.status = 499

    async def run(self, app: ASGIApp) -> None:
        problem = self._check_head()
        if problem is None:
            try:
                with contextlib.suppress(_BrokenBody, ClientDisconnect):
                    if not self._streams:
                        await self._read()
                    await self._turns.take(self._address, pipelined=is_pipelined(self._scope))
                    self._has_turn = True
                    await app(self._scope, self._guarded_receive, self._guarded_send)
                problem = self._problem
            except asyncio.CancelledError:
                # uvicorn ends, and cancels the requests that take longer than its grace.
                if self.status != 499:
                    raise
                problem = _closing("stopping", headers={"Retry-After": "5"})
            except Exception:  # noqa: BLE001 - the outermost handler
                # A defect. Its text stays in the log: it may quote the request.
                _log.exception("defect")
                problem = _closing("defect")
            finally:
                self._end_turn()
        if problem is not None and self.status == 499:
            if problem.status == 413:
                await self._drain()
            await problem.response()(self._scope, self._receive, self._answer)

    def _end_turn(self) -> None:
        """Start the next request: from here on this one waits for its client."""
        if self._has_turn:
            self._has_turn = False
            self._turns.give(self._address)

    async def _read(self) -> None:
        """Read the whole, short body."""
        pieces = []
        while not self._ended:
            message = await self._receive_in_time()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            pieces.append(message.get("body", b""))
        self._body = {"type": "http.request", "body": b"".join(pieces), "more_body": False}

    def _check_head(self) -> ProblemError | None:
        raw = self._scope["headers"]
        too_long = sum(len(name) + len(value) for name, value in raw) > self._headers.header_bytes
        if len(raw) > self._headers.headers or too_long:
            return _closing("headers_too_large")
        if not self._is_for_us():
            return _closing(
                "host_unknown",
                f"This marketplace is at {self._config.base_url}. Open it there.",
            )
        length = Headers(scope=self._scope).get("content-length", "0")
        if length.isdigit() and int(length[:20]) > self._limit:
            return self._too_large()
        return None

    def _is_for_us(self) -> bool:
        """Whether the request names the host of our base URL.

        Other names are refused, since a foreign site could point its name here (DNS rebinding).
        Programs on this computer may use its loopback address for the operator's routes.
        """
        host = Headers(scope=self._scope).get("host", "").lower()
        default = ":443" if self._config.secure else ":80"
        if host.removesuffix(default) == self._config.host.removesuffix(default):
            return True
        name = host.rpartition(":")[0] or host
        return name in _LOCAL and self._scope["path"].startswith(_FOR_LOCAL)

    async def _drain(self) -> None:
        """Read the rest of a body, within limits, so that the client reads the response.

        Closing a connection with unread bytes resets it, and the client would not get the response.
        """
        rest = _DRAIN_BYTES
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_S):
                while not self._ended and rest > 0:
                    message = await self._receive()
                    rest -= len(message.get("body", b""))
                    self._ended = not message.get("more_body", False)

    def _too_large(self) -> ProblemError:
        return _closing("too_large", f"The body may have at most {self._limit} bytes.")

    async def _guarded_receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return body
        self._end_turn()
        return await self._receive_in_time()

    async def _receive_in_time(self) -> Message:
        if self._problem is not None:
            raise _BrokenBody
        if self._ended:
            # Only a disconnect can follow, and a long response may wait for it.
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            self._problem = _closing("too_slow")
            raise _BrokenBody from None
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            self._ended = not message.get("more_body", False)
            if self._size > self._limit:
                self._problem = self._too_large()
                raise _BrokenBody
        return message

    async def _guarded_send(self, message: Message) -> None:
        # The problem of the limit replaces the route's response to a broken body.
        if self._problem is None or self.status != 499:
            await self._answer(message)

    async def _answer(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._end_turn()
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["workdiary-time"] = str(self._clock.wall_ms())
            headers.setdefault("cache-control", "no-store")
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        body = message.get("body", b"")
        if len(body) <= _PIECE:
            await self._send(message)
            return
        # In pieces: otherwise each client that does not read would hold a copy of the whole body.
        for at in range(0, len(body), _PIECE):
            rest = at + _PIECE < len(body)
            more = rest or message.get("more_body", False)
            await self._send({**message, "body": body[at : at + _PIECE], "more_body": more})


class _BrokenBody(Exception):  # noqa: N818 - internal control flow
    """The body exceeded a limit; the exchange has the problem."""


def _closing(code: str, detail: str = "", headers: Mapping[str, str] | None = None) -> ProblemError:
    # The rest of the body is still on its way and would be read as the next request.
    return ProblemError(code, detail, headers={"Connection": "close", **(headers or {})})
