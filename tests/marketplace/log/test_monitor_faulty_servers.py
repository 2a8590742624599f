"""`workdiary-verify follow` against faulty servers: nothing is held against the log."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from diary.cli.common import INVALID, UNUSABLE, VALID
from diary.cli.http_log import UnreachableError, Website
from diary.log.monitor import AnswerError
from marketplace.storage import schema
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.live_marketplace import (
    AUD,
    START,
    LiveMarketplace,
)
from tests.marketplace.log.monitor_command import Command
from tests.marketplace.published import add

# Faulty servers


Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A web server whose responses a test sets by path; all others come from a real one."""

    def __init__(self, behind: str = "") -> None:
        self.answers: dict[str, Answer] = {}
        self.ended = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = server.answers.get(self.path)
                with contextlib.suppress(OSError):
                    if answer is not None:
                        answer(self)
                    else:
                        real = httpx.get(behind + self.path, trust_env=False)
                        send(real.content, real.status_code)(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(30)


def send(body: bytes, status: int = 200, length: int | None = None, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    return answer


@pytest.fixture
def server(marketplace: LiveMarketplace) -> Iterator[Server]:
    made = Server(marketplace.url)
    yield made
    made.close()


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"0123456789abcdef" * 4096)


CHECKPOINT = "/log/2026/checkpoint"
TILE = "/log/2026/tile/0/000.p/3"
ENTRIES = "/log/2026/tile/entries/000.p/3"


BAD: dict[str, Answer] = {
    "empty": send(b""),
    "a page": send(b"<html>Please sign in</html>"),
    "rubbish": send(bytes(range(256)) * 40),
    "long": send(b"{}" * 200_000),
    "deep": send(b"[" * 100_000),
    "endless": endless,
    "truncated": send(b"half", length=4_000_000),
    "500": send(b"", 500),
    "404": send(b"", 404),
    "204": send(b"", 204),
    "elsewhere": send(b"", 302, Location="http://127.0.0.1:9/elsewhere"),
    "packed": send(b"x", Content_Encoding="gzip"),
    "no HTTP": lambda handler: _write(handler, b"\0\1\2 no HTTP at all\r\n\r\n"),
    "nothing": lambda handler: None,
}


def _write(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.wfile.write(data)


@pytest.mark.parametrize("path", ["/log/policy", "/log/keys", CHECKPOINT, TILE, ENTRIES])
def test_a_malformed_answer_is_reported_and_is_no_finding_about_the_log(
    marketplace: LiveMarketplace, server: Server, command: Command, path: str
) -> None:
    add(marketplace, "a")
    assert command.text(server.url)[0] == VALID
    before = command.state.read_bytes()
    add(marketplace, "b")
    for name, answer in BAD.items():
        server.answers = {path: answer}
        code, report = command.json(server.url)
        assert (code, report["result"], report["code"]) == (UNUSABLE, "unusable", "unreachable"), (
            name
        )
        state = json.loads(command.state.read_bytes())
        assert state["findings"] == [], name
        # Entries are read last: the checkpoint over them was verified before.
        assert (command.state.read_bytes() == before) is (path != ENTRIES), name
        assert state["shards"]["2026"]["scanned"] == 2
    server.answers = {}
    assert command.text(server.url)[0] == VALID


def test_a_list_of_too_many_or_too_long_receipts_is_not_read(server: Server) -> None:
    for keys in (["x"] * 513, ["x" * 65_537], [1], {"a": 1}):
        server.answers["/log/keys"] = send(json.dumps({"keys": keys}).encode())
        with pytest.raises(AnswerError):
            Website(server.url).keys()
    server.answers["/log/keys"] = send(json.dumps({"keys": ["x"] * 512}).encode())
    assert len(Website(server.url).keys()) == 512


def drip_body(server: Server) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not server.ended.wait(0.01):
            handler.wfile.write(b"x")

    return answer


def drip_head(server: Server) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not server.ended.wait(0.01):
            handler.wfile.write(b"x")

    return answer


def silent(server: Server) -> Answer:
    def answer(_: BaseHTTPRequestHandler) -> None:
        server.ended.wait(60)

    return answer


@pytest.mark.parametrize("kind", [drip_body, drip_head, silent])
def test_a_server_that_never_answers_is_abandoned(
    server: Server, kind: Callable[[Server], Answer]
) -> None:
    server.answers["/log/policy"] = kind(server)
    with pytest.raises(UnreachableError):
        Website(server.url, deadline_s=0.3).policy()
    # The next request is not affected.
    assert b"2026" in Website(server.url).checkpoint("2026")


def test_an_unreachable_server_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(UnreachableError, match="cannot be read"):
        Website(f"http://127.0.0.1:{port}").policy()


def test_an_https_address_is_verified(tmp_path: Path) -> None:
    """A server that does not speak TLS."""
    server = Server()
    try:
        with pytest.raises(UnreachableError):
            Website(server.url.replace("http", "https"), deadline_s=5).policy()
    finally:
        server.close()


def test_the_proxies_of_the_environment_are_not_asked_for_this_computer(
    marketplace: LiveMarketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert Website(marketplace.url).policy().startswith(b"log ")


def test_a_wrong_tile_is_a_finding_and_the_larger_checkpoint_is_not_accepted(
    marketplace: LiveMarketplace, server: Server, command: Command
) -> None:
    add(marketplace, "a")
    assert command.text(server.url)[0] == VALID
    add(marketplace, "b")
    server.answers[TILE] = send(bytes(96))
    code, report = command.json(server.url)
    assert code == INVALID
    assert [(f["subject"], f["code"]) for f in report["findings"]] == [
        (f"{AUD}/log/2026 3", "E_INCLUSION")
    ]
    assert [log["size"] for log in report["logs"]] == [2]
    (folder,) = command.evidence
    assert (folder / "newer.note").read_bytes() == httpx.get(
        f"{marketplace.url}/log/checkpoint", trust_env=False
    ).content


def test_a_beacon_out_of_its_time_is_remarked_only(
    marketplace: LiveMarketplace, command: Command
) -> None:
    """The clock was ahead and is set back: the beacon was logged too late and is void."""
    marketplace.clock.to(START + 30)
    marketplace.contract()
    marketplace.clock.to(START - 30)

    def leaves() -> int:
        with marketplace.deps.store.read() as connection:
            return int(
                connection.execute(select(func.count()).select_from(schema.leaf)).scalar() or 0
            )

    wait_for(lambda: leaves() >= 3, what="the log to take the beacon")
    code, text = command.text(marketplace.url)
    assert code == VALID
    assert "is a beacon out of its time: it is void" in text
