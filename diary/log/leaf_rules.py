"""Rules for the sequence of a log's leaves: format, times, keys, one beacon for each slot.

Each leaf is read once, in order. A finding about a leaf is a finding about the log with the subject
`<origin> <index>`; an irregularity that the protocol allows is a remark.
"""

from __future__ import annotations

from dataclasses import replace

from diary.core.findings import Code, DiaryError, Finding
from diary.core.slots import SLOT
from diary.formats.encoding import b64url_decode
from diary.log.leaf import Leaf, LeafType
from diary.log.monitor_state import KnownShard

_BEACON_EARLY_MS = 120_000
#: Remarks of one kind in a report; further ones are dropped.
_MAX_REMARKS = 5


class LeafChecker:
    """Checks the leaves of all shards in one run; remembers the objects that have a leaf."""

    def __init__(self) -> None:
        self._objects: set[bytes] = set()

    def shard(self, origin: str, known: KnownShard, *, first: bool) -> ShardLeafChecker:
        """Continue with a shard; `first`: it is the first shard of the log."""
        return ShardLeafChecker(self._objects, origin, known, first=first)


class ShardLeafChecker:
    """Checks the leaves of one shard. Each leaf updates `known`; `key_leaves` collects the leaves
    of keys.
    """

    def __init__(
        self,
        objects: set[bytes],
        origin: str,
        known: KnownShard,
        *,
        first: bool,
    ) -> None:
        self.known = known
        self.findings: set[Finding] = set()
        self.remarks: list[str] = []
        self.key_leaves: list[tuple[str, int, str]] = []
        self._objects = objects
        self._origin = origin
        self._first = first
        self._repeated = 0

    def leaf(self, index: int, data: bytes) -> None:
        """Read the leaf at `index`."""
        try:
            leaf = Leaf.parse(data)
        except DiaryError as error:
            self._note(index, Code.E_FORMAT, error.detail)
            return
        if leaf.rt_ms < self.known.rt_ms:
            self._note(index, Code.E_LOG_TIME, "it is older than a leaf before it")
        self.known = replace(self.known, rt_ms=max(self.known.rt_ms, leaf.rt_ms))
        self._know(index, leaf)
        if leaf.type is LeafType.KEY:
            self.key_leaves.append((self._origin, index, leaf.digest))
        elif index == 0 and not self._first:
            self._note(index, Code.E_POLICY, "leaf 0 is not the opening of this shard")
        if leaf.type is LeafType.BEACON:
            self._beacon(index, leaf)

    def _know(self, index: int, leaf: Leaf) -> None:
        # Half of the digest is enough to recognise it, and keeps a large log small in memory.
        mark = leaf.type.value.encode() + b64url_decode(leaf.digest, 32)[:16]
        if mark in self._objects:
            self._repeated += 1
            if self._repeated <= _MAX_REMARKS:
                self.remarks.append(f"{self._origin} {index} repeats an object: the first counts")
        self._objects.add(mark)

    def _beacon(self, index: int, leaf: Leaf) -> None:
        slot = int(leaf.attrs)
        start = slot * 1000
        latest = start + SLOT * 1000 - 1 if index == 0 and self._first else start
        if slot % SLOT or not start - _BEACON_EARLY_MS <= leaf.rt_ms <= latest:
            self.remarks.append(f"{self._origin} {index} is a beacon out of its time: it is void")
        elif slot <= self.known.slot:
            # With two valid beacons the log could choose which device gets which.
            self._note(index, Code.E_BEACON, "a second beacon for one slot")
        else:
            self.known = replace(self.known, slot=slot)

    def _note(self, index: int, code: Code, detail: str) -> None:
        self.findings.add(Finding("log", f"{self._origin} {index}", code, detail))
