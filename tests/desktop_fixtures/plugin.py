"""pytest fixtures of the test desktop.

`desktop`: one for the whole run (with xdist, one for each worker). `clean_desktop`: the same, empty
before and after the test. `bare_x`: a factory of empty X servers, for tests that kill or change the
server.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.desktop_fixtures.desktop import Desktop


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    """The desktop of this run."""
    if sys.platform != "linux":
        pytest.skip("the test desktop is an X11 session, which only Linux has")
    from tests.desktop_fixtures.desktop import Desktop

    with Desktop() as made:
        yield made


@pytest.fixture
def clean_desktop(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """The desktop without windows, with this process's DISPLAY pointing at it."""
    desktop.reset()
    monkeypatch.setenv("DISPLAY", desktop.display)
    yield desktop
    desktop.reset()


@pytest.fixture
def bare_x(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desktop]]:
    """Make X servers without a session; DISPLAY points at the newest."""
    if sys.platform != "linux":
        pytest.skip("the test desktop is an X11 session, which only Linux has")
    from tests.desktop_fixtures.desktop import Desktop

    made: list[Desktop] = []

    def make(geometry: str = "800x600", *, window_manager: bool = False) -> Desktop:
        one = Desktop(geometry, session=False, window_manager=window_manager, tray="none")
        made.append(one)
        monkeypatch.setenv("DISPLAY", one.display)
        return one

    yield make
    for one in made:
        one.close()
