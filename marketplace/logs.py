"""Structured logs: one JSON object a line on standard error, without personal data.

Logged are routes (as templates, never as addresses), status, durations, codes and counts. Never
names, memos, hashes of segments, network addresses, tokens or one-time codes.
"""

from __future__ import annotations

import logging
import sys
from typing import cast

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


def to_stderr(level: int = logging.INFO) -> None:
    """Send the logs of this process to standard error: for a server, not for a library."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.basicConfig(handlers=[handler], level=level)
    for chatty in ("alembic", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
