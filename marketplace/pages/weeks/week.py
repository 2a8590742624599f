"""The week page: ledger, exceptions, strips of the days, and the forms of the review actions."""

from __future__ import annotations

from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from diary.core.slots import WEEK, week_of
from diary.verification.credit import Totals
from marketplace.accounts.model import Account
from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.core.week_names import name_of_week, week_of_name
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.formatting import Formatter
from marketplace.pages.render import page, poll_interval_ms
from marketplace.pages.time_zone import remember, zone_choice
from marketplace.pages.weeks.layout import week_strips
from marketplace.review.decisions import MAX_TEXT
from marketplace.review.week_view import WeekView

_KINDS = {
    "failed": lambda: tr("Did not pass its checks"),
    "over-limit": lambda: tr("Over the limit"),
    "manual": lambda: tr("Manual time"),
    "kept": lambda: tr("Idle time kept"),
    "no-picture": lambda: tr("No picture"),
    "overlap": lambda: tr("Overlapping time"),
    "deleted": lambda: tr("Deleted by the freelancer"),
}
_ENTRIES = {
    "approve": lambda: tr("approved the week"),
    "allow": lambda: tr("allowed time over the limit"),
    "resolve": lambda: tr("settled"),
    "question": lambda: tr("asked"),
    "answer": lambda: tr("answered"),
    "comment": lambda: tr("commented"),
    "dispute": lambda: tr("opened a dispute"),
    "label": lambda: tr("labelled"),
}


def current_week(request: Request, ctr: str) -> Response:
    """Redirect to the week (UTC) that is under way."""
    require_account(request)
    return RedirectResponse(week_url(ctr, week_of(services_of(request).clock.wall_s())), 303)


def week(request: Request, ctr: str, iso: str) -> Response:
    """A week: what its client pays, the exceptions, and the days."""
    account = require_account(request)
    services_of(request).throttle.hit("day", account.sub)
    begin = week_of_name(iso)
    view = read_week(request, account, ctr, begin)
    response = page(
        request,
        "week.html",
        account=account.name,
        viewer=account.sub,
        view=view,
        zone=zone_choice(request),
        strips=week_strips(view.days),
        ledger=ledger_parts(view.ledger.totals),
        approve=approve_label(view),
        kind_text=exception_text,
        entry_text=entry_text,
        max_text=MAX_TEXT,
        iso=name_of_week(begin),
        previous=week_url(ctr, begin - WEEK) if view.previous else None,
        next=week_url(ctr, begin + WEEK) if view.next else None,
        live_ms=poll_interval_ms(request) if view.state == "open" else None,
    )
    remember(request, response)
    return response


def read_week(request: Request, account: Account, ctr: str, begin: int) -> WeekView:
    """The week as the account may see it, in the chosen time zone."""
    services = services_of(request)

    def person() -> ZoneInfo:
        try:
            return services.review.person_zone(account, ctr)
        except ProblemError as error:
            if error.code == "role_forbidden":
                return ZoneInfo("UTC")
            raise

    tz = zone_choice(request).zone(person)
    return services.weeks.week(account, ctr, begin, tz)


def exception_text(kind: str, *, answered: bool = False) -> str:
    """The name of a kind of exception."""
    if kind == "question":
        return tr("Question answered") if answered else tr("Question not answered yet")
    return _KINDS[kind]()


def entry_text(kind: str) -> str:
    """What the author of a review entry did."""
    return _ENTRIES[kind]()


def week_url(ctr: str, begin: int) -> str:
    """The address of the week that begins at `begin` (Unix s)."""
    return f"/contracts/{quote(ctr, safe='')}/weeks/{name_of_week(begin)}"


def ledger_parts(totals: Totals) -> list[tuple[str, str, int]]:
    """Sign, label and seconds of the parts of the equation of totals; the first three always,
    others where they are not zero.
    """
    always = [
        ("", tr("tracked"), totals.tracked),
        ("+", tr("idle time kept"), totals.kept),
        ("+", tr("manual"), totals.manual),
    ]
    cuts = [
        ("−", tr("deleted"), totals.given_back),
        ("−", tr("overlapping"), totals.overlap),
        ("−", tr("unpaid"), totals.unpaid),
        ("−", tr("over the limit"), totals.over_limit),
    ]
    return always + [part for part in cuts if part[2]]


def approve_label(view: WeekView) -> str:
    """The text of the button that approves a week: what it approves."""
    formatter = Formatter()
    hours = formatter.hours(view.ledger.totals.payable)
    rate, amount = view.ledger.rate, view.ledger.amount_minor
    if rate is None or amount is None:
        return tr("Approve %(hours)s") % {"hours": hours}
    money = formatter.money(amount, rate.currency)
    return tr("Approve %(hours)s, %(amount)s") % {"hours": hours, "amount": money}
