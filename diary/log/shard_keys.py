"""The log's keys: the announcement of a new shard's key, and the extension of trust to it.

A change of shards writes two leaves of type `key` (`docs/protocol.md` §7.5). The **announcement**
is the last leaf of the old shard and names the new key; `prev_size` is its own index and
`prev_root` the root of the tree before it. The **opening** is leaf 0 of the new shard and names the
final size and root of the old one. Only an announcement extends trust, and only from a trusted key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diary.core.findings import Code, DiaryError
from diary.formats import json_fields
from diary.formats.encoding import canonical, parse_canonical
from diary.log.leaf import LeafType
from diary.log.position import Origin
from diary.log.receipt import LoggedObject, open_receipt
from diary.log.signed_note import NoteVerifier


@dataclass(frozen=True)
class LogKey:
    """A `key` object: the log `origin` has the published key `vkey`; its predecessor is the log
    `prev_origin`, here with `prev_size` leaves (0 or more) under `prev_root` (base64url).
    """

    origin: str
    vkey: str
    prev_origin: str
    prev_size: int
    prev_root: str

    def data(self) -> bytes:
        """The object's bytes."""
        return canonical(
            {
                "v": 1,
                "origin": self.origin,
                "vkey": self.vkey,
                "prev_origin": self.prev_origin,
                "prev_size": self.prev_size,
                "prev_root": self.prev_root,
            }
        )

    @property
    def verifier(self) -> NoteVerifier:
        """The key that it names."""
        return NoteVerifier.parse(self.vkey)

    @classmethod
    def parse(cls, data: bytes) -> LogKey:
        """Read a key object. Raises E_FORMAT, E_POLICY, or E_KEY_WEAK for the key in it."""
        obj = parse_canonical(data)
        json_fields.version(obj)
        key = cls(
            origin=json_fields.string(obj, "origin", 512),
            vkey=json_fields.string(obj, "vkey", 1024),
            prev_origin=json_fields.string(obj, "prev_origin", 512),
            prev_size=json_fields.integer(obj, "prev_size"),
            prev_root=json_fields.b64(obj, "prev_root", 32),
        )
        new, old = Origin.parse(key.origin), Origin.parse(key.prev_origin)
        if new.aud != old.aud or new.shard <= old.shard:
            raise DiaryError(Code.E_POLICY, "the new log does not follow the old one")
        if key.verifier.name != key.origin:
            raise DiaryError(Code.E_POLICY, "the key is not that of the log which it names")
        return key


@dataclass(frozen=True)
class KeyLeaf:
    """A key object that the log holds."""

    key: LogKey
    logged: LoggedObject

    @property
    def is_opening(self) -> bool:
        """Leaf 0 of the new log; otherwise it is the announcement, in the old one."""
        return self.logged.checkpoint.origin == self.key.origin


def open_key(data: bytes, verifiers: Sequence[NoteVerifier]) -> KeyLeaf:
    """Verify the receipt of an announcement or an opening. Raises what `open_receipt` and
    `LogKey.parse` raise, and E_POLICY for a leaf at a wrong position.
    """
    logged = open_receipt(data, verifiers, type=LeafType.KEY)
    key = LogKey.parse(logged.object or b"")
    leaf = KeyLeaf(key, logged)
    if leaf.is_opening:
        signed_by_it = key.verifier in verifiers
        right = logged.index == 0 and signed_by_it
    else:
        right = logged.checkpoint.origin == key.prev_origin and logged.index == key.prev_size
    if not right:
        raise DiaryError(Code.E_POLICY, "the key's leaf is at a wrong position")
    return leaf


def extend_trust(
    verifiers: Sequence[NoteVerifier], receipts: Sequence[bytes]
) -> tuple[tuple[NoteVerifier, ...], dict[bytes, KeyLeaf | DiaryError]]:
    """All keys to trust, in the order of their logs, and the result for each receipt.

    `verifiers` are the keys that are trusted already, one for each origin. Each announcement that
    a trusted key has signed adds the key that it names, unless its origin has another key
    (E_POLICY). This repeats until no key is added.
    """
    trusted = {verifier.name: verifier for verifier in verifiers}
    results: dict[bytes, KeyLeaf | DiaryError] = {}
    waiting = sorted(set(receipts))
    while True:
        opened = []
        for data in waiting:
            try:
                results[data] = leaf = open_key(data, tuple(trusted.values()))
                known = trusted.setdefault(leaf.key.origin, leaf.key.verifier)
                if known != leaf.key.verifier:
                    raise DiaryError(Code.E_POLICY, "this log has another key already")
                opened.append(data)
            except DiaryError as error:
                results[data] = error
        if not opened:
            break
        waiting = [data for data in waiting if data not in opened]
    order = sorted(trusted.values(), key=lambda verifier: Origin.parse(verifier.name).shard)
    return tuple(order), results
