"""Go's golang.org/x/mod/sumdb/tlog agrees with us on roots, proofs and tiles, valid and invalid."""

from __future__ import annotations

from typing import Any

import pytest

from diary.core.findings import DiaryError
from diary.formats.encoding import b64_decode
from diary.log import merkle, tiles
from diary.log.checkpoint import open_checkpoint
from diary.log.receipt import Receipt, open_receipt
from tests.diary.hash_tiles import hash_tile
from tests.diary.world import Log, World
from tests.interop.program import Program
from tests.interop.samples import (
    SIZES,
    b64,
    b64s,
    changed_proofs,
    leaves_of,
    log_of,
    one_bit_off,
    root_of,
)

pytestmark = pytest.mark.xdist_group("go")

#: Sizes around one and two whole tiles.
TILED = (1, 5, 255, 256, 257, 300, 512, 600)


def record(log: Log, index: int, **changes: Any) -> dict[str, Any]:
    """The query whether a leaf is in the log, with our proof."""
    size = len(log.leaves)
    proof = merkle.inclusion_proof(index, size, log.read)
    question = {
        "leaf": b64(log.leaves[index].data()),
        "index": index,
        "size": size,
        "root": b64(root_of(log)),
        "proof": b64s(proof),
    }
    return question | changes


def tree(log: Log, old: int, **changes: Any) -> dict[str, Any]:
    """The query whether the log began with its first `old` leaves, with our proof."""
    size = len(log.leaves)
    question = {
        "size": size,
        "old": old,
        "root": b64(root_of(log)),
        "before": b64(root_of(log, old)),
        "proof": b64s(merkle.consistency_proof(old, size, log.read)),
    }
    return question | changes


def test_it_makes_the_same_root_at_every_size(go: Program) -> None:
    log = log_of(300)
    roots = [merkle.EMPTY_ROOT, *(root_of(log, size) for size in range(1, 301))]
    assert go.ask("root", leaves=b64s(leaves_of(log))) == b64s(roots)


@pytest.mark.parametrize("size", SIZES)
def test_it_finds_every_leaf_included(go: Program, size: int) -> None:
    log = log_of(size)
    for index in range(size):
        assert go.ask("check record", **record(log, index))


@pytest.mark.parametrize("size", SIZES)
def test_it_finds_every_older_tree_consistent(go: Program, size: int) -> None:
    log = log_of(size)
    for old in range(1, size + 1):
        assert go.ask("check tree", **tree(log, old))


@pytest.mark.parametrize(("size", "index"), [(2, 0), (7, 6), (13, 5), (16, 0)])
def test_it_refuses_an_inclusion_with_any_byte_changed(go: Program, size: int, index: int) -> None:
    log = log_of(size)
    good = record(log, index)
    for name in ("leaf", "root"):
        for at, changed in one_bit_off(b64_decode(good[name])):
            assert go.refuses("check record", **good | {name: b64(changed)}), (name, at)
    for how, wrong in changed_proofs([b64_decode(node) for node in good["proof"]]):
        assert go.refuses("check record", **good | {"proof": b64s(wrong)}), how


@pytest.mark.parametrize("size", [2, 3, 8, 13])
def test_both_give_the_same_result_for_every_index_in_every_tree(go: Program, size: int) -> None:
    log = log_of(size)
    for index in range(size):
        good = record(log, index)
        leaf, root = log.leaves[index].hash(), root_of(log)
        proof = [b64_decode(node) for node in good["proof"]]
        for other in range(size + 4):
            for asked_index in range(other):
                given = good | {"size": other, "index": asked_index}
                ours = merkle.verify_inclusion(leaf, asked_index, other, proof, root)
                assert go.refuses("check record", **given) is not ours, (index, asked_index, other)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 8), (6, 13), (8, 9)])
def test_it_refuses_a_consistency_with_any_byte_changed(go: Program, old: int, new: int) -> None:
    good = tree(log_of(new), old)
    for name in ("root", "before"):
        for at, changed in one_bit_off(b64_decode(good[name])):
            assert go.refuses("check tree", **good | {name: b64(changed)}), (name, at)
    for how, wrong in changed_proofs([b64_decode(node) for node in good["proof"]]):
        assert go.refuses("check tree", **good | {"proof": b64s(wrong)}), how


