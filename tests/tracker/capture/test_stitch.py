"""Pictures of single monitors, joined at their positions."""

from __future__ import annotations

import pytest
from PIL import Image

from tracker.capture.interface import CaptureError
from tracker.capture.stitch import MonitorImage, stitch

RED, GREEN = (200, 10, 20), (10, 200, 20)


def plain(size: tuple[int, int], colour: tuple[int, int, int]) -> Image.Image:
    return Image.new("RGB", size, colour)


def shown(parts: list[MonitorImage]) -> Image.Image:
    frame = stitch(parts, 0, "lent")
    return Image.frombytes("RGB", (frame.width, frame.height), bytes(frame.bgrx), "raw", "BGRX")


def test_monitors_are_where_the_desktop_has_them() -> None:
    parts = [
        MonitorImage(plain((40, 30), RED), (-40, 10), (40, 30)),
        MonitorImage(plain((20, 50), GREEN), (5, 0), (20, 50)),
    ]
    frame = stitch(parts, 77, "lent")
    assert (frame.width, frame.height, frame.left, frame.top) == (65, 50, -40, 0)
    assert (frame.at_ms, frame.screen, frame.scale) == (77, "lent", 1.0)
    picture = shown(parts)
    at = {place: picture.getpixel(place) for place in ((0, 10), (39, 39), (45, 0), (64, 49))}
    assert list(at.values()) == [RED, RED, GREEN, GREEN]
    # The area without a monitor.
    assert [picture.getpixel(p) for p in ((0, 9), (0, 40), (40, 20), (44, 0))] == [(0, 0, 0)] * 4


def test_the_finest_monitor_keeps_its_pixels() -> None:
    fine = plain((80, 60), RED)
    fine.putpixel((79, 59), GREEN)
    parts = [
        MonitorImage(fine, (0, 0), (40, 30)),
        MonitorImage(plain((40, 30), GREEN), (40, 0), (40, 30)),
    ]
    assert stitch(parts, 0, "lent").scale == 2.0
    picture = shown(parts)
    assert picture.size == (160, 60)
    assert [picture.getpixel(p) for p in ((78, 59), (79, 59), (80, 0))] == [RED, GREEN, GREEN]
    assert picture.getpixel((159, 59)) == GREEN


@pytest.mark.parametrize("about", [{}, {"position": (0, 0)}, {"size": (20, 10)}])
def test_without_positions_they_are_side_by_side(about: dict[str, tuple[int, int]]) -> None:
    parts = [
        MonitorImage(plain((40, 30), RED), (0, 0), (40, 30)),
        MonitorImage(plain((20, 10), GREEN), **about),
    ]
    picture = shown(parts)
    assert picture.size == (60, 30)
    assert (picture.getpixel((39, 29)), picture.getpixel((40, 0))) == (RED, GREEN)


@pytest.mark.parametrize("size", [(0, 30), (40, -1)])
def test_a_monitor_without_an_area_is_an_error(size: tuple[int, int]) -> None:
    with pytest.raises(CaptureError):
        stitch([MonitorImage(plain((40, 30), RED), (0, 0), size)], 0, "lent")


def test_positions_too_far_apart_are_an_error() -> None:
    parts = [MonitorImage(plain((40, 30), RED), (x, x), (40, 30)) for x in (0, 2**30)]
    with pytest.raises(CaptureError, match="a picture of"):
        stitch(parts, 0, "lent")


def test_a_single_colour_is_no_picture() -> None:
    with pytest.raises(CaptureError, match="one single colour"):
        stitch([MonitorImage(plain((40, 30), RED), (0, 0), (40, 30))], 0, "lent")
