"""The documentation of the API, and the files of pages: pictures, styles, scripts and icons."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from marketplace.core.problems import ProblemError
from marketplace.http.sessions import require_account, services_of, session_account
from marketplace.pages.render import page, path_number, static_files


def picture(request: Request, segment: str, index: str) -> Response:
    """A full picture; the view is recorded before the bytes are sent.

    The browser asks for each view, so that each is recorded, and may then show its own copy. The
    check in the browser reads that copy.
    """
    account = require_account(request)
    file = services_of(request).review.picture(account, segment, path_number(index))
    headers = {"cache-control": "private, no-cache", "etag": f'"{file.sha256}"'}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(file.data, media_type=file.mime, headers=headers)


def thumb(request: Request, segment: str, index: str) -> Response:
    """A thumbnail. The browser may cache it for an hour, since pages show it repeatedly."""
    account = require_account(request)
    file = services_of(request).review.thumb(account, segment, path_number(index))
    headers = {"cache-control": "private, max-age=3600", "etag": f'"{file.sha256}"'}
    return Response(file.data, media_type=file.mime, headers=headers)


def api_docs(request: Request) -> Response:
    """The API's documentation, from local files."""
    account = session_account(request)
    return page(request, "api_docs.html", account=account.name if account else None)


def static(name: str) -> Response:
    """A static file. Its address contains its version, so it is cached permanently."""
    file = static_files().get(name)
    if file is None:
        raise ProblemError("not_found", "There is no such file.")
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(file.data, media_type=file.mime, headers=headers)
