"""The addresses of the pages: sign-in, home, devices, day, cell, pictures, files, errors in style.

Rules kept: opening a sign-in link uses nothing up, its button does; what changes something is
accepted from our own pages only; who may see what is decided by `queries`, not here.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from diary.core.display import isolated
from marketplace.accounts.user_agents import agent_of
from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import (
    clear_session,
    require_account,
    services_of,
    session_account,
    session_token,
    set_session,
)
from marketplace.pages import devices, sessions, views
from marketplace.pages.day_layout import day_rows, strips
from marketplace.pages.formatting import Formatter
from marketplace.pages.render import PageAction, day_url, page, static_files
from marketplace.pages.summaries import failing_sentences, message_for, totals_shown
from marketplace.pages.time_zone import remember, zone_choice

_LIVE_MS = 20_000
_LIVE_LEAST_MS = 2_000
_PROGRAMS = re.compile(r"/(v1|log|oauth|\.well-known|healthz|readyz|metrics|openapi\.json)(/|$)")


def router() -> APIRouter:
    """All routes of the pages; include it in the application once."""
    routes = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
    routes.get("/signin/{code}")(signin)
    routes.post("/signin/{code}")(signin_used)
    routes.get("/signin")(signin_missing)
    routes.post("/signout")(signout)
    routes.get("/")(home)
    routes.get("/devices")(devices.listed)
    routes.get("/views")(views.listed)
    routes.get("/devices/{kid}/stop")(devices.stop)
    routes.post("/devices/{kid}/stop")(devices.stopped)
    routes.get("/sessions")(sessions.listed)
    routes.post("/sessions/end")(sessions.ended)
    routes.get("/contracts/{ctr}")(latest_day)
    routes.get("/contracts/{ctr}/days/today")(today)
    routes.get("/contracts/{ctr}/days/{date}")(day)
    routes.get("/contracts/{ctr}/cells/{slot}")(cell)
    routes.get("/pictures/{segment}/{index}")(picture)
    routes.get("/thumbs/{segment}/{index}")(thumb)
    routes.get("/static/{name}")(static)
    return routes


def wants_page(request: Request) -> bool:
    """Whether a problem on this request is shown to a person: a browser, outside the API."""
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not _PROGRAMS.match(request.url.path)


def problem_page(request: Request, problem: ProblemError) -> Response:
    """The problem as a page: what happened, what is safe, one thing to do."""
    # While the marketplace itself is in trouble, its page must not need the database.
    account = session_account(request) if problem.status < 500 else None
    message = message_for(problem, signed_in=account is not None)
    response = page(
        request,
        "message.html",
        status=problem.status,
        account=account.name if account else None,
        heading=message.heading,
        lines=message.lines,
        action=message.action,
    )
    response.headers.update(problem.headers or {})
    return response


def signin(request: Request, code: str) -> Response:
    """The page with one button. A preview of the link gets no further than this."""
    account = services_of(request).signin.peek(code)
    if account is None:
        return problem_page(request, ProblemError("link_unknown"))
    return page(
        request,
        "message.html",
        account=None,
        heading=tr("Sign in to Workdiary"),
        lines=[
            tr("You are signing in as %(name)s.") % {"name": isolated(account.name)},
            tr("This link works once. This computer then stays signed in for a week."),
        ],
        action=PageAction(tr("Sign in"), request.url.path, post=True),
    )


def signin_used(request: Request, code: str) -> Response:
    """Use the link up and go to the contracts."""
    require_same_origin(request)
    token = services_of(request).signin.consume(
        code, agent_of(request.headers.get("user-agent", ""))
    )
    if token is None:
        return problem_page(request, ProblemError("link_unknown"))
    response = RedirectResponse("/", 303)
    set_session(response, request, token)
    return response


def signin_missing(request: Request) -> Response:
    """Somebody came without a link."""
    if session_account(request):
        return RedirectResponse("/", 303)
    return problem_page(request, ProblemError("sign_in_needed"))


def signout(request: Request) -> Response:
    """End the session, here and in the browser."""
    require_same_origin(request)
    token = session_token(request)
    if token and (account := session_account(request)):
        services_of(request).throttle.hit("session", account.sub)
        services_of(request).signin.end(token)
    response = page(
        request,
        "message.html",
        account=None,
        heading=tr("You are signed out"),
        lines=[tr("Ask for a new link when you want to come back.")],
        action=None,
    )
    clear_session(response, request)
    return response


def home(request: Request) -> Response:
    """One row for each contract."""
    account = require_account(request)
    view = services_of(request).review.home(account)
    mine = zone_choice(request).mine or "UTC"
    return page(
        request,
        "home.html",
        account=account.name,
        view=view,
        now=view.now.astimezone(ZoneInfo(mine)),
        live_ms=_live_ms(request),
    )


def latest_day(request: Request, ctr: str) -> Response:
    """The last day with time, or today."""
    account = require_account(request)
    services_of(request).throttle.hit("day", account.sub)
    review = services_of(request).review
    zone = zone_choice(request).zone(lambda: review.person_zone(account, ctr))
    view = review.day(account, ctr, None, zone)
    return RedirectResponse(day_url(ctr, view.date), 303)


def today(request: Request, ctr: str) -> Response:
    """Today, in the zone that is shown."""
    account = require_account(request)
    deps = services_of(request)
    zone = zone_choice(request).zone(lambda: deps.review.person_zone(account, ctr))
    now = dt.datetime.fromtimestamp(deps.clock.wall_s(), zone)
    return RedirectResponse(day_url(ctr, now.date()), 303)


def day(request: Request, ctr: str, date: str) -> Response:
    """A day as rows of six cells."""
    account = require_account(request)
    services_of(request).throttle.hit("day", account.sub)
    review = services_of(request).review
    zone = zone_choice(request)
    tz = zone.zone(lambda: review.person_zone(account, ctr))
    view = review.day(account, ctr, _date(date), tz)
    now = view.now.astimezone(tz)
    words = Formatter()
    response = page(
        request,
        "day.html",
        account=account.name,
        view=view,
        today=now.date(),
        zone=zone,
        rows=day_rows(view.cells),
        totals=totals_shown(view.totals),
        sentences=failing_sentences(view.badge, words),
        live_ms=_live_ms(request) if view.date == now.date() else None,
    )
    remember(request, response)
    return response


def cell(request: Request, ctr: str, slot: str, part: str = "1") -> Response:
    """One slot in full; of many segments, one page."""
    account = require_account(request)
    deps = services_of(request)
    tz = zone_choice(request).zone(lambda: deps.review.person_zone(account, ctr))
    view = deps.review.slot(account, ctr, _number(slot), tz, max(1, _number(part)))
    return page(
        request,
        "cell.html",
        account=account.name,
        role=account.role,
        view=view,
        today=dt.datetime.fromtimestamp(deps.clock.wall_s(), tz).date(),
        strips=strips(view.rows),
        failing=any(finding.severity == "error" for finding in view.findings),
    )


def picture(request: Request, segment: str, index: str) -> Response:
    """A full picture; that it was viewed is recorded."""
    account = require_account(request)
    file = services_of(request).review.picture(account, segment, _number(index))
    return Response(file.data, media_type=file.mime)


def thumb(request: Request, segment: str, index: str) -> Response:
    """A small picture. The reader's own browser may keep it: the page shows it again and again."""
    account = require_account(request)
    file = services_of(request).review.thumb(account, segment, _number(index))
    headers = {"cache-control": "private, max-age=3600", "etag": f'"{file.sha256}"'}
    return Response(file.data, media_type=file.mime, headers=headers)


def static(name: str) -> Response:
    """A file of the pages. Its address holds its version, so it never changes."""
    file = static_files().get(name)
    if file is None:
        raise ProblemError("not_found", "There is no such file.")
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(file.data, media_type=file.mime, headers=headers)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ProblemError("not_found", "There is no such day.") from None


def _number(text: str) -> int:
    """A whole number in an address; anything else is an address that leads nowhere."""
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ProblemError("not_found", "There is no such page.")
    return int(text)


def _live_ms(request: Request) -> int:
    """How often an open page asks for news, in real ms; oftener where time runs faster."""
    return max(_LIVE_LEAST_MS, _LIVE_MS // services_of(request).clock.speed)
