"""Export the record of a contract's week as a bundle (`docs/protocol.md` §9.1).

The files are read from one snapshot of storage without verification; the verifier of the bundle
reports faults. Rules kept: the bundle contains only what concerns this contract; a retirement shows
only the head of this contract; erased pictures are omitted, also those erased during the download.
Texts are spooled to a temporary file and pictures are read in pieces, so that memory stays bounded.
"""

from __future__ import annotations

import hashlib
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import IO, Any

from sqlalchemy import Connection, Row, select

from diary.bundle.html_verifier import verify_page
from diary.bundle.layout import PAGE, POLICY, PROOF
from diary.bundle.manifest import Manifest
from diary.bundle.writer import File, Prove, statement_file, with_heads_of, with_history, write
from diary.core.findings import DiaryError
from diary.formats.sd_jwt import remove_disclosures
from diary.log.leaf import LeafType
from diary.log.merkle import consistency_proof
from diary.log.policy import PolicyLog, write_policy
from diary.log.receipt_set import write_consistency
from diary.log.witnessing.witnesses import NO_WITNESSES, WitnessPolicy
from marketplace.accounts.model import Account
from marketplace.contracts.access import ContractAccess, open_contract
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import not_found
from marketplace.exports.bundle_range import last_week_end
from marketplace.log import shards
from marketplace.log.beacons import files as beacon_files
from marketplace.log.cosigned import cosigned
from marketplace.log.log import checkpoint, key_receipts, parts, receipts
from marketplace.log.sequencer import nodes_of
from marketplace.records.picture_views import PictureViews
from marketplace.records.statements import (
    Deletion,
    StatementRow,
    deleted_digests,
    deletions,
    lock_ms_of,
    picture_numbers,
    pictures,
    statements_about,
)
from marketplace.storage import schema
from marketplace.storage.blobs import Blobs
from marketplace.storage.database import Database

#: Bytes of texts in memory; longer exports are spooled to disk.
_IN_MEMORY = 4 * 1024 * 1024
#: Segments read and proven in one batch.
_AT_ONCE = 200
_FOLDERS = {
    LeafType.VOUCH: ("vouches", "jws"),
    LeafType.RETIRE: ("retires", "sdjwt"),
    LeafType.REVOKE: ("revokes", ""),
    LeafType.AMEND: ("amends", "sdjwt"),
    LeafType.TOMBSTONE: ("tombstones", "jws"),
}

#: Name without extension, a row with its leaf, and extension and bytes of the signed object.
_Listed = tuple[str, Row[Any], tuple[str, bytes] | None]
_NOTHING: Mapping[str, Sequence[Deletion]] = MappingProxyType({})


class Bundles:
    """Exports bundles of the marketplace `aud`; `log_url` is the base address of its log, which
    `witnesses` cosign.
    """

    def __init__(
        self,
        store: Database,
        blobs: Blobs,
        clock: MarketplaceClock,
        viewings: PictureViews,
        *,
        aud: str,
        log_url: str,
        witnesses: WitnessPolicy = NO_WITNESSES,
    ) -> None:
        self._store = store
        self._viewings = viewings
        self._blobs = blobs
        self._clock = clock
        self._aud = aud
        self._log_url = log_url
        self._witnesses = witnesses

    def tag(self, account: Account, ctr: str, week: int) -> str:
        """A digest of the files that `make` writes without pictures, except for the proofs, which
        are made again whenever the log grows. Raises `not_found` like `make`. Blocks.
        """
        self._not_future(week)
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr)
            end = last_week_end(connection, access, week)
            return self._gathered(connection, access, (week, end), proofs=False).tag()

    def make(
        self,
        account: Account,
        ctr: str,
        week: int,
        *,
        images: bool,
        plain: bool = False,
        seen: Iterable[tuple[str, int]] = (),
    ) -> Iterator[bytes]:
        """The ZIP of the week that begins at `week` (Unix s), in pieces; without `images`, without
        pictures. It covers more weeks where `marketplace.exports.bundle_range` requires it.

        With `plain` it has no `verify.html`, and no file in it is compressed. It also contains
        proofs of consistency from the checkpoints `seen`: names and sizes of logs.

        Raises `not_found` at once for a contract that the account may not see, and for a future
        week. Blocks.
        """
        now = self._clock.wall_s()
        self._not_future(week)
        spool = _Spool()
        try:
            with self._store.read() as connection:
                access = open_contract(connection, account, ctr)
                end = last_week_end(connection, access, week)
                gathered = self._gathered(connection, access, (week, end))
                for name, data in gathered.files(page=not plain, seen=seen):
                    spool.keep(name, data)
                shas = _owned(connection, access, gathered.pictures) if images else []
            if shas:
                # A download of pictures counts as a view of each.
                self._viewings.record(account, ctr, gathered.shots, "bundle")
        except BaseException:
            spool.close()
            raise
        about_it = Manifest(self._aud, ctr, access.contract.freelancer, week, end, now, {})
        pieces = self._stream(spool, shas, about_it, packed=not plain)
        # A client that disconnects before the first byte never starts the generator.
        weakref.finalize(pieces, spool.close)
        return pieces

    def _gathered(
        self,
        connection: Connection,
        access: ContractAccess,
        period: tuple[int, int],
        *,
        proofs: bool = True,
    ) -> _Gathered:
        present = shards.read(connection)
        logs = [PolicyLog(shard.verifier, f"{self._log_url}/{shard.name}") for shard in present]
        policy = write_policy(logs, self._witnesses)
        return _Gathered(connection, access, period, aud=self._aud, policy=policy, proofs=proofs)

    def _not_future(self, week: int) -> None:
        if week > self._clock.wall_s():
            raise not_found()

    def _stream(
        self, spool: _Spool, shas: Iterable[str], about_it: Manifest, *, packed: bool
    ) -> Iterator[bytes]:
        try:
            yield from write(self._all(spool, shas), about_it, packed=packed)
        finally:
            spool.close()

    def _all(self, spool: _Spool, shas: Iterable[str]) -> Iterator[File]:
        yield from spool.files()
        for sha in shas:
            yield f"blobs/{sha}", self._picture(sha)

    def _picture(self, sha: str) -> Callable[[], Iterator[bytes]]:
        def pieces() -> Iterator[bytes]:
            # A picture that has not arrived or was erased is left out.
            yield from self._blobs.pieces(sha) or ()

        return pieces


