"""The beacon: the marketplace's random value for a slot (`docs/protocol.md` §3.2).

An RFC 8785 JSON object that counts because its leaf is in the log; unknown members are kept in the
bytes and ignored.
"""

from __future__ import annotations

from dataclasses import dataclass

from diary.core.slots import SLOT
from diary.formats import json_fields
from diary.formats.encoding import b64url_decode, b64url_encode, canonical, parse_canonical


@dataclass(frozen=True)
class Beacon:
    """One global random value for a slot (Unix s, a multiple of 600); `val` is 32 bytes."""

    slot: int
    val: bytes

    def data(self) -> bytes:
        """The object's bytes."""
        return canonical({"v": 1, "slot": self.slot, "val": b64url_encode(self.val)})

    @classmethod
    def parse(cls, data: bytes) -> Beacon:
        """Parse a beacon; raises E_FORMAT."""
        obj = parse_canonical(data)
        json_fields.version(obj)
        slot = json_fields.integer(obj, "slot")
        if slot % SLOT:
            raise json_fields.bad("slot")
        return cls(slot, b64url_decode(json_fields.b64(obj, "val", 32)))
