"""Go's golang.org/x/mod/sumdb/tlog reads a running marketplace's log from its public addresses.

It needs one published key per shard; the policy lists the keys and addresses of the shards.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.log.receipt import Receipt
from diary.log.tiles import Tile, parse_bundle, tile_at
from marketplace.log.log import LogEntry
from tests.interop.program import Program
from tests.interop.samples import b64, b64s
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace

pytestmark = pytest.mark.xdist_group("go")


@pytest.fixture
def marketplace(tmp_path: Path) -> Iterator[LiveMarketplace]:
    with live_marketplace(tmp_path / "data") as running:
        yield running


def fetch(url: str) -> bytes:
    answer = httpx.get(url, trust_env=False, verify=False)
    assert answer.status_code == 200, url
    return answer.content


def grow(marketplace: LiveMarketplace, first: int, last: int) -> None:
    jobs = [
        marketplace.deps.log.append(LogEntry(LeafType.REVIEW, digest(b"%d" % n)))
        for n in range(first, last)
    ]
    for job in jobs:
        job.result()


def shards_of(marketplace: LiveMarketplace) -> list[tuple[str, str]]:
    """Key and address of each log in the policy."""
    lines = [line.split() for line in fetch(f"{marketplace.url}/log/policy").decode().splitlines()]
    return [(words[1], words[2]) for words in lines if words[0] == "log"]


def leaves_of(url: str, size: int) -> list[bytes]:
    """All leaves of a log, out of its entries."""
    leaves: list[bytes] = []
    while len(leaves) < size:
        tile: Tile = tile_at(None, len(leaves) // 256, size)
        leaves += parse_bundle(fetch(f"{url}/{tile.path}"), tile.width)
    return leaves


def test_it_reads_every_shard_and_finds_it_grown_from_what_it_was(
    go: Program, marketplace: LiveMarketplace
) -> None:
    grow(marketplace, 0, 100)
    ((first_key, first_url),) = shards_of(marketplace)
    origin = first_key.partition("+")[0]
    note = fetch(f"{first_url}/checkpoint")
    before = go.ask("open checkpoint", note=b64(note), vkeys=[first_key], origin=origin)
    grow(marketplace, 100, 400)
    marketplace.deps.log.rotate()
    grow(marketplace, 400, 410)
    sizes = []
    for vkey, url in shards_of(marketplace):
        origin = vkey.partition("+")[0]
        note = fetch(f"{url}/checkpoint")
        head = go.ask("open checkpoint", note=b64(note), vkeys=[vkey], origin=origin)
        size, root = head["size"], head["root"]
        names = go.ask("name tiles", size=size)
        tiles = {name: b64(fetch(f"{url}/{name}")) for name in names}
        older = before if vkey == first_key else {"size": size, "root": root}
        wanted = list(range(size))
        result = go.ask(
            "read tiles", tiles=tiles, size=size, root=root, old=older["size"], wanted=wanted
        )
        assert go.ask(
            "check tree",
            size=size,
            root=root,
            old=older["size"],
            before=older["root"],
            proof=result["consistency"],
        )
        # The entries are the leaves of this tree.
        assert go.ask("root", leaves=b64s(leaves_of(url, size)))[-1] == root
        sizes.append(size)
    # The genesis beacon and 400 of ours; the last leaf announces the next key.
    assert sizes == [402, 11]


def test_it_finds_what_the_log_proves_of_one_object(
    go: Program, marketplace: LiveMarketplace
) -> None:
    grow(marketplace, 0, 20)
    ((vkey, _),) = shards_of(marketplace)
    for n in (0, 7, 19):
        receipt = Receipt.parse(fetch(f"{marketplace.url}/log/proof/{digest(b'%d' % n)}"))
        origin = vkey.partition("+")[0]
        head = go.ask("open checkpoint", note=b64(receipt.checkpoint), vkeys=[vkey], origin=origin)
        leaf, proof = receipt.leaf.data(), b64s(receipt.proof)
        assert digest(b"%d" % n) in leaf.decode()
        assert go.ask("check record", leaf=b64(leaf), index=receipt.index, proof=proof, **head)
