"""The page of browser sessions, and signing out everywhere.

Rules kept: only the account's own sessions are listed and ended; the button is accepted from our
own pages only.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from marketplace.core.i18n import tr
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import clear_session, require_account, services_of, session_token
from marketplace.pages.render import page
from marketplace.pages.time_zone import zone_choice


def sessions_page(request: Request) -> Response:
    """All sessions of the account, the current one first."""
    account = require_account(request)
    services = services_of(request)
    zone = ZoneInfo(zone_choice(request).mine or "UTC")
    # Sessions use real time, also in a demonstration.
    return page(
        request,
        "sessions.html",
        account=account.name,
        sessions=services.sign_in.sessions(account.sub, session_token(request) or ""),
        now=dt.datetime.fromtimestamp(services.clock.real_s(), zone),
        moment=lambda time_s: dt.datetime.fromtimestamp(time_s, zone),
    )


def end_sessions(request: Request) -> Response:
    """End all sessions of the account, including the current one."""
    require_same_origin(request)
    account = require_account(request)
    services_of(request).sign_in.end_all(account.sub)
    response = page(
        request,
        "message.html",
        account=None,
        heading=tr("You are signed out everywhere"),
        lines=[
            tr("All browsers were signed out. Sign-in links that you had not used no longer work."),
            tr("Your computers keep recording. Ask for a new link to sign in again."),
        ],
        action=None,
    )
    clear_session(response, request)
    return response
