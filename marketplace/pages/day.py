"""The day page: the slots of a day, its totals and its checks."""

from __future__ import annotations

import datetime as dt

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.day_layout import day_rows
from marketplace.pages.formatting import Formatter
from marketplace.pages.render import day_url, one_per_code, page, poll_interval_ms
from marketplace.pages.time_zone import remember, zone_choice
from marketplace.review.view_models import Badge, TotalsView


def latest_day(request: Request, ctr: str) -> Response:
    """Redirect to the last day with time, or to today."""
    account = require_account(request)
    services_of(request).throttle.hit("day", account.sub)
    review = services_of(request).review
    zone = zone_choice(request).zone(lambda: review.person_zone(account, ctr))
    view = review.day(account, ctr, None, zone)
    return RedirectResponse(day_url(ctr, view.date), 303)


def today(request: Request, ctr: str) -> Response:
    """Redirect to today in the displayed time zone."""
    account = require_account(request)
    services = services_of(request)
    zone = zone_choice(request).zone(lambda: services.review.person_zone(account, ctr))
    now = dt.datetime.fromtimestamp(services.clock.wall_s(), zone)
    return RedirectResponse(day_url(ctr, now.date()), 303)


def day(request: Request, ctr: str, date: str) -> Response:
    """A day as rows of six slots."""
    account = require_account(request)
    services_of(request).throttle.hit("day", account.sub)
    review = services_of(request).review
    zone = zone_choice(request)
    tz = zone.zone(lambda: review.person_zone(account, ctr))
    view = review.day(account, ctr, _date(date), tz)
    now = view.now.astimezone(tz)
    response = page(
        request,
        "day.html",
        account=account.name,
        viewer=account.sub,
        role=account.role,
        view=view,
        today=now.date(),
        zone=zone,
        rows=day_rows(view.slots),
        totals=totals_shown(view.totals),
        sentences=failing_sentences(view.badge),
        live_ms=poll_interval_ms(request) if view.date == now.date() else None,
    )
    remember(request, response)
    return response


def totals_shown(totals: TotalsView) -> tuple[tuple[str, int], ...]:
    """Labels and seconds of a day's totals: four always, the others where they are not zero."""
    always = (
        (tr("payable"), totals.payable_s),
        (tr("tracked"), totals.tracked_s),
        (tr("idle time kept"), totals.kept_s),
        (tr("deleted by the freelancer"), totals.given_back_s),
    )
    sometimes = (
        (tr("manual"), totals.manual_s),
        (tr("over the limit"), totals.over_limit_s),
        (tr("overlapping, not paid twice"), totals.overlap_s),
        (tr("not payable"), totals.unpaid_s),
    )
    return always + tuple(item for item in sometimes if item[1])


def failing_sentences(badge: Badge) -> tuple[str, ...]:
    """One sentence per failed check, with the time of its slot and the finding's code."""
    formatter = Formatter()
    about_slots = (
        tr("The slot at %(time)s did not pass its checks. %(why)s (%(code)s).")
        % {
            "time": formatter.time(slot.start),
            "why": _clause(finding.text),
            "code": finding.code,
        }
        for slot in badge.failing
        for finding in one_per_code(slot.findings)
    )
    about_all = (
        tr("A check of the whole diary did not pass. %(why)s (%(code)s).")
        % {"why": _clause(finding.text), "code": finding.code}
        for finding in badge.general
    )
    return (*about_all, *about_slots)


def _clause(sentence: str) -> str:
    """The sentence without its full stop."""
    return sentence.strip().rstrip(".")


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ProblemError("not_found", "There is no such day.") from None
