"""The stored log as C2SP tiles, read from the tables without verification."""

from __future__ import annotations

from sqlalchemy import Connection, select

from diary.log.leaf import Leaf, LeafType
from diary.log.tiles import HASH, HEIGHT, WIDTH, Tile, entry_bundle
from marketplace.log import log
from marketplace.log.shards import Shard
from marketplace.storage import schema


def read(connection: Connection, shard: Shard, tile: Tile) -> bytes | None:
    """A tile's bytes; None if the shard does not have the tile in this width yet.

    Partial tiles are available in every width that the shard has reached, since a checkpoint can
    exist for every size.
    """
    newest = log.checkpoint(connection, shard)
    size = newest[0] if newest else 0
    level = HEIGHT * (tile.level or 0)
    first = tile.number * WIDTH
    if first + tile.width > size >> level:
        return None
    if tile.level is None:
        return _bundle(connection, shard.first + first, tile.width)
    columns = schema.node.c
    rows = connection.execute(
        select(columns.hash)
        .where(columns.shard == shard.number, columns.level == level)
        .where(columns.pos >= first, columns.pos < first + tile.width)
        .order_by(columns.pos)
    )
    data = b"".join(row.hash for row in rows)
    return data if len(data) == tile.width * HASH else None


def _bundle(connection: Connection, first: int, width: int) -> bytes | None:
    columns = schema.leaf.c
    rows = connection.execute(
        select(columns.type, columns.digest, columns.rt_ms, columns.attrs)
        .where(columns.idx >= first, columns.idx < first + width)
        .order_by(columns.idx)
    ).all()
    try:
        leaves = [Leaf(LeafType(r.type), r.digest, r.rt_ms, r.attrs).data() for r in rows]
    except ValueError:
        return None  # changed in storage: it cannot be encoded
    return entry_bundle(leaves) if len(leaves) == width else None
