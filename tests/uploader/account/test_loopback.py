"""The loopback address of a sign-in, and other programs of this computer that attack it."""

from __future__ import annotations

import contextlib
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import urlencode

import httpx
import pytest

from tests.raw_exchange import response_to
from uploader.account import loopback
from uploader.account.loopback import AuthorizationResponse, LoopbackListener, ResultPage
from uploader.errors import Problem, SignInError

ISSUER = "https://work.example.org"
#: A constant: pytest names tests after it, and its workers must agree on the names.
STATE = "s0MGGBFv6_TFvhytmaqaCOkWnEE2ltWM7UwLGY3bnKc"
GOOD = {"code": "the-code", "state": STATE, "iss": ISSUER}


class Waiting:
    """A listener that waits on another thread."""

    def __init__(self, listener: LoopbackListener, pool: ThreadPoolExecutor) -> None:
        self.listener = listener
        self._result: Future[AuthorizationResponse] = pool.submit(listener.wait, 60)

    @property
    def port(self) -> int:
        return int(self.listener.authority.rpartition(":")[2])

    @property
    def waits(self) -> bool:
        return not self._result.done()

    def result(self) -> AuthorizationResponse:
        return self._result.result(30)

    def get(self, query: dict[str, str] | str, path: str = "/callback") -> httpx.Response:
        text = query if isinstance(query, str) else urlencode(query)
        address = f"http://{self.listener.authority}{path}"
        return httpx.get(f"{address}?{text}" if text else address, trust_env=False, timeout=20)

    def send(self, data: bytes) -> bytes:
        """The answer to these bytes; "" for a connection that was closed or reset."""
        with socket.create_connection((loopback.HOST, self.port), 20) as connection:
            return response_to(connection, data)

    def connect(self) -> socket.socket:
        return socket.create_connection((loopback.HOST, self.port), 20)


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    page = ResultPage("Done <1>", "Return & close.")
    with (
        ThreadPoolExecutor(1) as pool,
        LoopbackListener(state=STATE, issuer=ISSUER, page=page) as listener,
    ):
        found = Waiting(listener, pool)
        yield found
        listener.cancel()


def accepts(waiting: Waiting) -> None:
    """The person's response still arrives."""
    assert waiting.waits
    answer = waiting.get(GOOD)
    assert answer.status_code == 200
    assert waiting.result() == AuthorizationResponse("the-code", "")


def test_the_persons_response_ends_the_wait(waiting: Waiting) -> None:
    answer = waiting.get(GOOD | {"unknown": "ignored"})
    assert answer.status_code == 200
    assert "Done &lt;1&gt;" in answer.text
    assert "Return &amp; close." in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert waiting.result() == AuthorizationResponse("the-code", "")
    assert "the-code" not in repr(waiting.result())


def test_an_error_of_the_server_ends_the_wait(waiting: Waiting) -> None:
    answer = waiting.get({"error": "access_denied", "state": STATE, "iss": ISSUER})
    assert answer.status_code == 200
    assert waiting.result() == AuthorizationResponse("", "access_denied")


def test_only_this_computer_reaches_it(waiting: Waiting) -> None:
    assert waiting.listener.redirect_uri == f"http://127.0.0.1:{waiting.port}/callback"
    assert waiting.listener._socket.getsockname()[0] == "127.0.0.1"
    with LoopbackListener(state=STATE, issuer=ISSUER) as other:
        assert other.authority != waiting.listener.authority


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"code": "the-code"},
        GOOD | {"state": ""},
        GOOD | {"state": STATE[:-1]},
        GOOD | {"state": STATE + "x"},
        GOOD | {"state": "x" + STATE[1:]},
        GOOD | {"state": "é"},
        {"code": "the-code", "iss": ISSUER},
        {"code": "the-code", "state": STATE},
        GOOD | {"iss": "https://evil.example"},
        GOOD | {"iss": ISSUER + "/"},
        GOOD | {"code": ""},
        GOOD | {"code": "c" * 2049},
        GOOD | {"error": "access_denied"},
        {"state": STATE, "iss": ISSUER},
        urlencode(GOOD) + "&state=other",
        urlencode(GOOD) + "&code=other",
        urlencode(GOOD) + "&iss=" + ISSUER,
        urlencode(GOOD) + "&a=%ff",
        urlencode(GOOD) + "".join(f"&x{i}=1" for i in range(20)),
    ],
)
def test_a_wrong_response_changes_nothing(waiting: Waiting, query: dict[str, str] | str) -> None:
    assert waiting.get(query).status_code == 400
    accepts(waiting)


