"""Receipts: a leaf and its C2SP tlog-proof@v1, self-contained and checkable offline.

`extra` carries the leaf's bytes and, for an object of the marketplace, a further newline and the
object's RFC 8785 bytes. Nothing in `extra` is trusted: the leaf is hashed and proven, and the
object is hashed and compared with the leaf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import b64_decode, b64_encode, decimal, digest
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.merkle import verify_inclusion
from diary.log.position import LogPosition, Origin
from diary.log.signed_note import NoteVerifier
from diary.log.witnessing.witnesses import NO_WITNESSES, WitnessPolicy

_VERSION = "c2sp.org/tlog-proof@v1"
MAX_RECEIPT = 65_536
_LEAF_LINES = 5


@dataclass(frozen=True)
class Receipt:
    """A parsed, not yet verified, tlog-proof."""

    leaf: Leaf
    object: bytes | None
    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    @classmethod
    def parse(cls, data: bytes) -> Receipt:
        """Parse a tlog-proof; raises E_FORMAT for everything but its canonical form."""
        if len(data) > MAX_RECEIPT:
            raise DiaryError(Code.E_FORMAT, "the receipt is longer than 65,536 bytes")
        head, blank, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise DiaryError(Code.E_FORMAT, "the receipt is not ASCII") from error
        if not blank or len(lines) < 3 or lines[0] != _VERSION:
            raise DiaryError(Code.E_FORMAT, "the receipt is not a tlog-proof")
        if not lines[1].startswith("extra ") or not lines[2].startswith("index "):
            raise DiaryError(Code.E_FORMAT, "the receipt has no extra or no index line")
        leaf, obj = _open_extra(b64_decode(lines[1].removeprefix("extra ")))
        return cls(
            leaf=leaf,
            object=obj,
            index=decimal(lines[2].removeprefix("index ")),
            proof=tuple(b64_decode(line, 32) for line in lines[3:]),
            checkpoint=checkpoint,
        )

    def data(self) -> bytes:
        """The file's bytes."""
        extra = self.leaf.data() + (b"" if self.object is None else b"\n" + self.object)
        lines = [_VERSION, f"extra {b64_encode(extra)}", f"index {self.index}"]
        lines += [b64_encode(node) for node in self.proof]
        return "\n".join(lines).encode("ascii") + b"\n\n" + self.checkpoint


@dataclass(frozen=True)
class LoggedObject:
    """A verified receipt: the leaf, its index, and the checkpoint that covers it."""

    leaf: Leaf
    index: int
    object: bytes | None
    checkpoint: Checkpoint

    @property
    def position(self) -> LogPosition:
        """Its position among all leaves of the marketplace; E_POLICY for a foreign origin."""
        return Origin.parse(self.checkpoint.origin).position(self.index)


def open_receipt(
    data: bytes,
    verifiers: Sequence[NoteVerifier],
    *,
    type: LeafType,  # noqa: A002 - the leaf's own term
    object_digest: str | None = None,
    witnesses: WitnessPolicy = NO_WITNESSES,
) -> LoggedObject:
    """Verify a receipt completely: format, log signature, quorum, inclusion, leaf type, object.

    `object_digest` is the digest that the leaf must carry; with None the receipt itself must hold
    the object. Raises E_FORMAT, E_CP_SIG, E_QUORUM or E_INCLUSION.
    """
    receipt = Receipt.parse(data)
    checkpoint = open_checkpoint(receipt.checkpoint, verifiers, witnesses)
    return prove(receipt, checkpoint, type=type, object_digest=object_digest)


def prove(
    receipt: Receipt,
    checkpoint: Checkpoint,
    *,
    type: LeafType,  # noqa: A002 - the leaf's own term
    object_digest: str | None = None,
) -> LoggedObject:
    """The part of `open_receipt` after the checkpoint is verified. Raises E_INCLUSION."""
    if not verify_inclusion(
        receipt.leaf.hash(), receipt.index, checkpoint.size, receipt.proof, checkpoint.root
    ):
        raise DiaryError(Code.E_INCLUSION, "the log's tree does not hold this leaf")
    if receipt.leaf.type is not type:
        raise DiaryError(Code.E_INCLUSION, f"the leaf is not of type {type.value}")
    if receipt.object is not None and digest(receipt.object) != receipt.leaf.digest:
        raise DiaryError(Code.E_INCLUSION, "the object is not the one in the leaf")
    if object_digest is None and receipt.object is None:
        raise DiaryError(Code.E_INCLUSION, "the receipt does not carry its object")
    if object_digest is not None and object_digest != receipt.leaf.digest:
        raise DiaryError(Code.E_INCLUSION, "the leaf is of another object")
    return LoggedObject(receipt.leaf, receipt.index, receipt.object, checkpoint)


def _open_extra(extra: bytes) -> tuple[Leaf, bytes | None]:
    lines = extra.split(b"\n", _LEAF_LINES)
    if len(lines) != _LEAF_LINES + 1:
        raise DiaryError(Code.E_FORMAT, "the receipt's extra does not hold a leaf")
    rest = lines.pop()
    leaf = Leaf.parse(b"".join(line + b"\n" for line in lines))
    if not rest:
        return leaf, None
    if not rest.startswith(b"\n"):
        raise DiaryError(Code.E_FORMAT, "the receipt's extra has a bad tail")
    return leaf, rest[1:]
