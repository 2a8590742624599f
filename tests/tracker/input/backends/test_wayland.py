"""Data from a compositor is accepted only if it is valid."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tracker.input.backends.wayland.connection import WaylandConnection, WaylandError, pack_string
from tracker.input.backends.wayland.idle_notify import (
    IdleNotifyInput,
    Protocol,
    best_protocol,
    is_available,
)
from tracker.input.interface import InputError
from tracker.input.minute_counters import Counters

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has Wayland sessions")

Serve = Callable[[bytes], dict[str, str]]


def message(target: int, opcode: int, body: bytes = b"") -> bytes:
    return struct.pack("=II", target, (8 + len(body)) << 16 | opcode) + body


def offer(name: int, interface: str, version: int) -> bytes:
    return message(2, 0, struct.pack("=I", name) + pack_string(interface) + number(version))


def number(value: int) -> bytes:
    return struct.pack("=I", value)


DONE = message(3, 0, number(0))


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """A compositor that sends the given bytes to each client, and then disconnects."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "w"))
    listening.listen()
    answers: list[bytes] = []

    def run() -> None:
        while True:
            client, _ = listening.accept()
            with client:
                if not answers:
                    return
                client.sendall(answers[0])
                client.shutdown(socket.SHUT_WR)
                while client.recv(4096):
                    pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def start(data: bytes) -> dict[str, str]:
        answers.append(data)
        monkeypatch.setenv("WAYLAND_DISPLAY", str(tmp_path / "w"))
        return {"WAYLAND_DISPLAY": "w", "XDG_RUNTIME_DIR": str(tmp_path)}

    yield start
    answers.clear()
    with socket.socket(socket.AF_UNIX) as last:
        last.connect(str(tmp_path / "w"))
    thread.join(20)
    listening.close()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 7,
        message(3, 0)[:6],
        struct.pack("=II", 2, 0xFFFF << 16),  # longer than any message
        struct.pack("=II", 2, 4 << 16),  # shorter than its header
        struct.pack("=II", 2, 9 << 16) + bytes(4),
        message(2, 0, number(1) + number(500) + b"wl_seat\0"),  # a text longer than the message
        message(2, 0, number(1) + number(0) + number(1)),  # a text without its end
        message(2, 0, number(1) + number(8) + b"wl_seatX" + number(1)),
        message(2, 0, number(1) + pack_string("wl_seat")),  # without a version
        message(2, 2, number(1)),
        message(1, 0, number(1) + number(0) + pack_string("no")),  # an error of the display
        message(1, 7),
        b"".join(offer(i, f"x{i}", 1) for i in range(1001)) + DONE,
    ],
)
def test_what_cannot_be_right_is_an_error(serve: Serve, data: bytes) -> None:
    with pytest.raises(WaylandError):
        is_available(serve(data))
    with pytest.raises(InputError) as caught:
        IdleNotifyInput().start(Counters(lambda: 0))
    assert caught.value.quality == "unavailable"


def test_a_session_without_a_compositor_is_an_error(tmp_path: Path) -> None:
    for environ in ({}, {"XDG_RUNTIME_DIR": str(tmp_path)}, {"WAYLAND_DISPLAY": "/no/such"}):
        with pytest.raises(WaylandError):
            is_available(environ)


EXT, KDE, SEAT = "ext_idle_notifier_v1", "org_kde_kwin_idle", "wl_seat"


@pytest.mark.parametrize(
    ("offers", "desktop", "source"),
    [
        ({SEAT: 7, EXT: 2, KDE: 1}, "KDE", (EXT, 2, 2)),
        ({SEAT: 7, EXT: 3}, "", (EXT, 2, 2)),
        ({SEAT: 7, EXT: 1, KDE: 1}, "sway", (EXT, 1, 1)),
        ({SEAT: 7, KDE: 1}, "sway", (KDE, 1, 0)),
        ({SEAT: 7, KDE: 1}, "x:KDE", None),
        ({SEAT: 7}, "GNOME", None),
        ({EXT: 2}, "sway", None),
    ],
)
def test_the_best_backend_that_is_offered_is_taken(
    serve: Serve, offers: dict[str, int], desktop: str, source: tuple[str, int, int] | None
) -> None:
    listed = [offer(n, interface, version) for n, (interface, version) in enumerate(offers.items())]
    environ = serve(b"".join(listed) + DONE)
    with WaylandConnection(environ, 20.0) as connection:
        chosen = best_protocol(connection, {"XDG_CURRENT_DESKTOP": desktop})
    assert chosen == (Protocol(*source, seat_first=source[0] == KDE) if source else None)


def test_removed_globals_are_no_longer_offered(serve: Serve) -> None:
    data = offer(1, SEAT, 7) + offer(2, EXT, 2) + message(2, 1, number(2)) + DONE
    assert not is_available(serve(data))
