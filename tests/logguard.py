"""Collects warnings of the project's own loggers, and reports those that no test expected.

An unexpected warning in the log is a defect.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

OWN_LOGGERS = ("diary", "tracker", "uploader", "ui", "marketplace", "scripts")


class LogGuard(logging.Handler):
    """Stores records of level WARNING or above from our own loggers."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def __enter__(self) -> Self:
        for name in OWN_LOGGERS:
            logging.getLogger(name).addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        for name in OWN_LOGGERS:
            logging.getLogger(name).removeHandler(self)

    def complaints(self, expected: Sequence[str] = ()) -> list[str]:
        """One line for each record without a pattern, and for each pattern without a record."""
        lines = [f"{r.levelname} {r.name}: {r.getMessage()}" for r in self.records]
        unexpected = [
            f"unexpected in the log: {line}"
            for line in lines
            if not any(re.search(pattern, line) for pattern in expected)
        ]
        missing = [
            f"expected in the log, but never came: {pattern}"
            for pattern in expected
            if not any(re.search(pattern, line) for line in lines)
        ]
        return unexpected + missing
