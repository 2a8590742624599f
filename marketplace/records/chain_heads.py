"""The head of each device's chain in each contract."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from marketplace.storage import schema

_HEADS = (
    select(schema.device_head)
    .where(schema.device_head.c.kid == bindparam("kid"))
    .order_by(schema.device_head.c.ctr)
)


@dataclass(frozen=True)
class ChainHead:
    """The segment with the highest number that a device has in a contract; of several segments with
    one number, the one that was logged first.
    """

    ctr: str
    seq: int
    hash: str


def chain_heads(connection: Connection, kid: str) -> list[ChainHead]:
    """The heads of a device's chains, by contract."""
    rows = connection.execute(_HEADS, {"kid": kid})
    return [ChainHead(row.ctr, row.seq, row.hash) for row in rows]


def chain_head(connection: Connection, kid: str, ctr: str) -> ChainHead | None:
    """The head of a device's chain in a contract; None without a segment."""
    return next((head for head in chain_heads(connection, kid) if head.ctr == ctr), None)
