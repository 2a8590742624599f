"""The tables of witnesses (see `marketplace.witnesses`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table

from marketplace.storage.table_metadata import HASH, metadata

#: The newest checkpoint of each shard that reaches the quorum, with its cosignatures.
cosigned_checkpoint = Table(
    "cosigned_checkpoint",
    metadata,
    Column("shard", ForeignKey("shard.number"), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("note", LargeBinary, nullable=False),
)

witness_state = Table(
    "witness_state",
    metadata,
    Column("shard", ForeignKey("shard.number"), primary_key=True),
    # The digest of the witness's published key.
    Column("witness", HASH, primary_key=True),
    # The size that the witness has cosigned last, as far as known.
    Column("size", BigInteger, nullable=False),
    # The last cosignature, and the first failure since, in real time.
    Column("cosigned_s", BigInteger),
    Column("failure", String(20)),
    Column("failing_since_s", BigInteger),
)
