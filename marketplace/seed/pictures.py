"""A small set of real WebP pictures: plain windows with text, each with its thumbnail."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw

from diary.formats.encoding import digest
from diary.objects.picture import Blob

WIDTH, HEIGHT = 1280, 800
THUMB_WIDTH, THUMB_HEIGHT = 320, 200
COUNT = 12
_GROUNDS = ("#1F2430", "#FFFFFF", "#F4F1EA", "#0F2027", "#FBFBFD", "#2B2B2B")
_INKS = ("#8FA1B3", "#40464D", "#6B5E4B", "#6FB1A0", "#5B6B8C", "#B8A26A")


@dataclass(frozen=True)
class SeedPicture:
    """A picture and its thumbnail: the bytes of both files and their blobs."""

    full: bytes
    thumb: bytes
    blob: Blob
    thumb_blob: Blob


def draw_pictures(rng: random.Random) -> list[SeedPicture]:
    """`COUNT` different pictures of a screen."""
    return [_draw(rng, number) for number in range(COUNT)]


def _draw(rng: random.Random, number: int) -> SeedPicture:
    ground, ink = _GROUNDS[number % len(_GROUNDS)], _INKS[number % len(_INKS)]
    image = Image.new("RGB", (WIDTH, HEIGHT), "#3A5566")
    canvas = ImageDraw.Draw(image)
    left, top = 40 + 10 * number, 30
    canvas.rectangle((left, top, WIDTH - 60, HEIGHT - 40), fill=ground)
    canvas.rectangle((left, top, WIDTH - 60, top + 28), fill="#D9DCE0")
    for line in range(34):
        y, indent = top + 44 + line * 20, left + 20 + 24 * rng.randrange(5)
        for _ in range(rng.randrange(1, 7)):
            width = rng.randrange(20, 120)
            if indent + width < WIDTH - 80:
                canvas.rectangle((indent, y, indent + width, y + 9), fill=ink)
            indent += width + 8
    full, thumb = _encode(image), _encode(image.resize((THUMB_WIDTH, THUMB_HEIGHT)))
    return SeedPicture(full, thumb, _blob(full), _blob(thumb))


def _encode(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=70, method=2)
    return buffer.getvalue()


def _blob(data: bytes) -> Blob:
    return Blob("image/webp", len(data), digest(data))
