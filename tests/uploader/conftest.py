"""Fixtures of the uploader's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.uploader.desk import Desk
from tests.uploader.office import Office, open_office

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
