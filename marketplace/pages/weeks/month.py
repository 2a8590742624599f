"""The month page: a calendar of days whose shades show the worked time."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from diary.core.slots import to_datetime
from marketplace.core.i18n import tr, trn
from marketplace.core.week_names import month_of_name, name_of_week
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.formatting import Formatter
from marketplace.pages.render import month_url, page
from marketplace.pages.weeks.week import ledger_parts, week_url
from marketplace.review.months.month_view import MonthDay

#: The longest times of the shades, in hours; a longer time has the darkest one.
SHADES_H = (2, 4, 6, 8)


def current_month(request: Request, ctr: str) -> Response:
    """Redirect to the month (UTC) that is under way."""
    require_account(request)
    today = to_datetime(services_of(request).clock.wall_s(), dt.UTC).date()
    return RedirectResponse(month_url(ctr, today), 303)


def month(request: Request, ctr: str, month: str) -> Response:
    """A month: the totals of its days and weeks, and the days with exceptions."""
    account = require_account(request)
    services = services_of(request)
    services.throttle.hit("day", account.sub)
    view = services.months.month(account, ctr, month_of_name(month))
    return page(
        request,
        "month.html",
        account=account.name,
        view=view,
        ledger=ledger_parts(view.totals),
        shade=shade,
        shades_h=SHADES_H,
        day_text=day_text,
        week_url=week_url,
        week_name=name_of_week,
        previous=month_url(ctr, view.previous) if view.previous else None,
        next=month_url(ctr, view.next) if view.next else None,
    )


def shade(worked_s: int) -> int:
    """The shade of a worked time, from 0 (none) to 5 (more than the last of `SHADES_H`)."""
    return 1 + bisect_left([3_600 * hours for hours in SHADES_H], worked_s) if worked_s else 0


def day_text(day: MonthDay) -> str:
    """A day in words: its date, times and exceptions."""
    formatter = Formatter()
    texts = [formatter.date(day.date, day.date)]
    if day.worked_s:
        texts.append(tr("%(time)s worked") % {"time": formatter.duration(day.worked_s)})
        texts.append(tr("%(time)s payable") % {"time": formatter.duration(day.totals.payable)})
    if day.exceptions:
        texts.append(
            trn("%(count)s exception", "%(count)s exceptions", day.exceptions)
            % {"count": day.exceptions}
        )
    return ", ".join(texts)
