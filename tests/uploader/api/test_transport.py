"""One request over real sockets: bounded, never redirected, and safe against the network."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.uploader import proxy as faults
from tests.uploader.proxy import Drip, Exchange, FaultProxy, Reply, Silence, running
from tracker.recording.state.session_clock import is_sane
from uploader.api.transport import NO_TIME, Limits, ServerClockObserver, Transport, check_address
from uploader.errors import NetworkError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = 1_794_992_400
JSON = "application/json"


@pytest.fixture
def server() -> Iterator[FaultProxy]:
    """A server that runs `always` for each request."""
    with running(FaultProxy()) as server:
        server.now_s = lambda: NOW
        yield server


class Line:
    """A transport with short limits, and its observations."""

    def __init__(self, limits: Limits | None = None, real_s: float = NOW) -> None:
        self.observed: list[tuple[int, int]] = []
        self.uptime = 5000
        times = ServerClockObserver(
            uptime_ms=self._up,
            observe=lambda s, u: self.observed.append((s, u)),
            real_s=lambda: real_s,
        )
        self.transport = Transport(times, limits or Limits(5, 5, 5))

    def _up(self) -> int:
        self.uptime += 100
        return self.uptime

    def __enter__(self) -> Transport:
        return self.transport

    def __exit__(self, *_: object) -> None:
        self.transport.close()


def fails(url: str, limits: Limits | None = None, **request: object) -> Problem:
    with Line(limits) as line, pytest.raises(NetworkError) as caught:
        line.send("GET", url, **request)  # type: ignore[arg-type]
    return caught.value.code


def answering(status: int, body: bytes = b"{}", kind: str = JSON, **headers: str) -> faults.Fault:
    def fault(exchange: Exchange) -> None:
        exchange.answer(status, body, kind, **headers)

    return fault


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://workdiary.example",
        "http://192.0.2.1/",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://demo.localhost",
        "http://[::2]/",
        "http://0.0.0.0:80/",
        "https:///nowhere",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "workdiary.example",
        "",
        "https://user:secret@workdiary.example/",
        "https://[bad",
    ],
)
def test_plain_http_is_allowed_to_this_machine_only(url: str) -> None:
    with pytest.raises(NetworkError, match="must begin with https") as caught:
        check_address(url)
    assert caught.value.code is Problem.INSECURE_ADDRESS
    assert "secret" not in str(caught.value)
    assert fails(url) is Problem.INSECURE_ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "https://workdiary.example",
        "https://workdiary.example:8443/x",
        "http://127.0.0.1:1",
        "http://127.8.9.1/",
        "http://localhost:80/",
        "http://[::1]:8000/",
    ],
)
def test_https_and_loopback_are_spoken_to(url: str) -> None:
    check_address(url)


# Responses


def test_a_response_is_complete(server: FaultProxy) -> None:
    body = b'{"a":1}' + b" " * 300_000
    server.always = answering(200, body, Workdiary_Time="1794992400123")
    with Line() as line:
        answer = line.send("PUT", server.url + "/x", body=b"z" * 1_000_000)
    assert (answer.status, answer.body, answer.json()) == (200, body, {"a": 1})
    assert answer.headers["content-type"] == JSON


@pytest.mark.parametrize("status", [200, 201, 400, 401, 404, 409, 413, 422])
def test_what_a_marketplace_may_answer_is_handed_on(server: FaultProxy, status: int) -> None:
    server.always = answering(status)
    with Line() as line:
        assert line.send("GET", server.url).status == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server: FaultProxy, status: int) -> None:
    server.always = faults.redirected("http://127.0.0.1:9/elsewhere", status)
    assert fails(server.url) is Problem.UNEXPECTED_REDIRECT
    assert len(server.requests) == 1


def test_a_redirect_loop_ends_with_the_first_answer(server: FaultProxy) -> None:
    server.always = faults.redirected("{here}")
    assert fails(server.url) is Problem.UNEXPECTED_REDIRECT
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [200, 201, 400, 403, 404])
def test_a_page_for_people_is_the_networks_and_not_the_marketplaces(
    server: FaultProxy, status: int
) -> None:
    server.always = answering(status, b"<html>Welcome</html>", "Text/HTML; charset=utf-8")
    assert fails(server.url) is Problem.CAPTIVE_PORTAL


def test_the_status_that_a_network_gives_for_signing_in(server: FaultProxy) -> None:
    server.always = answering(511)
    assert fails(server.url) is Problem.CAPTIVE_PORTAL


@pytest.mark.parametrize("status", [500, 501, 502, 504, 520])
def test_an_error_of_the_server(server: FaultProxy, status: int) -> None:
    server.always = faults.trouble(status)
    assert fails(server.url) is Problem.SERVER_TROUBLE


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("text", ["17", "Wed, 18 Nov 2026 09:00:17 GMT"])
def test_the_server_can_set_the_retry_delay(server: FaultProxy, status: int, text: str) -> None:
    server.always = faults.trouble(status, Retry_After=text)
    with Line() as line, pytest.raises(NetworkError) as caught:
        line.send("GET", server.url)
    assert caught.value.code is Problem.SERVER_BUSY
    assert caught.value.retry_after_s == 17


def test_an_endless_answer_is_dropped(server: FaultProxy) -> None:
    server.always = faults.huge
    assert fails(server.url, longest=100_000) is Problem.ANSWER_TOO_LARGE


def test_an_unrequested_compression_is_refused(server: FaultProxy) -> None:
    server.always = answering(200, b"\x1f\x8b" + b"x" * 100, Content_Encoding="gzip")
    assert fails(server.url) is Problem.UNEXPECTED_ANSWER


def test_a_response_that_drips_ends_at_its_deadline(server: FaultProxy) -> None:
    server.always = drip = Drip()
    assert fails(server.url, Limits(5, 5, 0.1)) is Problem.TIMEOUT
    drip.let.set()


def test_a_missing_response_ends_at_its_deadline(server: FaultProxy) -> None:
    server.always = silence = Silence()
    assert fails(server.url, Limits(5, 0.1, 5)) is Problem.TIMEOUT
    silence.let.set()


def test_a_stalled_response_ends_at_its_deadline(server: FaultProxy) -> None:
    silence = Silence()

    def half(exchange: Exchange) -> None:
        exchange.head(200, [("Content-Type", JSON)], 100)
        exchange.write(b"[")
        silence(exchange)

    server.always = half
    assert fails(server.url, Limits(5, 0.1, 5)) is Problem.TIMEOUT
    silence.let.set()


def test_half_a_response_is_an_error(server: FaultProxy) -> None:
    def half(exchange: Exchange) -> None:
        exchange.head(200, [("Content-Type", JSON)], 100)
        exchange.write(b"[" * 50)
        exchange.hang_up()

    server.always = half
    assert fails(server.url) is Problem.ANSWER_CUT


@pytest.mark.parametrize("fault", [faults.reset_at_once, faults.garbage, Exchange.hang_up])
def test_a_broken_connection_is_reported(server: FaultProxy, fault: faults.Fault) -> None:
    server.always = fault
    assert fails(server.url) is Problem.CONNECTION_LOST


def test_a_closed_port_is_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert fails(f"http://127.0.0.1:{port}/") is Problem.OFFLINE


def test_an_unknown_name_is_offline() -> None:
    assert fails("https://workdiary.invalid/") is Problem.OFFLINE


@pytest.mark.parametrize("body", [b"", b"[1]", b"null", b'"x"', b"{", b"\xff", b"[" * 100_000])
def test_an_invalid_json_object_is_not_taken_for_one(server: FaultProxy, body: bytes) -> None:
    server.always = answering(200, body)
    with Line() as line:
        answer = line.send("GET", server.url)
        with pytest.raises(NetworkError) as caught:
            answer.json()
    assert caught.value.code is Problem.UNEXPECTED_ANSWER


def test_a_netrc_file_does_not_replace_our_sign_in(
    server: FaultProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    seen: list[str | None] = []

    def look(exchange: Exchange) -> None:
        seen.append(exchange.header("Authorization"))
        exchange.reply(Reply(200, [("Content-Type", JSON)], b"{}"))

    server.always = look
    with Line() as line:
        line.send("GET", server.url, headers={"Authorization": "DPoP ours"})
        line.send("GET", server.url)
    assert seen == ["DPoP ours", None]


def test_a_proxy_of_the_environment_is_not_asked_about_this_machine(
    server: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.always = answering(200)
    with Line() as line:
        assert line.send("GET", server.url).status == 200


# Times


def test_the_marketplaces_clock_is_observed_in_the_middle_of_the_request(
    server: FaultProxy,
) -> None:
    server.always = answering(200, Workdiary_Time="1794992400123")
    line = Line()
    with line:
        line.transport.send("GET", server.url)
    assert line.observed == [(1_794_992_400_123, 5150)]


@pytest.mark.parametrize("text", ["", "soon", "-1", "1e3", "99999999999999999", "9" * 4000])
def test_a_clock_that_cannot_be_read_is_a_wrong_time(server: FaultProxy, text: str) -> None:
    server.always = answering(200, Workdiary_Time=text)
    line = Line()
    with line:
        line.transport.send("GET", server.url)
    assert [observed for observed, _ in line.observed] == ([NO_TIME] if text else [])
    assert not is_sane(NO_TIME)


def test_a_slow_write_does_not_count_for_the_clock(server: FaultProxy) -> None:
    server.always = answering(201, Workdiary_Time="1794992400123")
    line = Line()
    with line:
        line.transport.send("PUT", server.url, body=b"x")
    assert line.observed == []


@pytest.mark.parametrize(
    "header", [{"Age": "7"}, {"Cache_Control": "public, max-age=31536000, immutable"}]
)
def test_a_cached_response_does_not_count_for_the_clock(
    server: FaultProxy, header: dict[str, str]
) -> None:
    server.always = answering(200, b"{}", JSON, Workdiary_Time="1794992400123", **header)
    line = Line()
    with line:
        line.transport.send("GET", server.url)
    assert line.observed == []


@pytest.mark.parametrize(("off_s", "used_s"), [(0, 0), (4, 4), (-3600, 0.5), (86_400 * 400, 0.5)])
def test_a_clock_that_is_far_off_is_corrected_for_tokens(
    server: FaultProxy, off_s: int, used_s: float
) -> None:
    server.always = answering(200)
    line = Line(real_s=NOW + off_s)
    with line:
        line.transport.send("GET", server.url)
        assert line.transport.now_s() == NOW + used_s


def test_another_servers_clock_is_not_believed(server: FaultProxy) -> None:
    server.always = faults.captive_portal
    line = Line(real_s=NOW + 3600)
    with line:
        with pytest.raises(NetworkError):
            line.transport.send("GET", server.url)
        assert line.transport.now_s() == NOW + 3600


# TLS


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


@pytest.fixture
def secure(server: FaultProxy, tmp_path: Path) -> tuple[str, Path]:
    """The server speaks TLS; its address and its certificate."""
    certificate, secret = _certificate(tmp_path, "marketplace")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.always = answering(200)
    return server.url.replace("http:", "https:"), certificate


def _fetch(url: str, **env: str) -> str:
    """The result of a new process for the address: trust is read from the environment once."""
    script = (
        "import sys\n"
        "from uploader.api.transport import *\n"
        "from uploader.errors import NetworkError\n"
        "line = Transport(ServerClockObserver(uptime_ms=lambda: 0))\n"
        "try: print(line.send('GET', sys.argv[1]).status)\n"
        "except NetworkError as error: print(error.code)\n"
        "line.close()\n"
    )
    command = [sys.executable, "-c", script, url]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, **env}
    )
    return done.stdout.strip()


def test_an_untrusted_certificate_is_refused(secure: tuple[str, Path]) -> None:
    assert fails(secure[0]) is Problem.TLS_FAILED


@pytest.mark.skipif(
    sys.platform != "linux",
    reason="SSL_CERT_FILE replaces the system's certificates on Linux only",
)
def test_the_systems_trust_decides_and_nothing_beside_it(secure: tuple[str, Path]) -> None:
    url, certificate = secure
    assert _fetch(url, SSL_CERT_FILE=str(certificate)) == "200"
    # A bundle for requests is not the system's trust store.
    assert _fetch(url, REQUESTS_CA_BUNDLE=str(certificate)) == "tls_failed"


def test_a_server_without_tls_is_refused(server: FaultProxy) -> None:
    server.always = answering(200)
    assert fails(server.url.replace("http:", "https:")) is Problem.TLS_FAILED
