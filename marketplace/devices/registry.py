"""The freelancer's devices: which there are, who vouched for them, which are signed out or stopped.

What is told here comes from the index alone; the check reads the signed bytes again. A revocation
is logged first and then holds at once: every request of the device asks for it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select, update

from diary.core.findings import DiaryError
from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.objects.device_lifecycle import MAX_REASON, Revoke, parse_retire
from diary.objects.enrolment import Enrolment
from marketplace.core.clock import MarketClock
from marketplace.devices.lookup import device as enrolled
from marketplace.log.log import Log, LogEntry, Row
from marketplace.records.statements import statements_about
from marketplace.storage import schema
from marketplace.storage.database import Database

_KEYS = (LeafType.VOUCH, LeafType.RETIRE, LeafType.REVOKE)


@dataclass(frozen=True)
class DeviceState:
    """One device of a freelancer. Times in Unix s; `vouched` is also true of the first one."""

    kid: str
    name: str
    since_s: int
    seen_s: int | None
    vouched: bool
    retired_s: int | None
    revoked_s: int | None

    @property
    def in_use(self) -> bool:
        """Neither signed out nor stopped."""
        return self.revoked_s is None and self.retired_s is None


class DeviceRegistry:
    """What freelancers see and do about their devices. Blocks."""

    def __init__(self, store: Database, log: Log, clock: MarketClock) -> None:
        self._store = store
        self._log = log
        self._clock = clock

    def of(self, sub: str) -> tuple[DeviceState, ...]:
        """All devices of an account, the first enrolled one first."""
        with self._store.read() as connection:
            return states(connection, sub)

    def revoke(self, kid: str, reason: str) -> bool:
        """Stop a device for good; False if that was done before. `kid` is an enrolled one."""
        with self._store.read() as connection:
            if revoked(connection, kid):
                return False
        data = Revoke(kid, self._clock.wall_s(), reason[:MAX_REASON]).data()
        name = digest(data)

        def rows(index: int, _rt_ms: int) -> list[Row]:
            return [deed_row(LeafType.REVOKE, name, index, subject=kid)]

        entry = LogEntry(LeafType.REVOKE, name, attrs=kid, object=data, rows=rows)
        return self._log.append(entry).result().fresh

    def seen(self, kid: str) -> None:
        """Note that a device has signed in; nobody waits for it."""
        columns = schema.device.c
        statement = (
            update(schema.device).where(columns.kid == kid).values(seen_s=self._clock.wall_s())
        )
        self._store.write(lambda connection: connection.execute(statement))


def deed_row(
    type_: LeafType,
    name: str,
    index: int,
    *,
    subject: str,
    kid: str | None = None,
    data: bytes | None = None,
    done: bool = True,
) -> Row:
    """The row of a deed, to be committed with its leaf."""
    row: dict[str, object] = {
        "digest": name,
        "type": type_.value,
        "idx": index,
        "kid": kid,
        "subject": subject,
        "data": data,
        "done": done,
    }
    return schema.deed, row


def states(connection: Connection, sub: str) -> tuple[DeviceState, ...]:
    """The devices of an account in log order."""
    table, leaf = schema.device, schema.leaf
    rows = connection.execute(
        select(table, leaf.c.rt_ms)
        .join(leaf, leaf.c.idx == table.c.idx)
        .where(table.c.sub == sub)
        .order_by(table.c.idx)
    ).all()
    place = {row.kid: row.idx for row in rows}
    revoked_at: dict[str, tuple[int, int]] = {}
    retired_ms: dict[str, int] = {}
    vouchers: defaultdict[str, set[str]] = defaultdict(set)
    said = statements_about(connection, _KEYS, place)
    for deed in said:
        if deed.type == LeafType.REVOKE:
            revoked_at.setdefault(deed.subject, (deed.idx, deed.rt_ms))
        elif deed.type == LeafType.RETIRE:
            retired_ms.setdefault(deed.subject, deed.rt_ms)
    for deed in (deed for deed in said if deed.type == LeafType.VOUCH):
        by_then = revoked_at.get(deed.kid)
        earlier = deed.kid in place and place[deed.kid] < place[deed.subject]
        if earlier and (by_then is None or deed.idx < by_then[0]):
            vouchers[deed.subject].add(deed.kid)
    good: set[str] = set()
    for row in rows:
        if not good or vouchers[row.kid] & good:
            good.add(row.kid)
    return tuple(
        DeviceState(
            kid=row.kid,
            name=_name(enrolled(connection, row.kid)),
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
    return _said(connection, LeafType.REVOKE, kid)


def signed_out(connection: Connection, kid: str) -> bool:
    """Whether a device has retired and everything that its retirement names has arrived.

    Until then it may sign in, so that a full outbox gets empty.
    """
    if not _said(connection, LeafType.RETIRE, kid):
        return False
    return not _awaited(connection, kid)


def _awaited(connection: Connection, kid: str) -> bool:
    """Whether segments up to the heads of a retirement, or their pictures, are missing."""
    columns, part, owner = schema.segment.c, schema.segment_blob, schema.blob_owner
    for deed in statements_about(connection, (LeafType.RETIRE,), [kid]):
        try:
            heads = parse_retire(deed.data).heads
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


def _said(connection: Connection, type_: LeafType, kid: str) -> bool:
    columns = schema.deed.c
    query = select(columns.idx).where(columns.subject == kid, columns.type == type_.value)
    return connection.execute(query.limit(1)).first() is not None


def _name(enrolment: Enrolment | None) -> str:
    return enrolment.name if enrolment else ""
