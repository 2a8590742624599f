"""Erase a person: the account, what it recorded, and what it wrote.

The profile goes first, in one transaction that also ends every way to sign in and marks the account
as erased. Each following step is repeatable, and a later retention round completes it after a
crash: the devices are revoked, the contracts end, and tombstones of the marketplace erase pictures,
memos, notes and activity counts of each segment.

What stays, because the other side needs it as proof or the public log contains it: the signed
segments with their times, the signed enrolments with the names of the computers, terms, rates and
titles of contracts, the decisions of reviews, and who viewed another person's pictures. They name
the person by random identifiers only.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Select, delete, exists, func, or_, select, update

from diary.core.slots import WEEK, week_of
from diary.core.vocabulary import Scope
from marketplace.core.clock import MarketplaceClock
from marketplace.core.names import ERASED_NAME
from marketplace.devices.registry import DeviceRegistry
from marketplace.erasure.eraser import Eraser
from marketplace.records import quota
from marketplace.records.review_entries import REVIEW_S
from marketplace.storage import schema
from marketplace.storage.database import Database

#: Published in the log, so it names no person.
_REASON = "account erased"
_PARTS: tuple[Scope, ...] = ("memo", "minutes", "shot")
_BATCH = 200


@dataclass(frozen=True)
class ErasurePlan:
    """What an erasure deletes: numbers of contracts, segments and pictures.

    It is refused while the review of a week may need the record: until `review_ends_s` (Unix s,
    None if all reviews have ended), and while disputes are open (`disputes`: titles of contracts).
    """

    contracts: int
    segments: int
    pictures: int
    review_ends_s: int | None
    disputes: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether the account can be erased now."""
        return self.review_ends_s is None and not self.disputes


