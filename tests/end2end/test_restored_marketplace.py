"""The operator restores an old backup of the marketplace: real processes."""

from __future__ import annotations

import re
import shutil

import pytest

from diary.log.receipt import Receipt
from diary.objects.segment import parse
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import RunningSystem
from tests.end2end.test_copied_folder import at_the_marketplace, covered_s, paid_s

pytestmark = pytest.mark.xdist_group("end2end-2")


def record(system: RunningSystem, memo: str) -> None:
    """Record a few minutes, stop, and wait until the marketplace has all of it."""
    before = stops(system)
    system.gui.start_recording(memo)
    Target(system.desktop, "WORK").type(memo, delay_ms=20)
    system.wait_mid_slot()
    system.gui.stop_recording()
    # The last one: a slot that ends meanwhile leaves one before it.
    wait_for(lambda: stops(system) > before, timeout=120, what="the last segment")
    system.wait_all_sent()


def stops(system: RunningSystem) -> int:
    return sum(sealed.segment.end == "stop" for sealed in system.sealed())


def held(system: RunningSystem) -> set[str]:
    return {entry.hash for entry, *_ in at_the_marketplace(system)}


@pytest.mark.parametrize("client", ["restarted", "running"])
def test_what_the_marketplace_lost_is_sent_again_and_proven(
    system: RunningSystem, client: str
) -> None:
    system.open_client()
    record(system, "Before the backup")
    early = {sealed.hash for sealed in system.sealed()}
    data, backup = system.folder / "market" / "data", system.folder / "backup"
    assert system.marketplace is not None
    system.marketplace.stop()
    shutil.copytree(data, backup)
    system.open_marketplace()
    record(system, "After the backup")
    every = {sealed.hash for sealed in system.sealed()}
    receipts = {receipt.leaf.digest: receipt for receipt in system.receipts()}
    assert held(system) == every != early
    system.marketplace.stop()
    shutil.rmtree(data)
    shutil.copytree(backup, data)
    assert held(system) == early
    system.open_marketplace()
    # A start compares at once; a running client at the first response with a smaller log.
    if client == "restarted":
        assert system.client is not None
        system.client.stop()
        system.open_client()
    wait_for(lambda: held(system) == every, timeout=180, what="the lost segments to be back")
    system.wait_all_sent()
    own = system.folder / "client"
    for name in every - early:
        (kept,) = own.glob(f"*/evidence/{name}.tlog-proof")
        assert Receipt.parse(kept.read_bytes()) == receipts[name]
    # Where a beacon has made the restored log as long as before, its tree heads contradict.
    notes = wait_for(
        lambda: [
            path for kind in ("shorter", "split") for path in own.glob(f"*/evidence/{kind}-*")
        ],
        timeout=120,
        what="the evidence of the lost log",
    )
    for name in re.findall(r'"([^"]+\.checkpoint)"', notes[0].read_text()):
        assert (notes[0].parent / name).exists()
    wait_for(lambda: pictures_missing(system) == set(), timeout=120, what="the pictures")
    assert paid_s(system) == covered_s(system.sealed())


def pictures_missing(system: RunningSystem) -> set[str]:
    """The pictures of the client's segments that the marketplace does not hold."""
    data = system.folder / "market" / "data"
    named = {
        blob.sha256
        for path in sorted((system.folder / "client").glob("*/segments/*/*.sdjwt"))
        for shot in parse(path.read_bytes()).pictures.values()
        for blob in (shot.blob, shot.thumb)
    }
    return {sha for sha in named if not any(data.rglob(sha))}
