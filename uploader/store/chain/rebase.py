"""Chains of a restored or copied folder: they continue after the head that the marketplace holds.

Rules kept (`docs/protocol.md` §6): a number is never used for other bytes. If the chain continued
elsewhere, the unsent segments of this folder become evidence and the device signs their time again,
one epoch higher, after the marketplace's head, with the same parts and fresh salts. A head that
this device did not sign is kept as evidence, and the contract is held.

Files: `heads/<ctr>.json` the base of the continued chain; `resealing/<ctr>/` segments between their
old number and `evidence/<hash>.sdjwt`, which the next start finishes after a crash.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from diary.core.findings import Code, DiaryError
from diary.core.signer import Signer
from diary.formats import json_fields, jws
from diary.formats.encoding import b64url_encode, canonical, digest
from diary.formats.sd_jwt import SALT_BYTES
from diary.interfaces import Head
from diary.objects.amendment import Amendment, amend
from diary.objects.segment import TYP, SealedSegment, parse
from diary.objects.tombstone import Tombstone, tombstone
from uploader.store.index.rows import IndexRow
from uploader.store.index_rebuild import FINDINGS, RECEIPT, SEGMENT
from uploader.store.state_folder import StateFolder
from uploader.store.statements import StatementKind

_HEADS, _RESEALING, EVIDENCE = "heads", "resealing", "evidence"


@dataclass(frozen=True)
class ChainBase:
    """The base of a continued chain of the device `kid`: the segment `h`, which ends at `t1`
    (Unix s).
    """

    kid: str
    epoch: int
    seq: int
    h: str
    t1: int

    def data(self) -> bytes:
        """The bytes of its file."""
        return canonical(
            {
                "v": 1,
                "kid": self.kid,
                "epoch": self.epoch,
                "seq": self.seq,
                "h": self.h,
                "t1": self.t1,
            }
        )

    @property
    def head(self) -> Head:
        """The head of the next segment."""
        return Head(self.epoch, self.seq, self.h, self.t1)


def load_base(folder: StateFolder, ctr: str) -> ChainBase | None:
    """The base of a contract's continued chain; None without one, or if the file is damaged."""
    try:
        obj = json.loads(folder.read(f"{_HEADS}/{ctr}.json") or b"null")
        if obj is None:
            return None
        return ChainBase(
            kid=json_fields.b64(obj, "kid", 32),
            epoch=json_fields.integer(obj, "epoch"),
            seq=json_fields.integer(obj, "seq"),
            h=json_fields.b64(obj, "h", 32),
            t1=json_fields.integer(obj, "t1"),
        )
    except (ValueError, TypeError):
        return None


def keep_base(folder: StateFolder, ctr: str, base: ChainBase) -> None:
    """Store the base of a contract's chain, durably."""
    folder.write(f"{_HEADS}/{ctr}.json", base.data())


class PendingResign:
    """The segments that are moving to another number."""

    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder

    def add(self, row: IndexRow) -> None:
        """Move a segment's file away from its number; its receipt becomes evidence."""
        self._folder.move(row.name + SEGMENT, f"{_RESEALING}/{row.ctr}/{row.epoch}-{row.seq}")
        self._keep_receipt(row.name, row.hash)

    def _keep_receipt(self, name: str, hash_: str) -> None:
        for ending in (RECEIPT, FINDINGS):
            if self._folder.exists(name + ending):
                self._folder.move(name + ending, f"{EVIDENCE}/{hash_}{ending}")

    def contracts(self) -> list[str]:
        """The contracts with segments between two numbers."""
        found = self._folder.names(_RESEALING)
        return [ctr for ctr in found if self._folder.names(f"{_RESEALING}/{ctr}")]

    def of(self, ctr: str) -> list[tuple[str, SealedSegment]]:
        """A contract's segments between two numbers, in their order, each with its file's name."""
        names = self._folder.names(f"{_RESEALING}/{ctr}")
        paths = [
            f"{_RESEALING}/{ctr}/{name}"
            for name in sorted(names, key=lambda name: [int(n) for n in name.split("-")])
        ]
        return [(path, parse(self._folder.read(path) or b"")) for path in paths]

    def finish(self, path: str, sealed: SealedSegment) -> None:
        """Move the old form to the evidence: the segment has its new number."""
        # A crash may have come between its file and the receipt.
        self._keep_receipt(path.replace(_RESEALING, "segments", 1), sealed.hash)
        self._folder.move(path, f"{EVIDENCE}/{sealed.hash}{SEGMENT}")


def resign(
    sealed: SealedSegment, head: Head, signer: Signer, random: Callable[[int], bytes]
) -> bytes:
    """Sign a segment's time under another number, with fresh salts for its parts and the digests of
    its deleted parts.
    """
    body = replace(sealed.segment, epoch=head.epoch, seq=head.seq, prev=head.prev)
    texts = {}
    for part in sealed.sdjwt.disclosures:
        text = b64url_encode(canonical([b64url_encode(random(SALT_BYTES)), part.name, part.value]))
        texts[digest(text.encode("ascii"))] = text
    digests = sorted([*texts, *sealed.sdjwt.withheld])
    payload = {**body.payload(), "_sd": digests, "_sd_alg": "sha-256"}
    signed = jws.sign(payload, TYP, signer).decode("ascii")
    shown = [texts[name] for name in digests if name in texts]
    data = "~".join([signed, *shown, ""]).encode("ascii")
    parse(data)
    return data


def resign_statement(
    body: Amendment | Tombstone,
    segment: str,
    signer: Signer,
    aud: str,
    random: Callable[[int], bytes],
) -> tuple[StatementKind, bytes] | None:
    """Sign a statement again for the segment that replaces its subject; None for an amendment whose
    memo was deleted since.
    """
    if isinstance(body, Tombstone):
        data = tombstone(
            signer,
            segment=segment,
            digests=body.digests,
            scope=body.scope,
            reason=body.reason,
            at=body.at,
        )
        return StatementKind.TOMBSTONE, data
    if body.memo is None:
        return None
    data = amend(signer, aud=aud, segment=segment, at=body.at, memo=body.memo, random=random)
    return StatementKind.AMEND, data


def own_head(data: bytes | None, *, h: str, ctr: str, seq: int, public: bytes) -> SealedSegment:
    """The marketplace's head if this device signed it. Raises DiaryError otherwise."""
    if data is None:
        raise DiaryError(Code.E_GAP, "the marketplace does not show its head")
    sealed = parse(data)
    jws.verify_jws(sealed.sdjwt.jws, public)
    if (sealed.hash, sealed.segment.ctr, sealed.segment.seq) != (h, ctr, seq):
        raise DiaryError(Code.E_FORMAT, "it is another segment")
    return sealed
