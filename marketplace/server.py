"""uvicorn on one loopback port, with the bounds that it lacks and an orderly end.

uvicorn waits for ever for the head of a request; a connection that has not sent one within
HEAD_S is closed here. SIGTERM and SIGINT finish the requests under way and end with status 0.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import cast

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from marketplace.config import ConfigError, write_private

HEAD_S = 30.0
#: How long an idle connection is kept for its next request.
KEEP_ALIVE_S = 20
#: How long requests under way may take after SIGTERM.
GRACE_S = 2


class BoundedProtocol(H11Protocol):
    """An HTTP/1.1 connection that must not take for ever to say what it wants."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection begins."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Bytes have come in."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """An answer is out."""
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over."""
        self._unwatch()
        super().connection_lost(exc)

    def _watch(self) -> None:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle is not None and not cycle.response_complete:
            self._unwatch()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_S, self._too_late)

    def _unwatch(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_late(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    """uvicorn's server, which tells when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def listen(data_dir: Path, port: int) -> socket.socket:
    """A bound socket on 127.0.0.1.

    For port 0 the one of the last time, if it is free, otherwise the kernel's choice; remembered,
    so that links and clients find the marketplace again. Raises ConfigError if `port` is taken.
    """
    memory = data_dir / "port"
    wanted = [port] if port else [_remembered(memory), 0]
    for candidate in wanted:
        if candidate is None:
            continue
        # The protocol is named, because asyncio turns Nagle's algorithm off only where it is; with
        # it, every answer of a head and a body would wait 40 ms for an acknowledgement.
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(("127.0.0.1", candidate))
        except OSError as error:
            bound.close()
            if port and error.errno in (errno.EADDRINUSE, errno.EACCES):
                raise ConfigError(
                    f"Port {port} is not free on this computer. Choose another one, or --port 0."
                ) from error
            continue
        write_private(memory, f"{bound.getsockname()[1]}\n".encode())
        return bound
    raise ConfigError("No port of this computer is free.")


def _remembered(memory: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        port = int(memory.read_text("ascii"))
        return port if 1024 <= port <= 65_535 else None
    return None


def settings(app: FastAPI) -> uvicorn.Config:
    """How uvicorn serves a marketplace."""
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )


def serve(app: FastAPI, bound: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT. `on_ready` is called when requests are answered."""
    server = _Server(settings(app), on_ready)

    def end(*_: object) -> None:
        server.should_exit = True

    # uvicorn catches both signals while it serves and raises them again afterwards; this makes
    # that second time harmless, so that an orderly end is status 0.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    server.run(sockets=[bound])
