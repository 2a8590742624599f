"""The contents of weekly reports, made from the one ledger when a message is sent.

Rules kept: a recipient that was removed or unsubscribed after its message was queued gets nothing;
neither does one whose author has left the company, or whose contract has another client. A report
has totals by contract and day, no pictures and no memos.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, select

from diary.core.display import isolated
from diary.core.slots import DAY, to_datetime
from diary.verification.credit import Totals
from marketplace.accounts.model import account
from marketplace.accounts.roles import role_in
from marketplace.core.clock import MarketplaceClock
from marketplace.core.i18n import exact_duration, tr, trn
from marketplace.core.week_names import week_of_name
from marketplace.exports.pdf import clock, date_text
from marketplace.exports.period import week_period
from marketplace.exports.report import HoursReport, ReportContract, company_report
from marketplace.exports.report_pdf import amounts_text, notes, report_pdf
from marketplace.exports.tables import report_csv
from marketplace.notifications.parts import Attachment, MessageParts, MessageTable
from marketplace.notifications.queue import QueuedMessage
from marketplace.review.ledger import WeekLedger, ledgers
from marketplace.storage import schema
from marketplace.storage.database import Database
from marketplace.weekly_reports.recipients import CONFIRMATIONS

#: Contracts with a table of their days in the message; the attached files have all.
MAX_TABLES = 50
_NO_TIME = Totals()


def makers(
    store: Database, clock: MarketplaceClock
) -> dict[str, Callable[[QueuedMessage], MessageParts | None]]:
    """What makes the parts of the messages to recipients, by the kind of message."""
    confirmation = partial(_confirmation, store)
    return {
        **dict.fromkeys(CONFIRMATIONS, confirmation),
        "weekly_report": partial(_report, store, clock),
    }


def _confirmation(store: Database, message: QueuedMessage) -> MessageParts | None:
    with store.read() as connection:
        row = _recipient(connection, message, ("pending",))
        return None if row is None else MessageParts(unsubscribe=f"/unsubscribe/{row.secret}")


def _report(store: Database, now: MarketplaceClock, message: QueuedMessage) -> MessageParts | None:
    name = message.values["week"]
    week, period = week_of_name(name), week_period(name)
    with store.read() as connection:
        row = _recipient(connection, message, ("active", "bouncing"))
        company = None if row is None else account(connection, row.company)
        if row is None or company is None:
            return None
        report = company_report(connection, row.company, period, row.ctr)
        if row.ctr is not None and not report.contracts:
            return None
        found = ledgers(connection, [each.ctr for each in report.contracts], week, week + 1)
    listed = sorted(
        (
            (each, found[each.ctr, week])
            for each in report.contracts
            if found[each.ctr, week].totals != _NO_TIME
        ),
        key=lambda pair: (-pair[1].totals.payable, pair[0].title, pair[0].ctr),
    )
    more = len(listed) - MAX_TABLES
    remarks = notes(report)
    if not listed:
        remarks.append(tr("No time was recorded in this week."))
    if more > 0:
        remarks.append(
            trn(
                "%(number)d more contract is in the attached files.",
                "%(number)d more contracts are in the attached files.",
                more,
            )
            % {"number": more}
        )
    return MessageParts(
        values={
            "company": company.name,
            "first": date_text(period.first),
            "last": date_text(period.last),
            "hours": exact_duration(report.totals.payable),
            "amount": amounts_text(report.amounts),
        },
        tables=tuple(_table(*pair) for pair in listed[:MAX_TABLES]),
        notes=tuple(remarks),
        attachments=_files(report, now.wall_s()),
        unsubscribe=f"/unsubscribe/{row.secret}",
    )


def _recipient(
    connection: Connection, message: QueuedMessage, states: tuple[str, ...]
) -> Row[Any] | None:
    """The recipient of a message if it may get it now."""
    columns = schema.report_recipient.c
    row = connection.execute(
        select(schema.report_recipient).where(columns.id == message.values["recipient"])
    ).first()
    if row is None or row.state not in states or row.address != message.address:
        return None
    return row if role_in(connection, row.company, row.sub) else None


def _table(contract: ReportContract, ledger: WeekLedger) -> MessageTable:
    amount = (
        ""
        if ledger.amount_minor is None or ledger.rate is None
        else amounts_text({ledger.rate.currency: ledger.amount_minor})
    )
    days = [
        (date_text(to_datetime(ledger.week + number * DAY, dt.UTC).date(), "full"), *_cells(sums))
        for number, sums in enumerate(ledger.days)
        if sums != _NO_TIME
    ]
    total = " · ".join(part for part in (tr("Total"), amount) if part)
    return MessageTable(
        f"{isolated(contract.title)} · {isolated(contract.person)}",
        (tr("Day"), tr("Tracked"), tr("Idle time kept"), tr("Manual"), tr("Payable")),
        tuple(days),
        (total, *_cells(ledger.totals)),
    )


def _cells(sums: Totals) -> tuple[str, ...]:
    return tuple(clock(each) for each in (sums.tracked, sums.kept, sums.manual, sums.payable))


def _files(report: HoursReport, now_s: int) -> tuple[Attachment, ...]:
    name = f"workdiary-report-{report.query.period.name}"
    return (
        Attachment(f"{name}.pdf", "application/pdf", report_pdf(report, now_s)),
        Attachment(f"{name}.csv", "text/csv", report_csv(report)),
    )