@pytest.mark.parametrize("path", ["/", "/callback/", "/favicon.ico", "/callback/x", "/%63allback"])
def test_another_path_is_not_found(waiting: Waiting, path: str) -> None:
    assert waiting.get(GOOD, path).status_code == 404
    accepts(waiting)


def request(
    waiting: Waiting, line: str | None = None, host: str | None = None, more: str = ""
) -> bytes:
    first = line or f"GET /callback?{urlencode(GOOD)} HTTP/1.1"
    return f"{first}\r\nHost: {host or waiting.listener.authority}\r\n{more}\r\n".encode("latin-1")


HOSTILE: dict[str, tuple[Callable[[Waiting], bytes], bytes]] = {
    "another method": (
        lambda w: request(w, f"POST /callback?{urlencode(GOOD)} HTTP/1.1"),
        b"405",
    ),
    "another host": (lambda w: request(w, host="evil.example"), b"421"),
    "another port": (lambda w: request(w, host="127.0.0.1:1"), b"421"),
    "a second host": (lambda w: request(w, more="Host: evil.example\r\n"), b"400"),
    "no host": (lambda _: f"GET /callback?{urlencode(GOOD)} HTTP/1.1\r\n\r\n".encode(), b"400"),
    "an old protocol without a host": (
        lambda _: f"GET /callback?{urlencode(GOOD)} HTTP/1.0\r\n\r\n".encode(),
        b"421",
    ),
    "another protocol": (lambda w: request(w, "GET /callback HTTP/2.0"), b"505"),
    "only the headers": (
        lambda w: request(w, f"HEAD /callback?{urlencode(GOOD)} HTTP/1.1"),
        b"405",
    ),
    "a body": (
        lambda w: request(w, "POST /callback HTTP/1.1", more="Content-Length: 5\r\n") + b"12345",
        b"405",
    ),
    "two lengths": (
        lambda w: request(w, more="Content-Length: 5\r\nContent-Length: 6\r\n"),
        b"400",
    ),
    "an absolute address": (
        lambda w: request(w, f"GET http://x/callback?{urlencode(GOOD)} HTTP/1.1"),
        b"404",
    ),
    "a long address": (lambda w: request(w, f"GET /{'a' * 20_000} HTTP/1.1"), b"404"),
    "text": (lambda _: b"hello\r\n\r\n", b"400"),
    "zeroes": (lambda _: bytes(100) + b"\r\n\r\n", b"400"),
    "TLS": (lambda _: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
    "random bytes": (lambda _: secrets.token_bytes(5_000) + b"\r\n\r\n", b"400"),
    "a huge header": (lambda w: request(w, more=f"X: {'a' * 200_000}\r\n"), b"431"),
    "a header without end": (lambda _: b"GET / HTTP/1.1\r\nX: " + b"a" * 300_000, b"431"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_bytes_are_refused(waiting: Waiting, kind: str) -> None:
    data, status = HOSTILE[kind]
    answer = waiting.send(data(waiting))
    assert answer.split(b" ")[1] == status, answer[:200]
    accepts(waiting)


def test_a_request_in_pieces_is_read(waiting: Waiting) -> None:
    """A browser may send its cookies in several packets."""
    data = request(waiting, more=f"Cookie: a={'b' * 20_000}\r\n")
    with waiting.connect() as connection:
        for at in range(0, len(data), 3_000):
            connection.sendall(data[at : at + 3_000])
        assert connection.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
    assert waiting.result().code == "the-code"


def test_a_second_response_is_refused() -> None:
    with LoopbackListener(state=STATE, issuer=ISSUER) as listener, ThreadPoolExecutor(1) as pool:
        waiting = Waiting(listener, pool)
        assert waiting.get(GOOD).status_code == 200
        assert waiting.result().code == "the-code"
        address = listener.redirect_uri
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, params=GOOD | {"code": "another"}, trust_env=False)


def test_silent_and_half_requests_do_not_delay_the_person(waiting: Waiting) -> None:
    with contextlib.ExitStack() as stack:
        for number in range(40):
            connection = stack.enter_context(waiting.connect())
            if number % 2:
                connection.sendall(b"GET /callback?state=")
        accepts(waiting)


def test_a_slow_request_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Long enough to send half a request on a busy machine, and a whole one at the end.
    monkeypatch.setattr(loopback, "REQUEST_S", 3.0)
    with LoopbackListener(state=STATE, issuer=ISSUER) as listener, ThreadPoolExecutor(1) as pool:
        waiting = Waiting(listener, pool)
        with waiting.connect() as silent, waiting.connect() as slow:
            slow.sendall(b"GET /callback?code=")
            assert slow.recv(100).startswith(b"HTTP/1.1 408 ")
            assert silent.recv(100) == b""
        accepts(waiting)


FLOOD = """
import socket, sys
host, port, number = "127.0.0.1", int(sys.argv[1]), 0
guess = f"GET /callback?code=x&state={'a' * 43}&iss=x HTTP/1.1\\r\\nHost: {host}:{port}".encode()
held = []
while True:
    try:
        held.append(socket.create_connection((host, port), 20))
        held[-1].sendall(guess + (b"\\r\\n\\r\\n" if number % 2 else b""))
    except OSError:
        continue
    number += 1
    if number == 500:
        print("flooding", flush=True)
    if len(held) > 200:
        held.pop(0).close()
"""


def test_a_flood_does_not_keep_the_person_out(waiting: Waiting) -> None:
    """Other processes open connections as fast as they can, hold them, and guess."""
    command = [sys.executable, "-c", FLOOD, str(waiting.port)]
    with contextlib.ExitStack() as stack:
        for _ in range(2):
            attacker = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE))
            stack.callback(attacker.kill)
            assert attacker.stdout is not None
            assert attacker.stdout.readline() == b"flooding\n"
        accepts(waiting)