@pytest.mark.parametrize("new", [2, 5, 8, 13])
def test_both_give_the_same_result_for_every_pair_of_sizes(go: Program, new: int) -> None:
    log = log_of(new)
    for old in range(1, new + 1):
        good = tree(log, old)
        proof = [b64_decode(node) for node in good["proof"]]
        before, root = root_of(log, old), root_of(log)
        for later in range(1, new + 4):
            for earlier in range(1, later + 1):
                given = good | {"size": later, "old": earlier}
                ours = merkle.verify_consistency(earlier, later, proof, before, root)
                assert go.refuses("check tree", **given) is not ours, (old, earlier, later)


def test_it_finds_every_receipt_of_a_day_good(go: Program) -> None:
    world = World()
    world.day()
    evidence = world.evidence()
    receipts = [*evidence.terms, *evidence.beacons.values(), *(r for _, r in evidence.devices)]
    receipts += [receipt for _, receipt in evidence.segments.values() if receipt is not None]
    for data in receipts:
        receipt = Receipt.parse(data)
        leaf = receipt.leaf
        open_receipt(data, evidence.verifiers, type=leaf.type, object_digest=leaf.digest)
        head = open_checkpoint(receipt.checkpoint, evidence.verifiers)
        assert go.ask(
            "check record",
            leaf=b64(leaf.data()),
            index=receipt.index,
            size=head.size,
            root=b64(head.root),
            proof=b64s(receipt.proof),
        )
    assert len(receipts) > 8


def tiles_of(log: Log) -> dict[str, bytes]:
    """Every hash tile of a log, by its path."""
    size = len(log.leaves)
    found: dict[str, bytes] = {}
    level = 0
    while count := tiles.nodes_at(level, size):
        for number in range(-(-count // tiles.WIDTH)):
            tile = tiles.tile_at(level, number, size)
            found[tile.path] = hash_tile(tile, log.read)
        level += 1
    return found


def reading(log: Log, files: dict[str, bytes], old: int = 1) -> dict[str, Any]:
    size = len(log.leaves)
    return {
        "tiles": {path: b64(data) for path, data in files.items()},
        "size": size,
        "root": b64(root_of(log)),
        "old": old,
        "wanted": list(range(size)),
    }


@pytest.mark.parametrize("size", TILED)
def test_it_makes_the_same_tiles_under_the_same_names(go: Program, size: int) -> None:
    log = log_of(size)
    made = go.ask("make tiles", leaves=b64s(leaves_of(log)))
    assert made == {path: b64(data) for path, data in tiles_of(log).items()}


@pytest.mark.parametrize("size", TILED)
def test_it_reads_leaves_and_makes_proofs_out_of_our_tiles(go: Program, size: int) -> None:
    log = log_of(size)
    for old in {1, size // 2 or 1, size}:
        result = go.ask("read tiles", **reading(log, tiles_of(log), old))
        assert result == {
            "leaves": b64s(leaf.hash() for leaf in log.leaves),
            "inclusion": b64s(merkle.inclusion_proof(0, size, log.read)),
            "consistency": b64s(merkle.consistency_proof(old, size, log.read)),
        }


@pytest.mark.parametrize("size", [5, 300])
def test_it_refuses_tiles_with_any_hash_changed_and_so_do_we(go: Program, size: int) -> None:
    log = log_of(size)
    files = tiles_of(log)
    head = open_checkpoint(log.checkpoint(), [log.signer.verifier])
    for path, data in files.items():
        # One bit of every hash in a small log; of every twentieth hash in a large one.
        for at, changed in one_bit_off(data, 37 if size < 50 else 641):
            wrong = files | {path: changed}
            assert go.refuses("read tiles", **reading(log, wrong)), (path, at)
            with pytest.raises(DiaryError):
                read_all(head.size, wrong, log)
    read_all(head.size, files, log)


def read_all(size: int, files: dict[str, bytes], log: Log) -> None:
    head = open_checkpoint(log.checkpoint(), [log.signer.verifier])
    reader = tiles.TileReader(head, lambda tile: files[tile.path])
    for index in range(size):
        assert reader.node(0, index) == log.leaves[index].hash()
