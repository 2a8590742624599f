"""A computer reports that it records; the report expires within two minutes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from marketplace.contracts.queries import Contract
from marketplace.records.heartbeats import recording_since
from marketplace.storage import schema
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice

Enrolled = Callable[[Contract], SimulatedDevice]


def beat(device: SimulatedDevice, ctr: str, since: object = START) -> int:
    body = {"contract": ctr, "since": since}
    return device.call("POST", "/v1/heartbeat", json=body).status_code


def recorded(marketplace: LiveMarketplace, *contracts: Contract) -> dict[str, int]:
    now = marketplace.deps.clock.real_s()
    with marketplace.deps.store.read() as connection:
        columns = schema.contract.c
        chosen = select(columns.ctr).where(columns.ctr.in_([c.ctr for c in contracts]))
        return recording_since(connection, chosen, now)


def test_a_recording_is_known_for_two_minutes(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    assert recorded(marketplace, contract) == {}
    marketplace.clock.to(START + 100)
    device.sign_in()
    assert beat(device, contract.ctr) == 204
    assert recorded(marketplace, contract) == {contract.ctr: START}
    marketplace.clock.to(START + 219)
    assert recorded(marketplace, contract) == {contract.ctr: START}
    marketplace.clock.to(START + 220)
    assert recorded(marketplace, contract) == {}


def test_the_begin_is_a_whole_number_in_either_spelling_of_json(
    device: SimulatedDevice, contract: Contract
) -> None:
    assert beat(device, contract.ctr, float(START)) == 204
    for wrong in (START + 0.5, str(START), True, None, -1, 2**53):
        assert beat(device, contract.ctr, wrong) == 422


def test_the_next_report_replaces_the_earlier_one(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    assert beat(device, contract.ctr, START - 900) == 204
    assert beat(device, contract.ctr, START - 600) == 204
    assert recorded(marketplace, contract) == {contract.ctr: START - 600}


def test_of_two_computers_the_earlier_begin_counts(
    marketplace: LiveMarketplace, enrolled: Enrolled, contract: Contract
) -> None:
    for device, since in ((enrolled(contract), START - 600), (enrolled(contract), START - 900)):
        assert beat(device, contract.ctr, since) == 204
    assert recorded(marketplace, contract) == {contract.ctr: START - 900}


def test_a_begin_in_the_future_counts_as_now(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    assert beat(device, contract.ctr, START + 86_400) == 204
    assert recorded(marketplace, contract) == {contract.ctr: marketplace.deps.clock.wall_s()}


def test_only_the_own_contracts_can_be_reported(
    marketplace: LiveMarketplace, device: SimulatedDevice
) -> None:
    other = marketplace.contract("Another one")
    assert beat(device, other.ctr) == 404
    assert recorded(marketplace, other) == {}


@pytest.mark.parametrize("since", [-1, 2**53, "1", None, 1.5])
def test_a_malformed_report_changes_nothing(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, since: object
) -> None:
    assert beat(device, contract.ctr, since) == 422
    assert recorded(marketplace, contract) == {}


def test_a_stopped_computer_cannot_report(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    marketplace.deps.devices.revoke(device.key.kid, "lost")
    assert beat(device, contract.ctr) == 401
    assert recorded(marketplace, contract) == {}
