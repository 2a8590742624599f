"""The forms of the review actions on the week page.

Rules kept: forms are accepted from our own pages only; an action names the exception or the week as
it was shown, and is refused if that has changed.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts.model import Account
from marketplace.core.problems import ProblemError
from marketplace.core.week_names import week_of_name
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.render import path_number, slot_url
from marketplace.pages.weeks.week import read_week, week_url
from marketplace.review.week_view import ExceptionView, WeekView

_Text = Annotated[str, Form(max_length=8_000)]
_Id = Annotated[str, Form(max_length=60)]


def approve(request: Request, ctr: str, iso: str, version: _Id = "") -> Response:
    """Approve the week as it was shown."""
    account, view = _shown(request, ctr, iso)
    if version != view.version:
        raise ProblemError("week_changed")
    services_of(request).decisions.approve(account, ctr, view.week, view.segments)
    return _back(view, "approved")


def allow(request: Request, ctr: str, iso: str, exception: _Id = "", page: _Id = "") -> Response:
    """Pay the time of an exception that is over the limit."""
    account, view = _shown(request, ctr, iso)
    found = _exception(view, exception)
    services_of(request).decisions.allow(account, ctr, view.week, found.segments)
    return _back(view, _after(view, found), page)


def settle(request: Request, ctr: str, iso: str, exception: _Id = "", page: _Id = "") -> Response:
    """Accept an exception, or settle the question of one."""
    account, view = _shown(request, ctr, iso)
    found = _exception(view, exception)
    decisions = services_of(request).decisions
    if found.thread is not None:
        decisions.resolve(account, ctr, found.thread.digest)
    else:
        decisions.settle(account, ctr, view.week, found.segments)
    return _back(view, _after(view, found), page)


def ask(
    request: Request,
    ctr: str,
    iso: str,
    text: _Text = "",
    exception: _Id = "",
    slot: _Id = "",
    page: _Id = "",
) -> Response:
    """Ask about an exception, a slot, or the whole week."""
    account, view = _shown(request, ctr, iso)
    names = _subject(request, view, exception, slot)
    services_of(request).decisions.ask(account, ctr, view.week, names, text)
    return _back(view, exception or "history", page)


def dispute(
    request: Request, ctr: str, iso: str, text: _Text = "", exception: _Id = ""
) -> Response:
    """Open a dispute about an exception or the whole week."""
    account, view = _shown(request, ctr, iso)
    names = _subject(request, view, exception, "")
    services_of(request).decisions.dispute(account, ctr, view.week, names, text)
    return _back(view, exception or "history")


def comment(request: Request, ctr: str, iso: str, text: _Text = "", slot: _Id = "") -> Response:
    """Comment on a slot."""
    account, view = _shown(request, ctr, iso, decides=False)
    names = services_of(request).weeks.segments_of_slot(ctr, path_number(slot))
    services_of(request).decisions.comment(account, ctr, view.week, names, text)
    return _back(view, page=slot)


def label(request: Request, ctr: str, iso: str, text: _Text = "", slot: _Id = "") -> Response:
    """Label a slot."""
    account, view = _shown(request, ctr, iso, decides=False)
    names = services_of(request).weeks.segments_of_slot(ctr, path_number(slot))
    services_of(request).decisions.label(account, ctr, view.week, names, text)
    return _back(view, page=slot)


def reply(
    request: Request, ctr: str, iso: str, thread: _Id = "", text: _Text = "", page: _Id = ""
) -> Response:
    """Answer a question or dispute."""
    account, view = _shown(request, ctr, iso, decides=False)
    services_of(request).decisions.reply(account, ctr, thread, text)
    ids = [each.id for each in view.exceptions if each.thread and each.thread.digest == thread]
    return _back(view, ids[0] if ids else "history", page)


def resolve(request: Request, ctr: str, iso: str, thread: _Id = "", page: _Id = "") -> Response:
    """Settle a question or dispute; possible after the review too."""
    account, view = _shown(request, ctr, iso)
    services_of(request).decisions.resolve(account, ctr, thread)
    return _back(view, "exceptions", page)


def _shown(
    request: Request, ctr: str, iso: str, *, decides: bool = True
) -> tuple[Account, WeekView]:
    """The week as the account sees it; with `decides`, the account must be able to decide."""
    require_same_origin(request)
    account = require_account(request)
    services_of(request).throttle.hit("day", account.sub)
    view = read_week(request, account, ctr, week_of_name(iso))
    if decides and view.role not in ("owner", "manager"):
        raise ProblemError("role_forbidden")
    return account, view


def _exception(view: WeekView, name: str) -> ExceptionView:
    """The exception that was shown. Raises `week_changed` if it is no longer the same."""
    for each in view.exceptions:
        if each.id == name:
            return each
    raise ProblemError("week_changed")


def _subject(request: Request, view: WeekView, exception: str, slot: str) -> tuple[str, ...]:
    """The segments that a question or dispute is about."""
    if exception:
        return _exception(view, exception).segments
    if slot:
        return services_of(request).weeks.segments_of_slot(view.ctr, path_number(slot))
    return view.segments


def _after(view: WeekView, found: ExceptionView) -> str:
    """The element that gets the focus after an exception: the next open one, else the heading."""
    later = [each for each in view.open_exceptions if each.number > found.number]
    others = [each for each in later or view.open_exceptions if each != found]
    return others[0].id if others else "exceptions"


def _back(view: WeekView, focus: str = "exceptions", page: str = "") -> Response:
    """Return to the week and the element `focus`, or to the slot `page` that sent the form."""
    if page:
        return RedirectResponse(f"{slot_url(view.ctr, path_number(page))}#review", 303)
    return RedirectResponse(f"{week_url(view.ctr, view.week)}#{quote(focus, safe='')}", 303)
