"""uvicorn on one loopback port, with limits of connections and a graceful shutdown.

`marketplace.http.listening_socket` accepts the connections, `marketplace.http.connections` watches
them. SIGTERM and SIGINT finish the running requests and end with status 0.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from marketplace.core.config import Config, ConfigError
from marketplace.core.i18n import tr
from marketplace.http.connections import (
    ClientConnection,
    ConnectionBounds,
    ConnectionStateMiddleware,
    ConnectionTable,
    raise_descriptor_limit,
)
from marketplace.http.listening_socket import ListeningSocket
from marketplace.http.services import Services
from system.files import write_private

#: Connections that wait in the system until they are accepted.
_BACKLOG = 1024
#: Seconds after which a thread that computes, like a check, lets the event loop go on.
_SWITCH_S = 0.0005
#: Seconds that running requests may take after SIGTERM.
GRACE_S = 2


class Server(uvicorn.Server):
    """uvicorn's server with the limits of `connections`; `on_ready` is called when it serves.

    Run it with bound sockets: `run(sockets=[…])`.
    """

    def __init__(
        self,
        app: FastAPI,
        config: Config,
        bounds: ConnectionBounds | None = None,
        on_ready: Callable[[], None] = lambda: None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        bounds = (bounds or ConnectionBounds()).within(raise_descriptor_limit())
        super().__init__(_settings(app, config, bounds))
        proxies = [ipaddress.ip_network(proxy) for proxy in config.proxies]

        def trusted(address: str) -> bool:
            with contextlib.suppress(ValueError):
                return any(ipaddress.ip_address(address) in proxy for proxy in proxies)
            return False

        self.connections = ConnectionTable(bounds, trusted, now_s)
        self._on_ready = on_ready
        self._watch: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, accept connections, then call `on_ready`."""
        await super().startup(sockets=[])

        def protocol(state: dict[str, Any]) -> asyncio.Protocol:
            return self.config.http_protocol_class(  # type: ignore[call-arg]
                config=self.config, server_state=self.server_state, app_state=state
            )

        def make() -> ClientConnection:
            return ClientConnection(self.connections, protocol, self.lifespan.state)

        self._watch = asyncio.get_running_loop().create_task(self.connections.watch())
        for bound in sockets or []:
            bound.listen(_BACKLOG)
            self.servers.append(ListeningSocket(bound, self.connections, make))  # type: ignore[arg-type]
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish the running requests, for at most GRACE_S."""
        await super().shutdown(sockets)
        if self._watch is not None:
            self._watch.cancel()


def listen(data_dir: Path, port: int) -> socket.socket:
    """A bound socket on 127.0.0.1.

    Port 0 selects the port of the last start, if it is free, otherwise a free one. The port is
    stored, so that links and clients find the marketplace again. ConfigError if `port` is taken.
    """
    memory = data_dir / "port"
    wanted = [port] if port else [_remembered(memory), 0]
    for candidate in wanted:
        if candidate is None:
            continue
        # asyncio disables Nagle's algorithm only for sockets with an explicit protocol; with it,
        # each response of a head and a body would wait 40 ms for an acknowledgement.
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(("127.0.0.1", candidate))
        except OSError as error:
            bound.close()
            if port and error.errno in (errno.EADDRINUSE, errno.EACCES):
                raise ConfigError(
                    tr(
                        "Port %(port)d is not free on this computer. Choose another one, or --port "
                        "0."
                    )
                    % {"port": port}
                ) from error
            continue
        write_private(memory, f"{bound.getsockname()[1]}\n".encode())
        return bound
    raise ConfigError(tr("No port of this computer is free."))


def _remembered(memory: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        port = int(memory.read_text("ascii"))
        return port if 1024 <= port <= 65_535 else None
    return None


def _settings(app: FastAPI, config: Config, bounds: ConnectionBounds) -> uvicorn.Config:
    return uvicorn.Config(
        ConnectionStateMiddleware(app),
        http="h11",
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # Without a trusted proxy, headers with a client's address are ignored.
        proxy_headers=bool(config.proxies),
        forwarded_allow_ips=list(config.proxies),
        timeout_keep_alive=bounds.idle_s,
        timeout_graceful_shutdown=GRACE_S,
    )


def serve(
    app: FastAPI, services: Services, bound: socket.socket, on_ready: Callable[[], None]
) -> None:
    """Serve until SIGTERM or SIGINT. `on_ready` is called when requests are answered."""
    server = Server(app, services.config, on_ready=on_ready)
    services.metrics.watch(lambda: len(server.connections), server.connections.closed)

    def end(*_: object) -> None:
        server.should_exit = True

    # uvicorn handles both signals while it serves and raises them again afterwards; these handlers
    # ignore the second time, so that the exit status is 0.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    sys.setswitchinterval(_SWITCH_S)
    server.run(sockets=[bound])
