"""Taking in what devices say later: vouches, retirements, changed memos, deletions.

A deed is refused (422) only if it cannot count: it is malformed, no device of the sender's account
has signed it, it speaks of something that is not there or not theirs, it comes too late, or its
device was revoked before. Everything else is logged first and answered with its receipt; a deletion
is carried out before the answer. The same bytes again get the same leaf, whatever has happened
since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from diary.core.findings import Code, DiaryError, Finding
from diary.formats.jws import Jws, verify_jws
from diary.formats.sd_jwt import SdJwt
from diary.log.leaf import LeafType
from diary.objects.amendment import parse_amend
from diary.objects.device_lifecycle import parse_retire, parse_vouch
from diary.objects.tombstone import Tombstone, parse_tombstone
from marketplace.core.clock import MarketClock
from marketplace.core.problems import ProblemError
from marketplace.devices.lookup import device
from marketplace.devices.registry import deed_row, revoked, states
from marketplace.erasure.eraser import Eraser
from marketplace.ingest.result import IngestResult
from marketplace.log.log import Log, LogEntry, PlacedLeaf, Row, receipt
from marketplace.records.statements import MAX_DEEDS, PARTS, disclosures_by_digest, lock_ms_of
from marketplace.storage import schema
from marketplace.storage.database import Database, DatabaseError

#: Segments at most that one retirement checks anew.
_RECHECKED = 64


@dataclass(frozen=True)
class _Said:
    """An authentic deed. `subject` is the segment or the device that it speaks of."""

    type: LeafType
    signed: Jws
    data: bytes
    subject: str
    attrs: str = ""

    @property
    def name(self) -> str:
        return self.signed.digest


class StatementIngest:
    """Verifies, logs and carries out what devices of the marketplace `aud` say. Blocks.

    Each method takes the account of the sender and the bytes as received. It raises a 422 problem
    with the verifier's code for what cannot count, `too_often` (409) for more than a check would
    look at, StoreError if it could not be logged.
    """

    def __init__(
        self,
        store: Database,
        log: Log,
        clock: MarketClock,
        aud: str,
        eraser: Eraser,
        recheck: Callable[[Sequence[str]], None],
    ) -> None:
        self._store = store
        self._log = log
        self._clock = clock
        self._aud = aud
        self._eraser = eraser
        self._recheck = recheck

    def vouch(self, sub: str, data: bytes) -> IngestResult:
        """An earlier device stands up for a newer one."""
        with _refusing():
            body = parse_vouch(data)
            said = _Said(LeafType.VOUCH, body.signed, data, body.kid)
            self._authenticate(sub, said, body.aud, body.sub)
            placed = self._take(said, lambda c: _check_later(c, sub, body.signed.kid, body.kid))
        with self._store.read() as connection:
            known = {state.kid: state for state in states(connection, sub)}
        detail = "the device that vouches does not count itself"
        findings = () if known[body.kid].vouched else (_warn(body.kid, detail),)
        return self._answer(placed, findings)

    def retire(self, sub: str, data: bytes) -> IngestResult:
        """A device says what its last segments are."""
        with _refusing():
            body = parse_retire(data)
            kid = body.sdjwt.jws.kid
            said = _Said(LeafType.RETIRE, body.sdjwt.jws, data, kid, attrs=kid)
            _whole(body.sdjwt)
            self._authenticate(sub, said, body.aud, body.sub)
            placed = self._take(said, lambda _: None)
        # A further retirement may name what came after an earlier one.
        with self._store.read() as connection:
            names = _after_retirement(connection, kid)
        self._recheck(names)
        return self._answer(placed)

    def amend(self, sub: str, data: bytes) -> IngestResult:
        """Another memo for a segment, until its week locks."""
        with _refusing():
            body = parse_amend(data)
            said = _Said(LeafType.AMEND, body.sdjwt.jws, data, body.segment)
            _whole(body.sdjwt)
            self._authenticate(sub, said, body.aud, None)

            def check(connection: Connection) -> None:
                _check_own(connection, sub, body.segment)
                if self._is_late(connection, body.segment, self._clock.wall_ms()):
                    raise DiaryError(Code.E_LATE, "the week of the segment is locked")

            placed = self._take(said, check)
        late = self._late(placed, body.segment, f"amends/{said.name}", "the week was locked")
        return self._answer(placed, late)

    def tombstone(self, sub: str, data: bytes) -> IngestResult:
        """Parts of a segment are deleted, or its time is given back, or both."""
        with _refusing():
            body = parse_tombstone(data)
            assert body.signed is not None  # noqa: S101 - parse_tombstone has read it from one
            said = _Said(LeafType.TOMBSTONE, body.signed, data, body.segment)
            self._authenticate(sub, said, None, None)

            def check(connection: Connection) -> None:
                _check_own(connection, sub, body.segment)
                late = self._is_late(connection, body.segment, self._clock.wall_ms())
                if late and body.scope == ("time",):
                    raise DiaryError(Code.E_LATE, "the week of the segment is locked")
                _check_scope(connection, body)

            placed = self._take(said, check)
        try:
            self._eraser.carry_out(said.name)
        except (OSError, DatabaseError) as error:
            raise ProblemError(
                "erase_unfinished",
                "The deletion is logged, but not everything is erased yet. It will be; you may "
                "send this again to learn when.",
                headers={"Retry-After": "60"},
            ) from error
        if "time" not in body.scope:
            return self._answer(placed)
        detail = "the week was locked: what is deleted is gone, the time stays"
        late = self._late(placed, body.segment, f"tombstones/{said.name}", detail)
        return self._answer(placed, late)

    def _authenticate(
        self, sub: str, said: _Said, body_aud: str | None, body_sub: str | None
    ) -> None:
        """Whether a device of the sender's account signed it."""
        with self._store.read() as connection:
            signer = device(connection, said.signed.kid)
        if signer is None:
            raise DiaryError(Code.E_KID_UNKNOWN, "no such device is enrolled")
        verify_jws(said.signed, signer.public)
        if (signer.aud, signer.sub) != (self._aud, sub):
            raise DiaryError(Code.E_KID_UNKNOWN, "the device is of another account")
        if (body_aud or self._aud, body_sub or sub) != (self._aud, sub):
            raise DiaryError(Code.E_KID_UNKNOWN, "it speaks of somebody else")

    def _take(self, said: _Said, check: Callable[[Connection], None]) -> PlacedLeaf:
        """Log an authentic deed; `check` raises for one that cannot count, if it is new."""
        columns = schema.deed.c
        with self._store.read() as connection:
            known = select(columns.idx).where(columns.digest == said.name)
            if connection.execute(known).first() is None:
                if revoked(connection, said.signed.kid):
                    raise DiaryError(Code.E_REVOKED, "its device was revoked")
                check(connection)
                _check_number(connection, said)

        def rows(index: int, _rt_ms: int) -> list[Row]:
            return [
                deed_row(
                    said.type, said.name, index, subject=said.subject, kid=said.signed.kid,
                    data=said.data, done=said.type is not LeafType.TOMBSTONE,
                )
            ]  # fmt: skip

        return self._log.append(LogEntry(said.type, said.name, said.attrs, rows=rows)).result()

    def _is_late(self, connection: Connection, segment: str, time_ms: int) -> bool:
        return time_ms >= lock_ms_of(connection, self._aud, segment)

    def _late(
        self, placed: PlacedLeaf, segment: str, subject: str, detail: str
    ) -> tuple[Finding, ...]:
        """The finding on what was logged after the lock, if only by a moment."""
        with self._store.read() as connection:
            late = self._is_late(connection, segment, placed.rt_ms)
        return (Finding("bundle", subject, Code.E_LATE, detail),) if late else ()

    def _answer(self, placed: PlacedLeaf, findings: tuple[Finding, ...] = ()) -> IngestResult:
        with self._store.read() as connection:
            return IngestResult(placed.fresh, receipt(connection, placed.index), findings)


