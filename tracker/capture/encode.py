"""From pixels to what is kept: the full picture and a small one, both WebP, with masks painted in.

Rules kept: nothing is scaled down in the full picture, so that text stays legible; no metadata
(no time, no program, no colour profile) is written beside the pixels; a mask replaces pixels, it
does not lie above them. Runs on the capture worker; Pillow releases the interpreter's lock.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from tracker.capture.base import CaptureError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.capture.base import Frame

MIME = "image/webp"
QUALITY = 80
METHOD = 2
THUMB_WIDTH = 400
MASK = (29, 31, 30)

Mask = tuple[int, int, int, int]
"""x, y, width, height of a masked rectangle, in pixels of the picture."""


@dataclass(frozen=True)
class Encoded:
    """`data` is the picture in full, `w` x `h` pixels; `thumb` the small one; both are `mime`."""

    data: bytes
    mime: str
    w: int
    h: int
    thumb: bytes


def encode(frame: Frame, redact: Sequence[Mask] = ()) -> Encoded:
    """Encode a picture, with the rectangles of `redact` painted over in both sizes.

    A rectangle may reach over the edge. Raises ValueError for one without an area, and
    CaptureError("error") for a picture that WebP cannot hold (a side over 16383 pixels).
    """
    size = (frame.width, frame.height)
    picture = Image.frombuffer("RGB", size, frame.bgrx, "raw", "BGRX", 0, 1)
    for left, top, width, height in redact:
        if width < 1 or height < 1:
            raise ValueError(f"a mask of {width}x{height} pixels")
        picture.paste(MASK, (left, top, left + width, top + height))
    try:
        data = _webp(picture)
    except ValueError as error:
        raise CaptureError("error", f"the picture could not be encoded: {error}") from error
    thumb = _webp(_smaller(picture))
    picture.close()
    return Encoded(data, MIME, frame.width, frame.height, thumb)


def _smaller(picture: Image.Image) -> Image.Image:
    if picture.width <= THUMB_WIDTH:
        return picture
    height = max(1, round(picture.height * THUMB_WIDTH / picture.width))
    return picture.resize((THUMB_WIDTH, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=METHOD, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()
