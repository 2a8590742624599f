"""Standard error: a flood of log lines is bounded."""

from __future__ import annotations

import io
import json
import logging

from marketplace.core import logging as logs
from tests.marketplace.http.manual_clock import Clock

# Standard error


def test_too_many_log_lines_are_omitted_and_counted() -> None:
    out, clock = io.StringIO(), Clock()
    handler = logs.SparingHandler(out, clock)

    def say(level: int, text: str = "x") -> None:
        handler.emit(logging.LogRecord("marketplace.http", level, "", 0, text, None, None))

    for _ in range(5000):
        say(logging.INFO)
        say(logging.ERROR)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1100
    clock.now = 1.0
    say(logging.ERROR, "y")
    event = json.loads(out.getvalue().splitlines()[-2])
    assert (event["event"], event["count"]) == ("lines_omitted", 4900)
    assert out.getvalue().splitlines()[-1] == "y"


def test_a_long_line_keeps_its_ends() -> None:
    out = io.StringIO()
    record = logging.LogRecord("x", logging.INFO, "", 0, "a" * 100_000 + "z", None, None)
    logs.SparingHandler(out).emit(record)
    line = out.getvalue()
    assert len(line) < 20_000
    assert line.startswith("aaa")
    assert line.endswith("z\n")
