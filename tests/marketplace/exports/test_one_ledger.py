"""One ledger: home, week, day, files, the desktop program and the verifier of a bundle have the
same seconds and the same money.

The work of each example is generated with real signatures: several contracts of a freelancer, two
computers, time over a limit, idle time kept, manual and deleted time; over the end of a year and
over a change to daylight saving time.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from diary.bundle.check import CheckedBundle, CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.cli.bundle_report import report_json
from diary.core.day_bounds import day_bounds
from diary.core.slots import DAY, WEEK, to_datetime, week_of
from diary.verification.credit import Totals
from marketplace.accounts.model import Account
from marketplace.core.week_names import name_of_week
from marketplace.exports.pdf import money
from marketplace.records import credited_totals
from marketplace.review.home import HomeQuery
from marketplace.review.ledger import WeekLedger, week_ledger
from marketplace.seed import people
from marketplace.seed.generate import generate
from marketplace.seed.plan import SeedOptions
from marketplace.storage import schema
from tests.marketplace.exports.seeded_desktop import SeededComputers, SeededDesktop, desktops
from tests.marketplace.live_marketplace import (
    AUD,
    UTC,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)
from tests.time_zone import in_zone

YEAR_END, SUMMER_TIME = dt.date(2027, 1, 5), dt.date(2026, 10, 27)
ZONES = ("Europe/Madrid", "America/New_York", "Asia/Kolkata")


@contextmanager
def worked(
    seed: int, last_day: dt.date, limit_h: int
) -> Iterator[tuple[LiveMarketplace, SeededComputers]]:
    """A marketplace with two freelancers, each with two computers, and three contracts."""
    options = SeedOptions.create(
        name=AUD, contracts=3, days=9, segments=160, freelancers=2, clients=2,
        last_day=last_day, random_seed=seed,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "SECOND_COMPUTER", 1)
        patch.setattr(people, "FULL_LIMIT_H", limit_h)
        computers = SeededComputers.recorded(patch)
        generate(Path(name) / "data", options, lambda *_: None)
        clock = MovedClock(options.end_s - 3600)
        with live_marketplace(Path(name) / "data", clock=clock) as running:
            yield running, computers


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


class Reader:
    """Reads the figures of one contract as its client."""

    def __init__(self, running: LiveMarketplace, contract: Any, browser: httpx.Client) -> None:
        self.running = running
        self.ctr = contract.ctr
        self.account: Account = running.account(contract.client)
        self.browser = browser

    def ledger(self, week: int) -> WeekLedger:
        with self.running.deps.store.read() as connection:
            return week_ledger(connection, self.ctr, week)

    def file(self, week: int, name: str) -> bytes:
        answer = self.browser.get(f"/contracts/{self.ctr}/weeks/{name_of_week(week)}/{name}")
        assert answer.status_code == 200, answer.text
        return answer.content

    def csv(self, week: int) -> Totals:
        """The totals of the segments in `segments.csv`."""
        found = rows(self.file(week, "segments.csv"))

        def summed(column: str, *kinds: str) -> int:
            return sum(int(row[column]) for row in found if not kinds or row["kind"] in kinds)

        return Totals(
            tracked=summed("seconds", "auto"),
            kept=summed("seconds", "kept"),
            manual=summed("seconds", "manual"),
            payable=summed("payable"),
            unpaid=summed("not_payable"),
            given_back=summed("deleted"),
            overlap=summed("overlapping"),
            over_limit=summed("over_limit"),
        )

    def importer(self, week: int, name: str, begin: str, end: str, form: str) -> int:
        """The sum of the entries in an importer's file; column names are separated by commas."""

        def moment(row: dict[str, str], columns: str) -> dt.datetime:
            text = " ".join(row[column] for column in columns.split(","))
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC)

        spans = (moment(row, end) - moment(row, begin) for row in rows(self.file(week, name)))
        return int(sum(spans, dt.timedelta()).total_seconds())

    def calendar(self, week: int) -> int:
        events = icalendar.Calendar.from_ical(self.file(week, "diary.ics")).walk("VEVENT")
        spans = (event.decoded("dtend") - event.decoded("dtstart") for event in events)
        return int(sum(spans, dt.timedelta()).total_seconds())

    def timesheet(self, week: int) -> str:
        document = pypdfium2.PdfDocument(self.file(week, "timesheet.pdf"))
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)

    def bundle(self, week: int) -> CheckedBundle:
        answer = self.browser.get(f"/v1/bundles/{self.ctr}/{name_of_week(week)}?pictures=0")
        assert answer.status_code == 200, answer.text
        return check_bundle(
            Archive(io.BytesIO(answer.content)),
            CheckOptions(keys=self.running.deps.log.verifiers),
        )

    def day(self, date: dt.date, zone: str) -> int:
        """The payable seconds on the page of a day."""
        view = self.running.deps.review.day(self.account, self.ctr, date, ZoneInfo(zone))
        return view.totals.payable_s


