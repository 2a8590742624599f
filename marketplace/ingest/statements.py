"""Accept statements of devices: vouches, retirements, changed memos and deletions.

A statement is refused (422) only if it cannot take effect: it is malformed, no device of the
sender's account signed it, its subject is unknown or belongs to another account, it comes after the
lock, or its device was revoked before. Every other statement is logged before the response, and a
deletion is carried out before it. Repeated bytes get the same leaf at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from diary.core.findings import Code, DiaryError, Finding
from diary.core.slots import week_of
from diary.core.vocabulary import Scope
from diary.formats.jws import Jws, verify_jws
from diary.formats.sd_jwt import SdJwt
from diary.log.leaf import LeafType
from diary.objects.amendment import parse_amend
from diary.objects.device_lifecycle import parse_retire, parse_vouch
from diary.objects.tombstone import Tombstone, parse_tombstone
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.core.week_names import name_of_week
from marketplace.devices.lookup import device
from marketplace.devices.registry import revoked, statement_row, states
from marketplace.erasure.eraser import Eraser
from marketplace.ingest.result import IngestResult
from marketplace.log.log import Log, LogEntry, PlacedLeaf, Row, receipt
from marketplace.records.statements import MAX_STATEMENTS, PARTS, disclosures_by_digest, lock_ms_of
from marketplace.storage import schema
from marketplace.storage.database import Database, DatabaseError
from marketplace.webhooks.events import Event, rows_for

#: Segments that one retirement checks again, at most.
_RECHECKED = 64
_EVENTS: dict[LeafType, Event] = {
    LeafType.AMEND: "memo.changed",
    LeafType.TOMBSTONE: "segment.deleted",
}


@dataclass(frozen=True)
class _SignedStatement:
    """A signed statement. `subject` is the segment or the device that it is about; `scope` is that
    of a deletion.
    """

    type: LeafType
    signed: Jws
    data: bytes
    subject: str
    attrs: str = ""
    scope: tuple[Scope, ...] = ()

    @property
    def name(self) -> str:
        return self.signed.digest


class StatementIngest:
    """Verifies, logs and carries out statements of devices of the marketplace `aud`. Blocks.

    Each method takes the account of the sender and the bytes as received. It raises a 422 problem
    with the verifier's code for a statement that cannot take effect, `too_often` (409) beyond
    MAX_STATEMENTS, and DatabaseError on a failed write.
    """

    def __init__(
        self,
        store: Database,
        log: Log,
        clock: MarketplaceClock,
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
        """Log that an earlier device vouches for a newer one."""
        with _problems_of_findings():
            body = parse_vouch(data)
            statement = _SignedStatement(LeafType.VOUCH, body.signed, data, body.kid)
            self._authenticate(sub, statement, body.aud, body.sub)
            placed = self._take(
                statement, lambda c: _check_later(c, sub, body.signed.kid, body.kid)
            )
        with self._store.read() as connection:
            known = {state.kid: state for state in states(connection, sub)}
        self._recheck(_of_unvouched(self._store, body.kid))
        detail = "the device that vouches does not count itself"
        findings = () if known[body.kid].vouched else (_warn(body.kid, detail),)
        return self._answer(placed, findings)

    def retire(self, sub: str, data: bytes) -> IngestResult:
        """A device signs out and names its last segments."""
        with _problems_of_findings():
            body = parse_retire(data)
            kid = body.sdjwt.jws.kid
            statement = _SignedStatement(LeafType.RETIRE, body.sdjwt.jws, data, kid, attrs=kid)
            _require_readable(body.sdjwt)
            self._authenticate(sub, statement, body.aud, body.sub)
            placed = self._take(statement, lambda _: None)
        # A second retirement may name segments after the first one.
        with self._store.read() as connection:
            names = _after_retirement(connection, kid)
        self._recheck(names)
        return self._answer(placed)

    def amend(self, sub: str, data: bytes) -> IngestResult:
        """Change the memo of a segment, until its week locks."""
        with _problems_of_findings():
            body = parse_amend(data)
            statement = _SignedStatement(LeafType.AMEND, body.sdjwt.jws, data, body.segment)
            _require_readable(body.sdjwt)
            self._authenticate(sub, statement, body.aud, None)

            def check(connection: Connection) -> None:
                _check_own(connection, sub, body.segment)
                if self._is_late(connection, body.segment, self._clock.wall_ms()):
                    raise DiaryError(Code.E_LATE, "the week of the segment is locked")

            placed = self._take(statement, check)
        self._recheck([body.segment])
        late = self._late(placed, body.segment, f"amends/{statement.name}", "the week was locked")
        return self._answer(placed, late)

    def tombstone(self, sub: str, data: bytes) -> IngestResult:
        """Delete parts of a segment, its time, or both."""
        with _problems_of_findings():
            body = parse_tombstone(data)
            assert body.signed is not None  # noqa: S101 - parse_tombstone has read it from one
            statement = _SignedStatement(
                LeafType.TOMBSTONE, body.signed, data, body.segment, scope=body.scope
            )
            self._authenticate(sub, statement, None, None)

            def check(connection: Connection) -> None:
                _check_own(connection, sub, body.segment)
                late = self._is_late(connection, body.segment, self._clock.wall_ms())
                if late and body.scope == ("time",):
                    raise DiaryError(Code.E_LATE, "the week of the segment is locked")
                _check_scope(connection, body)

            placed = self._take(statement, check)
        try:
            self._eraser.carry_out(statement.name)
        except (OSError, DatabaseError) as error:
            raise ProblemError(
                "erase_unfinished",
                "The deletion is logged but not complete. The marketplace will complete it; repeat "
                "the request to see when.",
                headers={"Retry-After": "60"},
            ) from error
        if "time" not in body.scope:
            return self._answer(placed)
        detail = "the week was locked: deleted parts are erased, the time remains"
        late = self._late(placed, body.segment, f"tombstones/{statement.name}", detail)
        return self._answer(placed, late)

    def _authenticate(
        self, sub: str, statement: _SignedStatement, body_aud: str | None, body_sub: str | None
    ) -> None:
        """Raise DiaryError unless a device of the sender's account signed the statement."""
        with self._store.read() as connection:
            signer = device(connection, statement.signed.kid)
        if signer is None:
            raise DiaryError(Code.E_KID_UNKNOWN, "no such device is enrolled")
        verify_jws(statement.signed, signer.public)
        if (signer.aud, signer.sub) != (self._aud, sub):
            raise DiaryError(Code.E_KID_UNKNOWN, "the device is of another account")
        if (body_aud or self._aud, body_sub or sub) != (self._aud, sub):
            raise DiaryError(Code.E_KID_UNKNOWN, "it is about another account")

    def _take(self, statement: _SignedStatement, check: Callable[[Connection], None]) -> PlacedLeaf:
        """Log an authentic statement; for a new one `check` may raise DiaryError."""
        columns = schema.statement.c
        with self._store.read() as connection:
            known = select(columns.idx).where(columns.digest == statement.name)
            if connection.execute(known).first() is None:
                if revoked(connection, statement.signed.kid):
                    raise DiaryError(Code.E_REVOKED, "its device was revoked")
                check(connection)
                _check_count(connection, statement)
            events = self._events(connection, statement)

        def rows(index: int, _rt_ms: int) -> list[Row]:
            return [
                statement_row(
                    statement.type, statement.name, index,
                    subject=statement.subject, kid=statement.signed.kid,
                    data=statement.data, done=statement.type is not LeafType.TOMBSTONE,
                ),
                *events,
            ]  # fmt: skip

        return self._log.append(
            LogEntry(statement.type, statement.name, statement.attrs, rows=rows)
        ).result()

    def _events(self, connection: Connection, statement: _SignedStatement) -> list[Row]:
        """The rows of the events for both sides of the segment's contract."""
        event = _EVENTS.get(statement.type)
        if event is None:
            return []
        segment, contract = schema.segment.c, schema.contract.c
        row = connection.execute(
            select(segment.slot, contract.ctr, contract.freelancer, contract.client)
            .join(schema.contract, contract.ctr == segment.ctr)
            .where(segment.hash == statement.subject)
        ).first()
        if row is None:
            return []
        data: dict[str, object] = {
            "contract": row.ctr,
            "week": name_of_week(week_of(row.slot)),
            "segment": statement.subject,
        }
        if statement.scope:
            data["scope"] = list(statement.scope)
        now = self._clock.real_s()
        return rows_for(connection, [row.freelancer, row.client], event, data, now)

    def _is_late(self, connection: Connection, segment: str, time_ms: int) -> bool:
        return time_ms >= lock_ms_of(connection, self._aud, segment)

    def _late(
        self, placed: PlacedLeaf, segment: str, subject: str, detail: str
    ) -> tuple[Finding, ...]:
        """The finding on a statement that was logged after the lock."""
        with self._store.read() as connection:
            late = self._is_late(connection, segment, placed.rt_ms)
        return (Finding("bundle", subject, Code.E_LATE, detail),) if late else ()

    def _answer(self, placed: PlacedLeaf, findings: tuple[Finding, ...] = ()) -> IngestResult:
        with self._store.read() as connection:
            return IngestResult(placed.fresh, receipt(connection, placed.index), findings)


