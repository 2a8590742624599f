"""Beacons: made in the minute before their slot, given out unchanged, never late."""

from __future__ import annotations

from pathlib import Path

import httpx
from sqlalchemy import select, update

from diary.core.slots import SLOT
from diary.verification.evidence import open_beacon
from marketplace.storage import schema
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.stand import START, MovedClock, Stand, stand


def get(market: Stand, path: str) -> httpx.Response:
    return httpx.get(market.url + path, trust_env=False, verify=False)


def slots(market: Stand) -> list[int]:
    with market.deps.store.read() as connection:
        column = schema.beacon.c.slot
        return list(connection.execute(select(column).order_by(column)).scalars())


def test_a_new_marketplace_has_a_beacon_at_once_and_it_is_the_first_leaf(market: Stand) -> None:
    file = get(market, "/v1/beacons/current").content
    beacon = open_beacon(file, [market.deps.log.verifier])
    assert beacon.position.leaf == 0
    assert beacon.beacon.slot == START - SLOT


def test_a_marketplace_made_in_a_slots_last_minute_has_that_slots_beacon_and_the_next(
    tmp_path: Path,
) -> None:
    with stand(tmp_path / "data", clock=MovedClock(START - 10)) as market:
        market.reach(START)
        for slot, index in ((START - SLOT, 0), (START, 1)):
            file = get(market, f"/v1/beacons/{slot}").content
            beacon = open_beacon(file, [market.deps.log.verifier])
            assert (beacon.beacon.slot, beacon.position.leaf) == (slot, index)


def test_a_marketplace_made_as_a_slot_ends_begins_with_the_next(tmp_path: Path) -> None:
    clock = MovedClock()
    clock.to(START - 0.004)
    with stand(tmp_path / "data", clock=clock) as market:
        clock.to(START + 1)
        file = get(market, "/v1/beacons/current").content
        assert open_beacon(file, [market.deps.log.verifier]).beacon.slot == START


def test_a_beacon_is_not_known_before_the_last_minute(market: Stand) -> None:
    market.clock.to(START - 61)
    market.deps.store.write(lambda _: None).result()
    answer = get(market, f"/v1/beacons/{START}")
    assert (answer.status_code, answer.json()["code"]) == (404, "beacon_unknown")
    market.reach(START)
    current = get(market, "/v1/beacons/current")
    assert open_beacon(current.content, [market.deps.log.verifier]).beacon.slot == START
    own = get(market, f"/v1/beacons/{START}")
    assert own.content == current.content
    assert "immutable" in own.headers["cache-control"]
    assert "immutable" not in current.headers["cache-control"]


def test_the_file_of_a_beacon_never_changes(market: Stand) -> None:
    market.reach(START)
    file = get(market, f"/v1/beacons/{START}").content
    market.reach(START + SLOT)
    market.contract()
    assert get(market, f"/v1/beacons/{START}").content == file


def test_after_a_pause_it_goes_on_with_the_next_slot(tmp_path: Path) -> None:
    clock = MovedClock(START - 300)
    with stand(tmp_path / "data", clock=clock) as market:
        market.reach(START)
    clock.to(START + 10 * SLOT + 100)
    with stand(tmp_path / "data", clock=clock) as market:
        market.reach(START + 11 * SLOT)
        assert slots(market) == [START - SLOT, START, START + 11 * SLOT]
        current = get(market, "/v1/beacons/current").content
        beacon = open_beacon(current, [market.deps.log.verifier])
        assert beacon.beacon.slot == START + 11 * SLOT


def test_a_beacon_that_the_log_got_too_late_is_not_given_out(market: Stand) -> None:
    """The clock was ahead and is set back: the log's time stands still at what it has seen."""
    market.clock.to(START + 30)
    market.contract()
    market.clock.to(START - 30)
    wait_for(lambda: leaves(market) >= 3, what="the log to take the beacon")
    assert get(market, f"/v1/beacons/{START}").status_code == 404
    assert START not in slots(market)
    made = leaves(market)
    market.reach(START + SLOT)
    assert leaves(market) == made + 1, "it was not tried again and again"


def test_a_beacon_logged_but_not_given_out_before_a_crash_is_given_out_after_it(
    tmp_path: Path,
) -> None:
    clock = MovedClock(START - 300)
    with stand(tmp_path / "data", clock=clock) as market:
        market.reach(START)
        statement = update(schema.beacon).where(schema.beacon.c.slot == START)
        market.deps.store.write(
            lambda c: c.execute(statement.values(file=None, hash=None))
        ).result()
        assert get(market, f"/v1/beacons/{START}").status_code == 404
    with stand(tmp_path / "data", clock=clock) as market:
        file = get(market, f"/v1/beacons/{START}").content
        assert open_beacon(file, [market.deps.log.verifier]).beacon.slot == START


def leaves(market: Stand) -> int:
    with market.deps.store.read() as connection:
        return len(connection.execute(select(schema.leaf.c.idx)).all())