def test_it_holds_no_more_connections_than_its_limit(waiting: Waiting) -> None:
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(waiting.connect())
        for _ in range(loopback.MAX_CONNECTIONS):
            stack.enter_context(waiting.connect())
        assert first.recv(10) == b""  # the oldest was closed
        accepts(waiting)


def test_cancel_ends_the_wait(waiting: Waiting) -> None:
    waiting.listener.cancel()
    with pytest.raises(SignInError) as caught:
        waiting.result()
    assert caught.value.code is Problem.SIGN_IN_CANCELLED


def test_the_wait_ends_by_itself() -> None:
    times = iter(range(0, 1_000_000, 300))
    with LoopbackListener(
        state=STATE, issuer=ISSUER, monotonic=lambda: float(next(times))
    ) as listener:
        with pytest.raises(SignInError) as caught:
            listener.wait(300)
        assert caught.value.code is Problem.SIGN_IN_TIMED_OUT
        listener.cancel()
    listener.cancel()  # late, and harmless


def test_without_a_port_the_sentence_names_the_one_time_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> socket.socket:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(SignInError) as caught:
        LoopbackListener(state=STATE, issuer=ISSUER)
    assert caught.value.code is Problem.SIGN_IN_NO_PORT
    assert "code" in caught.value.code.sentence
