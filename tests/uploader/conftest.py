"""Fixtures of the uploader's tests."""

from __future__ import annotations

import gc
import sys
import warnings
from typing import TYPE_CHECKING

import pytest

from tests.uploader.desk import Desk
from tests.uploader.office import Office, open_office
from tests.uploader.secret_service import SecretService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.uploader.proxy import FaultProxy


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A device with an open outbox in a folder of its own."""
    desk = Desk(tmp_path)
    yield desk
    desk.outbox.close()


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[tuple[Office, FaultProxy]]:
    """A computer that has joined a real marketplace, and the network in between."""
    with open_office(tmp_path) as pair:
        yield pair


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[tuple[Office, FaultProxy]]:
    """A computer that has not joined yet."""
    with open_office(tmp_path, joined=False) as pair:
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