def _of_unvouched(store: Database, kid: str) -> list[str]:
    """The newest segments of a device whose checks reported that no device vouches for it."""
    columns = schema.segment.c
    finding = schema.finding.c
    with store.read() as connection:
        rows = connection.execute(
            select(columns.hash)
            .join(schema.finding, finding.segment == columns.hash)
            .where(columns.kid == kid, finding.code == Code.W_UNVOUCHED.value)
            .order_by(columns.idx.desc())
            .limit(_RECHECKED)
        )
        return [row.hash for row in rows]


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
def _problems_of_findings() -> Iterator[None]:
    """Raise the problem 422 for a DiaryError in the block."""
    try:
        yield
    except DiaryError as error:
        raise ProblemError(error.code.value, f"Not stored: {error.detail}.") from error


def _require_readable(opened: SdJwt) -> None:
    if opened.problems:
        raise opened.problems[0]


def _check_own(connection: Connection, sub: str, segment: str) -> None:
    """Raise DiaryError unless the segment exists and belongs to the same freelancer."""
    owner = connection.execute(
        select(schema.device.c.sub)
        .join(schema.segment, schema.segment.c.kid == schema.device.c.kid)
        .where(schema.segment.c.hash == segment)
    ).scalar()
    if owner is None:
        raise DiaryError(Code.E_GAP, "the segment that it names has not arrived; send it first")
    if owner != sub:
        raise DiaryError(Code.E_KID_UNKNOWN, "the segment belongs to another account")


