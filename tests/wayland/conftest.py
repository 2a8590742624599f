"""One Wayland session for all tests here; those that let it die make their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.dev.stage import Links, Marketplace
from tests.rig.wayland import WaylandSession

#: A slot passes in ten seconds.
SPEED = 60


@pytest.fixture(scope="session")
def session() -> Iterator[WaylandSession]:
    """A session with a portal."""
    if sys.platform != "linux":
        pytest.skip("only Linux has Wayland sessions")
    with WaylandSession() as made:
        yield made


@pytest.fixture
def links(tmp_path: Path) -> Iterator[Links]:
    """A running marketplace in time lapse."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    marketplace = Marketplace(tmp_path / "market", env, speed=SPEED)
    yield marketplace.links()
    marketplace.stop()
