"""The browser side of sign-in: the session cookie, who asks, and the headers of every answer.

Rules kept: the cookie is HttpOnly, SameSite=Lax, and over TLS Secure with a name that no other host
can set; what changes something is accepted from our own pages only (Fetch metadata, or Origin
where a browser sends none); nothing is cached by default; pages load from their own origin only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.core.problems import ProblemError
from marketplace.http.sessions import services_of

if TYPE_CHECKING:
    from starlette.requests import Request


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


def require_same_origin(request: Request) -> None:
    """Raise `cross_site` (403) unless a form of our own pages sent this request.

    A browser tells by `Sec-Fetch-Site`; one that does not, by `Origin`. A request with neither is
    refused: no browser posts a form without both.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        same = site == "same-origin"
    else:
        same = request.headers.get("origin") == services_of(request).config.base_url
    if not same:
        raise ProblemError("cross_site")
