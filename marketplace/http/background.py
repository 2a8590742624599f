"""The work in the background of requests: beacons, retention, messages and so on.

Of processes that share a database, the one with the lease does it. While two processes believe for
a moment that they have it, nothing is stored twice; a message may be sent twice, as after a crash.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from marketplace.core import logging
from marketplace.storage.repeat import repeat

if TYPE_CHECKING:
    from marketplace.http.services import Services
    from marketplace.storage.engines.shared_postgresql import Lease

_log = logging.get("marketplace.app")
#: Seconds between two renewals of the lease.
_RENEW_S = 1.0
#: Seconds between two searches for segments that a process logged and did not check before it
#: ended, and the least time since they were logged.
_UNCHECKED_S = 30.0


def start(services: Services) -> list[asyncio.Task[None]]:
    """Start all of it in the running event loop."""
    # Checks exclude each other: one search is enough.
    check = _check_left if services.config.shared else _check_failed
    return [
        asyncio.create_task(services.beacons.run()),
        asyncio.create_task(services.retention.run()),
        asyncio.create_task(services.audit.run()),
        asyncio.create_task(services.mail.run()),
        asyncio.create_task(services.webhooks.run()),
        asyncio.create_task(services.witnesses.run()),
        asyncio.create_task(services.week_notices.run()),
        asyncio.create_task(services.weekly_reports.run()),
        asyncio.create_task(check(services)),
    ]


async def lead(services: Services, lease: Lease) -> None:
    """Do the work while this process has the lease, until cancelled; then release it."""
    tasks: list[asyncio.Task[None]] = []
    services.metrics.leader.set(0)
    # The work may keep all threads of the event loop for a while.
    thread = ThreadPoolExecutor(1, "lease")
    renew = partial(asyncio.get_running_loop().run_in_executor, thread)
    try:
        while True:
            held = await renew(lease.renew)
            if held != bool(tasks):
                _log.info("leader" if held else "follower")
                services.metrics.leader.set(int(held))
                if held:
                    tasks = start(services)
                else:
                    await end(tasks)
                    tasks = []
            await asyncio.sleep(_RENEW_S)
    finally:
        await end(tasks)
        await renew(lease.release)
        thread.shutdown()


async def _check_failed(services: Services) -> None:
    """Check the segments that an earlier process left or that could not be checked."""
    checks = services.checks
    await repeat(checks.check_failed, lambda: checks.retry_s, _log)


async def _check_left(services: Services) -> None:
    """Check the segments that a process logged and did not check, since it ended or failed."""
    check = partial(services.checks.check_unchecked, _UNCHECKED_S)
    await repeat(check, lambda: _UNCHECKED_S, _log)


async def end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they have ended."""
    for task in tasks:
        task.cancel()
    for error in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(error, Exception):
            _log.error("task_failed", kind=type(error).__name__)
