"""Connections: deadlines, limits and floods without effect on others."""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
import resource
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketplace.http import middleware
from marketplace.http.connections import (
    ClientConnection,
    ConnectionBounds,
    ConnectionStateMiddleware,
    ConnectionTable,
)
from marketplace.http.listening_socket import ListeningSocket
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.http.manual_clock import Clock
from tests.marketplace.http.test_processes import Served, served
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace

SHORT = ConnectionBounds(head_s=0.5, idle_s=1, write_s=1.5)
FEW = ConnectionBounds(head_s=300, idle_s=300, write_s=300, total=40, per_address=12)


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def connect(url: str, source: str = "127.0.0.1", window: int = 4096) -> socket.socket:
    line = socket.create_connection(
        ("127.0.0.1", port_of(url)), timeout=30, source_address=(source, 0)
    )
    # A small window, so that a few hundred kilobytes exceed the kernels' buffers.
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    return line


def get(url: str, path: str = "/static/check_worker.js", *, times: int = 1) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {url.partition('//')[2]}\r\n\r\n".encode() * times


def push(line: socket.socket, data: bytes) -> None:
    """Send as much as the peer accepts at once."""
    line.setblocking(False)
    with contextlib.suppress(BlockingIOError, ConnectionError):
        line.send(data)


def is_closed(line: socket.socket) -> bool:
    """Whether the server has closed a connection; reads the data received before."""
    line.settimeout(0.01)
    try:
        while line.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def is_well(url: str, source: str = "127.0.0.1", path: str = "/readyz") -> None:
    """Another client gets a response in good time."""
    transport = httpx.HTTPTransport(local_address=source)
    with httpx.Client(transport=transport, trust_env=False, timeout=30) as client:
        assert client.get(url + path).status_code == 200


@pytest.fixture
def short(tmp_path: Path) -> Iterator[LiveMarketplace]:
    with live_marketplace(
        tmp_path / "data", bounds=SHORT, limits=middleware.RequestLimits(body_s=0.5)
    ) as running:
        yield running


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[LiveMarketplace]:
    with live_marketplace(tmp_path / "data", bounds=FEW) as running:
        yield running


def gone(marketplace: LiveMarketplace) -> int:
    """The number of connections over a limit, closed for others or refused in a burst."""
    closed = marketplace.server.connections.closed
    return closed["made_room"] + closed["refused"]


BEGINNINGS = {
    "says nothing": b"",
    "cuts its head off": b"GET /healthz HTT",
    "never ends its head": b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nX-Slow:",
    "never sends its body": b"POST /v1/enrolments HTTP/1.1\r\nHost: {host}\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
    "keeps its connection": b"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n",
    "never begins again": b"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\nGET",
}


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_a_connection_that_does_not_get_on_is_closed(
    short: LiveMarketplace, beginning: str
) -> None:
    with connect(short.url) as line:
        host = short.url.partition("//")[2].encode()
        line.sendall(BEGINNINGS[beginning].replace(b"{host}", host).replace(b"{{", b"{"))
        wait_for(lambda: is_closed(line), timeout=20, what="the end of the connection")


def test_a_head_that_drips_does_not_renew_its_deadline(tmp_path: Path) -> None:
    clock, bounds = Clock(), ConnectionBounds(head_s=10, idle_s=300, write_s=300)
    with (
        live_marketplace(tmp_path / "data", bounds=bounds, monotonic_s=clock) as marketplace,
        connect(marketplace.url) as line,
    ):
        (served,) = wait_for(lambda: list(marketplace.server.connections), what="the connection")
        head = get(marketplace.url)
        for length in range(1, 12):
            line.sendall(head[length - 1 : length])
            arrived = head[:length]
            wait_for(lambda: parsed(served) == arrived, what="the next byte")  # noqa: B023
            assert not is_closed(line)
            clock.now += 1
        wait_for(lambda: is_closed(line), what="the end of the connection")
        assert marketplace.server.connections.closed == {"no_request": 1}


