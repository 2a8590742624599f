"""PyPI pymerkle computes the same trees.

Its consistency proofs differ in form from RFC 6962, so they are compared with our roots only.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from pymerkle import ConsistencyProof, InclusionProof, InmemoryTree, InvalidProof

from diary.log import merkle
from tests.interop.samples import SIZES, changed_proofs, leaves_of, log_of, one_bit_off, root_of

LOG = log_of(max(SIZES))
TREE = InmemoryTree(algorithm="sha256")
for data in leaves_of(LOG):
    TREE.append_entry(data)


def included(index: int, size: int, proof: list[bytes], leaf: bytes, root: bytes) -> bool:
    """Whether the library accepts our path for the leaf (its own indexes begin at 1)."""
    made: InclusionProof = TREE.prove_inclusion(index + 1, size)
    made.path = [leaf, *proof]
    try:
        made.verify(leaf, root, index=index + 1, size=size, algorithm="sha256")
    except InvalidProof:
        return False
    return True


def consistent(made: ConsistencyProof, before: bytes, root: bytes) -> bool:
    try:
        made.verify(before, root, algorithm="sha256")
    except InvalidProof:
        return False
    return True


def test_it_makes_the_same_root_at_every_size() -> None:
    for size in range(1, max(SIZES) + 1):
        assert TREE.get_root(size) == root_of(LOG, size)
    assert TREE.get_root(0) == merkle.EMPTY_ROOT


@pytest.mark.parametrize("size", SIZES)
def test_it_makes_and_accepts_the_same_inclusion_proofs(size: int) -> None:
    root = root_of(LOG, size)
    for index in range(size):
        leaf = LOG.leaves[index].hash()
        proof = merkle.inclusion_proof(index, size, LOG.read)
        assert TREE.prove_inclusion(index + 1, size).path == [leaf, *proof]
        assert included(index, size, proof, leaf, root)
        assert merkle.verify_inclusion(leaf, index, size, proof, root)


@pytest.mark.parametrize(("size", "index"), [(2, 0), (7, 6), (13, 5), (16, 0)])
def test_it_refuses_a_proof_with_any_byte_changed(size: int, index: int) -> None:
    leaf, root = LOG.leaves[index].hash(), root_of(LOG, size)
    proof = merkle.inclusion_proof(index, size, LOG.read)
    assert included(index, size, proof, leaf, root)
    for _, changed in one_bit_off(root):
        assert not included(index, size, proof, leaf, changed)
    for _, changed in one_bit_off(leaf):
        assert not included(index, size, proof, changed, root)
    for how, wrong in changed_proofs(proof):
        assert not included(index, size, wrong, leaf, root), how


def test_it_finds_our_roots_consistent_with_each_other() -> None:
    for size in SIZES:
        for old in range(1, size + 1):
            made = TREE.prove_consistency(old, size)
            assert consistent(made, root_of(LOG, old), root_of(LOG, size))
    for old, new in pairwise(SIZES):
        made = TREE.prove_consistency(old, new)
        for _, changed in one_bit_off(root_of(LOG, old)):
            assert not consistent(made, changed, root_of(LOG, new))
        for _, changed in one_bit_off(root_of(LOG, new)):
            assert not consistent(made, root_of(LOG, old), changed)
