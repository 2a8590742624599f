"""The newest checkpoint of each shard that reaches the quorum of the witnesses."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, select

from marketplace.log.shards import Shard
from marketplace.storage import schema

_CHECKPOINT = select(schema.cosigned_checkpoint).where(
    schema.cosigned_checkpoint.c.shard == bindparam("shard")
)


def cosigned(connection: Connection, shard: Shard) -> tuple[int, bytes] | None:
    """Size and note, with the cosignatures; None if no checkpoint has reached the quorum."""
    row = connection.execute(_CHECKPOINT, {"shard": shard.number}).first()
    return None if row is None else (row.size, row.note)


def store_cosigned(connection: Connection, shard: Shard, size: int, note: bytes) -> None:
    """Store a checkpoint that reaches the quorum, unless a larger one is stored."""
    known = cosigned(connection, shard)
    if known is not None and known[0] > size:
        return
    drop_cosigned(connection, shard)
    row: dict[str, object] = {"shard": shard.number, "size": size, "note": note}
    schema.insert(connection, schema.cosigned_checkpoint, [row])


def drop_cosigned(connection: Connection, shard: Shard) -> None:
    """Remove the stored one, which another policy has collected."""
    table = schema.cosigned_checkpoint
    connection.execute(delete(table).where(table.c.shard == shard.number))
