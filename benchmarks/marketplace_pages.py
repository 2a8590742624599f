"""The server's time for the client's pages, among 1,000 contracts and a year of work, beside an
empty page of the same framework, and its growth with the number of segments.

The folders are generated once (`workdiary-marketplace seed`) and kept in `build/bench`. The
environment variable `WORKDIARY_BENCH_SEGMENTS` lists their numbers of segments.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from benchmarks.measure import Figure, compare
from marketplace.app import create_app
from marketplace.composition import lock, open_services
from marketplace.core.config import Config
from marketplace.http.services import Services
from marketplace.http.sessions import set_services
from marketplace.seed.generate import generate
from marketplace.seed.plan import SeedOptions
from marketplace.storage import migrate, schema

NAME, URL = "workdiary.localhost", "http://127.0.0.1:8000"
CONTRACTS, DAYS = 1_000, 365
#: A Sunday, so that the week of the pages is a whole one of 40 hours.
LAST_DAY = dt.date(2026, 11, 29)
DAY, WEEK = "2026-11-25", "2026-W48"
_BUILD = Path(__file__).resolve().parents[1] / "build" / "bench"


@dataclass(frozen=True)
class SeededPages:
    """Requests to a generated marketplace: `page(path)` reads a page, `empty()` an empty one."""

    page: Callable[[str], httpx.Response]
    empty: Callable[[], httpx.Response]
    ctr: str
    slot: int

    @property
    def paths(self) -> dict[str, str]:
        """The pages by name."""
        contract = f"/contracts/{self.ctr}"
        return {
            "home": "/",
            "week": f"{contract}/weeks/{WEEK}",
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
        for name, path in seeded.paths.items():
            if seeded.page(path).status_code == httpx.codes.NOT_FOUND:
                continue
            taken = compare(partial(_read, seeded, path), seeded.empty)
            what = f"40-hour week, {CONTRACTS:,} contracts, {segments:,} segments"
            found.append(Figure(f"{name} page", what, *taken, "an empty page", None))
        return found


def _read(seeded: SeededPages, path: str) -> None:
    response = seeded.page(path)
    assert response.status_code == httpx.codes.OK, response.text


@contextlib.contextmanager
def seeded_pages(segments: int) -> Iterator[SeededPages]:
    """The pages of a generated marketplace, for the client of its first contract."""
    folder = _folder(segments)
    end_s = int(dt.datetime.combine(LAST_DAY, dt.time(23, 59), dt.UTC).timestamp())
    config = Config(folder, NAME, URL)
    with lock(folder), open_services(config, lambda: end_s * 1000) as services:
        app = create_app(config, services)
        set_services(app, services)
        with _requests(app, _session(services)) as page, _requests(_empty_app(), None) as empty:
            ctr, slot = _first_contract(services)
            yield SeededPages(page, lambda: empty("/"), ctr, slot)


def _folder(segments: int) -> Path:
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
