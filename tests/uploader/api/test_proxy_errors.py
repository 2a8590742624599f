"""Errors of a proxy have their own codes, wherever the proxy is configured."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from uploader.api.network.route import Route
from uploader.api.transport import Limits, ServerClockObserver, Transport
from uploader.errors import NetworkError, Problem
from uploader.retry import Outcome, outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKET = "https://market.example"
PROXY_CODES = [problem for problem in Problem if problem.value.startswith("proxy_")]


@contextlib.contextmanager
def proxy(answer: bytes) -> Iterator[str]:
    """A proxy that sends this response to every CONNECT, and closes. Yields its host and port.

    Like Squid and nginx it responds at once to TLS (a handshake record, RFC 8446 section 5.1),
    which it does not speak.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    caller, _ = server.accept()
                    with caller:
                        caller.settimeout(10)
                        while b"\r\n\r\n" not in (head := caller.recv(65_536)):
                            if head.startswith(b"\x16\x03"):
                                break
                        caller.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def failure(url: str = MARKET) -> NetworkError:
    transport = Transport(ServerClockObserver(uptime_ms=lambda: 0), Limits(5, 5, 5))
    try:
        with pytest.raises(NetworkError) as caught:
            transport.send("GET", f"{url}/.well-known/workdiary")
    finally:
        transport.close()
    return caught.value


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("407 Proxy Authentication Required", Problem.PROXY_SIGN_IN),
        ("403 Forbidden", Problem.PROXY_FAILED),
        ("502 Bad Gateway", Problem.PROXY_FAILED),
        ("504 Gateway Timeout", Problem.PROXY_FAILED),
    ],
)
@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_a_refusal_of_the_proxy_has_its_own_code(
    monkeypatch: pytest.MonkeyPatch, status: str, code: Problem, name: str
) -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nProxy-Authenticate: Basic\r\n\r\n"
    with proxy(head.encode()) as where:
        monkeypatch.setenv(name, f"http://ana:secret@{where}")
        error = failure()
    assert error.code is code
    assert where in error.detail
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://127.0.0.1:9", Problem.PROXY_UNREACHABLE),
        ("127.0.0.1:9", Problem.PROXY_UNREACHABLE),
        ("http://proxy.invalid:3128", Problem.PROXY_UNKNOWN),
        ("socks5://127.0.0.1:9", Problem.PROXY_UNSUPPORTED),
        ("ftp://127.0.0.1:9", Problem.PROXY_UNSUPPORTED),
        ("http://127.0.0.1:port", Problem.PROXY_UNSUPPORTED),
        ("http://", Problem.PROXY_UNSUPPORTED),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, address: str, code: Problem
) -> None:
    monkeypatch.setenv("https_proxy", address)
    assert failure().code is code


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n\r\n"])
def test_an_invalid_proxy_is_reported_to_fail(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    with proxy(answer) as where:
        monkeypatch.setenv("https_proxy", f"http://{where}")
        assert failure().code is Problem.PROXY_FAILED


def test_a_proxy_for_http_only_is_reported_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(b"HTTP/1.1 400 Bad Request\r\n\r\n") as where:
        monkeypatch.setenv("https_proxy", f"https://{where}")
        assert failure().code is Problem.PROXY_FAILED


def test_a_tunnel_without_tls_is_a_problem_of_the_marketplace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with proxy(b"HTTP/1.1 200 OK\r\n\r\nnot TLS at all") as where:
        monkeypatch.setenv("https_proxy", f"http://{where}")
        assert failure().code is Problem.TLS_FAILED


def test_without_a_proxy_the_error_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    assert failure("http://127.0.0.1:9").code is Problem.OFFLINE
    monkeypatch.setenv("no_proxy", "market.invalid")
    assert failure("https://market.invalid").code is Problem.OFFLINE
    assert Route().address_of("https://market.invalid") == ""


@pytest.mark.parametrize("code", PROXY_CODES)
def test_every_code_names_the_proxy_and_is_tried_again(code: Problem) -> None:
    assert "proxy" in code.text
    assert "safe here" in code.text
    assert outcome_of(NetworkError(code)) is Outcome.UNREACHED
