"""HTTP between clients and a marketplace in one process, with the losses of a real network.

Requests pass through `requests`, the client's own transport, and the marketplace's whole ASGI
application. Only the sockets are left out, so that thousands of histories fit into minutes;
`tests/end2end` and `tests/uploader` use real ones.
"""

from __future__ import annotations

import contextlib
import io
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import httpx
import requests
from anyio.from_thread import BlockingPortal, start_blocking_portal
from requests.adapters import BaseAdapter
from starlette.types import ASGIApp
from urllib3.response import HTTPResponse

from uploader.transport import Limits, Times, Transport

BASE_URL = "http://127.0.0.1:8000"


class Loss(Enum):
    """What the network does to one request."""

    NONE = "none"
    REQUEST = "the request never arrives"
    REPLY = "the marketplace acts, and its reply is lost"
    BUSY = "something in between answers 503"


@dataclass
class Network:
    """Leads to one marketplace at a time. `losses` are taken one for each request."""

    marketplace: _Marketplace | None = None
    losses: deque[Loss] = field(default_factory=deque)

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        loss = self.losses.popleft() if self.losses else Loss.NONE
        if loss is Loss.REQUEST or self.marketplace is None:
            raise requests.ConnectionError("lost on the way")
        if loss is Loss.BUSY:
            return _response(request, 503, {"Content-Type": "text/plain"}, b"busy")
        body = request.body
        content = b"" if body is None else body if isinstance(body, bytes) else _read(body)
        answer = self.marketplace.ask(request, content)
        if loss is Loss.REPLY:
            raise requests.ConnectionError("the reply was lost")
        return _response(request, answer.status_code, answer.headers, answer.content)


@dataclass(frozen=True)
class _Marketplace:
    portal: BlockingPortal
    client: httpx.AsyncClient

    def ask(self, request: requests.PreparedRequest, content: bytes) -> httpx.Response:
        async def send() -> httpx.Response:
            headers = dict(request.headers)
            return await self.client.request(
                str(request.method), str(request.url), content=content, headers=headers
            )

        return self.portal.call(send)


@contextlib.contextmanager
def serving(network: Network, app: ASGIApp) -> Iterator[None]:
    """Let the network lead to `app` while the block lasts. The app's own tasks do not run."""
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    client = httpx.AsyncClient(transport=transport, base_url=BASE_URL, trust_env=False)
    with start_blocking_portal() as portal:
        network.marketplace = _Marketplace(portal, client)
        try:
            yield
        finally:
            network.marketplace = None
            portal.call(client.aclose)


class InProcessTransport(Transport):
    """The client's transport, whose sessions send through a `Network`."""

    def __init__(self, network: Network, times: Times) -> None:
        super().__init__(times, Limits(10, 10, 10))
        self._network = network

    def _session(self, url: str) -> requests.Session:
        session = super()._session(url)
        session.mount("http://", _Adapter(self._network))
        return session


class _Adapter(BaseAdapter):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        return self._network.send(request)

    def close(self) -> None:
        """Nothing is open."""


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
        body=io.BytesIO(body), headers=dict(headers), status=status, preload_content=False
    )
    return response
