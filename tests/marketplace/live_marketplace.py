"""A marketplace on a loopback port; the test sets its clock."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import func, select

from marketplace.accounts import one_time_codes
from marketplace.accounts.model import Account, account
from marketplace.app import create_app
from marketplace.composition import lock, open_services
from marketplace.contracts.queries import Contract
from marketplace.core.config import Config
from marketplace.core.rate_limit import Throttle
from marketplace.http.connections import ConnectionBounds
from marketplace.http.middleware import RequestLimits
from marketplace.http.services import Services
from marketplace.http.uvicorn_server import Server, listen
from marketplace.log import beacons
from marketplace.review.view_models import DayView
from marketplace.storage import schema
from system.files import private_dir
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.blob_place import s3_of
from tests.marketplace.engines import engines

AUD = "workdiary.localhost"
UTC = ZoneInfo("UTC")
#: Wednesday 2026-11-18 09:00:00 UTC.
START = 1_794_992_400


class MovedClock:
    """A wall clock that advances only when the test sets it."""

    def __init__(self, now_s: int = START - 300) -> None:
        self.ms = now_s * 1000

    def __call__(self) -> int:
        return self.ms

    def to(self, time_s: float) -> None:
        self.ms = round(time_s * 1000)


@dataclass
class LiveMarketplace:
    """A running marketplace with its services."""

    url: str
    deps: Services
    clock: MovedClock
    server: Server

    def contract(self, title: str = "Acme shop rebuild", **agreed: object) -> Contract:
        """A new freelancer, client and contract; the terms are in force when this returns."""
        found = self.deps.contracts.add_contract(
            title,
            freelancer=self.deps.contracts.add_account("freelancer", "Ana Ruiz"),
            client=self.deps.contracts.add_account("client", "Acme"),
            **agreed,
        )
        self.clock.to(self.clock.ms / 1000 + 2)
        return found

    def account(self, sub: str) -> Account:
        """The account with this id."""
        with self.deps.store.read() as connection:
            found = account(connection, sub)
        assert found is not None
        return found

    def day(self, sub: str, ctr: str, time_s: int = START) -> DayView:
        """The day page (UTC) of an account."""
        date = dt.datetime.fromtimestamp(time_s, dt.UTC).date()
        return self.deps.review.day(self.account(sub), ctr, date, UTC)

    def code(self, sub: str, purpose: str = "enrol") -> str:
        """A one-time code of an account."""
        now = self.deps.clock.real_s()
        made = self.deps.store.write(
            lambda c: one_time_codes.new(c, sub, purpose, now)  # type: ignore[arg-type]
        )
        return made.result()

    def browser(self, sub: str) -> httpx.Client:
        """A browser that is signed in."""
        token = self.deps.sign_in.consume(self.code(sub, "signin"))
        assert token is not None
        return httpx.Client(
            base_url=self.url,
            cookies={"wd_session": token},
            timeout=30,
            trust_env=False,
            verify=False,
        )

    def leaves(self) -> int:
        """The number of leaves in the log without beacons, which a thread adds at any time."""
        with self.deps.store.read() as connection:
            query = select(func.count()).where(schema.leaf.c.type != "beacon")
            return connection.execute(query).scalar_one()

    def advance_to(self, slot: int) -> None:
        """Move the clock to the minute before a slot and wait for its beacon.

        Slots are reached in order: the clock must not go back.
        """
        self.clock.to(max(slot - 30, self.clock.ms / 1000))
        wait_for(lambda: self._has_beacon(slot), what=f"the beacon of {slot}")

    def _has_beacon(self, slot: int) -> bool:
        with self.deps.store.read() as connection:
            return beacons.of_slot(connection, slot) is not None


class _QuickServer(Server):
    """A server that ends a hundredth of a second after it was told to, not a tenth."""

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks // 10):
            ticks += 1
            await asyncio.sleep(0.01)


@contextlib.contextmanager
def live_marketplace(
    folder: Path,
    *,
    clock: MovedClock | None = None,
    name: str = AUD,
    speed: int | None = None,
    limits: RequestLimits | None = None,
    throttle: Throttle | None = None,
    bounds: ConnectionBounds | None = None,
    monotonic_s: Callable[[], float] = time.monotonic,
    base_url: str | None = None,
    **settings: Any,
) -> Iterator[LiveMarketplace]:
    """Run a marketplace on `folder` during the block; `settings` are more of its Config, of which
    `postgresql` replaces the database of `--engine`.
    """
    clock = clock or MovedClock()
    with contextlib.ExitStack() as stack:
        private_dir(folder)
        if "postgresql" not in settings:
            settings["postgresql"] = engines.database(folder)
        bound = stack.enter_context(listen(folder, 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        settings.setdefault("s3", s3_of(folder))
        config = Config(folder, name, base_url or url, speed, **settings)
        stack.enter_context(lock(folder))
        deps = stack.enter_context(open_services(config, clock))
        deps.beacons.poll_s = 0.02  # the test moves the clock
        # The test sends.
        deps.webhooks.poll_s = deps.week_notices.poll_s = deps.weekly_reports.poll_s = 3600
        deps.mail.poll_s = deps.checks.retry_s = 3600
        deps.witnesses.poll_s = 0.02
        deps = replace(deps, throttle=throttle or Throttle(failed="100000/minute"))
        app = create_app(config, deps, limits=limits)
        server = _QuickServer(app, config, bounds, now_s=monotonic_s)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            wait_for(lambda: server.started, what="the server to listen")
            yield LiveMarketplace(url, deps, clock, server)
        finally:
            server.should_exit = True
            thread.join(30)
