"""Notifies the client's people and webhooks of weeks that are ready for review.

Each contract's week with time is reported once, after it locks and before its review ends, so that
a marketplace that was down reports the last week but no older ones. Work that arrives after the
lock is reported when it arrives, unless the week was reported before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, select

from diary.core.slots import WEEK, week_of
from marketplace.accounts.roles import members
from marketplace.core import logging
from marketplace.core.clock import MarketplaceClock
from marketplace.core.week_names import name_of_week
from marketplace.notifications.queue import enqueue
from marketplace.review.decisions import WeekDeadlines, deadlines
from marketplace.review.ledger import week_data, week_ledger
from marketplace.storage import schema
from marketplace.storage.database import Database
from marketplace.storage.repeat import repeat
from marketplace.webhooks.events import rows_for

_log = logging.get("marketplace.schedule.week_ready")
#: Titles of contracts in one message at most.
_TITLES = 10


@dataclass(frozen=True)
class _ReadyWeek:
    """A contract whose week is ready for review."""

    ctr: str
    title: str
    freelancer: str
    until: WeekDeadlines


class WeekNotices:
    """Sends the notices. Deadlines are in protocol time, messages in real time."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock
        self.poll_s = 60.0

    async def run(self) -> None:
        """Report weeks periodically, until cancelled."""
        await repeat(self.run_once, lambda: self.poll_s, _log)

    def run_once(self) -> int:
        """Report the weeks that are ready; returns their number."""
        week = week_of(self._clock.wall_s()) - WEEK
        found = self._ready(week)
        for company, weeks in found.items():
            self._store.write(
                lambda c, company=company, weeks=weeks: self._report(c, company, week, weeks)  # type: ignore[misc]
            ).result()
        return sum(len(weeks) for weeks in found.values())

    def _ready(self, week: int) -> dict[str, list[_ReadyWeek]]:
        """The contracts whose week can be reviewed now and was not reported, by company."""
        now = self._clock.wall_s()
        contract, status, notice = schema.contract.c, schema.week_status.c, schema.week_notice.c
        query = (
            select(contract.ctr, contract.title, contract.client, contract.freelancer)
            .join(schema.week_status, status.ctr == contract.ctr)
            .where(
                status.week_s == week,
                status.approved.is_(False),
                ~exists().where(notice.ctr == contract.ctr, notice.week_s == week),
            )
            .order_by(contract.title, contract.ctr)
        )
        found: defaultdict[str, list[_ReadyWeek]] = defaultdict(list)
        with self._store.read() as connection:
            for row in connection.execute(query).all():
                until = deadlines(connection, row.ctr, week)
                if until.locks_s <= now < until.review_ends_s:
                    found[row.client].append(_ReadyWeek(row.ctr, row.title, row.freelancer, until))
        return found

    def _report(
        self, connection: Connection, company: str, week: int, weeks: Sequence[_ReadyWeek]
    ) -> None:
        """Queue one message to each person who may approve, and an event for each contract."""
        now = self._clock.real_s()
        rows: list[dict[str, object]] = [
            {"ctr": each.ctr, "week_s": week, "at_s": now} for each in weeks
        ]
        schema.insert(connection, schema.week_notice, rows)
        name = name_of_week(week)
        titles = ", ".join(each.title for each in weeks[:_TITLES])
        single = len(weeks) == 1
        values = {
            "week": name,
            "contracts": titles if len(weeks) <= _TITLES else f"{titles}, …",
            "path": f"/contracts/{weeks[0].ctr}/weeks/{name}" if single else f"/?week={name}",
        }
        for person in members(connection, company):
            if person.role != "finance":
                enqueue(connection, person.sub, "week_ready", values, now)
        for each in weeks:
            data = {
                **week_data(week_ledger(connection, each.ctr, week)),
                "locked": each.until.locks_s,
                "review_ends": each.until.review_ends_s,
            }
            for table, row in rows_for(
                connection, [company, each.freelancer], "week.ready", data, now
            ):
                schema.insert(connection, table, [row])
