"""Receivers of webhooks on loopback, over TLS: honest ones and hostile ones."""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from marketplace.contracts.queries import Contract
from marketplace.core.webhook_settings import WebhookSettings
from marketplace.webhooks.endpoints import WebhookEndpoint
from marketplace.webhooks.events import EVENTS
from marketplace.webhooks.sender import WebhookSender
from tests.marketplace.certificates import make_certificate
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace

#: The host of the receivers' certificate.
NAME = "hooks.example"
#: The only network that the tests permit beside public ones; 127.0.0.2 is an internal service.
ALLOWED, INTERNAL = "127.0.0.1", "127.0.0.2"


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    """A server with TLS; it answers with `statuses`, one for each request, then with 204."""

    address: str
    certificate: tuple[Path, Path]
    requests: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    location: str = ""
    port: int = 0

    @contextlib.contextmanager
    def serving(self) -> Iterator[Receiver]:
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", "0"))
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(length).decode()
                receiver.requests.append(Received(self.path, headers, body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
                if receiver.location:
                    self.send_header("location", receiver.location)
                self.end_headers()

            do_GET = do_POST  # noqa: N815 - a followed redirect would be a GET

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing."""

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """The sender closes refused connections."""

        server = Server((self.address, 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join(30)
            server.server_close()


@pytest.fixture(scope="session")
def hooks_certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("hooks"), NAME)


@pytest.fixture
def receiver(hooks_certificate: tuple[Path, Path]) -> Iterator[Receiver]:
    with Receiver(ALLOWED, hooks_certificate).serving() as running:
        yield running


@pytest.fixture
def internal(hooks_certificate: tuple[Path, Path]) -> Iterator[Receiver]:
    """A service inside the operator's network, to which no webhook may go."""
    with Receiver(INTERNAL, hooks_certificate).serving() as running:
        yield running


@pytest.fixture
def hostile(
    hooks_certificate: tuple[Path, Path],
) -> Iterator[Callable[[Callable[[ssl.SSLSocket, threading.Event], None]], int]]:
    """Run servers that answer each connection with a function, until the test ends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*hooks_certificate)
    ended = threading.Event()
    with contextlib.ExitStack() as stack:

        def start(answer: Callable[[ssl.SSLSocket, threading.Event], None]) -> int:
            listening = stack.enter_context(socket.create_server((ALLOWED, 0)))

            def serve() -> None:
                while not ended.is_set():
                    try:
                        plain, _ = listening.accept()
                    except OSError:
                        return
                    with (
                        contextlib.suppress(OSError),
                        plain,
                        context.wrap_socket(plain, server_side=True) as connection,
                    ):
                        answer(connection, ended)

            thread = threading.Thread(target=serve)
            thread.start()

            def stop() -> None:
                ended.set()
                listening.shutdown(socket.SHUT_RDWR)
                thread.join(30)

            stack.callback(stop)
            return int(listening.getsockname()[1])

        yield start


@pytest.fixture
def settings(hooks_certificate: tuple[Path, Path]) -> WebhookSettings:
    return WebhookSettings((f"{ALLOWED}/32",), hooks_certificate[0])


@pytest.fixture
def market(tmp_path: Path, settings: WebhookSettings) -> Iterator[LiveMarketplace]:
    with live_marketplace(tmp_path / "data", webhooks=settings) as running:
        yield running


@pytest.fixture
def contract(market: LiveMarketplace) -> Contract:
    made = market.contract()
    market.deps.credentials.set_address(made.client, "acme@example.org")
    return made


def register(
    market: LiveMarketplace, sub: str, url: str, events: tuple[str, ...] = EVENTS
) -> tuple[WebhookEndpoint, str]:
    return market.deps.endpoints.create(market.account(sub), sub, url, events)


class Names:
    """A name server; `answers` are the addresses of one look-up each, the last one for all later
    ones.
    """

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers) or [(ALLOWED,)]
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> tuple[str, ...]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def send(market: LiveMarketplace, settings: WebhookSettings, names: Names | None = None) -> int:
    """Send what is due."""
    deps = market.deps
    sender = WebhookSender(deps.store, deps.clock, settings, names or Names())
    return asyncio.run(sender.run_once())


def later(market: LiveMarketplace, seconds: float) -> None:
    market.clock.to(market.clock.ms / 1000 + seconds)