def check_api(reader: Reader, week: int, ledger: WeekLedger) -> None:
    """Compare the JSON of the week and of its report."""
    first, last = (to_datetime(week + n * DAY, dt.UTC).date().isoformat() for n in (0, 6))
    query = {"first": first, "last": last, "contract": reader.ctr}
    listed = reader.browser.get("/v1/weeks", params=query).json()["weeks"]
    assert bool(listed) == (ledger.totals != Totals())
    for found in listed:
        assert found["totals"] == asdict(ledger.totals)
        assert [day["payable"] for day in found["days"]] == [each.payable for each in ledger.days]
        amount = found["amount"]
        assert (amount and amount["amount"]) == ledger.amount_minor
    report = reader.browser.get("/v1/reports", params=query).json()
    assert report["totals"] == asdict(ledger.totals)
    assert sum(each["amount"] for each in report["amounts"]) == (ledger.amount_minor or 0)


def check_month(reader: Reader, first: dt.date) -> Totals:
    """Compare the weeks and days of a month; returns the totals of the month."""
    view = reader.running.deps.months.month(reader.account, reader.ctr, first)
    for week in view.weeks:
        begin = week.ledger.week
        assert week.ledger == reader.ledger(begin)
        of_week = reader.running.deps.weeks.week(reader.account, reader.ctr, begin, UTC)
        listed = of_week.open_exceptions
        assert week.exceptions == len(listed)
        assert week.approved == (of_week.approved is not None)
        assert week.worked_s == sum(day.seconds for day in of_week.days)
        numbers = [{n for slot in day.slots for n in slot.exceptions} for day in of_week.days]
        assert [day.exceptions for day in week.days] == [len(found) for found in numbers]
        for day in week.days:
            assert day.totals.payable == reader.day(day.date, "UTC")
    return view.totals


def check_week(reader: Reader, week: int) -> int:
    """Compare everything about a week; returns its payable seconds."""
    ledger = reader.ledger(week)
    totals = ledger.totals
    split = totals.payable + totals.unpaid + totals.given_back + totals.overlap + totals.over_limit
    assert split == totals.tracked + totals.kept + totals.manual
    assert reader.csv(week) == totals
    form = "%Y-%m-%dT%H:%M:%SZ"
    assert reader.importer(week, "solidtime.csv", "start", "end", form) == totals.payable
    form = "%Y-%m-%d %H:%M:%S"
    columns = "Start date,Start time", "End date,End time"
    assert reader.importer(week, "toggl.csv", *columns, form) == totals.payable
    form = "%m/%d/%Y %H:%M:%S"
    columns = "Start Date,Start Time", "End Date,End Time"
    assert reader.importer(week, "clockify.csv", *columns, form) == totals.payable
    assert reader.calendar(week) == totals.payable
    days = [to_datetime(week + n * DAY, dt.UTC).date() for n in range(7)]
    for date, sums in zip(days, ledger.days, strict=True):
        assert reader.day(date, "UTC") == sums.payable
    view = reader.running.deps.review.home(reader.account, HomeQuery(week=week))
    row = next(each for each in view.rows if each.ctr == reader.ctr)
    assert (row.week_s, row.days) == (totals.payable, tuple(s.payable for s in ledger.days))
    check_api(reader, week, ledger)
    text = reader.timesheet(week)
    clock = f"{totals.payable // 3600}:{totals.payable // 60 % 60:02}:{totals.payable % 60:02}"
    assert not totals.payable or clock in text
    # A bundle covers more weeks if the check of this one needs them.
    by_week = {each.pop("from"): each for each in report_json(reader.bundle(week))["weeks"]}
    verified = by_week.get(week, asdict(Totals()))
    assert verified == asdict(totals)
    if ledger.rate is not None:
        amount = ledger.rate.amount_minor(verified["payable"])
        assert amount == ledger.amount_minor == row.amount_minor
        assert money(amount, ledger.rate.currency) in text
    return totals.payable


