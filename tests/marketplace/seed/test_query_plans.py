"""The statements of the pages read by an index, so that their time does not grow with the number of
segments, contracts of others, or log entries.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event, select

from diary.core.slots import DAY, to_datetime
from marketplace.records import review_entries
from marketplace.seed.generate import generate
from marketplace.seed.plan import SeedOptions
from marketplace.storage import schema
from tests.marketplace.live_marketplace import (
    AUD,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)

LAST_DAY = dt.date(2026, 11, 27)
#: Tables that have few rows by nature: one per year, per setting, per operator's audit.
SMALL = {"shard", "setting", "audit", "log_finding"}

Statement = tuple[str, Any]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    folder = tmp_path_factory.mktemp("seed") / "data"
    options = SeedOptions.create(
        name=AUD, contracts=3, days=5, segments=120, freelancers=2, last_day=LAST_DAY, random_seed=3
    )
    generate(folder, options, lambda *_: None)
    with live_marketplace(folder, clock=MovedClock(options.end_s - 3600)) as running:
        yield running


@pytest.fixture(scope="module")
def first(generated: LiveMarketplace) -> Any:
    with generated.deps.store.read() as connection:
        query = select(schema.contract).order_by(schema.contract.c.created_s)
        return connection.execute(query).first()


@pytest.fixture
def statements() -> Iterator[list[Statement]]:
    """The statements that are executed during the test."""
    found: list[Statement] = []

    def note(_c: Any, _cursor: Any, text: str, parameters: Any, _context: Any, many: bool) -> None:
        if not many:
            found.append((text, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


def sorts(running: LiveMarketplace, statements: list[Statement]) -> set[str]:
    """The statements that read and sort all segments of a contract."""
    found = set()
    with running.deps.store.read() as connection:
        for text, parameters in list(statements):
            if not text.startswith("SELECT"):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
            steps = [row.detail for row in plan.all()]
            whole = any(re.fullmatch(r"SEARCH segment USING .*\(ctr=\?\)", step) for step in steps)
            if whole and "USE TEMP B-TREE FOR ORDER BY" in steps:
                found.add(text)
    return found


def scans(running: LiveMarketplace, statements: list[Statement]) -> set[tuple[str, str]]:
    """The large tables that a statement reads from end to end, each with the statement."""
    found = set()
    with running.deps.store.read() as connection:
        for text, parameters in list(statements):
            if not text.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
            aliases = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", text)}
            for row in plan.all():
                # SCAN with an index reads the whole index; an automatic index is made of the whole
                # table, for this one statement.
                step = re.match(r"SCAN (\w+)|SEARCH (\w+) USING AUTOMATIC ", row.detail)
                name = step and (step[1] or step[2])
                table = aliases.get(name, name)
                if table in schema.metadata.tables and table not in SMALL:
                    found.add((row.detail, text))
    return found


def day_of_work(ctr: str) -> str:
    return f"/contracts/{ctr}/days/{LAST_DAY.isoformat()}"


def slot_of_work(running: LiveMarketplace, ctr: str) -> str:
    columns = schema.segment.c
    with running.deps.store.read() as connection:
        query = select(columns.slot).where(columns.ctr == ctr, columns.kind == "auto")
        slot = connection.execute(query.order_by(columns.slot.desc()).limit(1)).scalar_one()
    return f"/contracts/{ctr}/slots/{slot}"


PAGES: dict[str, Callable[[LiveMarketplace, str], str]] = {
    "home": lambda _running, _ctr: "/",
    "week": lambda _running, ctr: f"/contracts/{ctr}/weeks/{LAST_DAY.strftime('%G-W%V')}",
    "month": lambda _running, ctr: f"/contracts/{ctr}/months/{LAST_DAY.strftime('%Y-%m')}",
    "day": lambda _running, ctr: day_of_work(ctr),
    "slot": slot_of_work,
    "latest day": lambda _running, ctr: f"/contracts/{ctr}",
    "reports": lambda _running, _ctr: "/reports",
    "report about memos": lambda _running, ctr: f"/reports?by=memo&ctr={ctr}",
    "timesheet": lambda _running, ctr: f"/contracts/{ctr}/weeks/2026-W48/timesheet.pdf",
    "segments": lambda _running, ctr: f"/contracts/{ctr}/weeks/2026-W48/segments.csv",
    "weeks of the API": lambda _running, _ctr: "/v1/weeks?first=2026-11-23&last=2026-11-27",
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["client", "freelancer"])
def test_no_page_reads_a_large_table_from_end_to_end(
    generated: LiveMarketplace, first: Any, statements: list[Statement], name: str, role: str
) -> None:
    path = PAGES[name](generated, first.ctr)
    with generated.browser(getattr(first, role)) as browser:
        statements.clear()
        answer = browser.get(path, headers={"Accept": "text/html"})
    if name == "week" and answer.status_code == httpx.codes.NOT_FOUND:
        pytest.skip("there is no page of a week yet")
    assert answer.status_code in {httpx.codes.OK, httpx.codes.SEE_OTHER}, answer.text
    assert statements
    assert scans(generated, statements) == set()
    if name != "timesheet":  # it names the record, whose segments are chosen by their t0
        assert sorts(generated, statements) == set()


#: What a marketplace does periodically, at least every hour, or when it starts.
BACKGROUND: dict[str, Callable[[LiveMarketplace], object]] = {
    "unchecked segments": lambda running: running.deps.checks.check_unchecked(),
    "unchecked segments of others": lambda running: running.deps.checks.check_unchecked(30),
    "retention": lambda running: running.deps.retention.run_once(),
    "week notices": lambda running: running.deps.week_notices.run_once(),
    "weekly reports": lambda running: running.deps.weekly_reports.run_once(),
    "messages": lambda running: running.deps.mail.run_once(),
    "webhooks": lambda running: asyncio.run(running.deps.webhooks.run_once()),
}
#: Tables with a row for each person who asked for something, and the index of the segments that are
#: not checked yet, which is empty most of the time.
FEW = {"account", "contract_retention", "report_recipient", "pending_upload"}
UNCHECKED = "SCAN segment USING INDEX ix_segment_unchecked"


@pytest.mark.parametrize("name", BACKGROUND)
def test_no_periodic_work_reads_a_large_table_from_end_to_end(
    generated: LiveMarketplace, statements: list[Statement], name: str
) -> None:
    BACKGROUND[name](generated)
    assert statements
    # Retention is a matter of each contract.
    allowed = FEW | ({"contract"} if name == "retention" else set())
    found = {(step, text) for step, text in scans(generated, statements) if step != UNCHECKED}
    assert {(step, text) for step, text in found if step.split()[1] not in allowed} == set()


def test_a_sort_of_all_segments_of_a_contract_is_found(
    generated: LiveMarketplace, first: Any, statements: list[Statement]
) -> None:
    columns = schema.segment.c
    with generated.deps.store.read() as connection:
        query = select(columns.idx, columns.data).where(columns.ctr == first.ctr)
        connection.execute(query.order_by(columns.data.desc()).limit(1)).all()
    assert len(sorts(generated, statements)) == 1


def test_the_list_of_views_reads_no_large_table_from_end_to_end(
    generated: LiveMarketplace, first: Any, statements: list[Statement]
) -> None:
    with generated.browser(first.freelancer) as browser:
        statements.clear()
        assert browser.get("/views").status_code == httpx.codes.OK
    assert scans(generated, statements) == set()


def test_the_questions_of_a_computer_are_found_by_contract_and_week(
    generated: LiveMarketplace, first: Any, statements: list[Statement]
) -> None:
    """`newest_of_account` runs once a minute for each computer."""
    now_s = generated.deps.clock.wall_s()
    with generated.deps.store.read() as connection:
        statements.clear()
        review_entries.newest_of_account(connection, first.freelancer, now_s)
        review_entries.of_account(connection, first.freelancer, -1, now_s, 50)
        asked = [each for each in statements if "FROM review" in each[0]]
    assert len(asked) == 3
    assert scans(generated, asked) == set()
    with generated.deps.store.read() as connection:
        for text, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
            steps = [row.detail for row in plan.all()]
            assert any("(ctr=? AND week_s>?)" in step for step in steps), steps


def test_a_statement_without_an_index_is_found(
    generated: LiveMarketplace, statements: list[Statement]
) -> None:
    with generated.deps.store.read() as connection:
        connection.execute(select(schema.segment).where(schema.segment.c.t0 > 0)).all()
    assert [detail for detail, _ in scans(generated, statements)] == ["SCAN segment"]


def test_an_automatic_index_is_found(
    generated: LiveMarketplace, statements: list[Statement]
) -> None:
    segment, other = schema.segment, schema.segment.alias()
    joined = segment.outerjoin(other, other.c.t0 == segment.c.t1)
    with generated.deps.store.read() as connection:
        query = select(other.c.idx).select_from(joined).where(segment.c.ctr > "")
        connection.execute(query).all()
    (detail,) = [detail for detail, _ in scans(generated, statements)]
    assert detail.startswith("SEARCH segment_1 USING AUTOMATIC ")


def test_the_generated_day_has_the_expected_time(generated: LiveMarketplace, first: Any) -> None:
    """The pages of the benchmark show a full day of work."""
    begin = int(dt.datetime.combine(LAST_DAY, dt.time(), dt.UTC).timestamp())
    view = generated.day(first.client, first.ctr, begin)
    assert view.totals.tracked_s + view.totals.kept_s + view.totals.manual_s > 7 * 3600
    assert to_datetime(begin + DAY - 1, dt.UTC).date() == LAST_DAY
    assert view.badge.total >= 47
