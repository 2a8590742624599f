"""From a file that another program made of the screen to pixels, within bounds."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from tracker.capture.interface import CaptureError

if TYPE_CHECKING:
    from PIL import Image as Pillow

#: Bytes of such a file, and pixels of its picture.
LONGEST = 128 << 20
MOST_PIXELS = 64_000_000


def decode(file: IO[bytes]) -> Pillow.Image:
    """The picture in RGB. Raises CaptureError("error") for what is none, or too large."""
    from PIL import Image

    try:
        with Image.open(file, formats=["PNG", "JPEG", "WEBP"]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise CaptureError("error", f"a picture of {width}x{height}")
            return picture.convert("RGB")
    # Pillow says SyntaxError and ValueError of files that are broken.
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise CaptureError("error", f"the file is no picture: {error}") from error
