"""A folder that comes from a backup: the chain goes on behind what the marketplace holds.

Rules kept (`docs/protocol.md` §6): a number is never used for other bytes. What was sealed here and
never sent, on a chain that went on elsewhere, is kept as evidence and its time is sealed anew, with
the epoch one higher, after the marketplace's head; its parts are the same, its salts fresh. A head
that this device has not signed proves something else: it is kept as evidence, and the contract is
held.

Files: `heads/<ctr>.json` what the chain goes on from; `resealing/<ctr>/` segments on their way from
their old number to `evidence/<hash>.sdjwt`, which a crash leaves to the next start.
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
from uploader.store.index import IndexRow
from uploader.store.index_rebuild import FINDINGS, RECEIPT, SEGMENT
from uploader.store.state_folder import StateFolder
from uploader.store.statements import Kind

_HEADS, _RESEALING, EVIDENCE = "heads", "resealing", "evidence"


@dataclass(frozen=True)
class ChainBase:
    """Where a chain of the device `kid` goes on: after the segment `h`, which ends at `t1`."""

    kid: str
    epoch: int
    seq: int
    h: str
    t1: int

    def data(self) -> bytes:
        """Its file."""
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
        """What the next segment is sealed on."""
        return Head(self.epoch, self.seq, self.h, self.t1)


def load_base(folder: StateFolder, ctr: str) -> ChainBase | None:
    """Where a contract's chain goes on, if it was told; a damaged file is told again."""
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
    """Keep it, durably."""
    folder.write(f"{_HEADS}/{ctr}.json", base.data())


class PendingResign:
    """The segments on their way to another number."""

    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder

    def add(self, row: IndexRow) -> None:
        """Take a segment's file away from its number; a receipt beside it is evidence."""
        self._folder.move(row.name + SEGMENT, f"{_RESEALING}/{row.ctr}/{row.epoch}-{row.seq}")
        self._put_by(row.name, row.hash)

    def _put_by(self, name: str, hash_: str) -> None:
        for ending in (RECEIPT, FINDINGS):
            if self._folder.exists(name + ending):
                self._folder.move(name + ending, f"{EVIDENCE}/{hash_}{ending}")

    def contracts(self) -> list[str]:
        """The contracts that have some."""
        found = self._folder.names(_RESEALING)
        return [ctr for ctr in found if self._folder.names(f"{_RESEALING}/{ctr}")]

    def of(self, ctr: str) -> list[tuple[str, SealedSegment]]:
        """A contract's, in the order of their numbers, each with its file's name."""
        names = self._folder.names(f"{_RESEALING}/{ctr}")
        paths = [
            f"{_RESEALING}/{ctr}/{name}"
            for name in sorted(names, key=lambda name: [int(n) for n in name.split("-")])
        ]
        return [(path, parse(self._folder.read(path) or b"")) for path in paths]

    def settle(self, path: str, sealed: SealedSegment) -> None:
        """It has its new number: the old one is evidence."""
        # A crash may have come between its file and the receipt.
        self._put_by(path.replace(_RESEALING, "segments", 1), sealed.hash)
        self._folder.move(path, f"{EVIDENCE}/{sealed.hash}{SEGMENT}")


def resign(
    sealed: SealedSegment, head: Head, signer: Signer, random: Callable[[int], bytes]
) -> bytes:
    """The same time under another number: the parts that are there with fresh salts, and the
    digests of those that were deleted.
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
) -> tuple[Kind, bytes] | None:
    """What was said of a segment, said of the one that took its place; None for a memo that was
    deleted since.
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
        return Kind.TOMBSTONE, data
    if body.memo is None:
        return None
    data = amend(signer, aud=aud, segment=segment, at=body.at, memo=body.memo, random=random)
    return Kind.AMEND, data


def own_head(data: bytes | None, *, h: str, ctr: str, seq: int, public: bytes) -> SealedSegment:
    """The marketplace's head, if this device has signed it; DiaryError otherwise."""
    if data is None:
        raise DiaryError(Code.E_GAP, "the marketplace does not show its head")
    sealed = parse(data)
    jws.verify_jws(sealed.sdjwt.jws, public)
    if (sealed.hash, sealed.segment.ctr, sealed.segment.seq) != (h, ctr, seq):
        raise DiaryError(Code.E_FORMAT, "it is another segment")
    return sealed
