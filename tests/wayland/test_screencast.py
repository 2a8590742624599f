"""Pictures from mutter's own screen casts, through a simulated portal."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.desktop_fixtures.session import ROOT
from tests.desktop_fixtures.waiting import wait_for
from tracker.capture.backends.portal_screencast import ScreenCastCapture
from tracker.selection.capture import select_capture
from tracker.selection.environment import detect_environment

if sys.platform == "linux":
    from tests.desktop_fixtures.mutter import MutterSession
    from tests.wayland.simulated_cast import MutterCast

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has Wayland sessions"),
    pytest.mark.xdist_group("wayland"),
]

SIZES = ((1280, 720), (800, 600))


class Memory:
    """Stores a token in memory."""

    value: str | None = None

    def get(self) -> str | None:
        return self.value

    def put(self, value: str | None) -> None:
        self.value = value


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[MutterCast]:
    """A portal that shares two monitors, each filled with a random picture."""
    with MutterSession(*(f"{w}x{h}" for w, h in SIZES), pipewire=True) as session:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.env["DBUS_SESSION_BUS_ADDRESS"])
        made = MutterCast(session)
        for w, h in SIZES:
            noise = random.Random().randbytes(w * h * 3)
            Image.frombytes("RGB", (w, h), noise).save(tmp_path / f"{w}x{h}.png")
        show = [sys.executable, "-m", "tests.wayland.pictures", str(tmp_path)]
        session.popen(show, cwd=ROOT, log="pictures")
        yield made
        made.close()


def test_the_picture_is_both_monitors_pixel_for_pixel(portal: MutterCast, tmp_path: Path) -> None:
    kept = Memory()
    capture = ScreenCastCapture(kept)
    assert capture.request_once() == "allowed"
    expected = Image.new("RGB", (2080, 720))
    for index, (w, h) in enumerate(SIZES):
        with Image.open(tmp_path / f"{w}x{h}.png") as one:
            expected.paste(one, (index * 1280, 0))

    def same() -> bool:
        frame = capture.grab(lambda: 77)
        assert (frame.width, frame.height, frame.at_ms) == (2080, 720, 77)
        assert (frame.screen, frame.left, frame.top, frame.scale) == ("lent", 0, 0, 1.0)
        return bool(frame.bgrx == expected.tobytes("raw", "BGRX"))

    # The windows appear after a while.
    wait_for(same, timeout=60, what="the pictures shown")
    # The probe, which shows no dialog, has selected this backend.
    environment = detect_environment(os.environ | {"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert select_capture(environment).backend.name == "screencast"
    # Each token was used once, and the cast ended each time.
    assert portal.tokens == {kept.value}
    films = portal.asked.count("Start")
    wait_for(lambda: portal.ended == films, what="the end of the last film")
