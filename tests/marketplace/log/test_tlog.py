"""The served log: policy, keys, tiles, and problems for missing objects."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text

from diary.formats.encoding import digest
from diary.log.checkpoint import open_checkpoint
from diary.log.leaf import LeafType
from diary.log.merkle import verify_consistency
from diary.log.policy import parse_policy
from diary.log.shard_keys import extend_trust
from diary.log.tiles import WIDTH, TileReader
from marketplace.log.log import LogEntry
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.published import add, fetcher, get, leaves, present


def test_the_policy_names_all_shards_and_where_they_are(marketplace: LiveMarketplace) -> None:
    marketplace.deps.log.rotate()
    logs = parse_policy(get(marketplace, "/log/policy").content).logs
    assert [entry.verifier for entry in logs] == [shard.verifier for shard in present(marketplace)]
    for entry in logs:
        assert entry.url is not None
        note = httpx.get(f"{entry.url}/checkpoint", trust_env=False, verify=False).content
        assert open_checkpoint(note, [entry.verifier]).origin == entry.verifier.name


def test_the_trusted_keys_are_those_of_the_receipts(marketplace: LiveMarketplace) -> None:
    assert get(marketplace, "/log/keys").json() == {"keys": []}
    pinned = marketplace.deps.log.verifier
    marketplace.deps.log.rotate()
    marketplace.deps.log.rotate()
    proofs = [proof.encode() for proof in get(marketplace, "/log/keys").json()["keys"]]
    assert len(proofs) == 4
    verifiers, _ = extend_trust([pinned], proofs)
    assert verifiers == marketplace.deps.log.verifiers


def test_the_tiles_prove_every_leaf_and_every_older_checkpoint(
    marketplace: LiveMarketplace,
) -> None:
    notes = []
    for batch in range(6):
        jobs = [
            marketplace.deps.log.append(LogEntry(LeafType.REVIEW, digest(b"%d %d" % (batch, n))))
            for n in range(90)
        ]
        assert len({job.result().index for job in jobs}) == 90
        notes.append(get(marketplace, "/log/checkpoint").content)
    (shard,) = present(marketplace)
    states = [open_checkpoint(note, [shard.verifier]) for note in notes]
    newest = states[-1]
    assert newest.size == 541
    reader = TileReader(newest, fetcher(marketplace, "2026"))
    for state in states:
        proof = reader.consistency(state.size)
        assert verify_consistency(state.size, newest.size, proof, state.root, newest.root)
    assert len(leaves(marketplace, shard)) == 541
    for name in ("", "2026/"):
        full = get(marketplace, f"/log/{name}tile/0/000")
        assert len(full.content) == WIDTH * 32
        assert "immutable" in full.headers["cache-control"]
        partial = get(marketplace, f"/log/{name}tile/0/002.p/29")
        assert len(partial.content) == 29 * 32
        assert partial.headers["cache-control"] == "public, max-age=60"
        assert get(marketplace, f"/log/{name}tile/1/000.p/2").status_code == 200
        assert get(marketplace, f"/log/{name}checkpoint").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("", False),
        ("identity", False),
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("xgzip", False),
    ],
)
def test_entries_are_compressed_on_request(
    marketplace: LiveMarketplace, accepted: str, packed: bool
) -> None:
    add(marketplace, *(str(n) for n in range(20)))
    headers = {"Accept-Encoding": accepted}
    plain = get(marketplace, "/log/tile/entries/000.p/21").content
    answer = httpx.get(
        f"{marketplace.url}/log/tile/entries/000.p/21",
        headers=headers,
        trust_env=False,
        verify=False,
    )
    assert answer.content == plain
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    assert (int(answer.headers["content-length"]) < len(plain) * 0.8) is packed
    assert answer.headers["vary"] == "Accept-Encoding"
    hashes = httpx.get(
        f"{marketplace.url}/log/tile/0/000.p/21", headers=headers, trust_env=False, verify=False
    )
    assert "content-encoding" not in hashes.headers


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/log/tile/0/001", 404, "tile_unknown"),
        ("/log/tile/0/000.p/255", 404, "tile_unknown"),
        ("/log/tile/1/000.p/1", 404, "tile_unknown"),
        ("/log/tile/63/000", 404, "tile_unknown"),
        ("/log/tile/entries/000", 404, "tile_unknown"),
        ("/log/2026/tile/0/x999/x999/x999/999", 404, "tile_unknown"),
        ("/log/2026/tile/0/x999/x999/x999/x999/999", 404, "tile_path"),
        ("/log/tile/64/000", 404, "tile_path"),
        ("/log/tile/0/0", 404, "tile_path"),
        ("/log/tile/0/000.p/256", 404, "tile_path"),
        ("/log/tile/0/000.p/0", 404, "tile_path"),
        ("/log/tile/0/..%2f000", 404, "tile_path"),
        ("/log/tile/checkpoint", 404, "tile_path"),
        ("/log/2026/tile/x/000", 404, "tile_path"),
        ("/log/2025/tile/0/000.p/1", 404, "log_unknown"),
        ("/log/2026-2/checkpoint", 404, "log_unknown"),
        ("/log/2026-1/checkpoint", 404, "log_unknown"),
        ("/log/%00/checkpoint", 404, "log_unknown"),
    ],
)
def test_a_missing_object_is_a_problem(
    marketplace: LiveMarketplace, path: str, status: int, code: str
) -> None:
    answer = get(marketplace, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


def test_a_bundle_that_was_changed_in_storage_is_not_given_out(
    marketplace: LiveMarketplace,
) -> None:
    add(marketplace, "a")
    marketplace.deps.store.write(
        lambda c: c.execute(text("UPDATE leaf SET type = 'nothing' WHERE idx = 1"))
    ).result()
    assert get(marketplace, "/log/tile/entries/000.p/2").status_code == 404
    marketplace.deps.store.write(
        lambda c: c.execute(text("DELETE FROM node WHERE pos = 1"))
    ).result()
    assert get(marketplace, "/log/tile/0/000.p/2").status_code == 404
