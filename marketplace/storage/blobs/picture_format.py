"""The format of pictures: simple WebP (RFC 9649 sections 2.5 and 2.6)."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, WebPImagePlugin

from marketplace.core.problems import ProblemError

#: More than four screens of 3840 x 2160; decoding takes 256 MB.
MAX_PIXELS = 64_000_000
#: Bytes for headers and tables beyond the uncompressed pixels.
_OVERHEAD = 4_096
_CHUNK = 8
_HEADER = 12 + _CHUNK


def picture_size(path: Path, size: int) -> tuple[int, int]:
    """Width and height of a simple WebP picture (RFC 9649 sections 2.5 and 2.6), without decoding.

    Raises the problem `blob_format` for another format and for a file that holds more than one
    picture: bytes after the RIFF length, a false RIFF length, another chunk (animation, EXIF, XMP,
    colour profile, padding), more pixels than any screen, more bytes than its pixels.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER)
        if not _is_simple(head, size):
            raise _not_a_picture(
                "This is not a simple WebP file: a RIFF header and one chunk of image data, "
                "whose lengths fit the file."
            )
        file.seek(0)
        try:
            picture = WebPImagePlugin.WebPImageFile(file)
        except (
            OSError,
            SyntaxError,
            ValueError,
            MemoryError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
        ) as error:
            raise _not_a_picture("This is not a WebP picture.") from error
        width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _not_a_picture(f"A picture has at most {MAX_PIXELS} pixels.")
    if size > 4 * width * height + _OVERHEAD:
        raise _not_a_picture("The file is larger than its pixels.")
    return width, height


def _is_simple(head: bytes, size: int) -> bool:
    """Whether a file of `size` bytes is one RIFF chunk with one image chunk."""
    if len(head) < _HEADER or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return False
    whole = int.from_bytes(head[4:8], "little")
    image = int.from_bytes(head[16:20], "little")
    # A chunk of an odd length is followed by one byte (RFC 9649 section 2.3).
    padded = image + image % 2
    return head[12:16] in (b"VP8 ", b"VP8L") and whole + _CHUNK == size == _HEADER + padded


def _not_a_picture(detail: str) -> ProblemError:
    return ProblemError("blob_format", detail)
