"""Fixtures of the end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop_fixtures.desktop import Desktop
from tests.end2end.running_system import RunningSystem, closing_with_evidence


@pytest.fixture
def system(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RunningSystem]:
    """A desktop with a running, accelerated marketplace; the test starts the tray client.

    After a failure the screen is stored as `screen.png` beside the logs, which are printed.
    """
    with (
        Desktop() as desktop,
        closing_with_evidence(RunningSystem(tmp_path, desktop), request) as made,
    ):
        yield made
