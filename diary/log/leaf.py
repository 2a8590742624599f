"""The log's leaves: public, hash-only lines (`docs/protocol.md` §7).

    wd-log/v1
    <type>
    <base64url SHA-256 of the object>
    <received, Unix ms>
    <attrs>

each ended by a newline. The object of a signed statement is its compact JWS without disclosures.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import b64url_decode, decimal, digest
from diary.log.merkle import leaf_hash

_VERSION = "wd-log/v1"
#: All bits of a segment's attribute.
MAX_PARTS = 63


class LeafType(StrEnum):
    """The kind of object that a leaf records."""

    DEVICE = "device"
    VOUCH = "vouch"
    RETIRE = "retire"
    REVOKE = "revoke"
    KEY = "key"
    BEACON = "beacon"
    TERMS = "terms"
    SEGMENT = "segment"
    AMEND = "amend"
    TOMBSTONE = "tombstone"
    REVIEW = "review"


_TYPES = {each.value: each for each in LeafType}
#: Types whose attributes are a digest: a device's kid, or that of a contract.
_NAMED = frozenset({LeafType.DEVICE, LeafType.RETIRE, LeafType.REVOKE, LeafType.TERMS})


@dataclass(frozen=True)
class Leaf:
    """One leaf. `digest` names the object; `rt_ms` is when the log received it (Unix ms).

    `attrs` is the kid for device, retire and revoke, the slot for beacon, base64url SHA-256 of the
    contract for terms, the decimal mask of the parts received for segment (`received_parts`), empty
    otherwise.
    """

    type: LeafType
    digest: str
    rt_ms: int
    attrs: str = ""

    def data(self) -> bytes:
        """The bytes that the tree hashes."""
        lines = (_VERSION, self.type.value, self.digest, str(self.rt_ms), self.attrs)
        return "".join(line + "\n" for line in lines).encode("ascii")

    def hash(self) -> bytes:
        """RFC 6962 leaf hash, 32 bytes."""
        return self._hash

    @cached_property
    def _hash(self) -> bytes:
        return leaf_hash(self.data())

    @classmethod
    def parse(cls, data: bytes) -> Leaf:
        """Parse a leaf; raises E_FORMAT for everything but its canonical form."""
        try:
            lines = data.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise DiaryError(Code.E_FORMAT, "a leaf is not ASCII") from error
        if len(lines) != 6 or lines[5] != "" or lines[0] != _VERSION:
            raise DiaryError(Code.E_FORMAT, "a leaf does not have its five lines")
        _, kind, object_digest, rt, attrs, _ = lines
        if kind not in _TYPES:
            raise DiaryError(Code.E_FORMAT, "a leaf has an unknown type")
        b64url_decode(object_digest, 32)
        leaf = cls(_TYPES[kind], object_digest, decimal(rt), attrs)
        if leaf.type is LeafType.BEACON:
            decimal(attrs)
        elif leaf.type is LeafType.SEGMENT:
            if decimal(attrs) > MAX_PARTS:
                raise DiaryError(Code.E_FORMAT, "a leaf names parts that no segment has")
        elif leaf.type in _NAMED:
            b64url_decode(attrs, 32)
        elif attrs:
            raise DiaryError(Code.E_FORMAT, "a leaf has attributes that its type has not")
        return leaf


def contract_attr(ctr: str) -> str:
    """The attrs of a terms leaf: base64url SHA-256 of the contract's id."""
    return digest(ctr.encode("ascii"))
