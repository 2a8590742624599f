"""One Wayland session for all tests here; tests that kill it start their own.

For one test each: a marketplace, and an empty bus.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.dev.processes import Links, MarketplaceProcess
from tests.desktop_fixtures.desktop import FOREIGN
from tests.desktop_fixtures.wayland import WaylandSession
from tests.wayland.simulated_portal import bus

#: A slot passes in twenty seconds; so does the time without input after which the user is away.
SPEED = 30


@pytest.fixture(scope="session")
def session() -> Iterator[WaylandSession]:
    """A session with a portal."""
    if sys.platform != "linux":
        pytest.skip("only Linux has Wayland sessions")
    with WaylandSession() as made:
        yield made


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bus without a portal; this process's session bus."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
    with bus(tmp_path, env) as made:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made)
        yield made


@pytest.fixture
def links(tmp_path: Path) -> Iterator[Links]:
    """A running, accelerated marketplace."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    marketplace = MarketplaceProcess(tmp_path / "market", env, speed=SPEED)
    yield marketplace.links()
    marketplace.stop()
