"""The operator restores an old backup of the marketplace, all of it with real processes."""

from __future__ import annotations

import shutil

import pytest

from diary.log.receipt import Receipt
from diary.objects.segment import parse
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.office import Office
from tests.end2end.test_copied_folder import at_the_marketplace, covered_s, paid_s

pytestmark = pytest.mark.xdist_group("end2end")


def record(office: Office, memo: str) -> None:
    """Record a few minutes, stop, and wait until the marketplace has all of it."""
    before = len(office.sealed())
    office.hands.start_recording(memo)
    Target(office.desktop, "WORK").type(memo, delay_ms=20)
    office.wait_mid_slot()
    office.hands.stop_recording()
    wait_for(lambda: len(office.sealed()) > before, timeout=120, what="a segment")
    office.wait_all_sent()


def held(office: Office) -> set[str]:
    return {entry.hash for entry, *_ in at_the_marketplace(office)}


@pytest.mark.parametrize("client", ["restarted", "running"])
def test_what_the_marketplace_lost_is_sent_again_and_proven(office: Office, client: str) -> None:
    office.open_client()
    record(office, "Before the backup")
    early = {sealed.hash for sealed in office.sealed()}
    data, backup = office.folder / "market" / "data", office.folder / "backup"
    assert office.marketplace is not None
    office.marketplace.stop()
    shutil.copytree(data, backup)
    office.open_marketplace()
    record(office, "After the backup")
    every = {sealed.hash for sealed in office.sealed()}
    receipts = {receipt.leaf.digest: receipt for receipt in office.receipts()}
    assert held(office) == every != early
    office.marketplace.stop()
    shutil.rmtree(data)
    shutil.copytree(backup, data)
    assert held(office) == early
    office.open_marketplace()
    # A start compares at once; a running client by the first answer that shows a smaller log.
    if client == "restarted":
        assert office.client is not None
        office.client.stop()
        office.open_client()
    wait_for(lambda: held(office) == every, timeout=180, what="the lost segments to be back")
    office.wait_all_sent()
    own = office.folder / "client"
    for name in every - early:
        (kept,) = own.glob(f"*/evidence/{name}.tlog-proof")
        assert Receipt.parse(kept.read_bytes()) == receipts[name]
    assert list(own.glob("*/evidence/shorter-*.json"))
    wait_for(lambda: pictures_missing(office) == set(), timeout=120, what="the pictures")
    assert paid_s(office) == covered_s(office.sealed())


def pictures_missing(office: Office) -> set[str]:
    """The pictures of the client's segments that the marketplace does not hold."""
    data = office.folder / "market" / "data"
    named = {
        blob.sha256
        for path in sorted((office.folder / "client").glob("*/segments/*/*.sdjwt"))
        for shot in parse(path.read_bytes()).pictures.values()
        for blob in (shot.blob, shot.thumb)
    }
    return {sha for sha in named if not any(data.rglob(sha))}
