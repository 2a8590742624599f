"""The browser side of sign-in: the session cookie, who asks, and the headers of every answer.

Rules kept: the cookie is HttpOnly, SameSite=Lax, and over TLS Secure with a name that no other host
can set; what changes something is accepted from our own pages only (Fetch metadata, or Origin
where a browser sends none); nothing is cached by default; pages load from their own origin only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from marketplace.problems import ProblemError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from marketplace.config import Config
    from marketplace.deps import Deps

_COOKIE = "wd_session"
SESSION_S = 7 * 86_400

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    # `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` even from our
    # own forms, and the check below could not tell them from foreign ones.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True)
class Account:
    """A person who signed in. `sub` is the random name under which the protocol knows them."""

    sub: str
    name: str
    role: Literal["freelancer", "client"]


def deps_of(request: Request) -> Deps:
    """What the application was made with."""
    return cast("Deps", request.app.state.deps)


def cookie_name(config: Config) -> str:
    """The name of the session cookie.

    Browsers take a name with `__Host-` only from this very host, over TLS (RFC 6265bis, 4.1.3.2).
    """
    return f"__Host-{_COOKIE}" if config.secure else _COOKIE


def session_token(request: Request) -> str | None:
    """What the browser has sent as its session's token."""
    return request.cookies.get(cookie_name(deps_of(request).config))


def session_account(request: Request) -> Account | None:
    """The account of the session cookie, or None. Reads the database: call it from a thread."""
    token = session_token(request)
    return deps_of(request).signin.account(token) if token else None


def require_account(request: Request) -> Account:
    """Like `session_account`, and counted for that account.

    Raises the problems `sign_in_needed` (401) for nobody, `too_many` (429).
    """
    account = session_account(request)
    if account is None:
        raise ProblemError(
            401, "sign_in_needed", "You are signed out. Ask for a new link to sign in again."
        )
    deps_of(request).throttle.hit("session", account.sub)
    return account


def set_session(response: Response, request: Request, token: str) -> None:
    """Give the browser its session."""
    config = deps_of(request).config
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
    config = deps_of(request).config
    response.delete_cookie(
        cookie_name(config), path="/", httponly=True, samesite="lax", secure=config.secure
    )


def require_same_origin(request: Request) -> None:
    """Raise `cross_site` (403) unless a form of our own pages sent this request.

    A browser tells by `Sec-Fetch-Site`; one that does not, by `Origin`. A request with neither is
    refused: no browser posts a form without both.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        same = site == "same-origin"
    else:
        same = request.headers.get("origin") == deps_of(request).config.base_url
    if not same:
        raise ProblemError(
            403, "cross_site", "This came from another site and was not carried out."
        )
