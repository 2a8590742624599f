"""Repeated work continues after a failure of the database."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from sqlalchemy.exc import OperationalError

from marketplace.core import logging
from marketplace.storage.blobs import BlobsError
from marketplace.storage.database import DatabaseError
from marketplace.storage.repeat import repeat


@pytest.mark.expected_logs("round_failed")
@pytest.mark.parametrize(
    "error",
    [DatabaseError("full"), OperationalError("", None, Exception()), BlobsError("Unreachable")],
)
def test_a_failed_round_is_logged_and_the_next_one_follows(error: Exception) -> None:
    rounds: list[str] = []

    async def run() -> None:
        repeated = asyncio.Event()
        loop = asyncio.get_running_loop()

        def work() -> None:
            rounds.append("round")
            if len(rounds) == 1:
                raise error
            loop.call_soon_threadsafe(repeated.set)

        log = logging.get("marketplace.storage.repeat")
        task = asyncio.create_task(repeat(work, lambda: 0.0, log))
        await repeated.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert len(rounds) >= 2
