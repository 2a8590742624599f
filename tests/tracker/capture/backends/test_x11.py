"""Pictures of a real X screen."""

from __future__ import annotations

import gc
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.appwindow import Application
from tests.desktop_fixtures.target import Target, random_code
from tests.desktop_fixtures.x11 import Rect
from tracker.capture.backends.mss_screen import MssCapture
from tracker.capture.interface import CaptureError, Frame
from tracker.capture.pointer import pointer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from tests.desktop_fixtures.desktop import Desktop

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
    frame = MssCapture().grab(lambda: 1234)
    independent = clean_desktop.screenshot()
    assert (frame.width, frame.height) == independent.size == (1920, 1080)
    assert (frame.screen, frame.at_ms) == ("all", 1234)
    assert bgr(frame) == pixels(independent)


def test_no_pixel_is_older_than_its_capture_time(clean_desktop: Desktop) -> None:
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


MONITORS = "800x600,480x640,640x360"
#: Left to right, three sizes, one of them portrait; below the third is a gap.
PLACES = {"1": (0, 0, 800, 600), "2": (800, 0, 1280, 640), "3": (1280, 0, 1920, 360)}


def coloured(desktop: Desktop, stack: ExitStack) -> None:
    """Put a window on each monitor, so that none has one colour."""
    application = stack.enter_context(Application(desktop, "Colours"))
    for number, (left, top, _, _) in PLACES.items():
        application.window(f"#{number * 6}", Rect(left + 40, top + 30, 200, 100), popup=True)


def test_the_monitor_with_the_pointer_is_the_one_taken(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x(MONITORS)
    capture = MssCapture()
    capture.set_target("pointer")
    pointers = {(0, 0): "1", (799, 599): "1", (800, 639): "2", (1279, 0): "2", (1919, 359): "3",
                (1900, 500): "3", (1290, 630): "2", (100, 639): "1"}  # fmt: skip
    with ExitStack() as stack:
        coloured(desktop, stack)
        whole = desktop.screenshot()
        for (x, y), screen in pointers.items():
            desktop.xdotool("mousemove", str(x), str(y))
            frame = capture.grab(lambda: 0)
            box = PLACES[screen]
            assert (frame.screen, frame.left, frame.top) == (screen, *box[:2])
            assert bgr(frame) == pixels(whole.crop(box))
        capture.set_target("all")
        frame = capture.grab(lambda: 0)
        assert (frame.screen, frame.width, frame.height) == ("all", 1920, 640)
        assert bgr(frame) == pixels(whole)


def test_a_monitor_that_is_added_or_removed_between_two_pictures_is_seen(
    bare_x: Callable[..., Desktop],
) -> None:
    desktop = bare_x(MONITORS)
    capture = MssCapture("pointer")
    with ExitStack() as stack:
        coloured(desktop, stack)
        desktop.xdotool("mousemove", "1900", "100")
        assert capture.grab(lambda: 0).screen == "3"
        desktop.run(["xrandr", "--delmonitor", "M3"])
        assert capture.grab(lambda: 0).screen == "2"
        desktop.run(["xrandr", "--setmonitor", "M3", "640/170x360/100+1280+0", "none"])
        assert capture.grab(lambda: 0).screen == "3"


def test_a_picture_during_which_a_monitor_went_is_taken_again(
    bare_x: Callable[..., Desktop],
) -> None:
    desktop = bare_x(MONITORS)
    taken: list[int] = []

    def unplug() -> int:
        taken.append(len(taken))
        if len(taken) == 1:
            desktop.run(["xrandr", "--delmonitor", "M3"])
        return taken[-1]

    with ExitStack() as stack:
        coloured(desktop, stack)
        desktop.xdotool("mousemove", "1900", "100")
        frame = MssCapture("pointer").grab(unplug)
    # The second one's time counts: no pixel is older.
    assert (frame.screen, frame.at_ms) == ("2", 1)


@pytest.mark.parametrize("smaller", [True, False], ids=["smaller", "larger"])
def test_a_picture_during_which_the_resolution_changed_is_taken_again(
    bare_x: Callable[..., Desktop], smaller: bool
) -> None:
    desktop = bare_x("1280x1024", window_manager=True)
    sizes = [(1280, 1024), (800, 600)]
    before, after = sizes if smaller else sizes[::-1]
    desktop.set_resolution(*before)
    Target(desktop, "resize", size="300x200")
    taken: list[int] = []

    def change() -> int:
        taken.append(len(taken))
        if len(taken) == 1:
            desktop.set_resolution(*after)
        return taken[-1]

    frame = MssCapture().grab(change)
    assert (frame.width, frame.height, frame.at_ms) == (*after, 1)
    assert bgr(frame) == pixels(desktop.screenshot())


def test_a_screen_that_changes_again_and_again_is_an_error(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x("1280x1024", window_manager=True)
    Target(desktop, "resize", size="300x200")
    sizes = [(800, 600), (1024, 768), (1280, 1024)]

    def change() -> int:
        desktop.set_resolution(*sizes.pop(0))
        return 0

    with pytest.raises(CaptureError) as caught:
        MssCapture().grab(change)
    assert caught.value.reason == "error"
    assert len(sizes) == 1


def test_a_screen_with_four_times_the_pixels_is_taken_whole(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x("3840x2160")
    with Application(desktop, "Corner") as application:
        application.window("#12ab9f", Rect(3800, 2100, 40, 60), popup=True)
        frame = MssCapture().grab(lambda: 0)
    assert (frame.width, frame.height, frame.scale) == (3840, 2160, 1.0)
    assert frame.bgrx[-4:-1] == bytes.fromhex("9fab12")


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_without_a_server_the_pointer_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4242")
    with pytest.raises(CaptureError, match="the pointer cannot be found") as caught:
        pointer()
    assert caught.value.reason == "error"
    # mss leaves its socket to the garbage collector.
    del caught
    gc.collect()


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
