"""Hours as CSV (RFC 4180), for spreadsheets and for the importers of solidtime, Toggl, Clockify.

Rule kept: a text that a spreadsheet would take for a formula begins with an apostrophe, which
spreadsheets do not show (OWASP, "CSV Injection"). All times are in UTC.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from decimal import Decimal

from babel.numbers import get_currency_precision

from diary.core.display import clean
from diary.core.slots import to_datetime
from marketplace.exports.hours import ContractHours, payable_runs
from marketplace.exports.report import HoursReport

#: The first characters of a formula; also in their full-width forms, which spreadsheets convert.
#: A tab or a line break would do as well, but `cell` leaves none.
_FORMULA = "=+-@＝＋－＠"
#: The columns of the importers' own documents.
_SOLIDTIME = (
    "description", "billable", "client", "project", "tags", "start", "end", "task", "user_name",
    "user_email",
)  # fmt: skip
_TOGGL = (
    "User", "Email", "Client", "Project", "Task", "Description", "Billable", "Start date",
    "Start time", "End date", "End time", "Tags",
)  # fmt: skip
_CLOCKIFY = (
    "Project", "Client", "Description", "Task", "User", "Group", "Email", "Tags", "Billable",
    "Start Date", "Start Time", "End Date", "End Time",
)  # fmt: skip
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_REPORT = (
    "tracked", "idle_kept", "manual", "deleted", "not_payable", "over_limit", "payable",
)  # fmt: skip
_SEGMENTS = (
    "date", "start", "end", "kind", "memo", "seconds", "payable", "not_payable", "deleted",
    "overlapping", "over_limit", "segment",
)  # fmt: skip


def segments_csv(hours: ContractHours) -> bytes:
    """One row for each segment with the split of its seconds. It begins with a byte order mark, by
    which spreadsheets recognise UTF-8.
    """
    rows = (
        (
            _moment(entry.t0).date().isoformat(),
            _utc(entry.t0),
            _utc(entry.t1),
            entry.kind,
            cell(entry.memo),
            entry.t1 - entry.t0,
            entry.credit.payable,
            entry.credit.unpaid,
            entry.credit.given_back,
            entry.credit.overlap,
            entry.credit.over_limit,
            cell(entry.hash),
        )
        for entry in hours.entries or ()
    )
    return _BYTE_ORDER_MARK + _table(_SEGMENTS, rows)


def report_csv(report: HoursReport) -> bytes:
    """One row for each row of a report, with a column for each currency in its main unit."""
    currencies = sorted(report.amounts)
    columns = (report.query.by, "detail", *_REPORT, *(f"amount_{each}" for each in currencies))
    rows = (
        (
            cell(row.name),
            cell(row.detail),
            row.totals.tracked,
            row.totals.kept,
            row.totals.manual,
            row.totals.given_back,
            row.totals.unpaid + row.totals.overlap,
            row.totals.over_limit,
            row.totals.payable,
            *(_main_unit(row.amounts.get(each), each) for each in currencies),
        )
        for row in report.rows
    )
    return _BYTE_ORDER_MARK + _table(columns, rows)


def _main_unit(amount_minor: int | None, currency: str) -> str:
    if amount_minor is None:
        return ""
    return str(Decimal(amount_minor).scaleb(-get_currency_precision(currency)))


def solidtime_csv(hours: ContractHours) -> bytes:
    """The payable time for solidtime's importer of generic time entries."""
    client, project, person = _names(hours)
    rows = (
        (
            cell(run.memo), "true", client, project, "", _utc(run.t0), _utc(run.t1), "", person,
            email(hours),
        )
        for run in payable_runs(hours.entries or ())
    )  # fmt: skip
    return _table(_SOLIDTIME, rows)


def toggl_csv(hours: ContractHours) -> bytes:
    """The payable time for Toggl's importer."""
    client, project, person = _names(hours)
    rows = (
        (
            person, email(hours), client, project, "", cell(run.memo), "Yes",
            f"{_moment(run.t0):%Y-%m-%d}", f"{_moment(run.t0):%H:%M:%S}",
            f"{_moment(run.t1):%Y-%m-%d}", f"{_moment(run.t1):%H:%M:%S}", "",
        )
        for run in payable_runs(hours.entries or ())
    )  # fmt: skip
    return _table(_TOGGL, rows)


def clockify_csv(hours: ContractHours) -> bytes:
    """The payable time for Clockify's importer; dates are month/day/year."""
    client, project, person = _names(hours)
    rows = (
        (
            project, client, cell(run.memo), "", person, "", email(hours), "", "Yes",
            f"{_moment(run.t0):%m/%d/%Y}", f"{_moment(run.t0):%H:%M:%S}",
            f"{_moment(run.t1):%m/%d/%Y}", f"{_moment(run.t1):%H:%M:%S}",
        )
        for run in payable_runs(hours.entries or ())
    )  # fmt: skip
    return _table(_CLOCKIFY, rows)


def cell(text: str) -> str:
    """A text of a person in a cell: one line, without control characters, and never a formula."""
    one_line = clean(text.replace("\t", " ").replace("\r", " ").replace("\n", " "))
    return f"'{one_line}" if one_line.lstrip().startswith(tuple(_FORMULA)) else one_line


def email(hours: ContractHours) -> str:
    """The address by which an importer recognises the freelancer. The marketplace has none, so it
    is the account's identifier under the reserved domain `.invalid` (RFC 2606).
    """
    return f"{hours.access.contract.freelancer.lower()}@workdiary.invalid"


def _names(hours: ContractHours) -> tuple[str, str, str]:
    access = hours.access
    return cell(access.client), cell(access.contract.title), cell(access.person)


def _table(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def _moment(time_s: int) -> dt.datetime:
    return to_datetime(time_s, dt.UTC)


def _utc(time_s: int) -> str:
    return f"{_moment(time_s):%Y-%m-%dT%H:%M:%SZ}"