def check_desktops(
    reader: Reader, all_of_them: list[SeededDesktop], weeks: range, payable_of: dict[int, int]
) -> int:
    """Compare the own diary on the computers of the contract's freelancer; returns the number of
    compared days.
    """
    now_s = reader.running.clock.ms // 1000
    compared = 0
    for zone in ("UTC", *ZONES):
        with in_zone(zone):
            today = to_datetime(now_s, ZoneInfo(zone)).date()
            for desktop in all_of_them:
                # The sums of the present day and week include the other computer.
                desktop.contact()
                totals = desktop.totals(reader.ctr)
                assert totals.week_s == payable_of[week_of(now_s)]
                assert totals.day_s == reader.day(today, zone)
                others = [each for each in all_of_them if each is not desktop]
                for week in weeks:
                    # Those of an earlier week are this computer's alone.
                    if week == week_of(now_s) or any(each.has_work(week) for each in others):
                        continue
                    for noon in range(week + DAY // 2, week + WEEK, DAY):
                        totals = desktop.totals(reader.ctr, noon)
                        assert totals.week_s == payable_of[week]
                        bounds = day_bounds(noon)
                        if week <= bounds.begin_s and bounds.end_s <= week + WEEK:
                            date = to_datetime(bounds.noon_s, ZoneInfo(zone)).date()
                            assert totals.day_s == reader.day(date, zone)
                            compared += 1
    return compared


@settings(
    max_examples=1,
    deadline=None,
    # An example takes seconds: shrinking one would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@example(seed=1, last_day=YEAR_END, limit_h=6)
@example(seed=2, last_day=SUMMER_TIME, limit_h=5)
@given(
    seed=st.integers(0, 2**32),
    last_day=st.sampled_from([YEAR_END, SUMMER_TIME]),
    limit_h=st.integers(1, 6),
)
def test_all_views_of_the_hours_agree(seed: int, last_day: dt.date, limit_h: int) -> None:
    compared = 0
    with worked(seed, last_day, limit_h) as (running, computers), ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with running.deps.store.read() as connection:
            contracts = connection.execute(select(schema.contract)).all()
        end = int(dt.datetime.combine(last_day, dt.time(), dt.UTC).timestamp()) + DAY
        begin = end - 9 * DAY
        weeks = range(week_of(begin), end, WEEK)
        seen = Totals()
        opened: dict[str, list[SeededDesktop]] = {}
        for contract in contracts:
            with running.browser(contract.client) as browser:
                reader = Reader(running, contract, browser)
                payable = sum(check_week(reader, week) for week in weeks)
                months = {
                    to_datetime(day, dt.UTC).date().replace(day=1) for day in range(begin, end, DAY)
                }
                of_months = (check_month(reader, first) for first in sorted(months))
                assert credited_totals.summed(of_months) == credited_totals.summed(
                    reader.ledger(week).totals for week in weeks
                )
                seen = credited_totals.summed([seen, *(reader.ledger(w).totals for w in weeks)])
                # Each second is on exactly one day of any time zone.
                for zone in ZONES:
                    dates = (
                        to_datetime(begin, ZoneInfo(zone)).date() + dt.timedelta(days=n)
                        for n in range(-1, 12)
                    )
                    assert sum(reader.day(date, zone) for date in dates) == payable
                payable_of = {week: reader.ledger(week).totals.payable for week in weeks}
                if contract.freelancer not in opened:
                    opened[contract.freelancer] = stack.enter_context(
                        desktops(base, running, computers, contract.freelancer)
                    )
                compared += check_desktops(reader, opened[contract.freelancer], weeks, payable_of)
    assert compared
    assert all((seen.tracked, seen.kept, seen.manual, seen.given_back, seen.over_limit))
