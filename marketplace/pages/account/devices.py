"""The freelancer's page of devices, and stopping a lost device.

Rules kept: stopping takes two steps, a page with the consequences and its button; the button is
accepted from our own pages only; only the owner sees a device, other accounts get `not_found`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts.model import Account
from marketplace.core.problems import ProblemError
from marketplace.devices.registry import DeviceState
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import require_account, services_of, session_token
from marketplace.pages.render import page
from marketplace.pages.time_zone import zone_choice

#: Published in the log, so it names no person.
REASON = "stopped by its owner"


def devices_page(request: Request) -> Response:
    """All devices, newest first."""
    account = _freelancer(request)
    services = services_of(request)
    zone = ZoneInfo(zone_choice(request).mine or "UTC")
    states = services.devices.of(account.sub)
    return page(
        request,
        "devices.html",
        account=account.name,
        devices=states[::-1],
        first=states[0].kid if states else "",
        now=dt.datetime.fromtimestamp(services.clock.wall_s(), zone),
        moment=lambda time_s: dt.datetime.fromtimestamp(time_s, zone),
    )


def stop_page(request: Request, kid: str) -> Response:
    """The consequences of stopping a device, with the button."""
    account = _freelancer(request)
    device = _own(request, account, kid)
    if device.revoked_s is not None:
        return RedirectResponse("/devices", 303)
    return page(request, "stop.html", account=account.name, device=device)


def stop_device(request: Request, kid: str, browsers: Annotated[str, Form()] = "") -> Response:
    """Stop a device permanently; with `browsers`, end the person's other browser sessions."""
    require_same_origin(request)
    account = _freelancer(request)
    services_of(request).devices.revoke(_own(request, account, kid).kid, REASON)
    if browsers:
        services_of(request).sign_in.end_all(account.sub, but=session_token(request))
    return RedirectResponse("/devices", 303)


def _freelancer(request: Request) -> Account:
    account = require_account(request)
    if account.role != "freelancer":
        raise ProblemError("not_found")
    return account


def _own(request: Request, account: Account, kid: str) -> DeviceState:
    for device in services_of(request).devices.of(account.sub):
        if device.kid == kid:
            return device
    raise ProblemError("not_found")
