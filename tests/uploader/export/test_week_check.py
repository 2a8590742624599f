"""The record of a week is saved and checked on the freelancer's own computer."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from diary.core.slots import SLOT, WEEK, week_of
from tests.marketplace.live_marketplace import START
from tests.uploader.client_under_test import ClientUnderTest, open_client
from tests.uploader.export.test_bundle import record_slot
from uploader.api.network.route import Route
from uploader.errors import Problem
from uploader.export.week_check import WeekRecord, check_week

MONDAY = week_of(START)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[ClientUnderTest]:
    """A client with two recorded slots, all uploaded."""
    with open_client(tmp_path) as (client, _):
        for slot in (START, START + SLOT):
            record_slot(client, slot)
        yield client


def checked(client: ClientUnderTest, week: int = MONDAY, file: str = "") -> WeekRecord:
    return check_week(client.root, client.contract.ctr, week, Route(), file)


def test_a_whole_week_has_no_errors(client: ClientUnderTest) -> None:
    assert checked(client) == WeekRecord("", segments=2)


def test_the_record_is_saved_in_the_chosen_file(client: ClientUnderTest, tmp_path: Path) -> None:
    file = tmp_path / "week.zip"
    assert checked(client, file=str(file)) == WeekRecord(str(file), segments=2)
    assert zipfile.is_zipfile(file)


def test_a_file_that_was_changed_after_its_receipt_is_found(client: ClientUnderTest) -> None:
    blob = next((client.root / "blobs").iterdir())
    blob.write_bytes(blob.read_bytes()[:-1] + b"x")
    assert checked(client).wrong == ("E_MANIFEST", "E_SHOT_HASH")


def test_what_waits_and_what_is_lost_is_counted(client: ClientUnderTest) -> None:
    for blob in (client.root / "blobs").iterdir():
        blob.unlink()
    next((client.root / "segments").rglob("*-1.tlog-proof")).unlink()
    found = checked(client)
    # The picture and its thumbnail.
    assert (found.segments, found.waiting, found.missing) == (1, 1, 2)
    assert found.problem == ""


def test_a_week_without_time_is_no_error(client: ClientUnderTest) -> None:
    assert checked(client, MONDAY - WEEK) == WeekRecord("")


def test_what_prevents_it_has_a_code_and_nothing_is_left(
    client: ClientUnderTest, tmp_path: Path
) -> None:
    assert checked(client, file=str(tmp_path / "no" / "week.zip")).problem
    (client.root / "marketplace.json").write_text("{}")
    target = tmp_path / "week.zip"
    assert checked(client, file=str(target)).problem == Problem.FILE_DAMAGED.value
    assert not target.exists()
