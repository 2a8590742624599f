"""The picture files of a marketplace, on the disk and as counted."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from marketplace.storage import schema
from tests.marketplace.live_marketplace import LiveMarketplace


def stored(marketplace: LiveMarketplace) -> set[str]:
    """The hashes of all files on the disk."""
    return set(marketplace.deps.blobs.names())


def counted(marketplace: LiveMarketplace) -> dict[tuple[str, str], tuple[int, int]]:
    """Files and bytes by account and contract, as counted."""
    with marketplace.deps.store.read() as connection:
        rows = connection.execute(select(schema.storage_usage)).all()
    return {(row.sub, row.ctr): (row.files, row.bytes) for row in rows if row.files}


def recounted(marketplace: LiveMarketplace) -> dict[tuple[str, str], tuple[int, int]]:
    """The same from the rows of the files."""
    owner, blob = schema.blob_owner, schema.blob
    with marketplace.deps.store.read() as connection:
        rows = connection.execute(
            select(owner.c.sub, owner.c.ctr, blob.c.size).join(
                blob, blob.c.sha256 == owner.c.sha256
            )
        ).all()
    found: defaultdict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in rows:
        files, size = found[row.sub, row.ctr]
        found[row.sub, row.ctr] = (files + 1, size + row.size)
    return dict(found)
