"""The devices of freelancers: who vouched for them, which are signed out or revoked.

The states come from the index alone; checks read the signed bytes again. A revocation is logged
first and takes effect at once: every request of the device asks for it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, exists, func, select, update

from diary.core.findings import DiaryError
from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.objects.device_lifecycle import MAX_REASON, Revoke, parse_retire
from diary.objects.enrolment import Enrolment
from marketplace.core.clock import MarketplaceClock
from marketplace.devices.lookup import parsed
from marketplace.log.log import Log, LogEntry, Row
from marketplace.records.statements import statements_about
from marketplace.storage import schema
from marketplace.storage.database import Database

#: Devices that are known to be valid, at most.
_REMEMBERED = 100_000
_OF_ACCOUNT = (
    select(schema.device, schema.leaf.c.rt_ms)
    .join(schema.leaf, schema.leaf.c.idx == schema.device.c.idx)
    .where(schema.device.c.sub == bindparam("sub"))
    .order_by(schema.device.c.idx)
)
_KEYS = (LeafType.VOUCH, LeafType.RETIRE, LeafType.REVOKE)


@dataclass(frozen=True)
class DeviceState:
    """One device of a freelancer. Times in Unix s; `vouched` is also true for the first device."""

    kid: str
    name: str
    since_s: int
    seen_s: int | None
    vouched: bool
    retired_s: int | None
    revoked_s: int | None

    @property
    def in_use(self) -> bool:
        """Whether it is neither signed out nor revoked."""
        return self.revoked_s is None and self.retired_s is None


class DeviceRegistry:
    """Lists and revokes devices. Blocks."""

    def __init__(self, store: Database, log: Log, clock: MarketplaceClock) -> None:
        self._store = store
        self._log = log
        self._clock = clock
        # Only this process revokes devices of the data folder, which it has locked.
        self._revoked: set[str] = set()
        self._valid: set[str] = set()

    def is_revoked(self, kid: str) -> bool:
        """Whether a device was revoked; reads storage only for the first request of a device."""
        if kid in self._revoked:
            return True
        if kid in self._valid:
            return False
        with self._store.read() as connection:
            found = revoked(connection, kid)
        if len(self._valid) >= _REMEMBERED:
            self._valid.clear()
        (self._revoked if found else self._valid).add(kid)
        # A revocation meanwhile is in the first set only.
        return kid in self._revoked

    def of(self, sub: str) -> tuple[DeviceState, ...]:
        """All devices of an account, the first enrolled one first."""
        with self._store.read() as connection:
            return states(connection, sub)

    def revoke(self, kid: str, reason: str) -> bool:
        """Revoke an enrolled device permanently; False if it was revoked before."""
        with self._store.read() as connection:
            if revoked(connection, kid):
                return False
        data = Revoke(kid, self._clock.wall_s(), reason[:MAX_REASON]).data()
        name = digest(data)

        def rows(index: int, _rt_ms: int) -> list[Row]:
            return [statement_row(LeafType.REVOKE, name, index, subject=kid)]

        entry = LogEntry(LeafType.REVOKE, name, attrs=kid, object=data, rows=rows)
        fresh = self._log.append(entry).result().fresh
        self._revoked.add(kid)
        return fresh

    def seen(self, kid: str) -> None:
        """Store the time of a device's sign-in, without waiting for the write."""
        columns = schema.device.c
        statement = (
            update(schema.device).where(columns.kid == kid).values(seen_s=self._clock.wall_s())
        )
        self._store.write(lambda connection: connection.execute(statement))


def statement_row(
    type_: LeafType,
    name: str,
    index: int,
    *,
    subject: str,
    kid: str | None = None,
    data: bytes | None = None,
    done: bool = True,
) -> Row:
    """The row of a statement, to be committed with its leaf."""
    row: dict[str, object] = {
        "digest": name,
        "type": type_.value,
        "idx": index,
        "kid": kid,
        "subject": subject,
        "data": data,
        "done": done,
    }
    return schema.statement, row


