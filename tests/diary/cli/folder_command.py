"""`workdiary-verify` on a state folder, for its tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diary.cli.__main__ import main
from tests.diary.state import files_of
from tests.diary.world import START, World

ROOT = Path(__file__).resolve().parents[3]

posix_only = pytest.mark.skipif(
    os.name == "nt", reason="needs POSIX files and pipes, which Windows lacks"
)


def make_world() -> World:
    world = World()
    world.day(2)
    world.work(START + 1200)  # sealed, not yet sent
    return world


WORLD = make_world()
FILES = files_of(WORLD)
KEY = WORLD.log.signer.verifier.vkey
SEGMENTS = sorted(name for name in FILES if name.endswith(".sdjwt"))
FIRST = SEGMENTS[0]


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "diary.cli", str(folder), *options],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
    )


def text_of(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """The exit code, and the command's text output."""
    code = main([str(folder), *options])
    reported = capsys.readouterr()
    assert reported.err == ""
    return code, reported.out


def result(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    """The command's JSON output, with its exit code as `exit`."""
    code = main([str(folder), "--json", *options])
    return {**json.loads(capsys.readouterr().out), "exit": code}


def codes(reported: Any) -> set[str]:
    return {finding["code"] for finding in reported["findings"]}
