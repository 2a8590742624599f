"""Signing in by a one-time link or a password, the page of browser sessions, and signing out.

Opening a sign-in link does not use it up, since mail programs open links to preview them; the
button on its page does. Requests that change something are accepted from our own pages only. Only
the account's own sessions are listed and ended.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from diary.core.display import isolated
from diary.formats.encoding import digest
from marketplace.accounts.credentials import MAX_ADDRESS, normalised
from marketplace.accounts.user_agents import agent_of
from marketplace.core.client_address import address_of
from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.http.browser_security import require_same_origin
from marketplace.http.language import own_path
from marketplace.http.sessions import (
    clear_session,
    require_account,
    services_of,
    session_account,
    session_token,
    set_session,
    start_session,
)
from marketplace.pages.error_page import problem_page
from marketplace.pages.render import PageAction, page
from marketplace.pages.time_zone import zone_choice


def sign_in_page(request: Request, code: str) -> Response:
    """The page of a sign-in link, with the button that uses the link."""
    account = services_of(request).sign_in.peek(code)
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


def sign_in(request: Request, code: str) -> Response:
    """Use the link, start a session and redirect to the contracts."""
    require_same_origin(request)
    token = services_of(request).sign_in.consume(
        code, agent_of(request.headers.get("user-agent", "")), session_token(request)
    )
    if token is None:
        return problem_page(request, ProblemError("link_unknown"))
    response = RedirectResponse("/", 303)
    set_session(response, request, token)
    return response


def sign_in_form(request: Request) -> Response:
    """The page with e-mail address and password; redirect to the contracts with a session."""
    target = own_path(request.query_params.get("next", "/"))
    if session_account(request):
        return RedirectResponse(target, 303)
    return _sign_in_form(request, target)


def sign_in_with_password(
    request: Request,
    address: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    target: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Check the password and start a session.

    Attempts are limited for each account, known or not, and failures for each client address. A
    sign-in link works all the same.
    """
    require_same_origin(request)
    services = services_of(request)
    client = address_of(request.scope)
    services.throttle.check("address", client)
    services.throttle.hit("password", digest((normalised(address) or "").encode()))
    account = services.credentials.check(address, password)
    if account is None:
        services.throttle.hit("address", client)
        return _sign_in_form(request, own_path(target), address=address, status=401)
    response = RedirectResponse(own_path(target), 303)
    start_session(response, request, account.sub)
    return response


def _sign_in_form(
    request: Request, target: str, *, address: str = "", status: int = 200
) -> Response:
    return page(
        request,
        "sign_in.html",
        status=status,
        account=None,
        target=target,
        address=address[:MAX_ADDRESS],
        failed=status == 401,
        mail=services_of(request).mail.enabled,
        passkeys=services_of(request).passkeys.available,
        provider=services_of(request).oidc.name,
    )


def sign_out(request: Request) -> Response:
    """End the session in the database and in the browser."""
    require_same_origin(request)
    token = session_token(request)
    if token and (account := session_account(request)):
        services_of(request).throttle.hit("session", account.sub)
        services_of(request).sign_in.end(token)
    response = page(
        request,
        "message.html",
        account=None,
        heading=tr("You are signed out"),
        lines=[],
        action=PageAction(tr("Sign in"), "/signin"),
    )
    clear_session(response, request)
    return response


def sessions_page(request: Request) -> Response:
    """All sessions of the account, the current one first."""
    account = require_account(request)
    services = services_of(request)
    zone = ZoneInfo(zone_choice(request).mine or "UTC")
    # Sessions use real time, also in a demonstration.
    return page(
        request,
        "sessions.html",
        account=account.name,
        sessions=services.sign_in.sessions(account.sub, session_token(request) or ""),
        now=dt.datetime.fromtimestamp(services.clock.real_s(), zone),
        moment=lambda time_s: dt.datetime.fromtimestamp(time_s, zone),
    )


def end_sessions(request: Request) -> Response:
    """End all sessions of the account, including the current one."""
    require_same_origin(request)
    account = require_account(request)
    services_of(request).sign_in.end_all(account.sub)
    response = page(
        request,
        "message.html",
        account=None,
        heading=tr("You are signed out everywhere"),
        lines=[
            tr("All browsers were signed out. Sign-in links that you had not used no longer work."),
            tr("Your computers keep recording."),
        ],
        action=PageAction(tr("Sign in"), "/signin"),
    )
    clear_session(response, request)
    return response
