"""A real HTTP proxy with a Basic sign-in, a TLS server behind it, and its own authority."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import json
import socket
import ssl
import threading
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.uploader.proxy import Exchange, FaultProxy, Reply, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "market.example"
USER, PASSWORD = "ana", "s3cret pass: word ü"
PEM = serialization.Encoding.PEM


class ConnectProxy:
    """Connects every CONNECT to one server, if it has the sign-in; `seen` are the targets."""

    def __init__(self, target: int, *, user: str = "", password: str = "") -> None:
        self._target = target
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.wanted = f"proxy-authorization: basic {pair}".lower() if user else ""
        self.seen: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._thread.start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._server.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for each in self._open:
            each.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._server.accept()
                caller.settimeout(20)
                self._open.append(caller)
                self._begin(self._connect, caller)

    def _begin(self, work, *arguments: socket.socket) -> None:  # type: ignore[no-untyped-def]
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _connect(self, caller: socket.socket) -> None:
        head = b""
        with contextlib.suppress(OSError):
            while b"\r\n\r\n" not in head and (piece := caller.recv(65_536)):
                head += piece
            lines = head.decode("latin-1").split("\r\n")
            self.seen.append(lines[0].split(" ")[1])
            if self.wanted and self.wanted not in [line.lower() for line in lines]:
                caller.sendall(
                    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                    b'Proxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'
                )
                caller.shutdown(socket.SHUT_RDWR)
                return
            server = socket.create_connection(("127.0.0.1", self._target), 20)
            self._open.append(server)
            caller.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._begin(_copy, server, caller)
            _copy(caller, server)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def connect_proxy(target: int, *, user: str = "", password: str = "") -> Iterator[ConnectProxy]:
    made = ConnectProxy(target, user=user, password=password)
    try:
        yield made
    finally:
        made.close()


def issue(folder: Path, host: str = HOST) -> tuple[Path, Path, Path]:
    """An authority's PEM file, and the certificate and the key that it issues for a host."""
    authority, named = ec.generate_private_key(ec.SECP256R1()), _name("Acme IT root")
    key = ec.generate_private_key(ec.SECP256R1())
    root = _certificate(named, named, authority, authority)
    leaf = _certificate(_name(host), named, key, authority, host)
    files = (folder / "authority.pem", folder / "server.pem", folder / "server.key")
    files[0].write_bytes(root.public_bytes(PEM))
    files[1].write_bytes(leaf.public_bytes(PEM))
    files[2].write_bytes(
        key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    host: str = "",
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=not host, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if host:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    else:
        usage = dict.fromkeys(
            (
                "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                "key_agreement", "encipher_only", "decipher_only",
            ),
            False,
        )  # fmt: skip
        made = made.add_extension(
            x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True
        )
    return made.sign(signer, hashes.SHA256())


def speak_tls(server: FaultProxy, certificate: Path, key: Path) -> None:
    """Make a `FaultProxy` speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )


#: The description of a marketplace (docs/protocol.md), as far as a test of the connection reads it.
KNOWN = {
    "v": 1,
    "aud": HOST,
    "log": {"origin": f"{HOST}/log/2026", "vkey": "x"},
    "rules": "1",
    "jitter_s": 0,
    "endpoints": dict.fromkeys(
        ("token", "devices", "me", "contracts", "beacons", "blobs", "segments"),
        f"https://{HOST}/x",
    ),
}


@contextlib.contextmanager
def tls_market(folder: Path) -> Iterator[FaultProxy]:
    """A server with a certificate for `HOST`; `folder` gets `authority.pem`, which issued it."""
    _, certificate, key = issue(folder)

    def answer(exchange: Exchange) -> None:
        kind = [("Content-Type", "application/json")]
        exchange.reply(Reply(200, kind, json.dumps(KNOWN).encode()))

    with running(FaultProxy()) as server:
        speak_tls(server, certificate, key)
        server.always = answer
        yield server
