"""Fixtures of the uploader's tests."""

from __future__ import annotations

import gc
import sys
import warnings
from typing import TYPE_CHECKING

import pytest

from tests.uploader.client_under_test import ClientUnderTest, open_client
from tests.uploader.device_folder import DeviceFolder
from tests.uploader.secret_service import SecretService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.uploader.proxy import FaultProxy


@pytest.fixture
def device(tmp_path: Path) -> Iterator[DeviceFolder]:
    """A device with an open outbox in a separate folder."""
    device = DeviceFolder(tmp_path)
    yield device
    device.outbox.close()


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[tuple[ClientUnderTest, FaultProxy]]:
    """A computer that has joined a real marketplace, and the network in between."""
    with open_client(tmp_path) as pair:
        yield pair


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[tuple[ClientUnderTest, FaultProxy]]:
    """A computer that has not joined yet."""
    with open_client(tmp_path, joined=False) as pair:
        yield pair


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    if sys.platform != "linux":
        pytest.skip("only Linux has the Secret Service")
    service = SecretService(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.address)
    yield service
    service.close()
    with warnings.catch_warnings():
        # keyring's backend leaves a connection open where a call failed.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
