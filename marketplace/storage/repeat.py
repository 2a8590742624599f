"""Work on the database that is repeated while the marketplace runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from structlog.stdlib import BoundLogger

from marketplace.storage.database import DatabaseError


async def repeat(
    run_once: Callable[[], object], pause_s: Callable[[], float], log: BoundLogger
) -> None:
    """Call `run_once` on a thread, again and again until cancelled, with pauses of `pause_s`
    seconds. A failure of the database, or of the disk or the store of the pictures (OSError), is
    logged; the next round tries again.
    """
    while True:
        try:
            await asyncio.to_thread(run_once)
        except (DatabaseError, SQLAlchemyError, OSError) as error:
            log.error("round_failed", kind=type(error).__name__)
        await asyncio.sleep(pause_s())
