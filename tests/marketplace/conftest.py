"""Fixtures of the marketplace's tests: a running marketplace, a contract, an enrolled computer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice


@pytest.fixture
def marketplace(tmp_path: Path) -> Iterator[LiveMarketplace]:
    with live_marketplace(tmp_path / "data") as running:
        yield running


@pytest.fixture
def contract(marketplace: LiveMarketplace) -> Contract:
    return marketplace.contract()


@pytest.fixture
def new_device(marketplace: LiveMarketplace) -> Iterator[Callable[[], SimulatedDevice]]:
    """A factory of computers that are not enrolled."""
    made: list[SimulatedDevice] = []

    def make() -> SimulatedDevice:
        made.append(SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s))
        return made[-1]

    yield make
    for device in made:
        device.http.close()


@pytest.fixture
def enrolled(
    marketplace: LiveMarketplace, new_device: Callable[[], SimulatedDevice]
) -> Callable[[Contract], SimulatedDevice]:
    """A factory of enrolled, signed-in computers of a contract's freelancer."""

    def make(of: Contract) -> SimulatedDevice:
        device = new_device()
        device.enrol(marketplace.code(of.freelancer))
        device.sign_in()
        return device

    return make


@pytest.fixture
def device(enrolled: Callable[[Contract], SimulatedDevice], contract: Contract) -> SimulatedDevice:
    return enrolled(contract)
