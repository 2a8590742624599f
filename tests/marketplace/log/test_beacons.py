"""Beacons: created in the minute before their slot, served unchanged, never late."""

from __future__ import annotations

from pathlib import Path

import httpx
from sqlalchemy import select, update

from diary.core.slots import SLOT
from diary.verification.evidence import open_beacon
from marketplace.storage import schema
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.live_marketplace import START, LiveMarketplace, MovedClock, live_marketplace


def get(marketplace: LiveMarketplace, path: str) -> httpx.Response:
    return httpx.get(marketplace.url + path, trust_env=False, verify=False)


def slots(marketplace: LiveMarketplace) -> list[int]:
    with marketplace.deps.store.read() as connection:
        column = schema.beacon.c.slot
        return list(connection.execute(select(column).order_by(column)).scalars())


def test_a_new_marketplace_has_a_beacon_at_once_and_it_is_the_first_leaf(
    marketplace: LiveMarketplace,
) -> None:
    file = get(marketplace, "/v1/beacons/current").content
    beacon = open_beacon(file, [marketplace.deps.log.verifier])
    assert beacon.position.leaf == 0
    assert beacon.beacon.slot == START - SLOT


def test_a_marketplace_made_in_a_slots_last_minute_has_that_slots_beacon_and_the_next(
    tmp_path: Path,
) -> None:
    with live_marketplace(tmp_path / "data", clock=MovedClock(START - 10)) as marketplace:
        marketplace.advance_to(START)
        for slot, index in ((START - SLOT, 0), (START, 1)):
            file = get(marketplace, f"/v1/beacons/{slot}").content
            beacon = open_beacon(file, [marketplace.deps.log.verifier])
            assert (beacon.beacon.slot, beacon.position.leaf) == (slot, index)


def test_a_marketplace_made_as_a_slot_ends_begins_with_the_next(tmp_path: Path) -> None:
    clock = MovedClock()
    clock.to(START - 0.004)
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        clock.to(START + 1)
        file = get(marketplace, "/v1/beacons/current").content
        assert open_beacon(file, [marketplace.deps.log.verifier]).beacon.slot == START


def test_a_beacon_is_not_known_before_the_last_minute(marketplace: LiveMarketplace) -> None:
    marketplace.clock.to(START - 61)
    marketplace.deps.store.write(lambda _: None).result()
    answer = get(marketplace, f"/v1/beacons/{START}")
    assert (answer.status_code, answer.json()["code"]) == (404, "beacon_unknown")
    marketplace.advance_to(START)
    current = get(marketplace, "/v1/beacons/current")
    assert open_beacon(current.content, [marketplace.deps.log.verifier]).beacon.slot == START
    own = get(marketplace, f"/v1/beacons/{START}")
    assert own.content == current.content
    assert "immutable" in own.headers["cache-control"]
    assert "immutable" not in current.headers["cache-control"]


def test_the_file_of_a_beacon_never_changes(marketplace: LiveMarketplace) -> None:
    marketplace.advance_to(START)
    file = get(marketplace, f"/v1/beacons/{START}").content
    marketplace.advance_to(START + SLOT)
    marketplace.contract()
    assert get(marketplace, f"/v1/beacons/{START}").content == file


def test_after_a_pause_it_continues_with_the_next_slot(tmp_path: Path) -> None:
    clock = MovedClock(START - 300)
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        marketplace.advance_to(START)
    clock.to(START + 10 * SLOT + 100)
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        marketplace.advance_to(START + 11 * SLOT)
        assert slots(marketplace) == [START - SLOT, START, START + 11 * SLOT]
        current = get(marketplace, "/v1/beacons/current").content
        beacon = open_beacon(current, [marketplace.deps.log.verifier])
        assert beacon.beacon.slot == START + 11 * SLOT


def test_a_beacon_that_the_log_got_too_late_is_not_given_out(marketplace: LiveMarketplace) -> None:
    """The clock was ahead and is set back: the log's time does not decrease."""
    marketplace.clock.to(START + 30)
    marketplace.contract()
    marketplace.clock.to(START - 30)
    wait_for(lambda: leaves(marketplace) >= 3, what="the log to take the beacon")
    assert get(marketplace, f"/v1/beacons/{START}").status_code == 404
    assert START not in slots(marketplace)
    made = leaves(marketplace)
    marketplace.advance_to(START + SLOT)
    assert leaves(marketplace) == made + 1, "it was not tried again and again"


def test_a_beacon_logged_but_not_given_out_before_a_crash_is_given_out_after_it(
    tmp_path: Path,
) -> None:
    clock = MovedClock(START - 300)
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        marketplace.advance_to(START)
        statement = update(schema.beacon).where(schema.beacon.c.slot == START)
        marketplace.deps.store.write(
            lambda c: c.execute(statement.values(file=None, hash=None))
        ).result()
        assert get(marketplace, f"/v1/beacons/{START}").status_code == 404
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        file = get(marketplace, f"/v1/beacons/{START}").content
        assert open_beacon(file, [marketplace.deps.log.verifier]).beacon.slot == START


def leaves(marketplace: LiveMarketplace) -> int:
    with marketplace.deps.store.read() as connection:
        return len(connection.execute(select(schema.leaf.c.idx)).all())
