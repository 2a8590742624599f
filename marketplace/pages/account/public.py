"""The public page of a freelancer, and its settings on the account page."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from diary.core.slots import to_datetime
from marketplace.core.client_address import address_of
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.render import page


def public_page(request: Request, slug: str) -> Response:
    """Verified hours and their period. Wrong addresses are limited for each client address."""
    services = services_of(request)
    with services.throttle.guess(address_of(request.scope)):
        hours = services.public_hours.read(slug)
    response = page(
        request,
        "public_hours.html",
        account=None,
        hours=hours,
        site=services.config.host,
        date_of=lambda time_s: to_datetime(time_s, dt.UTC).date(),
    )
    if not hours.listed:
        response.headers["x-robots-tag"] = "noindex"
    return response


def change_public_page(
    request: Request,
    show: Annotated[str, Form()] = "",
    slug: Annotated[str, Form()] = "",
    listed: Annotated[str, Form()] = "",
) -> Response:
    """Show the page, or without `show` hide it."""
    require_same_origin(request)
    account = require_account(request)
    hours = services_of(request).public_hours
    if show:
        hours.show(account, slug, listed=bool(listed))
    else:
        hours.hide(account)
    return RedirectResponse("/account#public", 303)
