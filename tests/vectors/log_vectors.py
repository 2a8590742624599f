"""The vectors of the log: consistency, tiles, key objects, policy. Part of `make_vectors`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64_encode, b64url_encode, digest
from diary.log import merkle
from diary.log.leaf import Leaf, LeafType
from diary.log.policy import PolicyLog, write_policy
from diary.log.receipt import Receipt
from diary.log.shard_keys import LogKey
from diary.log.signed_note import NoteSigner
from diary.log.tiles import WIDTH, Tile, entry_bundle, nodes_at, tile_at
from tests.diary.hash_tiles import hash_tile
from tests.diary.world import AUD, START, Log

_SIZE = 260


def values() -> dict[str, Any]:
    """The files' contents by name."""
    return {
        "consistency.json": consistency(),
        "tiles.json": tiles(),
        "logkey.json": logkey(),
        "policy.json": policy(),
    }


class _Tree:
    """A tree of the entries `leaf 0`, `leaf 1` and on, as in `merkle.json`."""

    def __init__(self, size: int) -> None:
        self.entries = [b"leaf %d" % n for n in range(size)]
        self._nodes: dict[tuple[int, int], bytes] = {}
        for index, entry in enumerate(self.entries):
            for level, position, value in merkle.new_nodes(
                index, merkle.leaf_hash(entry), self.read
            ):
                self._nodes[level, position] = value

    def read(self, level: int, position: int) -> bytes:
        return self._nodes[level, position]


def consistency() -> Any:
    tree = _Tree(17)
    pairs = [(1, 1), (1, 2), (1, 8), (2, 3), (3, 4), (4, 7), (6, 8), (7, 7), (8, 9), (13, 17)]
    pairs += [(16, 17), (15, 16)]
    accepted: list[dict[str, Any]] = [
        {
            "old": old,
            "new": new,
            "old_root": b64_encode(merkle.root(old, tree.read)),
            "new_root": b64_encode(merkle.root(new, tree.read)),
            "proof": [b64_encode(h) for h in merkle.consistency_proof(old, new, tree.read)],
        }
        for old, new in pairs
    ]
    good = next(each for each in accepted if (each["old"], each["new"]) == (6, 8))
    proof, other = good["proof"], b64_encode(bytes(32))
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("an older tree of no leaves", {"old": 0}),
        ("older and newer in the wrong order", {"old": 8, "new": 6}),
        ("another size", {"old": 5}),
        ("a newer size that the proof does not reach", {"new": 17}),
        ("a hash missing", {"proof": proof[:-1]}),
        ("a hash too many", {"proof": [*proof, other]}),
        ("a hash of 31 bytes", {"proof": [b64_encode(bytes(31)), *proof[1:]]}),
        ("another hash", {"proof": [other, *proof[1:]]}),
        ("no proof", {"proof": []}),
        ("the hashes in another order", {"proof": proof[::-1]}),
        ("another older root", {"old_root": other}),
        ("another newer root", {"new_root": other}),
        ("one size and two roots", {"old": 8, "proof": []}),
        ("one size and a proof", {"old": 8, "old_root": good["new_root"]}),
    ]
    return {
        "accepted": accepted,
        "refused": [{**good, **changes, "why": why} for why, changes in wrong],
    }


def tiles() -> Any:
    tree = _Tree(_SIZE)
    named = [
        Tile(0, 0), Tile(0, 0, 1), Tile(5, 999, 255), Tile(63, 1000), Tile(0, 1_234_067),
        Tile(None, 1_234_067), Tile(None, 3, 17),
    ]  # fmt: skip
    refused = [
        "tile/0/0", "tile/00/000", "tile/64/000", "tile/0/x000/000", "tile/0/001/000",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/x/000", "/tile/0/000",
    ]  # fmt: skip
    listed = []
    for level, number in ((0, 0), (0, 1), (1, 0), (None, 0), (None, 1)):
        tile = tile_at(level, number, _SIZE)
        first = number * WIDTH
        data = (
            entry_bundle(tree.entries[first : first + tile.width])
            if level is None
            else hash_tile(tile, tree.read)
        )
        short = {} if len(data) > 200 else {"bytes": b64url_encode(data)}
        listed.append({"path": tile.path, "length": len(data), "digest": digest(data), **short})
    return {
        "paths": [{**tile._asdict(), "path": tile.path} for tile in named],
        "refused_paths": refused,
        "size": _SIZE,
        "hashes_at_levels": [nodes_at(level, _SIZE) for level in range(3)],
        "root": b64_encode(merkle.root(_SIZE, tree.read)),
        "tiles": listed,
        "refused_bundles": [
            {"bytes": b64url_encode(data), "width": width, "why": why}
            for data, width, why in (
                (b"", 1, "no entry"),
                (b"\0\1a\0\1b", 1, "one entry more"),
                (b"\0\1a", 2, "one entry fewer"),
                (b"\0\2a", 1, "an entry cut short"),
                (b"\0\1a\0", 1, "half a length after the last"),
                (b"\1\0a", 1, "a length in the wrong order of bytes"),
            )
        ],
    }


