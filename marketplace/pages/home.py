"""The home page: one row per contract."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from marketplace.http.sessions import require_account, services_of
from marketplace.pages.render import page, poll_interval_ms
from marketplace.pages.time_zone import zone_choice


def home(request: Request) -> Response:
    """The contracts of the signed-in account; times are in the browser's time zone."""
    account = require_account(request)
    view = services_of(request).review.home(account)
    browser_zone = zone_choice(request).mine or "UTC"
    return page(
        request,
        "home.html",
        account=account.name,
        view=view,
        now=view.now.astimezone(ZoneInfo(browser_zone)),
        live_ms=poll_interval_ms(request),
    )
