"""The server's time for the client's pages, among 1,000 contracts and a year of work, beside an
empty page of the same framework, and its growth with the number of segments; and the largest
contentful paint of each page in Chromium with an empty cache.

The folders are generated once (`workdiary-marketplace seed`) and kept in `build/bench`. The
environment variable `WORKDIARY_BENCH_SEGMENTS` lists their numbers of segments.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser
from sqlalchemy import func, select

from benchmarks.measure import ROUNDS, Figure, compare
from marketplace.app import create_app
from marketplace.composition import lock, open_services
from marketplace.core.config import Config
from marketplace.http.services import Services
from marketplace.http.sessions import set_services
from marketplace.seed.generate import generate
from marketplace.seed.plan import SeedOptions
from marketplace.storage import migrate, schema
from tests.js.engines import browser

HOST, PORT = "127.0.0.1", 8765
NAME, URL = "workdiary.localhost", f"http://{HOST}:{PORT}"
#: In the page: the time of the last entry, which is the largest paint so far, in milliseconds since
#: the begin of the navigation (W3C Largest Contentful Paint).
_LARGEST_PAINT = """
() => new Promise((resolve) => {
  const observer = new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime));
  requestAnimationFrame(() => requestAnimationFrame(() => {
    observer.observe({ type: "largest-contentful-paint", buffered: true });
  }));
})
"""
CONTRACTS, DAYS = 1_000, 365
#: A Sunday, so that the week of the pages is a whole one of 40 hours.
LAST_DAY = dt.date(2026, 11, 29)
#: Eight minutes before its end (Unix s).
LAST_S = int(dt.datetime.combine(LAST_DAY, dt.time(23, 52), dt.UTC).timestamp())
DAY, WEEK = "2026-11-25", "2026-W48"
_BUILD = Path(__file__).resolve().parents[1] / "build" / "bench"


@dataclass(frozen=True)
class SeededPages:
    """Requests to a generated marketplace: `page(path)` reads a page, `empty()` an empty one."""

    page: Callable[[str], httpx.Response]
    empty: Callable[[], httpx.Response]
    app: FastAPI
    session: str
    ctr: str
    slot: int

    @property
    def paths(self) -> dict[str, str]:
        """The pages by name."""
        contract = f"/contracts/{self.ctr}"
        return {
            "home": "/",
            "week": f"{contract}/weeks/{WEEK}",
            "month": f"{contract}/months/{DAY[:7]}",
            "day": f"{contract}/days/{DAY}",
            "slot": f"{contract}/slots/{self.slot}",
        }


def figures() -> list[Figure]:
    """The pages with each number of segments, beside the empty page."""
    listed = os.environ.get("WORKDIARY_BENCH_SEGMENTS", "10000,100000")
    return [figure for number in listed.split(",") for figure in _figures(int(number))]


def _figures(segments: int) -> list[Figure]:
    with seeded_pages(segments) as seeded:
        found = []
        what = f"40-hour week, {CONTRACTS:,} contracts, {segments:,} segments"
        for name, path in seeded.paths.items():
            if seeded.page(path).status_code == httpx.codes.NOT_FOUND:
                continue
            taken = compare(partial(read_page, seeded, path), seeded.empty)
            found.append(Figure(f"{name} page", what, *taken, "an empty page", None))
        with _served(seeded.app) as url, browser() as chromium:
            for name, path in seeded.paths.items():
                paints = [_paint(chromium, seeded, url + path) for _ in range(ROUNDS)]
                paint = statistics.median(paints)
                found.append(
                    Figure(f"{name} page, largest contentful paint", what, paint, 1, "a second", 1)
                )
        return found


def _paint(chromium: Browser, seeded: SeededPages, address: str) -> float:
    """Seconds from the begin of the navigation to the largest contentful paint, with an empty
    cache.
    """
    with contextlib.closing(chromium.new_context(viewport={"width": 1280, "height": 800})) as new:
        new.add_cookies([{"name": "wd_session", "value": seeded.session, "url": address}])
        page = new.new_page()
        # Not until the network is idle: the page goes on to check the record.
        page.goto(address, wait_until="load", timeout=0)
        return float(page.evaluate(_LARGEST_PAINT)) / 1000


@contextlib.contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    """The application on a loopback port; yields its address. Its background tasks do not run, so
    that the generated folder does not change.
    """
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning"))
    with socket.create_server((HOST, PORT)) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield URL
        finally:
            server.should_exit = True
            thread.join()


def read_page(seeded: SeededPages, path: str) -> None:
    """Read a page, which must exist."""
    response = seeded.page(path)
    assert response.status_code == httpx.codes.OK, response.text


@contextlib.contextmanager
def seeded_pages(segments: int) -> Iterator[SeededPages]:
    """The pages of a generated marketplace, for the client of its first contract."""
    folder = seeded_folder(segments)
    config = Config(folder, NAME, URL)
    with lock(folder), open_services(config, lambda: LAST_S * 1000) as services:
        app = create_app(config, services)
        set_services(app, services)
        session = _session(services)
        with _requests(app, session) as page, _requests(_empty_app(), None) as empty:
            ctr, slot = _first_contract(services)
            yield SeededPages(page, lambda: empty("/"), app, session, ctr, slot)


def seeded_folder(segments: int) -> Path:
    """The generated data folder with so many segments; kept for later runs."""
    folder = _BUILD / f"{migrate.HEAD}-{segments}"
    if not (folder / "marketplace.sqlite").exists():
        options = SeedOptions.create(
            name=NAME, contracts=CONTRACTS, days=DAYS, segments=segments, last_day=LAST_DAY,
            random_seed=1,
        )  # fmt: skip
        generate(folder, options, lambda *_: None)
    return folder


def _first_contract(services: Services) -> tuple[str, int]:
    """The first contract and a slot of its day."""
    table, segment = schema.contract, schema.segment
    begin = int(dt.datetime.fromisoformat(f"{DAY}T00:00+00:00").timestamp())
    with services.store.read() as connection:
        ctr = connection.execute(
            select(table.c.ctr).order_by(table.c.created_s).limit(1)
        ).scalar_one()
        of_day = select(func.min(segment.c.slot)).where(segment.c.ctr == ctr)
        slot = connection.execute(of_day.where(segment.c.slot >= begin)).scalar_one()
    return str(ctr), int(slot)


def _session(services: Services) -> str:
    invitation = services.contracts.invite()
    assert invitation is not None
    token = services.sign_in.consume(invitation.client)
    assert token is not None
    return token


def _empty_app() -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get("/", response_class=HTMLResponse)
    def empty() -> str:
        return "<!doctype html><title>Empty</title>"

    return app


@contextlib.contextmanager
def _requests(app: FastAPI, token: str | None) -> Iterator[Callable[[str], httpx.Response]]:
    """Requests to an application in this process, without a socket."""
    runner = asyncio.Runner()
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=URL,
        cookies={"wd_session": token} if token else None,
    )
    with runner:
        yield lambda path: runner.run(client.get(path, headers={"Accept": "text/html"}))
        runner.run(client.aclose())
