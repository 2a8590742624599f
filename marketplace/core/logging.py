"""Structured logs: one JSON object a line on standard error, without personal data.

The log contains routes (as templates, never as addresses), status, durations, codes and counts;
never names, memos, hashes of segments, network addresses, tokens or one-time codes. The number of
lines per second and their length are limited, whatever clients send; the log states how many lines
were omitted.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TextIO, cast

import structlog
from structlog.stdlib import BoundLogger

_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.stdlib.filter_by_level,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(),
]


def get(name: str) -> BoundLogger:
    """A logger that writes JSON through the standard library's logger `name`."""
    return cast(
        "BoundLogger",
        structlog.wrap_logger(
            logging.getLogger(name), processors=_PROCESSORS, wrapper_class=BoundLogger
        ),
    )


#: Lines in a burst, and per second after it: below the level warning, and from it.
_CALM, _ALARMED = (1000, 100.0), (100, 5.0)
_MAX_LINE = 16_384


class SparingHandler(logging.StreamHandler[TextIO]):
    """A stream handler with a rate limit per logger, separate for warnings and other lines."""

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(stream)
        self._clock = clock
        self._gate = threading.Lock()
        self._left: dict[tuple[str, bool], tuple[float, float]] = {}
        self._omitted: defaultdict[tuple[str, bool], int] = defaultdict(int)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, or count it as omitted."""
        key = (record.name, record.levelno >= logging.WARNING)
        most, rate = _ALARMED if key[1] else _CALM
        with self._gate:
            now = self._clock()
            left, since = self._left.get(key, (float(most), now))
            left = min(most, left + (now - since) * rate)
            written = left >= 1
            self._left[key] = (left - written, now)
            omitted = self._omitted.pop(key, 0) if written else 0
            if not written:
                self._omitted[key] += 1
        if omitted:
            super().emit(_omission(record, omitted))
        if written:
            super().emit(record)

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its middle if it is too long."""
        line = super().format(record)
        if len(line) <= _MAX_LINE:
            return line
        return f"{line[: _MAX_LINE // 2]} [...] {line[-_MAX_LINE // 2 :]}"


def _omission(record: logging.LogRecord, count: int) -> logging.LogRecord:
    text = json.dumps({"event": "lines_omitted", "logger": record.name, "count": count})
    return logging.LogRecord(record.name, record.levelno, "", 0, text, None, None)


def to_stderr(level: int = logging.INFO) -> None:
    """Send the logs of this process to standard error. For a server, not for a library."""
    handler = SparingHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.basicConfig(handlers=[handler], level=level)
    # httpx names the address of each request; botocore logs text.
    for chatty in ("alembic", "botocore", "httpx", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
