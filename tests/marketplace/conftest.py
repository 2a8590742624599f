"""Fixtures of the marketplace's tests: a running marketplace, a contract, an enrolled computer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import limits
import pytest

from marketplace.contracts.queries import Contract
from tests.marketplace.blob_place import PLACE
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice
from tests.marketplace.storage import ceph_rgw
from tests.marketplace.storage.ceph_rgw import S3Server


@pytest.fixture(scope="session", autouse=True)
def object_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[S3Server | None]:
    """The object store of all marketplaces with `--blobs s3`."""
    if request.config.getoption("--blobs") != "s3":
        yield None
        return
    with (
        ceph_rgw.running(tmp_path_factory.mktemp("ceph")) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in server.environment.items():
            patch.setenv(name, value)
        patch.setenv(PLACE, server.address())
        yield server


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


@pytest.fixture
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rate limits count in one window: those of `limits` begin with the minutes and hours of the
    system's clock, which may begin during a test.
    """
    now = time.time()
    clock = SimpleNamespace(time=lambda: now)
    for module in (limits.storage.memory, limits.strategies):
        monkeypatch.setattr(module, "time", clock)
