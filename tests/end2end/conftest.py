"""Fixtures of the end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end2end.office import Office
from tests.rig.desktop import Desktop


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A desktop with a running marketplace in time lapse; the test starts the tray client."""
    with Desktop() as desktop:
        made = Office(tmp_path, desktop)
        try:
            yield made
        finally:
            made.close()
