"""Security headers of all responses, and the check of the origin of forms.

Rules kept: requests that change something are accepted from our own pages only (Fetch metadata, or
Origin from browsers without it); pages load resources from their own origin only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.core.problems import ProblemError
from marketplace.http.sessions import services_of

if TYPE_CHECKING:
    from starlette.requests import Request


SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    # With `no-referrer`, browsers would send `Origin: null` even from our own forms.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


def require_same_origin(request: Request) -> None:
    """Raise `cross_site` (403) unless a form of our own pages sent this request.

    `Sec-Fetch-Site` decides, or `Origin` without it. A request with neither header is refused:
    browsers send at least one of them with a form.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        same = site == "same-origin"
    else:
        same = request.headers.get("origin") == services_of(request).config.base_url
    if not same:
        raise ProblemError("cross_site")
