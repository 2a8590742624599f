"""The authorization endpoint (RFC 6749 section 3.1): a freelancer lets a computer join.

Rules kept: opening the page changes nothing; its buttons are accepted from our own pages only, and
no other page may frame it; the response goes to a loopback address only, and names this
marketplace (RFC 9207), so that the program detects a response of another one.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.devices.authorization import (
    AuthorizationError,
    AuthorizationRequest,
    UnknownClientError,
    read_request,
    response_url,
)
from marketplace.http.browser_security import SECURITY_HEADERS, require_same_origin
from marketplace.http.language import return_path
from marketplace.http.sessions import require_account, services_of, session_account
from marketplace.pages.render import PageAction, page

_POLICY = "content-security-policy"


def authorize_page(request: Request) -> Response:
    """Name the computer and the account, with the buttons to sign in and to cancel."""
    account = session_account(request)
    if account is not None:
        services_of(request).throttle.hit("session", account.sub)
    try:
        wanted = _read(request)
    except AuthorizationError as error:
        return _error_response(request, error)
    if account is None:
        return page(
            request,
            "message.html",
            status=401,
            account=None,
            heading=tr("Sign in to this site first"),
            lines=[
                tr("You are signed out in this browser, so Workdiary cannot join for you yet."),
                tr("Continue with your password, or open your sign-in link in this browser first."),
            ],
            action=PageAction(
                tr("Continue"), f"/signin?next={quote(return_path(request), safe='')}"
            ),
        )
    if account.role != "freelancer":
        return page(
            request,
            "message.html",
            status=403,
            account=account.name,
            heading=tr("Workdiary records a freelancer’s work"),
            lines=[
                tr("You are signed in as a client, so there is nothing to record."),
                tr("To record your own work, sign in with your link as a freelancer."),
            ],
            action=PageAction(tr("Go to the contracts"), "/"),
        )
    response = page(
        request,
        "authorize.html",
        account=account.name,
        device=wanted.device_name,
        marketplace=services_of(request).config.host,
        action=return_path(request),
    )
    # Chromium applies `form-action` to the redirect that follows a form as well.
    response.headers[_POLICY] = SECURITY_HEADERS[_POLICY].replace(
        "form-action 'self'", f"form-action 'self' {_form_target(wanted)}"
    )
    return response


def authorize(request: Request, decision: Annotated[str, Form()] = "") -> Response:
    """Redirect to the program with a code, or with `access_denied`."""
    require_same_origin(request)
    account = require_account(request)
    try:
        wanted = _read(request)
    except AuthorizationError as error:
        return _error_response(request, error)
    if account.role != "freelancer":
        raise ProblemError("not_found")
    if decision != "allow":
        return _error_response(
            request, AuthorizationError("access_denied", wanted.redirect_uri, wanted.state)
        )
    services = services_of(request)
    code = services.authorizations.issue(account.sub, wanted)
    return RedirectResponse(
        response_url(wanted.redirect_uri, services.config.base_url, wanted.state, code=code), 303
    )


def _read(request: Request) -> AuthorizationRequest:
    try:
        return read_request(request.query_params.multi_items())
    except UnknownClientError as error:
        raise ProblemError("authorization_unknown") from error


def _error_response(request: Request, error: AuthorizationError) -> Response:
    issuer = services_of(request).config.base_url
    return RedirectResponse(
        response_url(error.redirect_uri, issuer, error.state, error=error.error), 303
    )


def _form_target(wanted: AuthorizationRequest) -> str:
    """The source of the redirect address. A policy cannot name an IPv6 address (CSP level 3)."""
    return "http:" if "[" in wanted.redirect_origin else wanted.redirect_origin
