"""Fixtures of the end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop_fixtures.desktop import Desktop
from tests.end2end.running_system import RunningSystem


@pytest.fixture
def system(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RunningSystem]:
    """A desktop with a running marketplace in time lapse; the test starts the tray client.

    What a failed test leaves on the screen is kept as `screen.png` beside the logs, which are
    printed with the failure: what happened on a machine far away is otherwise anybody's guess.
    """
    with Desktop() as desktop:
        made = RunningSystem(tmp_path, desktop)
        failed_before = request.session.testsfailed
        try:
            yield made
        finally:
            if request.session.testsfailed > failed_before:
                request.node.add_report_section("teardown", "evidence", made.evidence())
            made.close()
