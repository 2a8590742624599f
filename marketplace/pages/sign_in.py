"""Signing in by a one-time link, and signing out.

Opening a sign-in link does not use it up, since mail programs open links to preview them; the
button on its page does. Requests that change something are accepted from our own pages only.
"""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from diary.core.display import isolated
from marketplace.accounts.user_agents import agent_of
from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import (
    clear_session,
    services_of,
    session_account,
    session_token,
    set_session,
)
from marketplace.pages.error_page import problem_page
from marketplace.pages.render import PageAction, page


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
        code, agent_of(request.headers.get("user-agent", ""))
    )
    if token is None:
        return problem_page(request, ProblemError("link_unknown"))
    response = RedirectResponse("/", 303)
    set_session(response, request, token)
    return response


def sign_in_without_link(request: Request) -> Response:
    """Explain that a link is needed; redirect to the contracts with a session."""
    if session_account(request):
        return RedirectResponse("/", 303)
    return problem_page(request, ProblemError("sign_in_needed"))


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
        lines=[tr("To sign in again, ask for a new link.")],
        action=None,
    )
    clear_session(response, request)
    return response
