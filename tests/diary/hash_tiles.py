"""Hash tiles as a log publishes them."""

from __future__ import annotations

from diary.log.merkle import Read
from diary.log.tiles import HEIGHT, WIDTH, Tile


def hash_tile(tile: Tile, read: Read) -> bytes:
    """The bytes of a hash tile, from stored nodes."""
    first = tile.number * WIDTH
    level = HEIGHT * (tile.level or 0)
    return b"".join(read(level, first + n) for n in range(tile.width))