def parsed(line: ClientConnection) -> bytes:
    """The bytes that wait in uvicorn's parser for the rest of a head."""
    waiting: bytes = line._http.conn.trailing_data[0]  # type: ignore[attr-defined]
    return waiting


@pytest.mark.parametrize("times", [1, 20])
def test_a_client_that_never_reads_is_cut_off(short: LiveMarketplace, times: int) -> None:
    with connect(short.url) as line:
        push(line, get(short.url, times=times))
        server = short.server
        wait_for(lambda: len(server.connections) == 1)
        wait_for(lambda: len(server.connections) == 0, timeout=20, what="the end of the connection")
        reason = "not_reading" if times > 1 else None
        if reason:
            assert server.connections.closed[reason] == 1
    is_well(short.url)


def test_a_slow_reader_gets_the_whole_answer(tmp_path: Path) -> None:
    """Each part is read within the deadline, but all of them take longer."""
    clock, bounds = Clock(), ConnectionBounds(head_s=300, idle_s=300, write_s=10)
    with (
        live_marketplace(tmp_path / "data", bounds=bounds, monotonic_s=clock) as marketplace,
        connect(marketplace.url, window=131_072) as line,
    ):
        body = httpx.get(marketplace.url + "/static/check_worker.js", trust_env=False).content
        last = get(marketplace.url).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        line.sendall(get(marketplace.url, times=9) + last)
        served = wait_for(
            lambda: next((one for one in marketplace.server.connections if one.pipelined), None),
            what="requests that wait for the reader",
        )
        got = bytearray()
        for _ in range(3):
            wait_for(lambda: is_stuck(served), what="the server to detect that nothing is read")
            clock.now += 8
            while is_stuck(served):
                piece = line.recv(16_384)
                assert piece, "cut off"
                got += piece
        while piece := line.recv(65_536):
            got += piece
        assert got.count(body) == 10


def is_stuck(line: ClientConnection) -> bool:
    """Whether the deadline for reading a response runs."""
    rank = line.rank(math.inf)
    return rank is not None and rank[0] == 3


def test_an_address_has_so_many_connections_and_takes_no_other_ones(
    narrow: LiveMarketplace,
) -> None:
    with contextlib.ExitStack() as stack:
        greedy = [stack.enter_context(connect(narrow.url, "127.0.0.2")) for _ in range(30)]
        modest = [stack.enter_context(connect(narrow.url, "127.0.0.3")) for _ in range(3)]
        wait_for(lambda: len(narrow.server.connections) == FEW.per_address + 3)
        assert sum(map(is_closed, greedy)) == 30 - FEW.per_address
        assert not any(map(is_closed, modest))
        assert gone(narrow) == 30 - FEW.per_address
        is_well(narrow.url, "127.0.0.2")


def test_connections_are_limited_in_total_and_the_address_with_the_most_loses_one(
    narrow: LiveMarketplace,
) -> None:
    with contextlib.ExitStack() as stack:
        lines = [
            [stack.enter_context(connect(narrow.url, f"127.0.0.{address}")) for _ in range(9)]
            for address in range(10, 16)
        ]
        wait_for(lambda: len(narrow.server.connections) == FEW.total)
        is_well(narrow.url, "127.0.0.99")
        assert sum(not is_closed(line) for mine in lines for line in mine) <= FEW.total