def states(connection: Connection, sub: str) -> tuple[DeviceState, ...]:
    """The devices of an account in log order."""
    rows = connection.execute(_OF_ACCOUNT, {"sub": sub}).all()
    enrolled_at = {row.kid: row.idx for row in rows}
    revoked_at: dict[str, tuple[int, int]] = {}
    retired_ms: dict[str, int] = {}
    vouchers: defaultdict[str, set[str]] = defaultdict(set)
    statements = statements_about(connection, _KEYS, enrolled_at)
    for statement in statements:
        if statement.type == LeafType.REVOKE:
            revoked_at.setdefault(statement.subject, (statement.idx, statement.rt_ms))
        elif statement.type == LeafType.RETIRE:
            retired_ms.setdefault(statement.subject, statement.rt_ms)
    for vouch in (each for each in statements if each.type == LeafType.VOUCH):
        revocation = revoked_at.get(vouch.kid)
        first = enrolled_at.get(vouch.kid)
        earlier = first is not None and first < enrolled_at[vouch.subject]
        if earlier and (revocation is None or vouch.idx < revocation[0]):
            vouchers[vouch.subject].add(vouch.kid)
    good: set[str] = set()
    for row in rows:
        if not good or vouchers[row.kid] & good:
            good.add(row.kid)
    return tuple(
        DeviceState(
            kid=row.kid,
            name=_name(parsed(row.kid, row.jws)),
            since_s=row.rt_ms // 1000,
            seen_s=row.seen_s,
            vouched=row.kid in good,
            retired_s=retired_ms[row.kid] // 1000 if row.kid in retired_ms else None,
            revoked_s=revoked_at[row.kid][1] // 1000 if row.kid in revoked_at else None,
        )
        for row in rows
    )


def revoked(connection: Connection, kid: str) -> bool:
    """Whether the marketplace has revoked a device."""
    return _has_statement(connection, LeafType.REVOKE, kid)


def signed_out(connection: Connection, kid: str) -> bool:
    """Whether a device has retired and all segments that its retirement names have arrived.

    Until then it may sign in, so that it can upload the rest of its outbox.
    """
    if not _has_statement(connection, LeafType.RETIRE, kid):
        return False
    return not _is_incomplete(connection, kid)


def _is_incomplete(connection: Connection, kid: str) -> bool:
    """Whether segments up to the heads of a retirement, or their pictures, are missing."""
    columns, part, owner = schema.segment.c, schema.segment_blob, schema.blob_owner
    for statement in statements_about(connection, (LeafType.RETIRE,), [kid]):
        try:
            heads = parse_retire(statement.data).heads
        except DiaryError:
            continue
        for head in heads:
            chain = (columns.kid == kid, columns.ctr == head.ctr, columns.seq <= head.seq)
            numbers = select(func.count(columns.seq.distinct())).where(*chain)
            last = select(exists(select(columns.hash).where(columns.hash == head.h)))
            complete = connection.execute(numbers).scalar() == head.seq + 1
            if not complete or not connection.execute(last).scalar():
                return True
    sub = select(schema.device.c.sub).where(schema.device.c.kid == kid).scalar_subquery()
    missing = (
        select(part.c.sha256)
        .join(schema.segment, columns.hash == part.c.segment)
        .outerjoin(owner, (owner.c.sha256 == part.c.sha256) & (owner.c.sub == sub))
        .where(columns.kid == kid, owner.c.sub.is_(None))
    )
    return bool(connection.execute(select(exists(missing))).scalar())


def _has_statement(connection: Connection, type_: LeafType, kid: str) -> bool:
    columns = schema.statement.c
    query = select(columns.idx).where(columns.subject == kid, columns.type == type_.value)
    return connection.execute(query.limit(1)).first() is not None


def _name(enrolment: Enrolment | None) -> str:
    return enrolment.name if enrolment else ""
