"""The freelancer's page of devices, and the stopping of one that is lost.

Rules kept: a device is stopped in two steps, a page that says what it means and a button on it;
the button is accepted from our own pages only. Whose devices they are decides who sees them:
anybody else is told that there is no such page.
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

#: Stands in the log, where anybody can read it: it names nobody.
REASON = "stopped by its owner"


def listed(request: Request) -> Response:
    """All devices, the newest first."""
    account = _freelancer(request)
    deps = services_of(request)
    zone = ZoneInfo(zone_choice(request).mine or "UTC")
    states = deps.devices.of(account.sub)
    return page(
        request,
        "devices.html",
        account=account.name,
        devices=states[::-1],
        first=states[0].kid if states else "",
        now=dt.datetime.fromtimestamp(deps.clock.wall_s(), zone),
        moment=lambda time_s: dt.datetime.fromtimestamp(time_s, zone),
    )


def stop(request: Request, kid: str) -> Response:
    """What it means to stop a device, and the button that does it."""
    account = _freelancer(request)
    device = _own(request, account, kid)
    if device.revoked_s is not None:
        return RedirectResponse("/devices", 303)
    return page(request, "stop.html", account=account.name, device=device)


def stopped(request: Request, kid: str, browsers: Annotated[str, Form()] = "") -> Response:
    """Stop a device for good; with `browsers`, end the person's sessions in other browsers too."""
    require_same_origin(request)
    account = _freelancer(request)
    services_of(request).devices.revoke(_own(request, account, kid).kid, REASON)
    if browsers:
        services_of(request).signin.end_all(account.sub, but=session_token(request))
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
