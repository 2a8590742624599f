"""Our tree is that of RFC 6962, and accepts exactly the valid published proofs."""

from __future__ import annotations

import pytest

from diary.formats.encoding import b64_decode
from diary.log import merkle
from tests.interop.program import Program
from tests.interop.published import kept, merkle_proofs, with_third_party
from tests.interop.samples import b64s


class Tree:
    """A tree of any bytes, with its nodes."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for index, leaf in enumerate(leaves):
            for level, place, value in merkle.new_nodes(index, merkle.leaf_hash(leaf), self.read):
                self.nodes[level, place] = value

    def read(self, level: int, position: int) -> bytes:
        return self.nodes[level, position]


REFERENCE = kept("rfc6962")
LEAVES = [bytes.fromhex(leaf) for leaf in REFERENCE["leaves"]]
ROOTS = [bytes.fromhex(root) for root in REFERENCE["roots"]]


def test_the_roots_of_the_reference_trees() -> None:
    tree = Tree(LEAVES)
    assert [merkle.root(size, tree.read) for size in range(9)] == ROOTS


@pytest.mark.xdist_group("go")
def test_go_makes_the_roots_of_the_reference_trees(go: Program) -> None:
    # The empty tree has no hash there.
    assert go.ask("root", leaves=b64s(LEAVES))[1:] == b64s(ROOTS[1:])


def test_the_example_proofs_of_the_rfc() -> None:
    # RFC 6962 §2.1.3: a tree of seven leaves d0 … d6 and the names of its nodes.
    tree = Tree([b"d%d" % n for n in range(7)])
    names = {"a": (0, 0), "b": (0, 1), "c": (0, 2), "d": (0, 3), "e": (0, 4), "f": (0, 5)}
    names |= {"j": (0, 6), "g": (1, 0), "h": (1, 1), "i": (1, 2), "k": (2, 0)}
    node = {name: tree.read(*place) for name, place in names.items()}
    node["l"] = merkle.node_hash(node["i"], node["j"])
    for leaf, path in {0: "bhl", 3: "cgl", 4: "fjk", 6: "ik"}.items():
        assert merkle.inclusion_proof(leaf, 7, tree.read) == [node[name] for name in path]
    for old, path in {3: "cdgl", 4: "l", 6: "ijk"}.items():
        assert merkle.consistency_proof(old, 7, tree.read) == [node[name] for name in path]


@with_third_party
@pytest.mark.parametrize(("kind", "count", "good"), [("inclusion", 86, 6), ("consistency", 84, 5)])
def test_every_published_proof_is_judged_as_published(kind: str, count: int, good: int) -> None:
    verdicts = []
    for case in merkle_proofs(kind):
        proof = [b64_decode(node or "") for node in case["proof"] or []]
        names = ("leafHash", "root") if kind == "inclusion" else ("root1", "root2")
        first, root = (b64_decode(case[name] or "") for name in names)
        if kind == "inclusion":
            index, size = case["leafIdx"], case["treeSize"]
            verdict = merkle.verify_inclusion(first, index, size, proof, root)
        else:
            old, new = case["size1"], case["size2"]
            verdict = merkle.verify_consistency(old, new, proof, first, root)
        assert verdict is not case["wantErr"], case
        verdicts.append(verdict)
    assert (len(verdicts), sum(verdicts)) == (count, good)
