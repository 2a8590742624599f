"""Compress pages, static files and records for a check (gzip).

Compression can leak a secret: an attacker who repeats a request with a guess in its address, and
sees the length of the encrypted response, learns whether the guess occurs in the page (BREACH,
CVE-2013-3587). Rule kept: a response with personal data is compressed only if our own page or the
person made the request (Fetch metadata), so no other site can repeat it with its guesses. Responses
with codes or tokens, and all other responses of the API, are never compressed.

The compressed bytes differ from the uncompressed ones, so the ETags of these responses are weak.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipResponder
from starlette.types import ASGIApp, Receive, Scope, Send

_STATIC = "/static/"
_BUNDLES = "/v1/bundles/"
#: Their pages contain one-time codes.
_NEVER = (
    "/signin", "/join/", "/reset/", "/address/", "/company", "/oauth/", "/v1/", "/log/", "/admin/",
)  # fmt: skip
#: Requests of our own pages, and addresses that the person typed or opened from a bookmark.
_OWN_REQUESTS = ("same-origin", "none")
_NO_PAGES = ("application/*", "audio/*", "font/*", "image/*", "video/*", "text/event-stream")
_LEAST_BYTES = 1_000
#: Level 9 takes three times as long for 1 % less.
_LEVEL = 5


class CompressionMiddleware:
    """Compresses the responses that the module describes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        excluded = _excluded_types(scope) if scope["type"] == "http" else None
        if excluded is None:
            await self._app(scope, receive, send)
            return
        responder = GZipResponder(
            self._app, _LEAST_BYTES, compresslevel=_LEVEL, exclude_content_types=excluded
        )
        await responder(scope, receive, send)


def _excluded_types(scope: Scope) -> tuple[str, ...] | None:
    """The media types that are sent as they are; None if the response must not be compressed."""
    headers = Headers(scope=scope)
    path = scope["path"]
    if scope["method"] != "GET" or "gzip" not in headers.get("accept-encoding", ""):
        return None
    if path.startswith(_STATIC):
        return ()
    if headers.get("sec-fetch-site") not in _OWN_REQUESTS:
        return None
    if path.startswith(_BUNDLES):
        plain = parse_qs(scope["query_string"].decode("latin-1")).get("plain")
        return () if plain == ["1"] else None
    return None if path.startswith(_NEVER) else _NO_PAGES
