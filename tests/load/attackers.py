"""The attackers: `python -m tests.load.attackers KIND URL SOURCE [FILE]`, until its input ends.

`silence` keeps eleven hundred connections open that read nothing; `device` sends requests of an
enrolled computer (its keys in FILE) without a pause; `guesses` tries invalid codes and tokens.
"""

from __future__ import annotations

import contextlib
import json
import resource
import secrets
import socket
import sys
import threading
import time
from pathlib import Path

import httpx
from joserfc.jwk import ECKey

from diary.cli.output import print_report
from diary.formats.ed25519 import SigningKey
from tests.marketplace.simulated_device import ASSERTION, SimulatedDevice

CONNECTIONS = 1100
_THREADS = 4


def silence(url: str, source: str, over: threading.Event) -> None:
    """Open connections that never read, each as soon as the marketplace has closed one."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    host = url.partition("//")[2]
    beginnings = (
        b"",
        b"GET / HTTP/1.1\r\nHo",
        f"GET /static/own.js HTTP/1.1\r\nHost: {host}\r\n\r\n".encode() * 50,
        f"POST /v1/enrolments HTTP/1.1\r\nHost: {host}\r\nContent-Length: 999\r\n\r\n{{".encode(),
    )
    lines: list[socket.socket] = []
    count = 0
    while not over.is_set():
        lines = [line for line in lines if not _closed(line)]
        for _ in range(min(100, CONNECTIONS - len(lines))):
            with contextlib.suppress(OSError):
                line = socket.create_connection(
                    ("127.0.0.1", int(host.rpartition(":")[2])), 5, source_address=(source, 0)
                )
                line.setblocking(False)
                with contextlib.suppress(OSError):
                    line.send(beginnings[count % len(beginnings)])
                lines.append(line)
                count += 1
        over.wait(0.2)
    print_report(json.dumps({"connections": count}))


def _closed(line: socket.socket) -> bool:
    """Whether the peer has closed, without reading its data."""
    try:
        # Unread data hides the end of a connection, but not the error of an aborted one.
        error = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        gone = error != 0 or line.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        gone = True
    if gone:
        line.close()
    return gone


def device(url: str, source: str, over: threading.Event, keys: Path) -> None:
    """Send an enrolled computer's requests as fast as possible."""
    values = json.loads(keys.read_text())
    counts: dict[int, int] = {}

    def run() -> None:
        while not over.is_set():
            # Its own requests may time out; then it starts again.
            with contextlib.suppress(httpx.HTTPError):
                flood()

    def flood() -> None:
        simulated = SimulatedDevice(
            url,
            lambda: int(time.time()),
            key=SigningKey.from_seed(bytes.fromhex(values["key"])),
            auth=ECKey.import_key(values["auth"]),
            source=source,
        )
        with contextlib.closing(simulated.http):
            while not over.is_set():
                answer = (
                    simulated.call("GET", "/v1/me") if simulated.token else simulated.ask_token()
                )
                counts[answer.status_code] = counts.get(answer.status_code, 0) + 1
                if not simulated.token and answer.status_code == 200:
                    simulated.token = answer.json()["access_token"]
                elif answer.status_code == 401:
                    simulated.token = ""

    threads = [threading.Thread(target=run) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print_report(json.dumps(counts))


def guesses(url: str, source: str, over: threading.Event) -> None:
    """Try invalid codes, assertions and tokens."""
    counts: dict[int, int] = {}
    transport = httpx.HTTPTransport(local_address=source, verify=False)
    with httpx.Client(base_url=url, transport=transport, trust_env=False, timeout=30) as client:
        while not over.is_set():
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": ASSERTION,
                "client_assertion": secrets.token_urlsafe(100),
            }
            for method, path, request in (
                ("POST", "/v1/enrolments", {"json": {"code": secrets.token_urlsafe(16)}}),
                ("POST", "/oauth/token", {"data": form}),
                ("GET", "/v1/me", {"headers": {"Authorization": "DPoP x", "DPoP": "y"}}),
                ("GET", "/", {"headers": {"Cookie": f"wd_session={secrets.token_urlsafe(32)}"}}),
            ):
                with contextlib.suppress(httpx.HTTPError):
                    status = client.request(method, path, **request).status_code  # type: ignore[arg-type]
                    counts[status] = counts.get(status, 0) + 1
    print_report(json.dumps(counts))


def main() -> int:
    kind, url, source, *rest = sys.argv[1:]
    over = threading.Event()

    def watch() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=watch, daemon=True).start()
    if kind == "silence":
        silence(url, source, over)
    elif kind == "device":
        device(url, source, over, Path(rest[0]))
    else:
        guesses(url, source, over)
    return 0


if __name__ == "__main__":
    sys.exit(main())
