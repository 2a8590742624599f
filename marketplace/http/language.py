"""The language of each request: the cookie's choice, else `Accept-Language`, else English.

Rules kept: the choice is accepted from our own pages only, and leads back to one of them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from babel import Locale
from fastapi import Form
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from marketplace.core.i18n import languages, negotiate, use_language
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import services_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

#: Holds one of `languages()`; other values are ignored.
LANGUAGE_COOKIE = "wd_language"
_YEAR_S = 365 * 86_400
#: A path of this site. Browsers read `//` and `/\\` at the start as the name of another host.
_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")


class LanguageMiddleware:
    """ASGI middleware: sets the language for the handlers of a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with use_language(_requested_language(scope)):
            await self._app(scope, receive, send)


def _requested_language(scope: Scope) -> str:
    chosen = HTTPConnection(scope).cookies.get(LANGUAGE_COOKIE)
    if chosen in languages():
        return chosen
    return negotiate(",".join(Headers(scope=scope).getlist("accept-language")))


@cache
def language_choices() -> tuple[tuple[str, str], ...]:
    """Each language (BCP 47) and its own name for itself."""
    return tuple((tag, _own_name(tag)) for tag in languages())


def _own_name(tag: str) -> str:
    name = Locale.parse(tag, sep="-").display_name or tag
    return name[:1].upper() + name[1:]


def return_path(request: Request) -> str:
    """The address of the page that a request shows; the response to a form has none."""
    if request.method != "GET":
        return "/"
    path = quote(request.url.path)
    return f"{path}?{request.url.query}" if request.url.query else path


def own_path(text: str) -> str:
    """The text if it is a path of this site; otherwise "/"."""
    return text if _OWN_PATH.fullmatch(text) else "/"


def choose_language(
    request: Request, language: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/"
) -> Response:
    """Store the choice in a cookie and return to the page; an unknown language changes nothing."""
    require_same_origin(request)
    response = RedirectResponse(own_path(back), 303)
    if language in languages():
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=_YEAR_S,
            httponly=True,
            samesite="lax",
            secure=services_of(request).config.secure,
        )
    return response
