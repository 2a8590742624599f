"""The report of `workdiary --selftest`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ui.cli import selftest
from ui.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "CHECKS", (("window", lambda: None),))


def test_the_report_is_written_to_its_file(tmp_path: Path) -> None:
    report = tmp_path / "report"
    assert main(["--selftest", "--report", str(report)]) == 0
    assert json.loads(report.read_text())["checks"] == [{"name": "window", "problem": ""}]


def test_a_report_that_cannot_be_written_is_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "missing" / "report"
    assert main(["--selftest", "--report", str(report)]) == 1
    assert capsys.readouterr().err == f"workdiary: {report}: No such file or directory\n"
