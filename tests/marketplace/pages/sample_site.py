"""A marketplace that shows the sample day of `samples`, served over HTTP on loopback."""

# ruff: noqa: ARG002 - the signatures are those of the real marketplace

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import uvicorn
from fastapi import FastAPI
from PIL import Image, ImageDraw
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from diary.core.slots import SLOT
from marketplace.accounts.model import Account
from marketplace.core.problems import ProblemError
from marketplace.core.rate_limit import Throttle
from marketplace.http.browser_security import SECURITY_HEADERS
from marketplace.http.language import LanguageMiddleware
from marketplace.http.services import Services
from marketplace.http.sessions import set_services
from marketplace.pages.error_page import problem_page
from marketplace.pages.routes import router
from marketplace.review.home import HomeQuery
from marketplace.review.view_models import (
    ContractFacts,
    DayView,
    HomeView,
    PictureFile,
    SlotDetail,
    TotalsView,
)
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.pages import samples
from tests.marketplace.pages.sample_month import SampleMonths
from tests.marketplace.pages.sample_week import SampleWeeks


@cache
def drawn(slot: int, width: int, height: int) -> bytes:
    """A picture like an editor, a document or a table."""
    rng = random.Random(slot)
    kind = slot // SLOT % 3
    paper = ("#1F2430", "#F3F4F6", "#FFFFFF")[kind]
    image = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(image)
    unit = height // 30
    if kind == 0:
        draw.rectangle((0, 0, width // 7, height), fill="#171B24")
        for line in range(1, 29):
            x = width // 6 + unit * rng.randint(0, 4)
            for _ in range(rng.randint(1, 6)):
                length = unit * rng.randint(1, 5)
                color = rng.choice(["#7AA2D6", "#C59AB6", "#96BC84", "#9AA2B1", "#D3B37A"])
                draw.rounded_rectangle(
                    (x, line * unit, x + length, line * unit + unit // 2), 4, color
                )
                x += length + unit // 2
    elif kind == 1:
        draw.rectangle((0, 0, width, unit * 3), fill="#DDE2EA")
        draw.rectangle((width // 10, unit * 6, width // 2, unit * 7), fill="#3A4150")
        for line in range(9, 22, 2):
            end = width * 6 // 10 - rng.randint(0, width // 6)
            draw.rectangle((width // 10, line * unit, end, line * unit + unit // 2), fill="#A9B0BC")
        draw.rectangle((width * 7 // 10, unit * 6, width * 9 // 10, unit * 18), fill="#CFE3D8")
    else:
        draw.rectangle((0, 0, width, unit * 3), fill="#2F6B4C")
        for line in range(4, 30, 2):
            for column in range(6):
                x = column * width // 6 + unit
                end = x + unit * rng.randint(2, 5)
                draw.rectangle((x, line * unit, end, line * unit + unit // 3), fill="#A9B0BC")
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


class SampleReview:
    """Returns the sample day. `shown` and `detail` may be changed between two requests."""

    def __init__(self) -> None:
        self.shown = samples.day()
        self.detail: SlotDetail | None = None
        self.home_view: HomeView | None = None
        self.weeks = SampleWeeks()
        self.months = SampleMonths()

    def home(self, account: Account, query: HomeQuery | None = None) -> HomeView:
        return self.home_view or samples.home(account.role)

    def person_zone(self, account: Account, ctr: str) -> ZoneInfo:
        return samples.BOGOTA

    def day(self, account: Account, ctr: str, date: dt.date | None, tz: ZoneInfo) -> DayView:
        if ctr != samples.CTR:
            raise ProblemError("not_found", "There is no such contract.")
        if date is None or date == samples.DAY:
            return replace(self.shown, tz=tz.key)
        none = TotalsView(0, 0, 0, 0, 0, 0, 0, 0, 67_200, 108_000)
        return replace(samples.day((), totals=none), date=date, next=samples.DAY)

    def slot(
        self, account: Account, ctr: str, slot: int, tz: ZoneInfo, page: int = 1
    ) -> SlotDetail:
        if ctr != samples.CTR:
            raise ProblemError("not_found", "There is no such contract.")
        return self.detail or samples.slot_detail(slot)

    def contract_facts(self, account: Account, ctr: str, at: int) -> ContractFacts:
        return ContractFacts(samples.BOGOTA.key, 180)

    def picture(self, account: Account, segment: str, index: int) -> PictureFile:
        return PictureFile(drawn(int(segment.strip("x")), 1920, 1080), "image/webp", samples.HASH)

    def thumb(self, account: Account, segment: str, index: int) -> PictureFile:
        return PictureFile(drawn(int(segment.strip("x")), 320, 180), "image/webp", segment)


class SampleSignIn:
    """Two people; a session's token is their role, and so is a link's code, until it is used."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.ended: set[str] = set()

    def peek(self, code: str) -> Account | None:
        return None if code in self.used else self.account(code)

    def consume(self, code: str, agent: str = "", former: str | None = None) -> str | None:
        if self.peek(code) is None:
            return None
        self.used.add(code)
        return code

    def account(self, token: str) -> Account | None:
        people = {"client": samples.CLIENT, "freelancer": samples.FREELANCER}
        return None if token in self.ended else people.get(token)

    def end(self, token: str) -> None:
        self.ended.add(token)


@dataclass(frozen=True)
class SampleSite:
    """The running marketplace: its address and its data."""

    url: str
    review: SampleReview
    signin: SampleSignIn
    app: FastAPI


def sample_app(*, speed: int | None = None) -> tuple[FastAPI, SampleReview, SampleSignIn]:
    """The pages over the sample day; `speed` makes it a demo."""
    review, signin = SampleReview(), SampleSignIn()
    app = FastAPI()
    services = SimpleNamespace(
        review=review,
        weeks=review.weeks,
        months=review.months,
        sign_in=signin,
        picture_views=SimpleNamespace(listed=lambda account, wanted, limit: []),
        throttle=Throttle(),
        config=SimpleNamespace(speed=speed, base_url="http://127.0.0.1", secure=False),
        clock=SimpleNamespace(speed=speed or 1, wall_s=lambda: int(samples.NOW.timestamp())),
    )
    set_services(app, cast("Services", services))
    app.include_router(router())
    app.add_middleware(LanguageMiddleware)
    # The sample day has no record behind it: the page then reports that nothing was checked.
    nothing = Response(b"", media_type="application/zip")
    app.get("/v1/bundles/{ctr}/{week}")(lambda ctr, week: nothing)

    async def problem(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            error = ProblemError("not_found", error.detail, status=error.status_code)
        assert isinstance(error, ProblemError)
        return problem_page(request, error)

    app.add_exception_handler(ProblemError, problem)
    app.add_exception_handler(HTTPException, problem)

    @app.middleware("http")
    async def headers(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers[name] = value
        return response

    return app, review, signin


@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve `app` on a free loopback port; yields the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_for(lambda: server.started, what="the server to listen")
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


@contextlib.contextmanager
def sample_site(*, speed: int | None = None) -> Iterator[SampleSite]:
    """The sample day on a real server."""
    app, review, signin = sample_app(speed=speed)
    with serving(app) as url:
        yield SampleSite(url, review, signin, app)
