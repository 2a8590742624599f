"""Queues the weekly reports when the weeks lock.

Each recipient gets one report of each week with recorded time: a row of the database in the
transaction of the message prevents a second one. After a downtime the last `CATCH_UP` weeks are
reported, no older ones, and none that locked before the recipient confirmed its address. A message
that was given up because the mail server was away is queued again with its former Message-ID; one
that the mail server refused counts against the recipient.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, or_, select, update

from diary.core.slots import WEEK, week_of
from marketplace.core import logging
from marketplace.core.clock import MarketplaceClock
from marketplace.core.week_names import name_of_week
from marketplace.notifications.queue import enqueue_to
from marketplace.review.decisions import deadlines
from marketplace.storage import schema
from marketplace.storage.database import Database
from marketplace.storage.repeat import repeat
from marketplace.weekly_reports.recipients import ENDED_S, MAX_REFUSED, drop

_log = logging.get("marketplace.weekly_reports")
#: Weeks that are reported after a downtime at most.
CATCH_UP = 4
#: Reports in one transaction.
_BATCH = 100


@dataclass(frozen=True)
class _DueReport:
    """A week's report to a recipient (by id)."""

    recipient: str
    week: int


class WeeklyReports:
    """Queues reports. Weeks are in protocol time, messages in real time.

    Without a mail server (`enabled`) nothing is queued: the reports follow when there is one.
    """

    def __init__(self, store: Database, clock: MarketplaceClock, *, enabled: bool) -> None:
        self._store = store
        self._clock = clock
        self._enabled = enabled
        self.poll_s = 60.0

    async def run(self) -> None:
        """Queue reports periodically, until cancelled."""
        await repeat(self.run_once, lambda: self.poll_s, _log)

    def run_once(self) -> int:
        """Queue the reports that are due; returns their number."""
        self._forget()
        self._settle()
        if not self._enabled:
            return 0
        due = self._due()
        for at in range(0, len(due), _BATCH):
            part = due[at : at + _BATCH]
            self._store.write(lambda c, part=part: self._queue(c, part)).result()  # type: ignore[misc]
        return len(due)

    def _forget(self) -> None:
        """Delete addresses that were not confirmed in time or that unsubscribed long ago."""
        columns, now = schema.report_recipient.c, self._clock.real_s()
        old = or_(columns.expires_s <= now, columns.ended_s <= now - ENDED_S)
        with self._store.read() as connection:
            found = connection.execute(select(columns.id).where(old).limit(1)).first()
        if found is not None:
            self._store.write(lambda connection: drop(connection, old)).result()

    def _settle(self) -> None:
        """Store the outcomes of the messages that were queued."""
        delivery, message = schema.report_delivery, schema.message
        query = (
            select(
                delivery.c.recipient, delivery.c.week_s, delivery.c.message_id, message.c.id,
                message.c.next_s, message.c.sent_s, message.c.failed_s, message.c.refused,
            )
            .outerjoin(message, message.c.message_id == delivery.c.message_id)
            .where(delivery.c.done.is_(False))
        )  # fmt: skip
        with self._store.read() as connection:
            ended = [row for row in connection.execute(query) if row.next_s is None]
        if ended:
            self._store.write(lambda connection: self._settle_all(connection, ended)).result()

    def _settle_all(self, connection: Connection, ended: Sequence[Row[*tuple[Any, ...]]]) -> None:
        for row in ended:
            self._settle_one(connection, row)

    def _settle_one(self, connection: Connection, row: Row[*tuple[Any, ...]]) -> None:
        delivery, message = schema.report_delivery.c, schema.message
        mine = (delivery.recipient == row.recipient) & (delivery.week_s == row.week_s)
        lost = row.sent_s is None and not row.refused
        last = week_of(self._clock.wall_s()) - CATCH_UP * WEEK
        columns = schema.report_recipient.c
        deliverable = columns.state.in_(("active", "bouncing"))
        wanted = connection.execute(
            select(columns.id).where(columns.id == row.recipient, deliverable)
        ).first()
        if lost and wanted is not None and row.week_s >= last:
            if self._enabled:
                connection.execute(delete(message).where(message.c.message_id == row.message_id))
                self._enqueue(connection, row.recipient, row.week_s)
            return
        changed: dict[str, object] = {}
        if row.sent_s is not None:
            changed = {"state": "active", "refused": 0}
        elif row.refused:
            changed = {"state": "bouncing", "refused": columns.refused + 1}
        if changed:
            connection.execute(
                update(schema.report_recipient)
                .where(columns.id == row.recipient, deliverable)
                .values(**changed)
            )
        connection.execute(update(schema.report_delivery).where(mine).values(done=True))

    def _due(self) -> list[_DueReport]:
        recipient, contract = schema.report_recipient.c, schema.contract.c
        status, sent = schema.week_status.c, schema.report_delivery.c
        now = self._clock.wall_s()
        weeks = [week_of(now) - number * WEEK for number in range(1, CATCH_UP + 1)]
        query = (
            select(recipient.id, recipient.from_s, status.ctr, status.week_s)
            .join_from(
                schema.report_recipient,
                schema.contract,
                and_(
                    contract.client == recipient.company,
                    or_(recipient.ctr.is_(None), recipient.ctr == contract.ctr),
                ),
            )
            .join(schema.week_status, status.ctr == contract.ctr)
            .where(
                recipient.state.in_(("active", "bouncing")),
                recipient.refused < MAX_REFUSED,
                status.week_s.in_(weeks),
                # A week that locked before is not reported; it locks within the following one.
                status.week_s > recipient.from_s - 2 * WEEK,
                ~exists().where(sent.recipient == recipient.id, sent.week_s == status.week_s),
            )
            .order_by(status.week_s, recipient.id)
        )
        locks: dict[tuple[str, int], int] = {}
        found: defaultdict[_DueReport, list[int]] = defaultdict(list)
        begins: dict[str, int] = {}
        with self._store.read() as connection:
            for row in connection.execute(query).all():
                key = (row.ctr, row.week_s)
                if key not in locks:
                    locks[key] = deadlines(connection, *key).locks_s
                found[_DueReport(row.id, row.week_s)].append(locks[key])
                begins[row.id] = row.from_s
        return [
            report
            for report, listed in found.items()
            if begins[report.recipient] <= max(listed) <= now
        ]

    def _queue(self, connection: Connection, due: list[_DueReport]) -> None:
        for report in due:
            name = self._enqueue(connection, report.recipient, report.week)
            if name is not None:
                row: dict[str, object] = {
                    "recipient": report.recipient,
                    "week_s": report.week,
                    "message_id": name,
                    "at_s": self._clock.real_s(),
                    "done": False,
                }
                schema.insert(connection, schema.report_delivery, [row])

    def _enqueue(self, connection: Connection, recipient: str, week: int) -> str | None:
        """Queue a message; returns its Message-ID, None for a recipient that was removed.

        The Message-ID is the same for each message of a week to a recipient, also after a restored
        backup, so that mail servers can drop a second one.
        """
        columns = schema.report_recipient.c
        row = connection.execute(
            select(columns.address, columns.language).where(columns.id == recipient)
        ).first()
        if row is None:
            return None
        values = {"recipient": recipient, "week": name_of_week(week)}
        return enqueue_to(
            connection, row.address, "weekly_report", values, self._clock.real_s(), row.language,
            f"report-{recipient}-{name_of_week(week)}",
        )  # fmt: skip
