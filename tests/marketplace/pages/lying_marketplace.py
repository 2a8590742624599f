"""A marketplace that lies to the browser: it alters records on their way, or rewrites its log."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from playwright.sync_api import Page, Route
from sqlalchemy import delete, select, update

from diary.bundle.layout import MANIFEST
from diary.bundle.manifest import Manifest
from diary.bundle.writer import write
from diary.formats.encoding import digest
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.merkle import new_nodes, root
from marketplace.log import shards
from marketplace.storage import schema
from tests.marketplace.live_marketplace import LiveMarketplace

Files = dict[str, bytes]
BUNDLES = "**/v1/bundles/**"


def files_of(bundle: bytes) -> Files:
    """The files of a bundle without its manifest."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}


def altered(bundle: bytes, change: Callable[[Files], None]) -> bytes:
    """The bundle with other files, and with a manifest that fits them."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        manifest = Manifest.parse(archive.read(MANIFEST))
    files = files_of(bundle)
    change(files)
    return b"".join(write(files.items(), replace(manifest, files={}), packed=False))


def honest_bundle(route: Route) -> bytes:
    """What the marketplace would answer to a browser without a stored result."""
    headers = {name: v for name, v in route.request.headers.items() if name != "if-none-match"}
    answer = route.fetch(headers=headers)
    assert answer.status == 200
    return answer.body()


def alter_bundles(page: Page, change: Callable[[bytes], bytes]) -> None:
    """Change each record that the page downloads."""

    def lie(route: Route) -> None:
        body = change(honest_bundle(route))
        route.fulfill(status=200, body=body, content_type="application/zip")

    page.route(BUNDLES, lie)


def rewrite_log(marketplace: LiveMarketplace, change: Callable[[int, Leaf], Leaf]) -> None:
    """Replace leaves of the log, and sign its new tree with the log's key.

    `change` returns the leaf to log at an index.
    """
    log = marketplace.deps.log

    def job(connection: Any) -> None:
        shard = shards.newest(connection)
        rows = connection.execute(select(schema.leaf).order_by(schema.leaf.c.idx)).all()
        nodes: dict[tuple[int, int], bytes] = {}
        for index, row in enumerate(rows):
            leaf = change(index, Leaf(LeafType(row.type), row.digest, row.rt_ms, row.attrs))
            where = schema.leaf.c.idx == row.idx
            connection.execute(
                update(schema.leaf)
                .where(where)
                .values(digest=leaf.digest, rt_ms=leaf.rt_ms, attrs=leaf.attrs)
            )
            for level, pos, value in new_nodes(index, leaf.hash(), lambda lv, p: nodes[lv, p]):
                nodes[level, pos] = value
        connection.execute(delete(schema.node))
        schema.insert(
            connection,
            schema.node,
            [
                {"shard": shard.number, "level": level, "pos": pos, "hash": value}
                for (level, pos), value in nodes.items()
            ],
        )
        top = root(len(rows), lambda level, pos: nodes[level, pos])
        note = log._signer.sign(Checkpoint(shard.origin, len(rows), top).text())
        connection.execute(delete(schema.checkpoint))
        row = {"shard": shard.number, "size": len(rows), "note": note}
        schema.insert(connection, schema.checkpoint, [row])

    marketplace.deps.store.write(job).result()


def sdjwt_digest(data: bytes) -> str:
    """The hash of a segment."""
    return digest(data.split(b"~")[0])
