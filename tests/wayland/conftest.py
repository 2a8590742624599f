"""One Wayland session for all tests here; those that let it die make their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.rig.wayland import WaylandSession


@pytest.fixture(scope="session")
def session() -> Iterator[WaylandSession]:
    """A session with a portal."""
    if sys.platform != "linux":
        pytest.skip("only Linux has Wayland sessions")
    with WaylandSession() as made:
        yield made
