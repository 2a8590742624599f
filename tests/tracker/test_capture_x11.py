"""Pictures of a real X screen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.rig.target import Target, random_code
from tracker.capture.base import CaptureError, Frame
from tracker.capture.choose import choose
from tracker.capture.mss_backend import MssCapture
from tracker.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from tests.rig.desktop import Desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")


def pixels(picture: Image.Image) -> bytes:
    return picture.convert("RGB").tobytes("raw", "BGR")


def bgr(frame: Frame) -> bytes:
    kept = bytearray(frame.width * frame.height * 3)
    for channel in range(3):
        kept[channel::3] = frame.bgrx[channel::4]
    return bytes(kept)


def test_the_picture_is_the_screen_pixel_for_pixel(clean_desktop: Desktop) -> None:
    Target(clean_desktop, random_code())
    frame = choose(Desk("linux", "x11")).backend.grab(lambda: 1234)
    independent = clean_desktop.screenshot()
    assert (frame.width, frame.height) == independent.size == (1920, 1080)
    assert (frame.screen, frame.at_ms) == ("all", 1234)
    assert bgr(frame) == pixels(independent)


def test_no_pixel_is_older_than_the_moment_told(clean_desktop: Desktop) -> None:
    def moment() -> int:
        clean_desktop.x.paint_ground("#123456")
        return 5

    try:
        frame = MssCapture().grab(moment)
    finally:
        clean_desktop.x.paint_ground("#2e3440")
    assert bytes(frame.bgrx[:3]) == bytes.fromhex("563412")


def test_a_screen_of_one_colour_is_an_error(bare_x: Callable[..., Desktop]) -> None:
    bare_x().x.paint_ground("#000000")
    with pytest.raises(CaptureError, match="one single colour") as caught:
        MssCapture().grab(lambda: 0)
    assert caught.value.reason == "error"


def test_a_change_of_resolution_between_two_pictures_is_seen(
    bare_x: Callable[..., Desktop],
) -> None:
    desktop = bare_x("1280x1024", window_manager=True)
    Target(desktop, "resize", size="300x200")
    capture = MssCapture()
    for size in ((1280, 1024), (800, 600), (1024, 768), (1280, 1024)):
        desktop.set_resolution(*size)
        frame = capture.grab(lambda: 0)
        assert (frame.width, frame.height) == size
        assert bgr(frame) == pixels(desktop.screenshot())


def test_one_monitor_of_two(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x("800x600,640x480", window_manager=True)
    Target(desktop, "two", size="300x200")
    whole = desktop.screenshot()
    first, second = MssCapture("1").grab(lambda: 0), MssCapture("2")
    assert first.screen == "1"
    assert bgr(first) == pixels(whole.crop((0, 0, 800, 600)))
    # Nothing is on the second: one colour.
    with pytest.raises(CaptureError, match="one single colour"):
        second.grab(lambda: 0)
    with pytest.raises(CaptureError, match="no monitor 3"):
        MssCapture("3").grab(lambda: 0)


def test_pictures_leave_no_file_open(clean_desktop: Desktop) -> None:
    Target(clean_desktop, "files")
    capture = MssCapture()
    capture.grab(lambda: 0)
    before = sorted(Path("/proc/self/fd").iterdir())
    for _ in range(5):
        capture.grab(lambda: 0)
    assert sorted(Path("/proc/self/fd").iterdir()) == before


def test_a_server_that_died_is_an_error(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x(window_manager=True)
    Target(desktop, "dying", size="300x200")
    capture = MssCapture()
    capture.grab(lambda: 0)

    def die() -> int:
        desktop.kill_x()
        return 0

    with pytest.raises(CaptureError) as caught:
        capture.grab(die)
    assert caught.value.reason == "error"
    with pytest.raises(CaptureError, match="could not be read"):
        capture.grab(lambda: 0)
