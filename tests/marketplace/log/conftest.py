"""Fixtures of the tests of the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.marketplace.log.monitor_command import Command


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path / "kept.json", capsys)
