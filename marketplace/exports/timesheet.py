"""The timesheet of a contract as PDF: hours per day, the ledger of each week, and its proof."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from babel.dates import format_datetime

from diary.core.slots import to_datetime
from diary.verification.credit import Totals
from marketplace.core import i18n
from marketplace.core.i18n import tr
from marketplace.core.week_names import name_of_week
from marketplace.exports.hours import ContractHours
from marketplace.exports.pdf import (
    GAP,
    HEADING,
    MUTED,
    SMALL,
    TITLE,
    Sheet,
    clock,
    date_text,
    draw,
    left_to_right,
    letters,
    money,
)
from marketplace.review.ledger import WeekLedger


@dataclass(frozen=True)
class TimesheetProof:
    """What the timesheet names as its proof: the log's origin, size and root (base64), and for a
    single week the digest of its record (None otherwise).
    """

    origin: str
    size: int
    root: str
    record: str | None


def timesheet_pdf(hours: ContractHours, proof: TimesheetProof | None, now_s: int) -> bytes:
    """The timesheet in the current language; `now_s` (Unix s) is its date. `proof` is None for an
    empty log.
    """
    return draw(lambda pages: _drawn(hours, proof, now_s, pages))


def _drawn(hours: ContractHours, proof: TimesheetProof | None, now_s: int, pages: int) -> Sheet:
    sheet = _Timesheet(hours, pages)
    sheet.head(now_s)
    sheet.days()
    sheet.weeks()
    sheet.proof(proof)
    return sheet


class _Timesheet(Sheet):
    def __init__(self, hours: ContractHours, pages: int) -> None:
        self._hours = hours
        title = hours.access.contract.title
        super().__init__(f"{tr('Timesheet')}: {title}", f"{title} · {hours.period.name}", pages)

    def head(self, now_s: int) -> None:
        access, period = self._hours.access, self._hours.period
        self.paragraph(tr("Timesheet"), TITLE, height=11)
        self.paragraph(letters(access.contract.title), HEADING, MUTED, height=8)
        self.pdf.ln(GAP / 2)
        span = tr("%(first)s to %(last)s, whole days in UTC") % {
            "first": date_text(period.first),
            "last": date_text(period.last),
        }
        name = period.week_name
        created = format_datetime(to_datetime(now_s, dt.UTC), "long", locale=i18n.locale())
        self.facts(
            (tr("Client"), letters(access.client)),
            (tr("Freelancer"), letters(access.person)),
            (tr("Time zone of the freelancer"), str(self._hours.zone)),
            (tr("Period"), f"{left_to_right(name)}: {span}" if name else span),
            (tr("Created"), created),
        )

    def days(self) -> None:
        self.heading(tr("Hours per day"))
        header = (
            tr("Day"), tr("Tracked"), tr("Idle time kept"), tr("Manual"), tr("Deleted"),
            tr("Not payable"), tr("Over the limit"), tr("Payable"),
        )  # fmt: skip
        rows = [(date_text(day, "medium"), *_columns(sums)) for day, sums in self._hours.days]
        total = (tr("Total"), *_columns(self._hours.totals))
        self.table((31, *(20.4,) * 7), header, rows, total)
        self.paragraph(_equation(self._hours.totals), SMALL, MUTED)

    def weeks(self) -> None:
        self.heading(tr("Amount per week"))
        rows = [self._week(week) for week in self._hours.weeks]
        amounts = [money(amount, code) for code, amount in sorted(self._hours.amounts.items())]
        total = (tr("Total"), clock(self._hours.totals.payable), "", " + ".join(amounts) or "–")
        header = (tr("Week"), tr("Payable"), tr("Rate per hour"), tr("Amount"))
        self.table((43.8, 43.4, 43.4, 43.4), header, rows, total)
        if any(not self._hours.period.is_whole(week.week) for week in self._hours.weeks):
            self.paragraph(
                tr(
                    "The amount of a week is computed once for the whole week. A week that is only "
                    "partly in the period has no amount here."
                ),
                SMALL,
                MUTED,
            )

    def _week(self, week: WeekLedger) -> tuple[str, ...]:
        period = self._hours.period
        inside = [
            sums.payable
            for day, sums in self._hours.days
            if name_of_week(week.week) == f"{day.isocalendar()[0]:04}-W{day.isocalendar()[1]:02}"
        ]
        rate, amount = "–", "–"
        if week.rate is not None:
            rate = money(week.rate.hourly_minor, week.rate.currency)
            if period.is_whole(week.week) and week.amount_minor is not None:
                amount = money(week.amount_minor, week.rate.currency)
        return left_to_right(name_of_week(week.week)), clock(sum(inside)), rate, amount

    def proof(self, proof: TimesheetProof | None) -> None:
        if proof is None:
            return
        self.heading(tr("Proof"))
        record = ((tr("Record of the week"), proof.record),) if proof.record else ()
        self.facts(
            (tr("Log"), proof.origin),
            (tr("Entries in the log"), str(proof.size)),
            (tr("Root hash of the log"), proof.root),
            *record,
        )
        self.paragraph(
            tr(
                "This sheet itself is not signed. The signed record of each week can be downloaded "
                "from the marketplace and checked with workdiary-verify."
            ),
            SMALL,
            MUTED,
        )


def _columns(sums: Totals) -> tuple[str, ...]:
    seconds = (
        sums.tracked,
        sums.kept,
        sums.manual,
        sums.given_back,
        sums.unpaid + sums.overlap,
        sums.over_limit,
        sums.payable,
    )
    return tuple(clock(each) for each in seconds)


def _equation(sums: Totals) -> str:
    """The totals as one equation."""
    return tr(
        "%(tracked)s tracked + %(kept)s idle time kept + %(manual)s manual − %(deleted)s deleted − "
        "%(unpaid)s not payable − %(over)s over the limit = %(payable)s payable (hours, minutes, "
        "seconds)"
    ) % {
        "tracked": clock(sums.tracked, none="0"),
        "kept": clock(sums.kept, none="0"),
        "manual": clock(sums.manual, none="0"),
        "deleted": clock(sums.given_back, none="0"),
        "unpaid": clock(sums.unpaid + sums.overlap, none="0"),
        "over": clock(sums.over_limit, none="0"),
        "payable": clock(sums.payable, none="0"),
    }