def _after_retirement(connection: Connection, kid: str) -> list[str]:
    columns = schema.segment.c
    rows = connection.execute(
        select(columns.hash)
        .join(schema.finding, schema.finding.c.segment == columns.hash)
        .where(schema.finding.c.code == Code.E_RETIRED.value, columns.kid == kid)
        .order_by(columns.idx)
        .limit(_RECHECKED)
    )
    return [row.hash for row in rows]


@contextmanager
def _refusing() -> Iterator[None]:
    """Turns the verifier's words into a 422."""
    try:
        yield
    except DiaryError as error:
        raise ProblemError(error.code.value, f"Not stored: {error.detail}.") from error


def _whole(opened: SdJwt) -> None:
    if opened.problems:
        raise opened.problems[0]


def _check_own(connection: Connection, sub: str, segment: str) -> None:
    """The segment that is spoken of must be there, and of the same freelancer."""
    owner = connection.execute(
        select(schema.device.c.sub)
        .join(schema.segment, schema.segment.c.kid == schema.device.c.kid)
        .where(schema.segment.c.hash == segment)
    ).scalar()
    if owner is None:
        raise DiaryError(Code.E_GAP, "the segment that it speaks of is not here; send it first")
    if owner != sub:
        raise DiaryError(Code.E_KID_UNKNOWN, "the segment is of somebody else")


def _check_scope(connection: Connection, body: Tombstone) -> None:
    """What it names must be what it says that it names, as far as that is here to be seen: a
    picture must not go as a memo and leave its time behind.
    """
    columns = schema.segment.c
    query = select(columns.data).where(columns.hash == body.segment)
    there = disclosures_by_digest(connection.execute(query).scalar_one())
    gone = {there[name][0] for name in body.digests if name in there}
    if any(gone & names and part not in body.scope for part, names in PARTS.items()):
        raise DiaryError(Code.E_FORMAT, "it names a part that is not in its scope")


def _check_later(connection: Connection, sub: str, signer: str, kid: str) -> None:
    """Who is vouched for must have enrolled after the one who vouches."""
    columns = schema.device.c
    place = {
        row.kid: row.idx
        for row in connection.execute(select(columns.kid, columns.idx).where(columns.sub == sub))
    }
    if kid not in place or place[kid] <= place[signer]:
        raise DiaryError(Code.E_KID_UNKNOWN, "it is for no later device of the same freelancer")


def _check_number(connection: Connection, said: _Said) -> None:
    columns = schema.deed.c
    number = connection.execute(
        select(func.count()).where(
            columns.subject == said.subject,
            columns.type == said.type.value,
            columns.kid == said.signed.kid,
        )
    ).scalar_one()
    if number >= MAX_DEEDS:
        raise ProblemError(
            "too_often",
            f"This was said {MAX_DEEDS} times already. Nothing more is stored about it.",
        )


def _warn(kid: str, detail: str) -> Finding:
    return Finding("device", kid, Code.W_UNVOUCHED, detail)