class PersonEraser:
    """Erases accounts. Blocks.

    `erase_parts` erases parts of a segment (by hash, scope, reason); `end_contracts` ends the
    contracts of an account.
    """

    def __init__(
        self,
        store: Database,
        clock: MarketplaceClock,
        eraser: Eraser,
        devices: DeviceRegistry,
        erase_parts: Callable[[str, tuple[Scope, ...], str], bool],
        end_contracts: Callable[[str], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._eraser = eraser
        self._devices = devices
        self._erase_parts = erase_parts
        self._end_contracts = end_contracts
        #: Held while the records of accounts are erased: a page and a round may ask for it.
        self._working = store.mutex("erasure of accounts")

    def plan(self, sub: str) -> ErasurePlan:
        """What the erasure of an account deletes, and whether it is possible now."""
        contract, segment, owner = schema.contract.c, schema.segment.c, schema.blob_owner.c
        mine = or_(contract.freelancer == sub, contract.client == sub)
        with self._store.read() as connection:
            contracts = connection.execute(select(contract.ctr, contract.title).where(mine)).all()
            last = connection.execute(
                select(func.max(segment.slot)).where(
                    segment.ctr.in_([row.ctr for row in contracts])
                )
            ).scalar()
            ends = None if last is None else week_of(last) + WEEK + REVIEW_S
            segments = connection.execute(
                select(func.count()).select_from(_segments_of(sub).subquery())
            ).scalar_one()
            pictures = connection.execute(select(func.count()).where(owner.sub == sub)).scalar_one()
            disputed = _disputed(connection, [row.ctr for row in contracts])
        late = ends is None or self._clock.wall_s() >= ends
        return ErasurePlan(
            contracts=len(contracts),
            segments=segments,
            pictures=pictures,
            review_ends_s=None if late else ends,
            disputes=tuple(row.title for row in contracts if row.ctr in disputed),
        )

    def begin(self, sub: str) -> None:
        """Erase the profile and end each way to sign in; durable on return. `finish` does the rest.

        The caller has checked the plan.
        """
        now = self._clock.real_s()
        self._store.write(lambda connection: _erase_profile(connection, sub, now)).result()

    def finish(self) -> None:
        """Erase the records of all accounts whose profile is erased.

        Raises DatabaseError or OSError; the next round completes the erasure.
        """
        columns = schema.account.c
        query = select(columns.sub).where(
            columns.erased_s.is_not(None), columns.erasure_done.is_(False)
        )
        with self._working:
            with self._store.read() as connection:
                waiting = [row.sub for row in connection.execute(query)]
            for sub in waiting:
                self._finish(sub)

    def _finish(self, sub: str) -> None:
        for device in self._devices.of(sub):
            self._devices.revoke(device.kid, _REASON)
        self._end_contracts(sub)
        edge = -1
        while True:
            query = _segments_of(sub).where(schema.segment.c.idx > edge)
            with self._store.read() as connection:
                rows = connection.execute(query.order_by(schema.segment.c.idx).limit(_BATCH)).all()
            # After the reader is closed: an open one prevents scrubbing.
            for row in rows:
                self._erase_parts(row.hash, _PARTS, "erasure")
            if len(rows) < _BATCH:
                break
            edge = rows[-1].idx
        self._forget_waiting(sub)
        self._store.write(lambda connection: _erase_traces(connection, sub)).result()
        self._store.scrub().result()

    def _forget_waiting(self, sub: str) -> None:
        """Remove the pictures that no segment names."""
        owner = schema.blob_owner.c
        query = select(owner.sha256).where(owner.sub == sub, owner.ctr == quota.WAITING)
        with self._store.read() as connection:
            names = [row.sha256 for row in connection.execute(query)]
        for at in range(0, len(names), _BATCH):
            self._eraser.forget(sub, names[at : at + _BATCH])


def _segments_of(sub: str) -> Select[tuple[str, int]]:
    """The hash and log row of the segments by an account's devices."""
    columns, device = schema.segment.c, schema.device
    return (
        select(columns.hash, columns.idx)
        .join(device, device.c.kid == columns.kid)
        .where(device.c.sub == sub)
    )


def _disputed(connection: Connection, ctrs: list[str]) -> set[str]:
    """The contracts with a dispute that is not settled."""
    first, reply = schema.review, schema.review.alias()
    settled = select(reply.c.digest).where(
        reply.c.ctr == first.c.ctr,
        reply.c.replies_to == first.c.digest,
        reply.c.kind == "resolve",
    )
    query = select(first.c.ctr).where(
        first.c.ctr.in_(ctrs), first.c.kind == "dispute", ~exists(settled)
    )
    return {row.ctr for row in connection.execute(query)}


#: Tables whose rows of an account end with its profile, with the column that names it.
_WITH_PROFILE = (
    (schema.session, "sub"),
    (schema.passkey, "sub"),
    (schema.oidc_identity, "sub"),
    (schema.api_token, "sub"),
    (schema.report_link, "sub"),
    (schema.webhook_endpoint, "sub"),
    (schema.authorization_code, "sub"),
    (schema.public_profile, "sub"),
    (schema.company_member, "sub"),
    (schema.company_invitation, "company"),
)


def _erase_profile(connection: Connection, sub: str, now_s: int) -> None:
    account, code, message = schema.account, schema.one_time_code, schema.message
    person = connection.execute(select(account).where(account.c.sub == sub)).one()
    if person.erased_s is not None:
        return
    # An address that waits for its confirmation is personal too.
    waiting = connection.execute(select(code.c.data).where(code.c.sub == sub))
    addresses = {person.email, *(row.data for row in waiting)} - {None}
    companies = select(schema.company_member.c.company).where(schema.company_member.c.sub == sub)
    invitation = schema.company_invitation.c
    connection.execute(
        delete(schema.company_invitation).where(
            invitation.company.in_(companies),
            invitation.used_s.is_not(None),
            invitation.name == person.name,
        )
    )
    connection.execute(delete(message).where(message.c.address.in_(addresses)))
    recipient, report = schema.report_recipient, schema.report_delivery
    theirs = or_(
        recipient.c.sub == sub, recipient.c.company == sub, recipient.c.address.in_(addresses)
    )
    ids = select(recipient.c.id).where(theirs)
    connection.execute(delete(report).where(report.c.recipient.in_(ids)))
    connection.execute(delete(recipient).where(theirs))
    _rename_in_messages(connection, person.name)
    endpoint, event = schema.webhook_endpoint, schema.webhook_delivery
    mine = select(endpoint.c.id).where(endpoint.c.sub == sub)
    connection.execute(delete(event).where(event.c.endpoint.in_(mine)))
    for table, column in _WITH_PROFILE:
        connection.execute(delete(table).where(table.c[column] == sub))
    # An enrolment in progress names its device by the code.
    connection.execute(delete(code).where(code.c.sub == sub))
    connection.execute(
        update(schema.review).where(schema.review.c.sub == sub).values(text=None, salt=None)
    )
    connection.execute(
        update(account)
        .where(account.c.sub == sub)
        .values(
            name=ERASED_NAME, email=None, password=None, password_s=None, language=None,
            erased_s=now_s, erasure_done=False,
        )
    )  # fmt: skip


def _rename_in_messages(connection: Connection, name: str) -> None:
    """Replace the name in messages to others that wait to be sent."""
    message = schema.message
    rows = connection.execute(
        select(message.c.id, message.c.data).where(message.c.next_s.is_not(None))
    ).all()
    for row in rows:
        values = json.loads(row.data)
        if name in values.values():
            changed = {key: ERASED_NAME if v == name else v for key, v in values.items()}
            connection.execute(
                update(message).where(message.c.id == row.id).values(data=json.dumps(changed))
            )


def _erase_traces(connection: Connection, sub: str) -> None:
    """Delete what only informed the person, and mark the erasure as done."""
    view, heartbeat, account = schema.picture_view, schema.heartbeat, schema.account
    kids = select(schema.device.c.kid).where(schema.device.c.sub == sub)
    segments = select(schema.segment.c.hash).where(schema.segment.c.kid.in_(kids))
    connection.execute(delete(heartbeat).where(heartbeat.c.kid.in_(kids)))
    connection.execute(delete(view).where(view.c.segment.in_(segments)))
    connection.execute(update(account).where(account.c.sub == sub).values(erasure_done=True))
