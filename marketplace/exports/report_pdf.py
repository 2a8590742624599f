"""A report as PDF."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_datetime

from diary.core.slots import to_datetime
from marketplace.core import i18n
from marketplace.core.i18n import mark, tr
from marketplace.exports.pdf import (
    GAP,
    MUTED,
    SMALL,
    TITLE,
    Sheet,
    clock,
    date_text,
    draw,
    letters,
    money,
)
from marketplace.exports.report import Grouping, HoursReport

GROUPINGS: dict[Grouping, str] = {
    "contract": mark("Contract"),
    "person": mark("Person"),
    "memo": mark("Memo"),
}


def report_pdf(report: HoursReport, now_s: int) -> bytes:
    """The report in the current language; `now_s` (Unix s) is its date."""
    return draw(lambda pages: _drawn(report, now_s, pages))


def _drawn(report: HoursReport, now_s: int, pages: int) -> Sheet:
    period = report.query.period
    sheet = Sheet(tr("Report"), f"{tr('Report')} · {period.name}", pages)
    sheet.paragraph(tr("Report"), TITLE, height=11)
    sheet.pdf.ln(GAP / 2)
    span = tr("%(first)s to %(last)s, whole days in UTC") % {
        "first": date_text(period.first),
        "last": date_text(period.last),
    }
    created = format_datetime(to_datetime(now_s, dt.UTC), "long", locale=i18n.locale())
    memo = ((tr("Memos with"), letters(report.query.memo)),) if report.query.memo else ()
    sheet.facts((tr("Period"), span), *memo, (tr("Created"), created))
    sheet.pdf.ln(GAP)
    header = (
        tr(GROUPINGS[report.query.by]), tr("Tracked"), tr("Idle time kept"), tr("Manual"),
        tr("Payable"), tr("Amount"),
    )  # fmt: skip
    rows = [
        (
            letters(" · ".join(part for part in (row.name or tr("no memo"), row.detail) if part)),
            clock(row.totals.tracked),
            clock(row.totals.kept),
            clock(row.totals.manual),
            clock(row.totals.payable),
            amounts_text(row.amounts),
        )
        for row in report.rows
    ]
    sums = report.totals
    total = (
        tr("Total"), clock(sums.tracked), clock(sums.kept), clock(sums.manual),
        clock(sums.payable), amounts_text(report.amounts),
    )  # fmt: skip
    sheet.table((74, 19, 19, 19, 20, 23), header, rows, total)
    for sentence in notes(report):
        sheet.paragraph(sentence, SMALL, MUTED)
    return sheet


def amounts_text(amounts: dict[str, int]) -> str:
    """The amounts, such as "$1,200.00 + €30.00"; "–" for none."""
    return " + ".join(money(amount, currency) for currency, amount in amounts.items()) or "–"


def notes(report: HoursReport) -> list[str]:
    """What a reader of the report must know."""
    found = []
    if report.query.reads_memos:
        found.append(tr("Amounts belong to whole weeks of a contract, not to memos."))
    elif report.partial:
        found.append(
            tr(
                "The amount of a week is computed once for the whole week. A week that is only "
                "partly in the period has no amount here."
            )
        )
    if report.omitted:
        found.append(tr("Contracts whose memos you may not see are left out."))
    return found
