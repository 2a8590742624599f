"""The home page: one row per contract in a week; and the approval of all weeks without exceptions.

Rules kept: a group of weeks is approved only after its list was shown, and a week that changed
since then is left out; forms are accepted from our own pages only.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, cast, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from diary.core.slots import WEEK, week_of
from marketplace.core.i18n import tr, trn
from marketplace.core.week_names import name_of_week, week_of_name
from marketplace.http.browser_security import require_same_origin
from marketplace.http.language import own_path
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.formatting import Formatter
from marketplace.pages.render import page, path_number, poll_interval_ms
from marketplace.pages.time_zone import zone_choice
from marketplace.pages.weeks.week import exception_text, week_url
from marketplace.review.home import MAX_SEARCH, Filter, HomeQuery, Sort
from marketplace.review.view_models import HomeRow

#: Weeks that one form approves at most.
_AT_ONCE = 200


def home(
    request: Request,
    week: str = "",
    q: str = "",
    show: str = "all",
    sort: str = "exceptions",
    number: Annotated[str, Query(alias="page")] = "1",
) -> Response:
    """The contracts of the signed-in account; times are in the browser's time zone."""
    account = require_account(request)
    query = HomeQuery(
        week=week_of_name(week) if week else None,
        search=q.strip()[:MAX_SEARCH],
        show=cast("Filter", show) if show in get_args(Filter) else "all",
        sort=cast("Sort", sort) if sort in get_args(Sort) else "exceptions",
        page=max(1, path_number(number)),
    )
    services = services_of(request)
    view = services.review.home(account, query)
    browser_zone = zone_choice(request).mine or "UTC"
    iso = name_of_week(view.week)

    def link(**changes: object) -> str:
        """The address of the same page with changed parameters."""
        values = {"week": iso, "q": query.search, "show": query.show, "sort": query.sort}
        return "/?" + urlencode({name: v for name, v in {**values, **changes}.items() if v})

    this = week_of(services.clock.wall_s())
    return page(
        request,
        "home.html",
        account=account.name,
        view=view,
        query=query,
        now=view.now.astimezone(ZoneInfo(browser_zone)),
        live_ms=poll_interval_ms(request),
        iso=iso,
        monday=dt.datetime.fromtimestamp(view.week, dt.UTC).date(),
        previous=name_of_week(max(0, view.week - WEEK)),
        next=name_of_week(view.week + WEEK) if view.week < this else None,
        link=link,
        week_url=week_url,
        kind_text=exception_text,
        filters=_filters(),
        sorts=_sorts(),
    )


def approve_page(request: Request, week: str = "") -> Response:
    """The weeks without exceptions that the account can approve, with the button."""
    account = require_account(request)
    services_of(request).throttle.hit("day", account.sub)
    begin = week_of_name(week)
    view = services_of(request).review.home(account, HomeQuery(week=begin))
    rows = view.approvable[:_AT_ONCE]
    return page(
        request,
        "approve.html",
        account=account.name,
        rows=rows,
        more=len(view.approvable) > len(rows),
        week=begin,
        iso=name_of_week(begin),
        monday=dt.datetime.fromtimestamp(begin, dt.UTC).date(),
        week_url=week_url,
        label=_label(rows),
    )


def approve(
    request: Request,
    week: Annotated[str, Form(max_length=10)] = "",
    shown: Annotated[list[str] | None, Form(max_length=_AT_ONCE)] = None,
    back: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Approve the listed weeks. A week that differs from what was shown is left out.

    With `back`, the address of a home page, return to the row of the week that one of its buttons
    approves, or, if that week has changed, lead to the week.
    """
    require_same_origin(request)
    account = require_account(request)
    services = services_of(request)
    services.throttle.hit("day", account.sub)
    begin = week_of_name(week)
    view = services.review.home(account, HomeQuery(week=begin))
    listed = set(shown or ())
    approved = [row.ctr for row in view.approvable if row.version in listed]
    for ctr in approved:
        names = services.weeks.segments_of_week(ctr, begin)
        services.decisions.approve(account, ctr, begin, names)
    if back and len(listed) == 1:
        ctr = listed.pop().partition(" ")[0]
        if ctr not in approved:
            return RedirectResponse(f"{week_url(ctr, begin)}#exceptions", 303)
        return RedirectResponse(f"{own_path(back)}#ctr-{ctr}", 303)
    return RedirectResponse(f"/?week={name_of_week(begin)}", 303)


def _label(rows: tuple[HomeRow, ...]) -> str:
    """The text of the button: what it approves."""
    formatter = Formatter()
    count = len(rows)
    text = trn("Approve %(count)d week", "Approve %(count)d weeks", count) % {"count": count}
    sums: dict[str, int] = {}
    for row in rows:
        if row.rate is not None:
            sums[row.rate.currency] = sums.get(row.rate.currency, 0) + (row.amount_minor or 0)
    amounts = [formatter.money(amount, currency) for currency, amount in sorted(sums.items())]
    return ", ".join([text, *amounts])


def _filters() -> tuple[tuple[str, str], ...]:
    return (
        ("all", tr("All")),
        ("review", tr("To review")),
        ("exceptions", tr("With exceptions")),
        ("recording", tr("Recording now")),
        ("over", tr("Over the limit")),
    )


def _sorts() -> tuple[tuple[str, str], ...]:
    return (
        ("exceptions", tr("Sort: exceptions first")),
        ("person", tr("Sort: by person")),
        ("contract", tr("Sort: by contract")),
        ("time", tr("Sort: most time first")),
        ("amount", tr("Sort: highest amount first")),
    )
