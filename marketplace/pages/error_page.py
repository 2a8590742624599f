"""Problems as pages, for a person at a browser.

Each page states what happened and what is safe, and offers one action.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from marketplace.core.i18n import mark, tr
from marketplace.core.problems import ProblemError
from marketplace.http.sessions import session_account
from marketplace.pages.render import PageAction, page

_PROGRAMS = re.compile(
    r"/(v1|log|oauth/token|\.well-known|healthz|readyz|metrics|openapi\.json)(/|$)"
)

_ACCOUNT_FAULTS = {
    "password_length": mark("A password has at least 12 and at most 256 characters."),
    "address_invalid": mark("This is not an e-mail address."),
    "address_taken": mark("This address belongs to another account."),
}

#: Heading, sentence and action.
_WEEK_FAULTS = {
    "week_changed": (
        mark("This week has changed"),
        mark("It changed since you opened it, so nothing was decided."),
        mark("Look at it again"),
    ),
    "week_open": (
        mark("This week is not locked yet"),
        mark("Nothing was changed. The week can be approved after it locks."),
        mark("Back to the week"),
    ),
    "review_ended": (
        mark("The review of this week has ended"),
        mark("Nothing was changed. Questions can still be answered and settled."),
        mark("Back to the week"),
    ),
}

_PROVIDER_FAULTS = {
    "oidc_failed": mark("Start it again on the sign-in page of this site."),
    "oidc_unlinked": mark(
        "No account here is linked to it. Sign in another way, then link it on the page of your "
        "account."
    ),
    "oidc_taken": mark("It is linked to another account."),
    "oidc_unavailable": mark("The provider cannot be reached. Sign in another way."),
}


@dataclass(frozen=True)
class StatusMessage:
    """A page with a heading, lines of text and at most one action."""

    heading: str
    lines: tuple[str, ...]
    action: PageAction | None


def wants_page(request: Request) -> bool:
    """Whether a problem on this request is shown to a person: a browser, outside the API."""
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not _PROGRAMS.match(request.url.path)


def problem_page(request: Request, problem: ProblemError) -> Response:
    """The problem as an HTML response with its status and headers."""
    # On a server error the database may be unavailable, so the page does not use it.
    account = session_account(request) if problem.status < 500 else None
    if problem.code in _WEEK_FAULTS:
        message = _week_message(request, problem)
    else:
        message = message_for(problem, signed_in=account is not None)
    response = page(
        request,
        "message.html",
        status=problem.status,
        account=account.name if account else None,
        heading=message.heading,
        lines=message.lines,
        action=message.action,
    )
    response.headers.update(problem.headers or {})
    return response


def _week_message(request: Request, problem: ProblemError) -> StatusMessage:
    """The message for a refused decision about a week, with a link to the week."""
    heading, line, label = _WEEK_FAULTS[problem.code]
    ctr, iso = (str(request.path_params.get(name, "")) for name in ("ctr", "iso"))
    week = f"/contracts/{quote(ctr, safe='')}/weeks/{quote(iso, safe='')}" if ctr and iso else "/"
    return StatusMessage(tr(heading), (tr(line),), PageAction(tr(label), week))


def message_for(problem: ProblemError, *, signed_in: bool) -> StatusMessage:
    """The message for a problem, by its code, otherwise by its status."""
    home = PageAction(tr("Go to the contracts"), "/") if signed_in else None
    if problem.code == "link_unknown":
        return StatusMessage(
            tr("This link no longer works"),
            (
                tr(
                    "A link works once and for a limited time. This one was already used, has "
                    "expired, or is incomplete."
                ),
                tr("Nothing is lost. Ask the person who sent it for a new one."),
            ),
            home,
        )
    if problem.code == "authorization_unknown":
        return StatusMessage(
            tr("This sign-in cannot continue"),
            (
                tr("Its address is incomplete, or another program made it. Nothing was changed."),
                tr("In Workdiary on your computer, press “Sign in with your browser” again."),
            ),
            home,
        )
    if problem.code == "picture_changed":
        return StatusMessage(
            tr("This picture is not the one that was signed"),
            (
                tr(
                    "The stored picture differs from the one in the signed record, so it is not "
                    "shown."
                ),
                tr("The time and the rest of the record have not changed."),
            ),
            home,
        )
    if about_account := _account_message(problem, home):
        return about_account
    if problem.status == 401:
        return StatusMessage(
            tr("You are signed out"),
            (tr("Nothing is lost. Sign in with your password, or open a sign-in link."),),
            PageAction(tr("Sign in"), "/signin"),
        )
    if problem.status == 403:
        return StatusMessage(
            tr("Nothing was changed"),
            (
                tr("The request came from another site, so it was refused."),
                tr("Open the page here and try again."),
            ),
            home,
        )
    if problem.status in (404, 405, 422):
        return StatusMessage(
            tr("Page not found"),
            (tr("The address is wrong, or it belongs to a contract that you have no access to."),),
            home or PageAction(tr("Sign in"), "/signin"),
        )
    if problem.status == 429:
        return StatusMessage(
            tr("Too many requests"),
            (
                tr("You opened more pages than this site serves to one person in a minute."),
                tr("Nothing was changed. Wait a minute, then try again."),
            ),
            home,
        )
    return StatusMessage(
        tr("Something went wrong"),
        (
            tr("The marketplace could not answer. Recorded time is safe."),
            tr("Try again in a minute."),
        ),
        home,
    )


def _account_message(problem: ProblemError, home: PageAction | None) -> StatusMessage | None:
    """The message for a problem with accounts, roles and sign-in; None for other problems."""
    if problem.code == "role_forbidden":
        return StatusMessage(
            tr("This page is not part of your role"),
            (
                tr("Your role in this company includes hours and money. Nothing was changed."),
                tr("An owner of the company can give you another role."),
            ),
            home,
        )
    if problem.code == "sign_in_again":
        return StatusMessage(
            tr("Sign in again first"),
            (
                tr("You signed in some time ago. Nothing was changed."),
                tr("Sign out and in again, or enter your present password, then change it."),
            ),
            PageAction(tr("Back"), "/account"),
        )
    if problem.code in _PROVIDER_FAULTS:
        return StatusMessage(
            tr("The sign-in at the provider did not succeed"),
            (tr(_PROVIDER_FAULTS[problem.code]), tr("Nothing was changed.")),
            home or PageAction(tr("Sign in"), "/signin"),
        )
    if problem.code in _ACCOUNT_FAULTS:
        return StatusMessage(
            tr("Nothing was changed"),
            (tr(_ACCOUNT_FAULTS[problem.code]),),
            PageAction(tr("Back"), "/account"),
        )
    if problem.code == "last_owner":
        return StatusMessage(
            tr("Nothing was changed"),
            (tr("The contracts name this account, so it always stays an owner."),),
            home,
        )
    return None