def logkey() -> Any:
    logs = [Log(f"shard {name}", f"{AUD}/log/{name}") for name in ("2026", "2026-2", "2027")]
    logs[0].append(Leaf(LeafType.BEACON, digest(b"beacon"), START * 1000, str(START)), b"beacon")
    objects, receipts = [], []
    for old, new in pairwise(logs):
        for log in (old, new):
            size = len(old.leaves)
            top = b64url_encode(merkle.root(size, old.read))
            key = LogKey(new.origin, new.signer.verifier.vkey, old.origin, size, top)
            index = log.append(Leaf(LeafType.KEY, digest(key.data()), START * 1000), key.data())
            objects.append(key.data().decode())
            receipts.append(log.receipt(index).decode())
    first = Receipt.parse(receipts[0].encode()).checkpoint.decode()
    return {
        "given": [logs[0].signer.verifier.vkey],
        "objects": objects,
        "receipts": receipts,
        "trusted": [log.signer.verifier.vkey for log in logs],
        "given_newest": [logs[2].signer.verifier.vkey],
        "trusted_from_newest": [logs[2].signer.verifier.vkey],
        "final_checkpoint_of_the_first": first,
    }


def policy() -> Any:
    def signer(name: str, seed: int, aud: str = AUD) -> PolicyLog:
        key = SigningKey.from_seed(bytes([seed]) * 32)
        url = f"https://{aud}/log/{name}" if seed == 1 else None
        return PolicyLog(NoteSigner(f"{aud}/log/{name}", key).verifier, url)

    first, second = signer("2026", 1), signer("2026-2", 2)
    one, two = first.verifier.vkey, second.verifier.vkey
    written = write_policy([first, second]).decode()
    free = f"# kept by hand\n\n\tquorum \t none\n log {two}\nlog\t{one} {first.url} \n"
    listed = [{"vkey": one, "url": first.url}, {"vkey": two, "url": None}]
    foreign = signer("2027", 3, "other").verifier.vkey
    same_key = signer("2027", 1).verifier.vkey
    same_name = signer("2026", 2).verifier.vkey
    refused = [
        ("quorum none\n", "no log"),
        (f"log {one}\n", "no quorum"),
        (f"log {one}\nquorum none", "no newline at the end"),
        (f"log {one}\nquorum none\nquorum none\n", "two quorums"),
        (f"log {one}\nquorum all\n", "another quorum"),
        (f"log {one}\nwitness w {two}\nquorum none\n", "a witness"),
        (f"log {one}\ngroup g any w\nquorum none\n", "a group"),
        (f"log {one} http://a http://b\nquorum none\n", "two addresses"),
        (f"log {one}\r\nquorum none\r\n", "a carriage return"),
        (f"log {one}\nlog {one}\nquorum none\n", "a log twice"),
        (f"log {one}\nlog {same_key}\nquorum none\n", "one key under two names"),
        (f"log {one}\nlog {same_name}\nquorum none\n", "two keys under one name"),
        (f"log {one}\nlog {foreign}\nquorum none\n", "logs of two marketplaces"),
        (f"log {one[:-2]}AA\nquorum none\n", "a key that does not fit its ID"),
    ]
    return {
        "accepted": [{"text": text, "logs": listed} for text in (written, free)],
        "refused": [{"text": text, "why": why} for text, why in refused],
    }