class _Spool:
    """Texts in an unnamed temporary file."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - see close
        self._places: list[tuple[str, int, int]] = []

    def keep(self, name: str, data: bytes) -> None:
        self._places.append((name, self._file.tell(), len(data)))
        self._file.write(data)

    def files(self) -> Iterator[File]:
        for name, begin, length in self._places:
            self._file.seek(begin)
            yield name, self._file.read(length)

    def close(self) -> None:
        self._file.close()


class _Gathered:
    """The stored files of some weeks under their names in a bundle; `files` also fills `pictures`
    and `shots`.
    """

    def __init__(
        self,
        connection: Connection,
        access: ContractAccess,
        period: tuple[int, int],
        *,
        aud: str,
        policy: bytes,
        proofs: bool = True,
    ) -> None:
        """Without `proofs`, `files` is of no use, and `tag` is cheap."""
        self._connection = connection
        self._with_proofs = proofs
        self._access = access
        self._first, self._end = period
        self._aud = aud
        self._policy = policy
        self._kids: set[str] = set()
        self._beacons: set[str] = set()
        self.pictures: set[str] = set()
        #: The pictures by segment and number.
        self.shots: list[tuple[str, int]] = []

    def tag(self) -> str:
        """A digest of the log's keys and of names and bytes of the signed objects."""
        hasher = hashlib.sha256()
        for name, data in [(POLICY, self._policy), *self._objects()]:
            if isinstance(data, bytes):
                hasher.update(f"{len(name)} {name} {len(data)} ".encode())
                hasher.update(data)
        return hasher.hexdigest()[:32]

    def files(self, *, page: bool, seen: Iterable[tuple[str, int]]) -> Iterator[tuple[str, bytes]]:
        """All files except the pictures; `verify.html` only with `page`."""
        present = shards.read(self._connection)
        notes = {
            shard.name: newest[1]
            for shard in present
            if (newest := checkpoint(self._connection, shard)) is not None
        }
        preferred = {
            shard.name: best[1]
            for shard in present
            if (best := cosigned(self._connection, shard)) is not None
        }
        yield POLICY, self._policy
        if page:
            yield PAGE, verify_page()
        for name, data in with_history(self._objects(), notes, self._prover(), seen, preferred):
            if isinstance(data, bytes):
                yield name, data

    def _objects(self) -> Iterator[File]:
        yield from self._segments()
        yield from self._devices()
        terms = schema.terms
        rows = self._rows(select(terms).where(terms.c.ctr == self._access.contract.ctr))
        yield from self._proven((f"terms/{row.hash}", row, None) for row in rows)
        review = schema.review
        rows = self._rows(
            select(review).where(
                review.c.ctr == self._access.contract.ctr,
                review.c.week_s >= self._first,
                review.c.week_s < self._end,
            )
        )
        yield from self._proven((f"reviews/{row.digest}", row, None) for row in rows)
        for name, (slot, file) in sorted(beacon_files(self._connection, self._beacons).items()):
            yield f"beacons/{slot}-{name}.{PROOF}", file
        if self._with_proofs:
            for receipt in key_receipts(self._connection):
                yield statement_file("keys", receipt)

    def _segments(self) -> Iterator[File]:
        columns = schema.segment.c
        chosen = self._access.segments().where(columns.t0 >= self._first, columns.t0 < self._end)
        hashes = [
            row.hash
            for row in self._rows(chosen.with_only_columns(columns.hash).order_by(columns.idx))
        ]
        for part in parts(hashes, _AT_ONCE):
            rows = self._rows(select(schema.segment).where(columns.hash.in_(part)))
            gone = deletions(self._connection, self._aud, part)
            listed: list[_Listed] = []
            for row in rows:
                # Deleted disclosures may not be erased yet.
                data = remove_disclosures(row.data, deleted_digests(gone.get(row.hash, ())))
                if self._with_proofs:
                    self.pictures |= pictures(data)
                    self.shots += ((row.hash, number) for number in picture_numbers(data))
                self._kids.add(row.kid)
                if row.beacon is not None:
                    self._beacons.add(row.beacon)
                listed.append((f"segments/{row.kid}/{row.hash}", row, ("sdjwt", data)))
            yield from self._proven(listed)
            changes = statements_about(self._connection, (LeafType.AMEND, LeafType.TOMBSTONE), part)
            self._kids |= {row.kid for row in changes if row.kid is not None}
            yield from self._statements(changes, gone)

    def _devices(self) -> Iterator[File]:
        """The devices that signed the records, and the freelancer's earlier devices, which the
        check of vouches needs.
        """
        table = schema.device
        mine = self._rows(
            select(table)
            .where(table.c.sub == self._access.contract.freelancer)
            .order_by(table.c.idx)
        )
        last = max((row.idx for row in mine if row.kid in self._kids), default=-1)
        shown = [row for row in mine if row.idx <= last]
        yield from self._proven((f"devices/{row.kid}", row, ("jws", row.jws)) for row in shown)
        lives = (LeafType.VOUCH, LeafType.RETIRE, LeafType.REVOKE)
        kids = {row.kid for row in shown}
        yield from self._statements(
            [
                row
                for row in statements_about(self._connection, lives, kids)
                if row.type != LeafType.VOUCH.value or row.kid in kids
            ]
        )

    def _statements(
        self, rows: Iterable[StatementRow], gone: Mapping[str, Sequence[Deletion]] = _NOTHING
    ) -> Iterator[File]:
        """Statements with their receipts; a retirement shows only the head of this contract."""
        listed: list[_Listed] = []
        for row in rows:
            if self._too_late(row, gone):
                continue
            folder, ending = _FOLDERS[LeafType(row.type)]
            data = row.data
            if data is not None and row.type == LeafType.RETIRE.value:
                try:
                    data = with_heads_of(data, self._access.contract.ctr)
                except DiaryError:
                    continue  # damaged: it could show heads of other contracts
            if data is not None and row.type == LeafType.AMEND.value:
                data = remove_disclosures(data, deleted_digests(gone.get(row.subject, ())))
            signed = None if data is None else (ending, data)
            listed.append((f"{folder}/{row.digest}", row, signed))
        yield from self._proven(listed)

    def _too_late(self, row: StatementRow, gone: Mapping[str, Sequence[Deletion]]) -> bool:
        """Whether it was logged after the lock of its week and has no effect. Such statements are
        refused on arrival; one logged at the last moment is no fault of the record.
        """
        if row.type == LeafType.AMEND.value:
            return bool(row.rt_ms >= lock_ms_of(self._connection, self._aud, row.subject))
        return any(
            each.digest == row.digest and not each.effective for each in gone.get(row.subject, ())
        )

    def _proven(self, listed: Iterable[_Listed]) -> Iterator[File]:
        """Each signed object, unless its receipt contains it, and its receipt, in the order of the
        log: that of rows depends on the database.
        """
        known = sorted(listed, key=lambda each: each[1].idx)
        wanted = [row.idx for _, row, _ in known]
        proofs = (
            receipts(self._connection, wanted) if self._with_proofs else dict.fromkeys(wanted, b"")
        )
        for stem, row, signed in known:
            if signed is not None:
                yield f"{stem}.{signed[0]}", signed[1]
            if row.idx in proofs:
                yield f"{stem}.{PROOF}", proofs[row.idx]

    def _prover(self) -> Prove:
        present = {shard.name: shard for shard in shards.read(self._connection)}

        def prove(name: str, old: int, new: int) -> bytes | None:
            shard = present[name]
            if not 1 <= old <= new:
                return None
            wanted: set[tuple[int, int]] = set()

            def remember(level: int, pos: int) -> bytes:
                wanted.add((level, pos))
                return bytes(32)

            consistency_proof(old, new, remember)
            nodes = nodes_of(self._connection, shard, wanted)
            proof = consistency_proof(old, new, lambda lv, p: nodes.get((lv, p), bytes(32)))
            return write_consistency(proof)

        return prove

    def _rows(self, query: Any) -> list[Row[Any]]:
        return list(self._connection.execute(query))


def _owned(connection: Connection, access: ContractAccess, shas: Collection[str]) -> list[str]:
    """The pictures that the freelancer has sent; a segment could name those of others."""
    columns = schema.blob_owner.c
    found: list[str] = []
    for part in parts(sorted(shas)):
        query = select(columns.sha256).where(columns.sub == access.contract.freelancer)
        found += [row.sha256 for row in connection.execute(query.where(columns.sha256.in_(part)))]
    return sorted(found)
