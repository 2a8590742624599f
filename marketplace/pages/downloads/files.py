"""Downloads of a contract's hours, for a week and for any period."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from marketplace.accounts.model import Account
from marketplace.exports.files import FORMATS, ExportFormat
from marketplace.exports.period import Period, day_period, week_period
from marketplace.http.sessions import require_account, services_of


def add_routes(routes: APIRouter) -> None:
    """Add an address for each format: of a week, and of a period."""
    for kind in FORMATS:
        routes.get(f"/contracts/{{ctr}}/weeks/{{week}}/{kind.name}")(_of_week(kind))
        routes.get(f"/contracts/{{ctr}}/periods/{{first}}/{{last}}/{kind.name}")(_of_period(kind))


def _of_week(kind: ExportFormat) -> Callable[[Request, str, str], Response]:
    def download(request: Request, ctr: str, week: str) -> Response:
        account = require_account(request)
        return _file(request, account, ctr, week_period(week), kind)

    return download


def _of_period(kind: ExportFormat) -> Callable[[Request, str, str, str], Response]:
    def download(request: Request, ctr: str, first: str, last: str) -> Response:
        account = require_account(request)
        return _file(request, account, ctr, day_period(first, last), kind)

    return download


def _file(
    request: Request, account: Account, ctr: str, period: Period, kind: ExportFormat
) -> Response:
    services = services_of(request)
    with services.throttle.export(account.sub):
        made = services.hours_exports.export(account, ctr, period, kind)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.data, media_type=made.media_type, headers=headers)
