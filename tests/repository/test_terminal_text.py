"""Text from outside that the three commands print cannot control the terminal or forge a line."""

from __future__ import annotations

import io
import logging
import sys
from typing import TYPE_CHECKING

import pytest

from diary.cli import output
from diary.cli.folder_report import plain
from ui.cli.main import _Lines
from uploader.api.responses import _text
from uploader.errors import Problem, RefusedError, UploaderError

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = "\x1b[2J\x1b]0;x\x07\u202eevil\u2066\r\nworkdiary: all is well\x9b1A"
READABLE = "خانه می\u200cخواهم שלום 👩\u200d👧"
CONTROLS = set("\x1b\x07\u202e\u2066\r\x9b")

#: Each function that prints to a terminal, and whether it may print several lines.
WAYS: dict[str, Callable[[str], None]] = {
    "say": output.print_report,
    "complain": output.print_error,
    "workdiary": lambda text: output.refuse("workdiary", text),
    "workdiary-marketplace": lambda text: output.refuse("workdiary-marketplace", ValueError(text)),
    "workdiary-verify": lambda text: output.print_report(f"x: {plain(text)}"),
    "an error's detail": lambda text: output.print_error(str(UploaderError(Problem.OFFLINE, text))),
    "a server's words": lambda text: output.print_error(
        str(RefusedError(Problem.REFUSED, 409, "x", _text({"d": text}, "d", 500)))
    ),
    "a parser's error": lambda text: output.CommandParser(prog="x")._print_message(text),
}
#: These print texts of the program with line breaks.
_MANY_LINES = {"say", "complain", "a parser's error"}


@pytest.mark.parametrize("name", WAYS)
def test_a_terminal_gets_no_commands(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    WAYS[name](HOSTILE)
    out, err = capsys.readouterr()
    shown = out + err
    assert not set(shown) & CONTROLS
    assert "\ufffd[2J" in shown or "?[2J" in shown
    assert shown.count("\n") == (2 if name in _MANY_LINES else 1)


@pytest.mark.parametrize("name", WAYS)
def test_a_terminal_shows_what_people_write(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    WAYS[name](READABLE)
    assert READABLE in "".join(capsys.readouterr())


def test_the_log_of_the_client_has_one_line_for_a_message() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines("%(levelname)s %(name)s: %(message)s"))
    log = logging.getLogger("x.terminal")
    log.propagate = False
    log.addHandler(handler)
    log.warning("refused: %s", HOSTILE)
    assert stream.getvalue().count("\n") == 1
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        log.exception("failed")
    assert not set(stream.getvalue()) & CONTROLS
    assert "Traceback" in stream.getvalue()
    assert sys.exc_info() == (None, None, None)
