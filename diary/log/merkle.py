"""The append-only tree of RFC 6962 §2.1, as functions over stored complete subtrees.

A node (level, position) covers the leaves [position * 2^level, (position + 1) * 2^level); level 0
are leaf hashes. A log stores every complete node once (`new_nodes`) and reads O(log n) of them for
a root or a proof. `read(level, position)` returns a stored 32-byte node.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Read = Callable[[int, int], bytes]
Node = tuple[int, int, bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf's bytes: SHA-256(0x00 || data), RFC 6962 §2.1."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right), RFC 6962 §2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def new_nodes(index: int, leaf: bytes, read: Read) -> list[Node]:
    """The nodes that become complete when the leaf hash `leaf` is appended at `index`.

    The first is the leaf itself; at most log2(index) + 1 nodes. `read` must return the nodes of all
    earlier leaves.
    """
    nodes: list[Node] = [(0, index, leaf)]
    level, position, value = 0, index, leaf
    while position % 2 == 1:
        value = node_hash(read(level, position - 1), value)
        level, position = level + 1, position // 2
        nodes.append((level, position, value))
    return nodes


def root(size: int, read: Read) -> bytes:
    """Root of the tree of the first `size` leaves; SHA-256 of nothing for an empty tree."""
    return EMPTY_ROOT if size == 0 else _range_hash(0, size, read)


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """Audit path of leaf `index` in the tree of `size` leaves, from its sibling up (§2.1.1).

    Raises ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError("index is not in the tree")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_range_hash(middle, end, read))
            end = middle
        else:
            path.append(_range_hash(begin, middle, read))
            begin = middle
    path.reverse()
    return path


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes
) -> bool:
    """Whether `proof` shows the leaf hash `leaf` at `index` in the tree (RFC 9162 §2.1.3.2).

    Hashes are exactly 32 bytes and size is at least 1; anything else is False.
    """
    if not 0 <= index < size or any(len(h) != 32 for h in (leaf, root_hash, *proof)):
        return False
    fn, sn, value = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            value = node_hash(sibling, value)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node_hash(value, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and value == root_hash


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with the tree of `old` leaves (§2.1.2).

    Raises ValueError unless 1 <= old <= new; empty for old = new.
    """
    if not 1 <= old <= new:
        raise ValueError("there is no such older tree")
    path: list[bytes] = []
    begin, end = 0, new
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_range_hash(middle, end, read))
            end = middle
        else:
            path.append(_range_hash(begin, middle, read))
            begin = middle
    if begin:
        # Otherwise the node is the old tree's root, which the verifier has.
        path.append(_range_hash(begin, end, read))
    path.reverse()
    return path


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether `proof` shows that the tree of `new` leaves begins with that of `old` (RFC 9162
    §2.1.4.2).

    Hashes are exactly 32 bytes and 1 <= old <= new; anything else is False.
    """
    if not 1 <= old <= new or any(len(h) != 32 for h in (old_root, new_root, *proof)):
        return False
    if old == new:
        return not proof and old_root == new_root
    if not proof:
        return False
    rest = list(proof)
    fn, sn = old - 1, new - 1
    while fn % 2 == 1:
        fn, sn = fn >> 1, sn >> 1
    # A complete old tree is a node of the new one; the proof then omits its first node, the root.
    first = old_root if fn == 0 else rest.pop(0)
    old_value = new_value = first
    for sibling in rest:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            old_value = node_hash(sibling, old_value)
            new_value = node_hash(sibling, new_value)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            new_value = node_hash(new_value, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old_value == old_root and new_value == new_root


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (size > 1)."""
    return 1 << (size - 1).bit_length() - 1


def _range_hash(begin: int, end: int, read: Read) -> bytes:
    size = end - begin
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return read(level, begin >> level)
    middle = begin + _split(size)
    return node_hash(_range_hash(begin, middle, read), _range_hash(middle, end, read))
