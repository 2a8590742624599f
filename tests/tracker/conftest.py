"""Fixtures of several tracker tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desktop_fixtures.desktop import Desktop


@pytest.fixture
def nested(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A bare server with its own devices."""
    from tests.desktop_fixtures.desktop import Desktop

    with Desktop("800x600", session=False, window_manager=False, tray="none", nested=True) as made:
        monkeypatch.setenv("DISPLAY", made.display)
        yield made
