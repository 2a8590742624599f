"""Personal tokens for the JSON API: create, show once, revoke."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from diary.core.slots import to_datetime
from marketplace.accounts.api_tokens import LIFETIMES, MAX_NAME, SCOPES
from marketplace.accounts.model import Account
from marketplace.core.i18n import tr
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.render import page


def tokens_page(request: Request) -> Response:
    """The tokens of the account."""
    return _page(request, require_account(request))


def create_token(
    request: Request,
    name: Annotated[str, Form()] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[str, Form()] = "",
) -> Response:
    """Create a token and show it once."""
    require_same_origin(request)
    account = require_account(request)
    services = services_of(request)
    services.throttle.hit("invite", account.sub)
    lifetime = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
    secret = services.api_tokens.create(account, name, scope or (), lifetime)
    return _page(request, account, secret)


def revoke_token(request: Request, token: str) -> Response:
    """End a token."""
    require_same_origin(request)
    account = require_account(request)
    services_of(request).api_tokens.revoke(account, token)
    return RedirectResponse("/tokens", 303)


def scope_name(scope: str) -> str:
    """What a scope includes."""
    return {
        "totals": tr("Hours and money"),
        "memos": tr("Memos"),
        "webhooks": tr("Manage webhooks"),
    }[scope]


def _page(request: Request, account: Account, secret: str | None = None) -> Response:
    return page(
        request,
        "tokens.html",
        account=account.name,
        tokens=services_of(request).api_tokens.of(account),
        secret=secret,
        scopes=SCOPES,
        scope_name=scope_name,
        lifetimes=LIFETIMES,
        longest=MAX_NAME,
        date_of=lambda time_s: to_datetime(time_s, dt.UTC).date(),
    )
