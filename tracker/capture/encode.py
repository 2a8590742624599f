"""Encodes pixels as the full picture and a thumbnail, both WebP, with masks painted in.

Rules kept: the full picture is not scaled down, so that text stays legible, unless it exceeds
WebP's 16383 pixels per side or the marketplace's limits (64 million pixels, 20 MiB); then it is
scaled until it fits. No metadata (time, program, colour profile) is written. Masks replace pixels
before anything else happens. Runs on the capture worker; Pillow releases the GIL.

Many screens take hundreds of megabytes. `apply_masks` makes the only copy of the pixels: a caller
that drops the frame before `encode_masked` holds only that copy and the encoder's own.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import (
    Image,
    WebPImagePlugin,  # noqa: F401 - older versions resolve a suffix only for loaded plugins
)

from tracker.capture.decode import decode
from tracker.capture.interface import CaptureError, Encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.capture.interface import Frame, Mask

MIME = "image/webp"
QUALITY = 80
METHOD = 2
THUMB_WIDTH, THUMB_HEIGHT = 400, 800
MASK = (29, 31, 30)

MAX_SIDE = 16383
"""Of WebP (RFC 9649)."""
MAX_PIXELS = 64_000_000
MAX_BYTES = 20 << 20
THUMB_BYTES = 262_144
"""Of a thumbnail, like the limits of its sides: a marketplace shows no larger file as a thumbnail
(`docs/protocol.md` section 12.3).
"""
#: Thumbnail qualities, tried in order until the file is small enough.
_THUMB_QUALITIES = (QUALITY, 50, 20, 1)


@dataclass(frozen=True)
class MaskedFrame:
    """Pixels with the masks painted in; `encode_masked` consumes them."""

    picture: Image.Image
    masks: tuple[Mask, ...]


def encode(frame: Frame, redact: Sequence[Mask] = ()) -> Encoded:
    """Encode a picture, with the rectangles of `redact` painted over in both sizes.

    A rectangle may cross the edge. Raises ValueError for one without an area, and
    CaptureError("error") for a picture that WebP cannot hold.
    """
    return encode_masked(apply_masks(frame, redact))


def apply_masks(frame: Frame, redact: Sequence[Mask] = (), blur: int = 0) -> MaskedFrame:
    """Copy the pixels and paint the rectangles over; the frame is no longer needed. `blur`: replace
    each square of so many pixels by its mean before the edges are smoothed; 0 for a sharp picture.
    """
    size = (frame.width, frame.height)
    picture = Image.frombuffer("RGB", size, frame.bgrx, "raw", "BGRX", 0, 1)
    masks = []
    for left, top, width, height in redact:
        if width < 1 or height < 1:
            raise ValueError(f"a mask of {width}x{height} pixels")
        box = (max(0, left), max(0, top), left + width, top + height)
        box = (*box[:2], min(frame.width, box[2]), min(frame.height, box[3]))
        if box[0] < box[2] and box[1] < box[3]:
            picture.paste(MASK, box)
            masks.append((box[0], box[1], box[2] - box[0], box[3] - box[1]))
    if blur:
        # After the masks, so that no masked pixel has a part in its neighbours.
        picture = _blurred(picture, blur)
        for left, top, width, height in masks:
            picture.paste(MASK, (left, top, left + width, top + height))
    return MaskedFrame(picture, tuple(masks))


def _blurred(picture: Image.Image, side: int) -> Image.Image:
    """A copy without details smaller than the squares; closes the original."""
    size = picture.size
    small = picture.reduce(side)
    picture.close()
    return small.resize(size, Image.Resampling.BILINEAR)


def paint_over(data: bytes, areas: Sequence[Mask]) -> MaskedFrame:
    """Decode a picture of this program and paint the rectangles over. Raises CaptureError("error")
    for an invalid file.
    """
    picture = decode(io.BytesIO(data))
    for x, y, width, height in areas:
        picture.paste(MASK, (x, y, x + width, y + height))
    return MaskedFrame(picture, tuple(areas))


def encode_masked(painted: MaskedFrame) -> Encoded:
    """Encode masked pixels. Raises CaptureError("error")."""
    picture, whole = painted.picture, painted.picture.size
    factor = min(MAX_SIDE / max(whole), math.sqrt(MAX_PIXELS / (whole[0] * whole[1])))
    if factor < 1:
        picture = _scaled(picture, factor)
    try:
        data = _fitting(picture)
        if data is None:
            picture = _scaled(picture, 0.5)
            data = _webp(picture)
    except ValueError as error:
        raise CaptureError("error", f"the picture could not be encoded: {error}") from error
    if len(data) > MAX_BYTES:
        raise CaptureError("error", f"the picture has {len(data)} bytes")
    size = picture.size
    thumb = _thumbnail(picture)
    picture.close()
    masks = tuple(_moved(mask, whole, size) for mask in painted.masks)
    return Encoded(data, MIME, *size, thumb, masks)


def _fitting(picture: Image.Image) -> bytes | None:
    """The encoded picture, or None if it exceeds a limit of WebP or of the marketplace."""
    try:
        data = _webp(picture)
    except ValueError:
        return None
    return data if len(data) <= MAX_BYTES else None


def _scaled(picture: Image.Image, factor: float) -> Image.Image:
    """A smaller copy; closes the original."""
    size = (max(1, int(picture.width * factor)), max(1, int(picture.height * factor)))
    smaller = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture.close()
    return smaller


def _moved(mask: Mask, whole: tuple[int, int], size: tuple[int, int]) -> Mask:
    """A mask in a scaled picture, with every pixel that it covers in part."""
    left, top = mask[0] * size[0] // whole[0], mask[1] * size[1] // whole[1]
    right = -(-(mask[0] + mask[2]) * size[0] // whole[0])
    bottom = -(-(mask[1] + mask[3]) * size[1] // whole[1])
    return left, top, right - left, bottom - top


def _thumbnail(picture: Image.Image) -> bytes:
    small = _smaller(picture)
    data = b""
    for quality in _THUMB_QUALITIES:
        data = _webp(small, quality)
        if len(data) <= THUMB_BYTES:
            break
    return data


def _smaller(picture: Image.Image) -> Image.Image:
    factor = min(THUMB_WIDTH / picture.width, THUMB_HEIGHT / picture.height)
    if factor >= 1:
        return picture
    size = (
        min(THUMB_WIDTH, max(1, round(picture.width * factor))),
        min(THUMB_HEIGHT, max(1, round(picture.height * factor))),
    )
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _webp(picture: Image.Image, quality: int = QUALITY) -> bytes:
    out = _Named()
    picture.save(out, quality=quality, method=METHOD, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()


class _Named(io.BytesIO):
    """A buffer with a file name: by its suffix Pillow loads this format's plugin alone; given the
    format instead, it loads the plugins of all formats, which keeps 4 MB.
    """

    name = "picture.webp"
