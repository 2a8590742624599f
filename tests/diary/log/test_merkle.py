"""The tree, compared with a literal implementation of RFC 6962 §2.1."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.log.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    new_nodes,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

SIZES = range(131)


def mth(leaves: list[bytes]) -> bytes:
    """MTH(D[n]) of RFC 6962 §2.1."""
    n = len(leaves)
    if n == 0:
        return hashlib.sha256().digest()
    if n == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = largest_power_below(n)
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962 §2.1.1."""
    n = len(leaves)
    if n == 1:
        return []
    k = largest_power_below(n)
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of RFC 6962 §2.1.2."""
    n = len(leaves)
    if m == n:
        return [] if whole else [mth(leaves)]
    k = largest_power_below(n)
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


class Tree:
    """Stored complete nodes, with a count of reads."""

    def __init__(self, size: int) -> None:
        self.leaves: list[bytes] = []
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.reads = 0
        for _ in range(size):
            self.append()

    def append(self) -> None:
        index = len(self.leaves)
        self.leaves.append(b"leaf %d" % index)
        for level, position, value in new_nodes(index, leaf_hash(self.leaves[-1]), self.read):
            assert (level, position) not in self.nodes
            self.nodes[level, position] = value

    def read(self, level: int, position: int) -> bytes:
        self.reads += 1
        return self.nodes[level, position]


TREE = Tree(max(SIZES))


@pytest.mark.parametrize("size", SIZES)
def test_root_and_every_proof_are_those_of_the_rfc(size: int) -> None:
    leaves = TREE.leaves[:size]
    top = root(size, TREE.read)
    assert top == mth(leaves)
    for index in range(size):
        proof = inclusion_proof(index, size, TREE.read)
        assert proof == path(index, leaves)
        assert verify_inclusion(leaf_hash(leaves[index]), index, size, proof, top)


def test_the_tree_of_no_leaves() -> None:
    assert root(0, TREE.read) == mth([]) == EMPTY_ROOT


@pytest.mark.parametrize("index", [0, 1, 2, 3, 63, 64, 100, 126, 127, 128, 129])
def test_appending_reads_and_makes_no_more_than_the_logarithm(index: int) -> None:
    made = new_nodes(index, bytes(32), TREE.read)
    assert len(made) <= index.bit_length() + 1
    tree = Tree(index)
    tree.reads = 0
    tree.append()
    assert tree.reads <= index.bit_length()
    assert sum(2**level for level, _, _ in made) >= 1


@pytest.mark.parametrize("size", [1, 2, 7, 64, 127, 130])
def test_roots_and_proofs_read_few_nodes(size: int) -> None:
    limit = size.bit_length() * (size.bit_length() + 1)
    for work in (lambda: root(size, TREE.read), lambda: inclusion_proof(0, size, TREE.read)):
        TREE.reads = 0
        work()
        assert TREE.reads <= limit


def test_the_first_node_is_the_leaf_itself() -> None:
    assert new_nodes(0, b"x" * 32, TREE.read) == [(0, 0, b"x" * 32)]
    assert new_nodes(1, leaf_hash(TREE.leaves[1]), TREE.read)[1] == (
        1,
        0,
        node_hash(leaf_hash(TREE.leaves[0]), leaf_hash(TREE.leaves[1])),
    )


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (4, 3)])
def test_there_is_no_proof_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in the tree"):
        inclusion_proof(index, size, TREE.read)
    assert not verify_inclusion(bytes(32), index, size, [], bytes(32))


PLACES = st.integers(1, max(SIZES)).flatmap(
    lambda size: st.tuples(st.integers(0, size - 1), st.just(size))
)


@given(PLACES, st.data())
def test_a_changed_proof_is_refused(place: tuple[int, int], draw: st.DataObject) -> None:
    index, size = place
    leaf, top = leaf_hash(TREE.leaves[index]), root(size, TREE.read)
    proof = inclusion_proof(index, size, TREE.read)
    for wrong in (index - 1, index + 1, index ^ 1, size):
        assert not verify_inclusion(leaf, wrong, size, proof, top)
    assert not verify_inclusion(bytes(32), index, size, proof, top)
    assert not verify_inclusion(leaf, index, size, proof, bytes(32))
    assert not verify_inclusion(leaf, index, size, [*proof, bytes(32)], top)
    assert not verify_inclusion(leaf[:31], index, size, proof, top)
    assert not verify_inclusion(leaf, index, size, proof, top + b"\0")
    if proof:
        at = draw.draw(st.integers(0, len(proof) - 1))
        shorter = proof[:at] + proof[at + 1 :]
        assert not verify_inclusion(leaf, index, size, shorter, top)
        for value in (bytes(32), proof[at][:31], proof[at] + b"\0", b""):
            changed = [*proof[:at], value, *proof[at + 1 :]]
            assert not verify_inclusion(leaf, index, size, changed, top)


@given(st.integers(), st.integers(), st.lists(st.binary(max_size=33), max_size=5))
def test_no_numbers_make_the_check_raise(index: int, size: int, proof: list[bytes]) -> None:
    assert verify_inclusion(bytes(32), index, size, proof, b"\1" * 32) is False


@pytest.mark.parametrize("new", range(1, 67))
def test_every_consistency_proof_is_that_of_the_rfc(new: int) -> None:
    leaves = TREE.leaves[:new]
    top = root(new, TREE.read)
    for old in range(1, new + 1):
        proof = consistency_proof(old, new, TREE.read)
        assert proof == subproof(old, leaves, True)
        assert verify_consistency(old, new, proof, root(old, TREE.read), top)


@pytest.mark.parametrize("new", range(1, 41))
def test_no_proof_is_one_for_other_sizes(new: int) -> None:
    top = root(new, TREE.read)
    for old in range(1, new + 1):
        proof = consistency_proof(old, new, TREE.read)
        before = root(old, TREE.read)
        for other in range(-1, new + 3):
            if other != old:
                assert not verify_consistency(other, new, proof, before, top)
            # A proof alone does not determine the new size; the root does.
            if other != new and 1 <= other <= len(TREE.leaves):
                other_top = root(other, TREE.read)
                assert not verify_consistency(old, other, proof, before, other_top) or (
                    other_top == top
                )


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3), (0, 0), (1, 0)])
def test_a_consistency_proof_needs_an_older_tree(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no such older tree"):
        consistency_proof(old, new, TREE.read)
    assert not verify_consistency(old, new, [], EMPTY_ROOT, EMPTY_ROOT)


@pytest.mark.parametrize(("old", "new"), [(1, 130), (64, 128), (65, 128), (127, 128), (100, 130)])
def test_consistency_reads_few_nodes(old: int, new: int) -> None:
    TREE.reads = 0
    proof = consistency_proof(old, new, TREE.read)
    assert len(proof) <= new.bit_length() + 1
    assert TREE.reads <= new.bit_length() * (new.bit_length() + 1)


PAIRS = st.integers(1, max(SIZES)).flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new)))


@given(PAIRS, st.data())
def test_a_changed_consistency_proof_is_refused(pair: tuple[int, int], draw: st.DataObject) -> None:
    old, new = pair
    before, top = root(old, TREE.read), root(new, TREE.read)
    proof = consistency_proof(old, new, TREE.read)
    assert not verify_consistency(old, new, proof, bytes(32), top)
    assert not verify_consistency(old, new, proof, before, bytes(32))
    assert not verify_consistency(old, new, [*proof, bytes(32)], before, top)
    assert not verify_consistency(old, new, [bytes(32), *proof], before, top)
    assert not verify_consistency(old, new, proof, before[:31], top)
    assert not verify_consistency(old, new, proof, before, top + b"\0")
    if old != new:
        assert not verify_consistency(old, new, proof, top, before)
        assert not verify_consistency(new, old, proof, top, before)
        at = draw.draw(st.integers(0, len(proof) - 1))
        shorter = proof[:at] + proof[at + 1 :]
        assert not verify_consistency(old, new, shorter, before, top)
        bit = 1 << draw.draw(st.integers(0, 255))
        flipped = (int.from_bytes(proof[at], "big") ^ bit).to_bytes(32, "big")
        for value in (flipped, bytes(32), proof[at][:31], proof[at] + b"\0", b""):
            changed = [*proof[:at], value, *proof[at + 1 :]]
            assert not verify_consistency(old, new, changed, before, top)


@given(st.integers(), st.integers(), st.lists(st.binary(max_size=33), max_size=5))
def test_no_numbers_make_the_consistency_check_raise(
    old: int, new: int, proof: list[bytes]
) -> None:
    assert verify_consistency(old, new, proof, bytes(32), b"\1" * 32) is False
