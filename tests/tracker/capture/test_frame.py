"""A picture of one single colour is an error; sizes must match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.capture.interface import CaptureError, Frame

SIDES = st.integers(1, 12)
COLOURS = st.binary(min_size=3, max_size=3)


@given(SIDES, SIDES, COLOURS, st.randoms())
def test_one_colour_is_refused_whatever_the_unused_byte_holds(width, height, colour, random):  # type: ignore[no-untyped-def]
    pixels = b"".join(colour + random.randbytes(1) for _ in range(width * height))
    with pytest.raises(CaptureError, match="one single colour") as caught:
        Frame(width, height, pixels, "all", 0)
    assert caught.value.reason == "error"


@given(SIDES, SIDES, COLOURS, st.data())
def test_one_pixel_that_differs_makes_a_picture(width, height, colour, data):  # type: ignore[no-untyped-def]
    pixels = bytearray((colour + b"\0") * (width * height + 1))[: 4 * (width * height + 1)]
    place = data.draw(st.integers(0, width * height))
    channel = data.draw(st.integers(0, 2))
    pixels[4 * place + channel] ^= data.draw(st.integers(1, 255))
    assert Frame(width * height + 1, 1, pixels, "all", 7).at_ms == 7
    assert Frame(1, width * height + 1, bytes(pixels), "all", 7).height == width * height + 1


@pytest.mark.parametrize(
    ("width", "height", "size"), [(2, 2, 15), (2, 2, 17), (0, 2, 0), (2, 0, 0)]
)
def test_a_size_that_does_not_fit_is_refused(width: int, height: int, size: int) -> None:
    with pytest.raises(CaptureError) as caught:
        Frame(width, height, bytes(range(size)), "all", 0)
    assert caught.value.reason == "error"
