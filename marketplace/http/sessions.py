"""The session cookie, the account of a request, and the services of the application."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from marketplace.accounts.model import SESSION_S, Account
from marketplace.accounts.user_agents import agent_of
from marketplace.core.problems import ProblemError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from marketplace.core.config import Config
    from marketplace.http.services import Services


_COOKIE = "wd_session"


def set_services(app: Starlette, services: Services) -> None:
    """Attach the services to the application; routes read them with `services_of`."""
    app.state.services = services


def services_of_app(app: Starlette) -> Services:
    """The services of the application."""
    return cast("Services", app.state.services)


def services_of(request: Request) -> Services:
    """The services of the application that handles the request."""
    return services_of_app(request.app)


def cookie_name(config: Config) -> str:
    """The name of the session cookie.

    Browsers accept a `__Host-` name only from this host over TLS (RFC 6265bis, section 4.1.3.2).
    """
    return f"__Host-{_COOKIE}" if config.secure else _COOKIE


def session_token(request: Request) -> str | None:
    """The session token in the request's cookie, not verified."""
    return request.cookies.get(cookie_name(services_of(request).config))


def session_account(request: Request) -> Account | None:
    """The account of the session cookie, or None. Blocks on the database."""
    token = session_token(request)
    return services_of(request).sign_in.account(token) if token else None


def require_account(request: Request) -> Account:
    """Like `session_account`, and counts the request against the account's rate limit.

    Raises the problems `sign_in_needed` (401) without an account and `too_many` (429).
    """
    account = session_account(request)
    if account is None:
        raise ProblemError("sign_in_needed")
    services_of(request).throttle.hit("session", account.sub)
    return account


def start_session(response: Response, request: Request, sub: str) -> None:
    """Sign the browser in as an account that has just proved its identity.

    The token is new and the browser's former session ends, so that a planted cookie gains nothing.
    """
    agent = agent_of(request.headers.get("user-agent", ""))
    token = services_of(request).sign_in.begin(sub, agent, session_token(request))
    set_session(response, request, token)


def set_session(response: Response, request: Request, token: str) -> None:
    """Set the session cookie."""
    config = services_of(request).config
    response.set_cookie(
        cookie_name(config),
        token,
        max_age=SESSION_S,
        httponly=True,
        samesite="lax",
        secure=config.secure,
        path="/",
    )


def clear_session(response: Response, request: Request) -> None:
    """Delete the session cookie, and the pictures in the browser's cache."""
    response.headers["clear-site-data"] = '"cache"'
    config = services_of(request).config
    response.delete_cookie(
        cookie_name(config), path="/", httponly=True, samesite="lax", secure=config.secure
    )
