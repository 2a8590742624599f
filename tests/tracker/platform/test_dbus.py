"""A waiting D-Bus connection misses no signal."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, new_signal

from tracker.platform.dbus import Bus

if sys.platform == "linux":
    from tests.desktop_fixtures.services import Services

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has D-Bus")

PATH, INTERFACE = "/org/example/Bell", "org.example.Bell"
DAEMON = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


@pytest.fixture
def address() -> Iterator[str]:
    # The path of a socket is limited to about 100 bytes.
    folder = Path(tempfile.mkdtemp(prefix="dbus-"))
    with Services(folder) as services:
        yield services.address
    shutil.rmtree(folder, ignore_errors=True)


def ring(bus: Bus) -> None:
    """Send a signal, and wait until the bus has delivered it."""
    emitter = DBusAddress(PATH, interface=INTERFACE)
    bus._connection.send(new_signal(emitter, "Rung"))
    bus.call(*DAEMON, "GetId")


def test_a_signal_that_arrives_with_an_answer_is_not_waited_for(address: str) -> None:
    with contextlib.closing(Bus(address)) as hearer, contextlib.closing(Bus(address)) as ringer:
        sender = ringer._connection.unique_name
        hearer.subscribe(sender, INTERFACE, "Rung", PATH)
        hearer.signals()
        connection: Any = hearer._connection
        send = connection.send_message

        def send_and_let_ring(*args: Any, **more: Any) -> None:
            # The reply and the signal arrive before the reply is read.
            send(*args, **more)
            ring(ringer)

        connection.send_message = send_and_let_ring
        hearer.call(*DAEMON, "GetId")
        connection.send_message = send
        assert hearer.wait(seconds=60)
        assert [signal.member for signal in hearer.signals()] == ["Rung"]
        assert not hearer.wait(seconds=0)


def test_a_nudge_ends_the_wait(address: str) -> None:
    import socket

    ours, theirs = socket.socketpair()
    with contextlib.closing(Bus(address)) as bus, ours, theirs:
        bus.call(*DAEMON, "GetId")
        bus.signals()
        ours.send(b"!")
        assert bus.wait(theirs)
        assert bus.signals() == []
