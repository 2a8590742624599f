"""Fixtures of the uploader's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.uploader.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A device with an open outbox in a folder of its own."""
    desk = Desk(tmp_path)
    yield desk
    desk.outbox.close()
