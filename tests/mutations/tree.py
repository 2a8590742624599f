"""A log under construction: leaves, tree, receipts and checkpoints, signed by a given key."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache

from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64_encode
from diary.log import merkle
from diary.log.checkpoint import Checkpoint
from diary.log.receipt_set import write_consistency
from tests.mutations.record import (
    Entry,
    Shard,
)


@lru_cache(maxsize=50_000)
def signature(seed: bytes, message: bytes) -> bytes:
    """Cached: most of what is signed again was signed before."""
    return _key(seed).sign(message)


@cache
def _key(seed: bytes) -> SigningKey:
    return SigningKey.from_seed(seed)


@dataclass
class Tree:
    """A log under construction."""

    shard: Shard
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    appending: bool = False

    def read(self, level: int, position: int) -> bytes:
        return self.nodes[level, position]

    def append(self, leaf: bytes, entry: Entry) -> None:
        for level, position, value in merkle.new_nodes(
            len(self.leaves), merkle.leaf_hash(leaf), self.read
        ):
            self.nodes[level, position] = value
        self.leaves.append(leaf)
        self.entries.append(entry)

    def root(self, size: int) -> bytes:
        return merkle.root(size, self.read)

    def checkpoint(self, size: int | None = None) -> bytes:
        size = len(self.leaves) if size is None else size
        return note(self.shard, Checkpoint(self.shard.origin, size, self.root(size)).text())

    def receipt(self, index: int, obj: bytes | None, size: int | None = None) -> bytes:
        size = len(self.leaves) if size is None else min(max(size, index + 1), len(self.leaves))
        proof = merkle.inclusion_proof(index, size, self.read)
        return receipt(self.leaves[index], obj, index, proof, self.checkpoint(size))

    def consistency(self, old: int, size: int | None = None) -> bytes:
        size = len(self.leaves) if size is None else size
        return write_consistency(merkle.consistency_proof(old, size, self.read))


def note(shard: Shard, text: str) -> bytes:
    """A checkpoint of any text, signed by the shard's key."""
    signer = shard.signer
    made = signature(signer.key.seed, text.encode())
    ident = bytes.fromhex(signer.verifier.vkey.split("+")[1])
    return f"{text}\n\u2014 {signer.name} {b64_encode(ident + made)}\n".encode()


def receipt(
    leaf: bytes, obj: bytes | None, index: int, proof: list[bytes], checkpoint: bytes
) -> bytes:
    extra = leaf + (b"" if obj is None else b"\n" + obj)
    lines = ["c2sp.org/tlog-proof@v1", f"extra {b64_encode(extra)}", f"index {index}"]
    lines += [b64_encode(node) for node in proof]
    return "\n".join(lines).encode() + b"\n\n" + checkpoint


def leaf_bytes(entry: Entry, name: str) -> bytes:
    lines = ("wd-log/v1", entry.type, name, str(entry.rt_ms), entry.attrs)
    return "".join(f"{line}\n" for line in lines).encode("utf-8")
