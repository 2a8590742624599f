"""HTTP between clients and a marketplace in one process, with simulated network losses.

Requests pass through `requests`, the client's own transport, and the marketplace's complete ASGI
application. Only sockets and worker threads are left out, so that thousands of histories take
minutes and a history is reproducible; `tests/end2end` and `tests/uploader` use both.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from unittest import mock

import httpx
import requests
from requests.adapters import BaseAdapter
from starlette.types import ASGIApp
from urllib3.response import HTTPResponse

from uploader.api.transport import MAX_JSON, Limits, Response, ServerClockObserver, Transport

BASE_URL = "http://127.0.0.1:8000"


class Loss(Enum):
    """The effect of the network on one request."""

    NONE = "none"
    REQUEST = "the request never arrives"
    REPLY = "the marketplace acts, and its reply is lost"
    BUSY = "something in between answers 503"


#: The route of deletions, and the route of access tokens.
_DELETIONS, _TOKENS = "/v1/tombstones", "/oauth/token"


@dataclass
class Network:
    """Connects to one marketplace at a time. Each request takes one of `losses`.

    `settle` waits for the marketplace's checks after each request, so that a history does not
    depend on threads. `payable` returns the seconds that the marketplace pays; `rises` lists the
    deletions after which it pays more than before. `changes` counts requests that changed the
    marketplace.
    """

    marketplace: _Marketplace | None = None
    losses: deque[Loss] = field(default_factory=deque)
    met: Counter[Loss] = field(default_factory=Counter)
    settle: Callable[[], None] = lambda: None
    payable: Callable[[], int] = lambda: 0
    rises: list[str] = field(default_factory=list)
    changes: int = 0

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        loss = self.losses.popleft() if self.losses else Loss.NONE
        self.met[loss] += 1
        if loss is Loss.REQUEST or self.marketplace is None:
            raise requests.ConnectionError("lost on the way")
        if loss is Loss.BUSY:
            return _response(request, 503, {"Content-Type": "text/plain"}, b"busy")
        answer = self._ask(self.marketplace, request)
        if loss is Loss.REPLY:
            raise requests.ConnectionError("the reply was lost")
        return _response(request, answer.status_code, answer.headers, answer.content)

    def _ask(self, marketplace: _Marketplace, request: requests.PreparedRequest) -> httpx.Response:
        body = request.body
        content = b"" if body is None else body if isinstance(body, bytes) else _read(body)
        deletes = request.path_url == _DELETIONS
        before = self.payable() if deletes else 0
        answer = marketplace.ask(request, content)
        self.settle()
        if deletes and (after := self.payable()) > before:
            self.rises.append(f"a deletion raised the payable seconds from {before} to {after}")
        changing = request.method in {"POST", "PUT"} and request.path_url != _TOKENS
        self.changes += changing and answer.is_success
        return answer


@dataclass(frozen=True)
class _Marketplace:
    loop: asyncio.AbstractEventLoop
    transport: httpx.ASGITransport

    def ask(self, request: requests.PreparedRequest, content: bytes) -> httpx.Response:
        sent = httpx.Request(
            str(request.method), str(request.url), headers=dict(request.headers), content=content
        )

        async def send() -> httpx.Response:
            response = await self.transport.handle_async_request(sent)
            await response.aread()
            return response

        return self.loop.run_until_complete(send())


async def _on_this_thread(work: Callable[..., Any], *args: Any, **_: Any) -> Any:
    return work(*args)


@contextlib.contextmanager
def serving(network: Network, app: ASGIApp) -> Iterator[None]:
    """Connect the network to `app` during the block. The app's background tasks do not run, and its
    routes run on the caller's thread.
    """
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    with (
        contextlib.closing(asyncio.new_event_loop()) as loop,
        mock.patch("anyio.to_thread.run_sync", _on_this_thread),
    ):
        network.marketplace = _Marketplace(loop, transport)
        try:
            yield
        finally:
            network.marketplace = None


class InProcessTransport(Transport):
    """The client's transport, whose sessions send through a `Network`."""

    def __init__(self, network: Network, times: ServerClockObserver) -> None:
        super().__init__(times, Limits(10, 10, 10))
        self._network = network

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        longest: int = MAX_JSON,
    ) -> Response:
        """Send without a watchdog, whose deadline is in real time and needs a socket."""
        return self._send(method, url, headers or {}, body, longest, {})

    def _session(self) -> requests.Session:
        session = super()._session()
        session.mount("http://", _Adapter(self._network))
        return session


class _Adapter(BaseAdapter):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        return self._network.send(request)

    def close(self) -> None:
        """Do nothing."""


def _read(body: Any) -> bytes:
    data: bytes = body if isinstance(body, bytes) else body.read()
    return data


def _response(
    request: requests.PreparedRequest, status: int, headers: Mapping[str, str], body: bytes
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers)
    response.request = request
    response.url = str(request.url)
    response.raw = HTTPResponse(
        body=io.BytesIO(body),
        headers=dict(headers),
        status=status,
        preload_content=False,
        # The response to HEAD has the length of a body that it does not have.
        request_method=request.method,
    )
    return response
