"""Pages of the links by e-mail: ask for a new password, choose it, confirm an address.

Rules kept: the response to a request for a link does not depend on the address; opening a link
changes nothing, its button does. Without a mail server these addresses do not exist.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from diary.core.display import isolated
from diary.formats.encoding import digest
from marketplace.accounts.credentials import MAX_PASSWORD, MIN_PASSWORD, normalised
from marketplace.core.client_address import address_of
from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import services_of, start_session
from marketplace.pages.error_page import problem_page
from marketplace.pages.render import PageAction, page


def reset_form(request: Request) -> Response:
    """The page that asks for the address of the account."""
    _require_mail(request)
    return page(request, "ask_reset.html", account=None)


def ask_reset(request: Request, address: Annotated[str, Form()] = "") -> Response:
    """Queue the link if there is such an account; the response is always the same."""
    require_same_origin(request)
    _require_mail(request)
    services = services_of(request)
    services.throttle.hit("address", address_of(request.scope))
    services.throttle.hit("mail", digest((normalised(address) or "").encode()))
    services.recovery.request_reset(address)
    return page(
        request,
        "message.html",
        account=None,
        heading=tr("Look at your mail"),
        lines=[
            tr("If the address belongs to an account, a link for a new password is on its way."),
            tr("The link works once, for an hour."),
        ],
        action=None,
    )


def choose_form(request: Request, code: str) -> Response:
    """The page of a link, with the field for the new password."""
    account = services_of(request).recovery.peek(code)
    if account is None:
        return _link_unknown(request)
    return page(
        request,
        "choose_password.html",
        account=None,
        person=account.name,
        shortest=MIN_PASSWORD,
        longest=MAX_PASSWORD,
    )


def choose(request: Request, code: str, password: Annotated[str, Form()] = "") -> Response:
    """Use the link: store the password, end all sessions, and sign this browser in."""
    require_same_origin(request)
    sub = services_of(request).recovery.reset(code, password)
    if sub is None:
        return _link_unknown(request)
    response = RedirectResponse("/account?done=password", 303)
    start_session(response, request, sub)
    return response


def address_page(request: Request, code: str) -> Response:
    """The page of a link that confirms an address, with its button."""
    address = services_of(request).recovery.offered_address(code)
    if address is None:
        return _link_unknown(request)
    return page(
        request,
        "message.html",
        account=None,
        heading=tr("Confirm your e-mail address"),
        lines=[
            tr("The account then uses the address %(address)s.") % {"address": isolated(address)}
        ],
        action=PageAction(tr("Confirm the address"), request.url.path, post=True),
    )


def confirm_address(request: Request, code: str) -> Response:
    """Use the link."""
    require_same_origin(request)
    if not services_of(request).recovery.confirm_address(code):
        return _link_unknown(request)
    return RedirectResponse("/account?done=address", 303)


def _require_mail(request: Request) -> None:
    if not services_of(request).mail.enabled:
        raise ProblemError("not_found")


def _link_unknown(request: Request) -> Response:
    services_of(request).throttle.hit("failed", address_of(request.scope))
    return problem_page(request, ProblemError("link_unknown"))
