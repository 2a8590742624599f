"""The log as published over HTTP, for its tests."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from sqlalchemy import Connection, select

from diary.formats.encoding import digest
from diary.log.checkpoint import open_checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.tiles import Tile, TileReader, longest
from marketplace.log import shards
from marketplace.log.cosigned import store_cosigned
from marketplace.log.log import LogEntry, checkpoint
from marketplace.log.shards import Shard
from marketplace.storage import schema
from tests.marketplace.live_marketplace import LiveMarketplace


def present(marketplace: LiveMarketplace) -> tuple[Shard, ...]:
    with marketplace.deps.store.read() as connection:
        return shards.read(connection)


def add(marketplace: LiveMarketplace, *names: str) -> None:
    """Log an object for each name."""
    for name in names:
        marketplace.deps.log.append(LogEntry(LeafType.REVIEW, digest(name.encode()))).result()


def get(marketplace: LiveMarketplace, path: str) -> httpx.Response:
    return httpx.get(marketplace.url + path, trust_env=False, verify=False)


def leaves(marketplace: LiveMarketplace, shard: Shard) -> list[Leaf]:
    """All leaves of a shard, from its tiles over HTTP, proven against its checkpoint."""
    note = get(marketplace, f"/log/{shard.name}/checkpoint").content
    reader = TileReader(open_checkpoint(note, [shard.verifier]), fetcher(marketplace, shard.name))
    return [Leaf.parse(entry) for _, entry in reader.entries(0)]


def fetcher(marketplace: LiveMarketplace, name: str) -> Callable[[Tile], bytes]:
    def fetch(tile: Tile) -> bytes:
        answer = get(marketplace, f"/log/{name}/{tile.path}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/octet-stream"
        assert len(answer.content) <= longest(tile)
        return answer.content

    return fetch


def row_count(marketplace: LiveMarketplace) -> int:
    with marketplace.deps.store.read() as connection:
        return len(connection.execute(select(schema.leaf.c.idx)).all())


def cosign(marketplace: LiveMarketplace) -> None:
    """Store the newest checkpoint of each shard as if it had reached a quorum."""

    def job(connection: Connection) -> None:
        for shard in shards.read(connection):
            newest = checkpoint(connection, shard)
            assert newest is not None
            store_cosigned(connection, shard, *newest)

    marketplace.deps.store.write(job).result()
