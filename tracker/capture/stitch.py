"""Joins the pictures of single monitors into one of the desktop."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.capture.decode import MOST_PIXELS, decode
from tracker.capture.interface import CaptureError, Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    from tracker.capture.interface import Part


@dataclass(frozen=True)
class MonitorImage:
    """A monitor's picture in RGB; its position and size on the desktop in the desktop's units,
    if known.
    """

    picture: Image
    position: tuple[int, int] | None = None
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class _Placed:
    picture: Image
    x: int
    y: int
    w: int
    h: int


def assemble(parts: Sequence[Part], at_ms: int, screen: str) -> Frame:
    """The picture of all parts. Raises CaptureError("error") for invalid files, impossible
    positions and a single colour.
    """
    images = [
        MonitorImage(decode(io.BytesIO(part.data)), part.position, part.size) for part in parts
    ]
    return stitch(images, at_ms, screen)


def stitch(parts: Sequence[MonitorImage], at_ms: int, screen: str) -> Frame:
    """All parts at their positions, at the finest part's resolution; gaps are black.

    Side by side where a position is unknown. Raises CaptureError("error") for impossible positions
    and for a single colour.
    """
    from PIL.Image import new

    placed = _at_positions(parts) or _side_by_side(parts)
    if any(one.w < 1 or one.h < 1 for one in placed):
        raise CaptureError("error", "a monitor without an area")
    scale = max(one.picture.width / one.w for one in placed)
    left, top = min(one.x for one in placed), min(one.y for one in placed)
    width = round((max(one.x + one.w for one in placed) - left) * scale)
    height = round((max(one.y + one.h for one in placed) - top) * scale)
    if width * height > MOST_PIXELS:
        raise CaptureError("error", f"a picture of {width}x{height}")
    whole = new("RGB", (width, height))
    for one in placed:
        size = (round(one.w * scale), round(one.h * scale))
        fitting = one.picture if one.picture.size == size else one.picture.resize(size)
        whole.paste(fitting, (round((one.x - left) * scale), round((one.y - top) * scale)))
    bgrx = whole.tobytes("raw", "BGRX")
    return Frame(width, height, bgrx, screen, at_ms, left, top, scale)


def _at_positions(parts: Sequence[MonitorImage]) -> list[_Placed]:
    """All parts at their positions; empty if one is unknown."""
    placed: list[_Placed] = []
    for part in parts:
        if part.position is None or part.size is None:
            return []
        placed.append(_Placed(part.picture, *part.position, *part.size))
    return placed


def _side_by_side(parts: Sequence[MonitorImage]) -> list[_Placed]:
    placed: list[_Placed] = []
    x = 0
    for part in parts:
        placed.append(_Placed(part.picture, x, 0, *part.picture.size))
        x += part.picture.width
    return placed
