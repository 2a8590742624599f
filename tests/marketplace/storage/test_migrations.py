"""Databases of earlier revisions are upgraded with all their rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from diary.objects.segment import parse
from marketplace.storage import schema
from marketplace.storage.engines.sqlite import SqliteDatabase
from tests.marketplace.later_statements import deleted
from tests.marketplace.live_marketplace import START, LiveMarketplace, MovedClock, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked
from tests.marketplace.storage.former_revision import to_revision

pytestmark = pytest.mark.sqlite_only("no PostgreSQL database has a former revision")
DATABASE = "marketplace.sqlite"


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows by table, without the revision."""
    with closing(sqlite3.connect(path)) as raw:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'alembic_version'"
        names = [name for (name,) in raw.execute(query)]
        return {name: sorted(raw.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def fill(market: LiveMarketplace) -> str:
    """Two segments, of which the first is deleted with its time, and a view of a picture; returns
    the contract.
    """
    contract = market.contract()
    device = SimulatedDevice(market.url, market.deps.clock.real_s)
    device.enrol(market.code(contract.freelancer))
    device.sign_in()
    first, second = worked(market, device, contract.ctr, START, count=2)
    for data in (first, second):
        device.send(data)
    statement = deleted(device, first, "shot_0", scope=["shot", "time"])
    assert device.post_statement("tombstones", statement).status_code == 201
    with market.browser(contract.client) as browser:
        assert browser.get(f"/pictures/{parse(second).hash}/0").status_code == 200
    device.http.close()
    return contract.ctr


@pytest.mark.parametrize("revision", ["0012", "0013"])
def test_a_full_database_of_an_earlier_revision_keeps_its_rows(
    tmp_path: Path, revision: str
) -> None:
    clock = MovedClock()
    with live_marketplace(tmp_path / "data", clock=clock) as market:
        ctr = fill(market)
        with market.deps.store.read() as connection:
            row = connection.execute(select(schema.contract)).one()
        day = market.day(row.client, ctr)
    path = tmp_path / "data" / DATABASE
    before = rows_of(path)
    for table in ("statement", "one_time_code", "daily_total", "storage_usage", "picture_view"):
        assert before[table], f"nothing to migrate in {table}"
    to_revision(path, revision)
    assert "deed" in rows_of(path)
    with live_marketplace(tmp_path / "data", clock=clock) as market:
        again = market.day(row.client, ctr)
        assert again.totals == day.totals
        assert again.totals.given_back_s > 0
        # Revision 0016 has the stored results first; the check at the start fills them.
        market.deps.checks.check_unchecked()
        again = market.day(row.client, ctr)
        assert again.totals == day.totals
        assert [slot.marks for slot in again.slots] == [slot.marks for slot in day.slots]
        # Revision 0013 has this column first; the check at the start fills it.
        with market.deps.store.read() as connection:
            columns = schema.segment.c
            query = select(columns.given_back_idx).where(columns.given_back)
            assert connection.execute(query).scalar_one() is not None
    after = rows_of(path)
    for table in ("statement", "daily_total", "storage_usage", "picture_view", "segment"):
        assert after[table] == before[table]
    assert "deed" not in after


def test_the_weeks_of_an_earlier_revision_get_the_seconds_of_their_days(tmp_path: Path) -> None:
    with live_marketplace(tmp_path / "data", clock=MovedClock()) as market:
        fill(market)
        market.deps.checks.check_unchecked()
    path = tmp_path / "data" / DATABASE
    before = rows_of(path)["week_status"]
    with closing(sqlite3.connect(path)) as raw:
        (tracked,) = raw.execute("SELECT sum(tracked) FROM week_status").fetchone()
    assert tracked == 2 * 600
    to_revision(path, "0034")
    assert [len(row) for row in rows_of(path)["week_status"]] == [5]
    SqliteDatabase(path).close()
    assert rows_of(path)["week_status"] == before


def test_an_empty_database_of_the_previous_revision_is_upgraded(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    SqliteDatabase(path).close()
    to_revision(path, "0013")
    SqliteDatabase(path).close()
    rows = rows_of(path)
    assert {table.name for table in schema.metadata.sorted_tables} == set(rows)
    assert not any(rows.values())