def _check_scope(connection: Connection, body: Tombstone) -> None:
    """Raise DiaryError if a named disclosure is outside its scope: a picture deleted as a memo
    would keep its time.
    """
    columns = schema.segment.c
    query = select(columns.data).where(columns.hash == body.segment)
    there = disclosures_by_digest(connection.execute(query).scalar_one())
    gone = {there[name][0] for name in body.digests if name in there}
    if any(gone & names and part not in body.scope for part, names in PARTS.items()):
        raise DiaryError(Code.E_FORMAT, "it names a part that is not in its scope")


def _check_later(connection: Connection, sub: str, signer: str, kid: str) -> None:
    """Raise DiaryError unless the device enrolled after the one that vouches for it."""
    columns = schema.device.c
    enrolled_at = {
        row.kid: row.idx
        for row in connection.execute(select(columns.kid, columns.idx).where(columns.sub == sub))
    }
    if kid not in enrolled_at or enrolled_at[kid] <= enrolled_at[signer]:
        raise DiaryError(Code.E_KID_UNKNOWN, "it is for no later device of the same freelancer")


def _check_count(connection: Connection, statement: _SignedStatement) -> None:
    columns = schema.statement.c
    number = connection.execute(
        select(func.count()).where(
            columns.subject == statement.subject,
            columns.type == statement.type.value,
            columns.kid == statement.signed.kid,
        )
    ).scalar_one()
    if number >= MAX_STATEMENTS:
        raise ProblemError(
            "too_often",
            f"There are already {MAX_STATEMENTS} such statements. No more are stored.",
        )


def _warn(kid: str, detail: str) -> Finding:
    return Finding("device", kid, Code.W_UNVOUCHED, detail)
