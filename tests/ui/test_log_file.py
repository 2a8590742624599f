"""The log has no personal data, whatever is logged, and does not grow without bound."""

from __future__ import annotations

import ast
import json
import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.repository.tree import ROOT
from ui.log_file import FOLDER, LARGEST, NAME, OLDER, PACKAGES, ImpersonalFormatter, open_log_file
from uploader.errors import NetworkError, Problem

PERSONAL = (
    "Invoice for Dr. Łukasz", "Re: your diagnosis - Mail", "eyJhbGciOi.token", "ana@example.org",
    "Ana Ruiz", "/home/ana/.local/state", "https://market.example/x?code=secret",
)  # fmt: skip


def record(message: object, *args: object, name: str = "ui.x", error: object = None) -> str:
    info = (type(error), error, error.__traceback__) if isinstance(error, Exception) else None
    made = logging.LogRecord(name, logging.WARNING, "x.py", 1, str(message), args, info)
    return ImpersonalFormatter().format(made)


@pytest.mark.parametrize("text", PERSONAL)
def test_no_argument_and_no_text_of_an_error_gets_into_the_log(text: str) -> None:
    try:
        raise OSError(28, text, text)
    except OSError as error:
        lines = [
            record("the settings could not be kept: %s", text),
            record("%s", [text]),
            record("%(memo)s", {"memo": text}),
            record("failed: %s", error, error=error),
            record("failed", error=NetworkError(Problem.OFFLINE, text)),
            record(text, name="urllib3.connectionpool"),
            record(text, text, name="qt"),
        ]
    for line in lines:
        assert text not in line
        assert json.dumps(text)[1:-1] not in line
    assert json.loads(lines[3])["error"] == {"type": "OSError", "frames": [], "errno": 28}


@given(st.text(min_size=1), st.integers(), st.booleans())
def test_a_line_is_one_json_object_with_the_values_that_are_no_text(
    text: str, number: int, flag: bool
) -> None:
    line = record("%s %s %s %s", text, number, flag, Problem.OFFLINE)
    assert "\n" not in line
    assert line.isascii()
    found = json.loads(line)
    assert found["event"] == "%s %s %s %s"
    assert found["values"] == ["-", number, flag, "Problem.OFFLINE"]


def test_an_error_names_our_functions_and_no_folder() -> None:
    from ui.settings.setting import Setting
    from ui.settings.settings import Settings

    with pytest.raises(ValueError, match="theme cannot be") as caught:
        Settings().changed(Setting("theme", "x"), 7)
    found = json.loads(record("failed", error=caught.value))["error"]
    assert found["type"] == "ValueError"
    [frame] = found["frames"]
    assert frame.startswith("ui/settings/settings.py:")
    assert str(ROOT) not in json.dumps(found)


def test_every_message_of_the_client_is_a_constant() -> None:
    """Otherwise the format itself could have personal data."""
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    changing, seen = [], 0
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                owner = node.func.value
                if not (isinstance(owner, ast.Name) and owner.id in {"log", "_log", "logging"}):
                    continue
                if node.func.attr not in levels | {"log"}:
                    continue
                seen += 1
                message = node.args[1 if node.func.attr == "log" else 0]
                if not (isinstance(message, ast.Constant) and isinstance(message.value, str)):
                    changing.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert seen > 50
    assert changing == []


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[logging.Handler]:
    made = open_log_file(tmp_path)
    yield made
    made.close()


def entry(number: int) -> logging.LogRecord:
    return logging.LogRecord("ui.x", logging.INFO, "x.py", 1, "line %s", (number,), None)


def test_the_files_are_private_and_bounded(tmp_path: Path, handler: logging.Handler) -> None:
    # A line has about 100 bytes.
    for number in range(LARGEST * (OLDER + 3) // 100):
        handler.handle(entry(number))
    files = sorted((tmp_path / FOLDER).iterdir())
    assert [file.name for file in files] == [NAME, *(f"{NAME}.{n}" for n in range(1, OLDER + 1))]
    assert all(file.stat().st_size <= LARGEST for file in files)
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / FOLDER).stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert lines[0]["event"] == "line %s"


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, handler: logging.Handler, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FOLDER).rmdir()
    handler.handle(entry(1))
    assert capfd.readouterr().err == ""
