"""The tables of pictures in the blob folder, and of the room that they take."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from marketplace.storage.table_metadata import HASH, metadata

blob = Table(
    "blob",
    metadata,
    Column("sha256", HASH, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mime", String(40), nullable=False),
    Column("stored_s", BigInteger, nullable=False),
    # In pixels; 0 for files that an earlier version stored without measuring.
    Column("width", Integer, nullable=False, server_default="0"),
    Column("height", Integer, nullable=False, server_default="0"),
)

blob_owner = Table(
    "blob_owner",
    metadata,
    # The accounts that sent the bytes. Only they learn from HEAD whether the marketplace has them.
    Column("sha256", ForeignKey("blob.sha256"), primary_key=True),
    Column("sub", ForeignKey("account.sub"), primary_key=True),
    # When this account last sent it.
    Column("stored_s", BigInteger, nullable=False, server_default="0"),
    # The contract that it is charged to; empty while no segment names it.
    Column("ctr", String(22), nullable=False, server_default=""),
    Index(None, "ctr", "stored_s"),
)

storage_usage = Table(
    "storage_usage",
    metadata,
    # Files and bytes in `blob_owner` by account and contract.
    Column("sub", ForeignKey("account.sub"), primary_key=True),
    Column("ctr", String(22), primary_key=True),
    Column("files", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)

pending_upload = Table(
    "pending_upload",
    metadata,
    # The uploads to the object store that have not become pictures yet (ADR 0037).
    Column("sub", ForeignKey("account.sub"), primary_key=True),
    Column("sha256", HASH, primary_key=True),
    # The promised number of bytes.
    Column("size", BigInteger, nullable=False),
    # The end of the signed address, in real time (Unix s).
    Column("expires_s", BigInteger, nullable=False),
)

erased_blob = Table(
    "erased_blob",
    metadata,
    # A keyed hash of account and picture (`marketplace.erasure.erased_pictures`).
    Column("mark", HASH, primary_key=True),
)
