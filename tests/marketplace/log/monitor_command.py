"""The monitoring command in tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diary.cli.__main__ import main


class Command:
    """`workdiary-verify follow --once` with one state file."""

    def __init__(self, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state = state
        self._capsys = capsys

    def text(self, url: str, *options: str) -> tuple[int, str]:
        code = main(["follow", url, "--once", "--state", str(self.state), *options])
        report = self._capsys.readouterr()
        return code, report.out + report.err

    def json(self, url: str, *options: str) -> tuple[int, Any]:
        code, out = self.text(url, "--json", *options)
        return code, json.loads(out)

    @property
    def evidence(self) -> list[Path]:
        return sorted(self.state.parent.glob(f"{self.state.stem}-evidence/*"))
