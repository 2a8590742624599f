"""The session cookie: who sent a request, and how a session begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from marketplace.accounts.model import SESSION_S, Account
from marketplace.core.problems import ProblemError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from marketplace.core.config import Config
    from marketplace.http.services import Services


_COOKIE = "wd_session"


def services_of(request: Request) -> Services:
    """What the application was made with."""
    return cast("Services", request.app.state.deps)


def cookie_name(config: Config) -> str:
    """The name of the session cookie.

    Browsers take a name with `__Host-` only from this very host, over TLS (RFC 6265bis, 4.1.3.2).
    """
    return f"__Host-{_COOKIE}" if config.secure else _COOKIE


def session_token(request: Request) -> str | None:
    """What the browser has sent as its session's token."""
    return request.cookies.get(cookie_name(services_of(request).config))


def session_account(request: Request) -> Account | None:
    """The account of the session cookie, or None. Reads the database: call it from a thread."""
    token = session_token(request)
    return services_of(request).signin.account(token) if token else None


def require_account(request: Request) -> Account:
    """Like `session_account`, and counted for that account.

    Raises the problems `sign_in_needed` (401) for nobody, `too_many` (429).
    """
    account = session_account(request)
    if account is None:
        raise ProblemError("sign_in_needed")
    services_of(request).throttle.hit("session", account.sub)
    return account


def set_session(response: Response, request: Request, token: str) -> None:
    """Give the browser its session."""
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
    """Take the browser's session away."""
    config = services_of(request).config
    response.delete_cookie(
        cookie_name(config), path="/", httponly=True, samesite="lax", secure=config.secure
    )
