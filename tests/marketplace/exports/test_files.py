"""The files of a contract's hours: equal totals, no formulas, no foreign or deleted data."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import icalendar
import pypdfium2
import pytest
from sqlalchemy import select, update

from diary.core.slots import DAY, SLOT, WEEK, week_of
from marketplace.contracts.access import open_contract
from marketplace.contracts.queries import Contract
from marketplace.core.i18n import use_language
from marketplace.core.week_names import name_of_week
from marketplace.exports.hours import ContractHours, read_hours
from marketplace.exports.pdf import money
from marketplace.exports.period import Period, day_period, week_period
from marketplace.exports.tables import cell
from marketplace.exports.timesheet import timesheet_pdf
from marketplace.review.ledger import week_ledger
from marketplace.seed import people
from marketplace.seed.generate import generate
from marketplace.seed.plan import SeedOptions
from marketplace.storage import schema
from tests.marketplace.later_statements import deleted
from tests.marketplace.live_marketplace import (
    AUD,
    START,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)
from tests.marketplace.simulated_device import SimulatedDevice, worked

LAST_DAY = dt.date(2026, 11, 29)
WEEK_NAME = "2026-W48"
TABLES = ("segments.csv", "solidtime.csv", "toggl.csv", "clockify.csv")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    """Two weeks of a contract with every kind of time."""
    folder = tmp_path_factory.mktemp("seed") / "data"
    options = SeedOptions.create(
        name=AUD,
        contracts=2,
        days=14,
        segments=800,
        freelancers=2,
        last_day=LAST_DAY,
        random_seed=5,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "FULL_LIMIT_H", 36)
        generate(folder, options, lambda *_: None)
    with live_marketplace(folder, clock=MovedClock(options.end_s)) as running:
        yield running


@pytest.fixture(scope="module")
def first(generated: LiveMarketplace) -> Any:
    with generated.deps.store.read() as connection:
        query = select(schema.contract).order_by(schema.contract.c.created_s)
        return connection.execute(query).first()


@pytest.fixture
def browser(generated: LiveMarketplace, first: Any) -> Iterator[httpx.Client]:
    with generated.browser(first.client) as signed_in:
        yield signed_in


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def fetched(
    browser: httpx.Client, ctr: str, name: str, period: str = f"weeks/{WEEK_NAME}"
) -> bytes:
    answer = browser.get(f"/contracts/{ctr}/{period}/{name}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="workdiary-')
    return answer.content


def hours_of(running: LiveMarketplace, contract: Any, period: Period) -> ContractHours:
    with running.deps.store.read() as connection:
        access = open_contract(connection, running.account(contract.client), contract.ctr)
        return read_hours(connection, access, period, entries=True)


def clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def test_all_files_of_a_week_have_the_seconds_of_the_ledger(
    generated: LiveMarketplace, browser: httpx.Client, first: Any
) -> None:
    week = week_of(int(dt.datetime(2026, 11, 25, tzinfo=dt.UTC).timestamp()))
    with generated.deps.store.read() as connection:
        ledger = week_ledger(connection, first.ctr, week)
    totals = ledger.totals
    assert totals.payable
    assert all((totals.kept, totals.manual, totals.given_back, totals.over_limit))
    segments = rows(fetched(browser, first.ctr, "segments.csv"))
    columns = {
        "payable": totals.payable, "not_payable": totals.unpaid, "deleted": totals.given_back,
        "overlapping": totals.overlap, "over_limit": totals.over_limit,
    }  # fmt: skip
    sums = {name: sum(int(row[name]) for row in segments) for name in columns}
    assert sums == columns
    by_kind = {
        kind: sum(int(row["seconds"]) for row in segments if row["kind"] == kind)
        for kind in ("auto", "kept", "manual")
    }
    assert by_kind == {"auto": totals.tracked, "kept": totals.kept, "manual": totals.manual}

    def span(row: dict[str, str], begin: tuple[str, ...], end: tuple[str, ...], form: str) -> int:
        times = [
            dt.datetime.strptime(" ".join(row[name] for name in names), form).replace(tzinfo=dt.UTC)
            for names in (begin, end)
        ]
        return int((times[1] - times[0]).total_seconds())

    solidtime = rows(fetched(browser, first.ctr, "solidtime.csv"))
    assert sum(span(r, ("start",), ("end",), "%Y-%m-%dT%H:%M:%SZ") for r in solidtime) == (
        totals.payable
    )
    toggl = rows(fetched(browser, first.ctr, "toggl.csv"))
    begin, end = ("Start date", "Start time"), ("End date", "End time")
    assert sum(span(r, begin, end, "%Y-%m-%d %H:%M:%S") for r in toggl) == totals.payable
    clockify = rows(fetched(browser, first.ctr, "clockify.csv"))
    begin, end = ("Start Date", "Start Time"), ("End Date", "End Time")
    assert sum(span(r, begin, end, "%m/%d/%Y %H:%M:%S") for r in clockify) == totals.payable
    calendar = icalendar.Calendar.from_ical(fetched(browser, first.ctr, "diary.ics"))
    events = list(calendar.walk("VEVENT"))
    lengths = [event.decoded("dtend") - event.decoded("dtstart") for event in events]
    assert sum(lengths, dt.timedelta()).total_seconds() == totals.payable
    assert len({str(event["uid"]) for event in events}) == len(events) > 10
    text = pdf_text(fetched(browser, first.ctr, "timesheet.pdf"))
    assert ledger.rate is not None
    assert ledger.amount_minor is not None
    assert money(ledger.amount_minor, ledger.rate.currency) in text
    assert clock(totals.payable) in text
    for sums_of_day in ledger.days:
        assert not sums_of_day.payable or clock(sums_of_day.payable) in text


def test_the_importers_columns_are_theirs(browser: httpx.Client, first: Any) -> None:
    heads = {name: fetched(browser, first.ctr, name).split(b"\r\n")[0].decode() for name in TABLES}
    assert heads["solidtime.csv"] == (
        "description,billable,client,project,tags,start,end,task,user_name,user_email"
    )
    assert heads["toggl.csv"] == (
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,"
        "End time,Tags"
    )
    assert heads["clockify.csv"] == (
        "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,Start Time,"
        "End Date,End Time"
    )
    row = rows(fetched(browser, first.ctr, "solidtime.csv"))[0]
    assert row["billable"] == "true"
    assert re.fullmatch(r"2026-11-23T\d\d:\d\d:\d\dZ", row["start"])
    assert re.fullmatch(r"[a-z0-9_-]{22}@workdiary\.invalid", row["user_email"])
    assert rows(fetched(browser, first.ctr, "clockify.csv"))[0]["Start Date"] == "11/23/2026"


def test_an_export_of_the_same_time_is_the_same_file(browser: httpx.Client, first: Any) -> None:
    for name in (*TABLES, "diary.ics"):
        assert fetched(browser, first.ctr, name) == fetched(browser, first.ctr, name)


def test_a_week_that_is_only_partly_in_the_period_has_no_amount(
    generated: LiveMarketplace, browser: httpx.Client, first: Any
) -> None:
    period = day_period("2026-11-18", "2026-11-29")
    hours = hours_of(generated, first, period)
    partial, whole = hours.weeks
    assert [period.is_whole(week.week) for week in hours.weeks] == [False, True]
    assert hours.amounts == {"USD": whole.amount_minor}
    assert partial.amount_minor
    text = pdf_text(fetched(browser, first.ctr, "timesheet.pdf", "periods/2026-11-18/2026-11-29"))
    assert money(partial.amount_minor, "USD") not in text
    assert "2026-W47" in text
    inside = sum(week.totals.payable for week in hours.weeks) - sum(
        sums.payable for sums in partial.days[:2]
    )
    assert hours.totals.payable == inside
    assert clock(inside) in text


def test_a_long_timesheet_has_numbered_pages(browser: httpx.Client, first: Any) -> None:
    data = fetched(browser, first.ctr, "timesheet.pdf", "periods/2025-12-01/2026-11-29")
    pages = len(pypdfium2.PdfDocument(data))
    assert pages > 1
    text = pdf_text(data)
    assert all(f"Page {number} of {pages}" in text for number in range(1, pages + 1))
    assert re.search(r"\d+ November 2026", text)
    assert "Acme shop rebuild" in text


def test_the_timesheet_names_the_log_and_the_record(
    generated: LiveMarketplace, browser: httpx.Client, first: Any
) -> None:
    text = pdf_text(fetched(browser, first.ctr, "timesheet.pdf"))
    assert f"{AUD}/log/2026" in text
    path = f"/v1/bundles/{first.ctr}/{WEEK_NAME}?pictures=0"
    tag = browser.get(path).headers["etag"].removeprefix('W/"').removesuffix('"')
    assert tag in text.replace("\r\n", "").replace("\n", "")


def test_letters_of_other_scripts_and_directions_are_drawn(
    generated: LiveMarketplace, first: Any
) -> None:
    """A name in Arabic is shaped; letters without a font do not fail."""
    account = schema.account
    names = {first.client: "شركة النور", first.freelancer: "Łukasz 李伟\u202e=1+1"}
    former = {sub: generated.account(sub).name for sub in names}

    def rename(chosen: dict[str, str]) -> None:
        for sub, name in chosen.items():
            generated.deps.store.write(
                lambda c, sub=sub, name=name: c.execute(  # type: ignore[misc]
                    update(account).where(account.c.sub == sub).values(name=name)
                )
            ).result()

    rename(names)
    try:
        hours = hours_of(generated, first, week_period(WEEK_NAME))
        with use_language("en"):
            data = timesheet_pdf(hours, None, START)
    finally:
        rename(former)
    text = pdf_text(data)
    assert "Łukasz \ufffd\ufffd" in text
    assert "\u202e" not in text
    # The shaped letters are in the file; their order in extracted text depends on the reader.
    assert re.search("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]", text)


@pytest.mark.parametrize(
    "memo",
    [
        "=HYPERLINK(1)",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
    ],
)
def test_no_text_is_a_formula(memo: str) -> None:
    assert cell(memo).startswith("'")


@pytest.mark.parametrize("memo", ["Fix - and + and = and @", "'quoted'", "", "5 - 3"])
def test_other_texts_stay_as_they_are(memo: str) -> None:
    assert cell(memo) == memo


def test_a_hostile_memo_is_harmless_in_each_file(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    hostile = '=cmd|" /C calc"!A0,\u202e";\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged'
    for data in worked(marketplace, device, contract.ctr, START, memo=hostile):
        device.send(data)
    with marketplace.browser(contract.client) as browser:
        for name in TABLES:
            table = rows(fetched(browser, contract.ctr, name, "weeks/2026-W47"))
            assert len(table) == 1
            for value in table[0].values():
                assert not value.startswith(("=", "+", "-", "@"))
                assert "\u202e" not in value
                assert "\n" not in value
        data = fetched(browser, contract.ctr, "diary.ics", "weeks/2026-W47")
        events = list(icalendar.Calendar.from_ical(data).walk("VEVENT"))
        assert len(events) == 1
        assert "forged" in str(events[0]["summary"])


def test_a_deleted_memo_is_in_no_file(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    secret = "A private matter"
    (data,) = worked(marketplace, device, contract.ctr, START, memo=secret)
    device.send(data)
    with marketplace.browser(contract.client) as browser:
        assert secret.encode() in fetched(browser, contract.ctr, "segments.csv", "weeks/2026-W47")
        gone = deleted(device, data, "memo", scope=["memo"])
        assert device.post_statement("tombstones", gone).status_code == 201
        for name in (*TABLES, "diary.ics"):
            file = fetched(browser, contract.ctr, name, "weeks/2026-W47")
            assert secret.encode() not in file
        row = rows(fetched(browser, contract.ctr, "segments.csv", "weeks/2026-W47"))[0]
        assert (row["memo"], row["payable"]) == ("", str(SLOT))


@pytest.mark.parametrize(
    "path",
    [
        "weeks/2026-W54", "weeks/2026-W00", "weeks/2026-48", "weeks/20266-W4", "weeks/0001-W01",
        "weeks/9999-W52", "weeks/٢٠٢٦-W٤٨", "periods/2026-11-31/2026-12-01",
        "periods/2026-11-01/now", "periods/0001-01-01/9999-12-31", "periods/-1/1",
    ],
)  # fmt: skip
def test_an_impossible_period_has_no_file(browser: httpx.Client, first: Any, path: str) -> None:
    for name in ("timesheet.pdf", "segments.csv"):
        assert browser.get(f"/contracts/{first.ctr}/{path}/{name}").status_code == 404


@pytest.mark.parametrize("path", ["2026-11-30/2026-11-01", "2021-01-01/2026-01-01"])
def test_a_reversed_or_endless_period_is_refused(
    browser: httpx.Client, first: Any, path: str
) -> None:
    answer = browser.get(f"/contracts/{first.ctr}/periods/{path}/segments.csv")
    assert answer.status_code == 422
    assert "366" in answer.text


def test_weeks_at_the_end_of_a_year_have_their_names() -> None:
    week = week_period("2026-W53")
    assert (week.first, week.last) == (dt.date(2026, 12, 28), dt.date(2027, 1, 3))
    assert week.week_name == name_of_week(week.begin_s) == "2026-W53"
    assert week.weeks == range(week.begin_s, week.begin_s + WEEK, WEEK)
    days = day_period("2026-12-28", "2027-01-03")
    assert days == week
    assert day_period("2026-12-28", "2026-12-28").end_s - week.begin_s == DAY


def test_an_empty_week_is_an_empty_file(browser: httpx.Client, first: Any) -> None:
    for name in TABLES:
        assert rows(fetched(browser, first.ctr, name, "weeks/2026-W01")) == []
    assert pdf_text(fetched(browser, first.ctr, "timesheet.pdf", "weeks/2026-W01"))


def test_the_fonts_are_installed_with_the_program() -> None:
    from marketplace.exports import pdf

    assert all(Path(path).is_file() for path in pdf._FILES.values())
