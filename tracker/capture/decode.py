"""Decodes an image file that another program made of the screen, within bounds."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from tracker.capture.interface import CaptureError

if TYPE_CHECKING:
    from PIL import Image as Pillow

#: Limits on the file's bytes and on the picture's pixels.
LONGEST = 128 << 20
MOST_PIXELS = 64_000_000


def decode(file: IO[bytes]) -> Pillow.Image:
    """The picture in RGB. Raises CaptureError("error") when it is invalid or too large."""
    from PIL import Image

    try:
        with Image.open(file, formats=["PNG", "JPEG", "WEBP"]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise CaptureError("error", f"a picture of {width}x{height}")
            return picture.convert("RGB")
    # Pillow raises SyntaxError and ValueError for broken files.
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise CaptureError("error", f"the file is no picture: {error}") from error