def test_a_request_under_way_is_never_closed_for_another(narrow: LiveMarketplace) -> None:
    body = b'{"code": "x"}'
    head = (
        f"POST /v1/enrolments HTTP/1.1\r\nHost: {narrow.url.partition('//')[2]}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with contextlib.ExitStack() as stack:
        working = stack.enter_context(connect(narrow.url, "127.0.0.2"))
        working.sendall(head + body[:-1])
        wait_for(lambda: narrow.server.server_state.tasks, what="the request")
        for _ in range(2 * FEW.per_address):
            stack.enter_context(connect(narrow.url, "127.0.0.2"))
        wait_for(lambda: gone(narrow) > FEW.per_address)
        working.sendall(body[-1:])
        assert working.recv(100).startswith(b"HTTP/1.1 401 ")


class OpenTransport(asyncio.Transport):
    """A transport of loopback that reads and has no unsent bytes."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.2", 50_000)})

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing: it holds no bytes."""

    def get_write_buffer_size(self) -> int:
        return 0

    def is_reading(self) -> bool:
        return True


def test_work_after_a_response_does_not_end_the_next_request_of_its_connection() -> None:
    clock, scopes = Clock(), []

    def protocol(state: dict[str, Any]) -> asyncio.Protocol:
        scopes.append({"type": "http", "headers": [], "state": state})
        return asyncio.Protocol()

    line = ClientConnection(ConnectionTable(FEW, now_s=clock), protocol, {})
    line.connection_made(OpenTransport())

    async def play() -> None:
        gates = [asyncio.Event(), asyncio.Event()]

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.body", "body": b""})
            await gates[0].wait()

        async def next_one(scope: Scope, receive: Receive, send: Send) -> None:
            await gates[1].wait()

        async def receive() -> Message:
            raise AssertionError("a request without a body")

        async def send(message: Message) -> None:
            """Nothing: the response is of no interest."""

        async def run(app: ASGIApp) -> None:
            await ConnectionStateMiddleware(app)(scopes[0], receive, send)

        first = asyncio.create_task(run(app))
        await asyncio.sleep(0)
        assert line.rank(clock.now) is not None
        second = asyncio.create_task(run(next_one))
        await asyncio.sleep(0)
        assert line.rank(clock.now) is None
        gates[0].set()
        await first
        assert line.rank(clock.now) is None
        gates[1].set()
        await second
        assert line.rank(clock.now) is not None

    asyncio.run(play())


def test_a_connection_that_just_sent_something_makes_room_last() -> None:
    """Its request may be complete, and reaches the application in the next round of the loop."""
    clock = Clock()
    table = ConnectionTable(FEW, now_s=clock)
    lines = []
    for _ in range(3):
        clock.now += 1.5
        lines.append(ClientConnection(table, lambda _: asyncio.Protocol(), {}))
        lines[-1].connection_made(OpenTransport())
        lines[-1].end_request()
    clock.now += 1.5
    lines[0].data_received(b"GET / HTTP/1.1")
    ranks = [line.rank(clock.now) or (9, 9) for line in lines]
    assert min(ranks) == ranks[0]
    clock.now += 1.5
    assert max(line.rank(clock.now) or (9, 9) for line in lines) == lines[0].rank(clock.now)


class Memory:
    """The resources of a process, from /proc."""

    def __init__(self, marketplace: Served) -> None:
        self._proc = Path(f"/proc/{marketplace.process.pid}")

    @property
    def descriptors(self) -> int:
        return len(list((self._proc / "fd").iterdir()))

    @property
    def resident_mb(self) -> float:
        status = (self._proc / "status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """Enough descriptors for this process, which plays the attackers."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


FLOODS = {
    "silent": lambda url: b"",
    "half a head": lambda url: b"GET / HTTP/1.1\r\nHo",
    "unread answers": lambda url: get(url, times=50),
    "half a body": lambda url: get(url, "/v1/enrolments").replace(b"GET", b"POST").replace(
        b"\r\n\r\n", b"\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"
    ),
    "rubbish": lambda url: b"\x16\x03\x01\x02" * 500,
}  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, which only Linux has")
@pytest.mark.usefixtures("many_descriptors")
@pytest.mark.parametrize("flood", FLOODS)
def test_eleven_hundred_connections_that_never_read_block_no_other(
    tmp_path: Path, flood: str
) -> None:
    with served(tmp_path / "data", "--example") as marketplace, contextlib.ExitStack() as stack:
        memory, log = Memory(marketplace), tmp_path / "log"
        is_well(marketplace.url)
        idle, resident = memory.descriptors, memory.resident_mb
        for _ in range(1100):
            line = stack.enter_context(connect(marketplace.url))
            push(line, FLOODS[flood](marketplace.url))
        for _ in range(5):
            is_well(marketplace.url)
        assert memory.resident_mb - resident < 250
        wait_for(lambda: memory.descriptors <= idle + 4, timeout=90, what="descriptors given back")
        is_well(marketplace.url)
        assert log.stat().st_size < 3_000_000
        assert marketplace.stop() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, which only Linux has")
@pytest.mark.usefixtures("many_descriptors")
def test_too_few_descriptors_do_not_end_it_and_log_little(tmp_path: Path) -> None:
    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        "from marketplace.http.connections import ConnectionBounds\n"
        "ConnectionBounds.within = lambda self, _: self\n"
        "from marketplace.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    with (
        served(
            tmp_path / "data", "--example", program=(sys.executable, "-c", script)
        ) as marketplace,
        contextlib.ExitStack() as stack,
    ):
        memory, log = Memory(marketplace), tmp_path / "log"
        idle = memory.descriptors
        for _ in range(300):
            push(stack.enter_context(connect(marketplace.url)), b"GET /")
        wait_for(lambda: "accept_failed" in log.read_text(), timeout=60, what="a failed accept")
        is_well(marketplace.url, path="/healthz")
        stack.close()
        wait_for(lambda: memory.descriptors <= idle + 4, timeout=60, what="descriptors given back")
        is_well(marketplace.url, path="/healthz")
        output = log.read_text()
        assert len(output) < 100_000
        assert "Traceback" not in output
        assert marketplace.stop() == 0


def test_the_descriptor_limit_is_raised_to_what_the_system_allows(tmp_path: Path) -> None:
    script = (
        "import resource, sys\n"
        "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (min(128, hard), hard))\n"
        "from marketplace.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    with served(
        tmp_path / "data", "--example", program=(sys.executable, "-c", script)
    ) as marketplace:
        limits = Path(f"/proc/{marketplace.process.pid}/limits").read_text()
        soft, hard = re.search(r"Max open files\s+(\d+)\s+(\d+)", limits).groups()  # type: ignore[union-attr]
        assert soft == hard
        assert marketplace.stop() == 0


@pytest.mark.parametrize(
    ("descriptors", "total", "per_address"),
    [(65_536, 4096, 2048), (20_000, 4096, 2048), (1024, 384, 192), (256, 8, 4), (0, 8, 4)],
)
def test_limits_fit_the_descriptors_that_there_are(
    descriptors: int, total: int, per_address: int
) -> None:
    bounds = ConnectionBounds().within(descriptors)
    assert (bounds.total, bounds.per_address) == (total, per_address)


def test_a_request_overtakes_pipelined_ones_of_its_own_address(narrow: LiveMarketplace) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(8):
            push(stack.enter_context(connect(narrow.url)), get(narrow.url, times=400))
        wait_for(
            lambda: any(line.pipelined for line in narrow.server.connections),
            what="pipelined requests",
        )
        is_well(narrow.url)


@pytest.mark.skipif(sys.platform == "win32", reason="its event loop has no readers")
def test_a_connection_that_arrives_while_the_socket_is_closed_is_no_error() -> None:
    errors: list[dict[str, Any]] = []

    async def run() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: errors.append(context))
        table = ConnectionTable(FEW, now_s=Clock())
        with socket.create_server(("127.0.0.1", 0)) as bound:
            listening = ListeningSocket(bound, table, _no_connection)
            await asyncio.sleep(0)  # it waits for a connection
            with socket.create_connection(bound.getsockname()):
                # The loop looks for connections, and continues here before it accepts one.
                await asyncio.sleep(0)
                listening.close()
                bound.close()
                await listening.wait_closed()

    asyncio.run(run())
    assert errors == []


def _no_connection() -> ClientConnection:
    raise AssertionError("accepted")
