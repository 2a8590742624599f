"""The page about an account: its address, password and passkeys.

Rules kept: a change of how a person signs in needs the present password, or a sign-in of the last
ten minutes, so that an unattended browser is not enough; a new password ends all other sessions.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts.credentials import MAX_ADDRESS, MAX_PASSWORD, MIN_PASSWORD
from marketplace.accounts.model import Account
from marketplace.core.problems import ProblemError
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import (
    require_account,
    services_of,
    session_token,
    start_session,
)
from marketplace.pages.render import page
from marketplace.pages.time_zone import zone_choice


def account_page(request: Request) -> Response:
    """Name, address, password, and links to sessions and computers."""
    account = require_account(request)
    services = services_of(request)
    zone = ZoneInfo(zone_choice(request).mine or "UTC")
    return page(
        request,
        "account.html",
        account=account.name,
        role=account.role,
        known=services.credentials.of(account.sub),
        recent=services.sign_in.is_recent(session_token(request) or ""),
        passkeys=services.passkeys.of(account.sub) if services.passkeys.available else None,
        now=dt.datetime.fromtimestamp(services.clock.real_s(), zone),
        moment=lambda time_s: dt.datetime.fromtimestamp(time_s, zone),
        provider=services.oidc.name,
        linked=services.oidc.name is not None and services.oidc.is_linked(account.sub),
        public=services.public_hours.of(account.sub),
        site=services.config.base_url,
        done=request.query_params.get("done", ""),
        shortest=MIN_PASSWORD,
        longest=MAX_PASSWORD,
        longest_address=MAX_ADDRESS,
    )


def change_password(
    request: Request,
    password: Annotated[str, Form()] = "",
    present: Annotated[str, Form()] = "",
) -> Response:
    """Store a new password, end the other sessions, and give this one a new token."""
    require_same_origin(request)
    account = require_account(request)
    require_proof(request, account, present)
    services = services_of(request)
    services.credentials.set_password(account.sub, password)
    services.sign_in.end_all(account.sub, but=session_token(request))
    response = RedirectResponse("/account?done=password", 303)
    start_session(response, request, account.sub)
    return response


def change_address(
    request: Request,
    address: Annotated[str, Form()] = "",
    present: Annotated[str, Form()] = "",
) -> Response:
    """Store a new e-mail address, or send a link to it that confirms it."""
    require_same_origin(request)
    account = require_account(request)
    require_proof(request, account, present)
    services = services_of(request)
    if not services.mail.enabled:
        services.credentials.set_address(account.sub, address)
        return RedirectResponse("/account?done=address", 303)
    services.throttle.hit("mail", account.sub)
    services.recovery.request_address(account, address)
    return RedirectResponse("/account?done=link", 303)


def require_proof(request: Request, account: Account, present: str) -> None:
    """Raise `sign_in_again` without a recent sign-in and without the present password."""
    services = services_of(request)
    if services.sign_in.is_recent(session_token(request) or ""):
        return
    services.throttle.hit("password", account.sub)
    if not present or not services.credentials.matches(account.sub, present):
        raise ProblemError("sign_in_again")
