"""The page of reports with its files, and private links to a report.

Rules kept: a private link shows totals and memos only, needs no sign-in, and asks search engines
and caches to keep nothing; forms are accepted from our own pages only.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from diary.core.slots import to_datetime
from marketplace.accounts.model import Account
from marketplace.core.client_address import address_of
from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.exports.period import Period, day_period
from marketplace.exports.report import Grouping, HoursReport, ReportQuery
from marketplace.exports.report_links import LIFETIMES
from marketplace.exports.report_pdf import GROUPINGS, amounts_text, notes, report_pdf
from marketplace.exports.tables import report_csv
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.error_page import problem_page
from marketplace.pages.render import page

#: The longest text of a search in memos, in characters.
MAX_MEMO = 200
#: A shared page is nobody's in a cache or a search engine.
_PRIVATE = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


def reports_page(
    request: Request, first: str = "", last: str = "", by: str = "", ctr: str = "", memo: str = ""
) -> Response:
    """The report of a period: by default of this month, by contract."""
    account = require_account(request)
    return _reports_page(request, account, _query(request, first, last, by, ctr, memo))


def report_file(
    request: Request,
    name: str,
    first: str = "",
    last: str = "",
    by: str = "",
    ctr: str = "",
    memo: str = "",
) -> Response:
    """A report as CSV or PDF."""
    account = require_account(request)
    if name not in ("report.csv", "report.pdf"):
        raise ProblemError("not_found")
    services = services_of(request)
    query = _query(request, first, last, by, ctr, memo)
    with services.throttle.export(account.sub):
        report = services.reports.make(account, query)
        if name == "report.csv":
            data, media_type = report_csv(report), "text/csv; charset=utf-8"
        else:
            data, media_type = report_pdf(report, services.clock.wall_s()), "application/pdf"
    file = f"workdiary-report-{query.period.name}.{name.rpartition('.')[2]}"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(data, media_type=media_type, headers=headers)


def create_link(
    request: Request,
    first: Annotated[str, Form()] = "",
    last: Annotated[str, Form()] = "",
    by: Annotated[str, Form()] = "",
    ctr: Annotated[str, Form()] = "",
    memo: Annotated[str, Form()] = "",
    days: Annotated[str, Form()] = "",
) -> Response:
    """Create a private link to a report and show it once."""
    require_same_origin(request)
    account = require_account(request)
    services = services_of(request)
    services.throttle.hit("invite", account.sub)
    query = _query(request, first, last, by, ctr, memo)
    services.reports.make(account, query)  # refuses what the account may not see
    lifetime = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
    secret = services.report_links.create(account, query, lifetime)
    return _reports_page(
        request, account, query, link=f"{services.config.base_url}/shared/{secret}"
    )


def revoke_link(request: Request, link: str) -> Response:
    """End a private link."""
    require_same_origin(request)
    account = require_account(request)
    services_of(request).report_links.revoke(account, link)
    return RedirectResponse("/reports", 303)


def shared_report(request: Request, secret: str) -> Response:
    """The report of a private link, for a reader without an account."""
    services = services_of(request)
    shared = services.report_links.open(secret)
    if shared is None:
        # Wrong secrets count against the address; a secret has 256 random bits.
        services.throttle.hit("failed", address_of(request.scope))
        response = problem_page(request, ProblemError("link_unknown"))
    else:
        services.throttle.hit("day", shared.author.sub)
        response = page(
            request,
            "shared_report.html",
            account=None,
            author=shared.author.name,
            until=to_datetime(shared.expires_s, dt.UTC).date(),
            **shown(services.reports.make(shared.author, shared.query)),
        )
    response.headers.update(_PRIVATE)
    return response


def _reports_page(
    request: Request, account: Account, query: ReportQuery, link: str | None = None
) -> Response:
    services = services_of(request)
    services.throttle.hit("day", account.sub)
    report, refusal = None, None
    try:
        report = services.reports.make(account, query)
    except ProblemError as error:
        if error.code != "invalid_request":
            raise
        refusal = tr("A report about memos covers at most 50 contracts. Choose one contract.")
        # The form needs the contracts.
        plain = ReportQuery(query.period, ctr=query.ctr)
        report = services.reports.make(account, plain)
    links = services.report_links.of(account)
    return page(
        request,
        "reports.html",
        account=account.name,
        groupings={name: tr(text) for name, text in GROUPINGS.items()},
        chosen=query,
        address=_address(query),
        refusal=refusal,
        link=link,
        links=links,
        weekly=account.role == "client",
        link_address=lambda each: f"/reports?{_address(each.query)}",
        lifetimes=LIFETIMES,
        longest=MAX_MEMO,
        date_of=lambda time_s: to_datetime(time_s, dt.UTC).date(),
        **shown(report),
    )


def shown(report: HoursReport) -> dict[str, Any]:
    """The values of the template `report_table.html`."""
    return {
        "report": report,
        "period": report.query.period,
        "heading": tr(GROUPINGS[report.query.by]),
        "amounts_text": amounts_text,
        "notes": notes(report),
    }


def _address(query: ReportQuery) -> str:
    fields = {
        "first": query.period.first.isoformat(),
        "last": query.period.last.isoformat(),
        "by": query.by,
    }
    if query.ctr:
        fields["ctr"] = query.ctr
    if query.memo:
        fields["memo"] = query.memo
    return urlencode(fields)


def _query(request: Request, first: str, last: str, by: str, ctr: str, memo: str) -> ReportQuery:
    today = to_datetime(services_of(request).clock.wall_s(), dt.UTC).date()
    period = Period(today.replace(day=1), today)
    if first or last:
        period = day_period(first or last, last or first)
    groupings: dict[str, Grouping] = {name: name for name in GROUPINGS}
    if len(memo) > MAX_MEMO:
        raise ProblemError("invalid_request", f"Search for at most {MAX_MEMO} characters.")
    return ReportQuery(period, groupings.get(by, "contract"), ctr or None, memo.strip())
