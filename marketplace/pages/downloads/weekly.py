"""The page of the recipients of weekly reports, and the pages of the links in their messages.

Rules kept: opening a link changes nothing, its button does; unsubscribing needs the code of the
message only, neither a sign-in nor a form of our own pages, since mail programs send it (RFC 8058);
the pages of links ask search engines and caches to keep nothing.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from diary.core.display import isolated
from diary.formats.encoding import digest
from marketplace.accounts.credentials import MAX_ADDRESS, normalised
from marketplace.accounts.model import Account
from marketplace.core.client_address import address_of
from marketplace.core.i18n import current_language, tr
from marketplace.core.problems import ProblemError, not_found
from marketplace.http.browser_security import require_same_origin
from marketplace.http.language import language_choices
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.error_page import problem_page
from marketplace.pages.render import PageAction, page
from marketplace.weekly_reports.recipients import MAX_PENDING, ReportRecipient, Subscription

#: A link of a message is its reader's alone.
_PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}


def weekly_page(request: Request) -> Response:
    """The recipients that the account may see, with the form that adds one."""
    return _weekly_page(request, require_account(request))


def add_recipient(
    request: Request,
    address: Annotated[str, Form()] = "",
    company: Annotated[str, Form()] = "",
    ctr: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
) -> Response:
    """Add a recipient and send the request to confirm; show the form again for a wrong address."""
    require_same_origin(request)
    person = require_account(request)
    services = services_of(request)
    # Contracts of several companies are in one list: a contract belongs to one company.
    owner, _, contract = ctr.partition("/") if "/" in ctr else (company, "", ctr)
    if not services.mail.enabled or not services.report_recipients.companies(person):
        raise not_found()
    try:
        services.throttle.hit("invite", person.sub)
        services.throttle.hit("mail", digest((normalised(address) or "").encode()))
        services.report_recipients.add(
            person, owner or None, contract or None, address, language or current_language()
        )
    except ProblemError as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        return _weekly_page(
            request, person, refusal=refusal, entered=(address, ctr, language), status=error.status
        )
    return RedirectResponse("/reports/weekly?done=sent", 303)


def remove_recipient(request: Request, recipient: str) -> Response:
    """Remove a recipient."""
    require_same_origin(request)
    person = require_account(request)
    services_of(request).report_recipients.remove(person, recipient)
    return RedirectResponse("/reports/weekly?done=removed", 303)


def subscribe_page(request: Request, code: str) -> Response:
    """What a link confirms, with its button."""
    offer = services_of(request).report_recipients.offer(code)
    if offer is None:
        return _link_unknown(request)
    return _message(
        request,
        tr("Receive the weekly report?"),
        [
            _what(offer),
            tr("It goes to %(address)s when the week has locked, with a link to unsubscribe.")
            % {"address": isolated(offer.address)},
        ],
        PageAction(tr("Receive the weekly report"), request.url.path, post=True),
    )


def subscribe(request: Request, code: str) -> Response:
    """Use the link."""
    require_same_origin(request)
    recipients = services_of(request).report_recipients
    offer = recipients.offer(code)
    if offer is None or not recipients.confirm(code):
        return _link_unknown(request)
    return _message(
        request,
        tr("The address is confirmed"),
        [_what(offer), tr("The first report comes when the next week has locked.")],
    )


def unsubscribe_page(request: Request, code: str) -> Response:
    """The page of a message's link, with the button that unsubscribes or undoes it."""
    found = services_of(request).report_recipients.subscription(code)
    if found is None:
        return _not_subscribed(request)
    if found.state == "unsubscribed":
        return _unsubscribed(request, found)
    return _message(
        request,
        tr("Unsubscribe from the weekly report?"),
        [_what(found)],
        PageAction(tr("Unsubscribe"), request.url.path, post=True),
    )


def unsubscribe(request: Request, code: str) -> Response:
    """Unsubscribe, by the button of the page or by a mail program. Never redirects (RFC 8058)."""
    recipients = services_of(request).report_recipients
    if recipients.subscription(code) is None:
        return _not_subscribed(request)
    recipients.unsubscribe(code)
    found = recipients.subscription(code)
    return _not_subscribed(request) if found is None else _unsubscribed(request, found)


def subscribe_again(request: Request, code: str) -> Response:
    """Undo the unsubscribing, by the button of the page."""
    require_same_origin(request)
    recipients = services_of(request).report_recipients
    recipients.subscribe_again(code)
    found = recipients.subscription(code)
    if found is None:
        return _not_subscribed(request)
    return _message(
        request,
        tr("You receive the weekly report again"),
        [_what(found), tr("The first report comes when the next week has locked.")],
    )


def _weekly_page(
    request: Request,
    person: Account,
    *,
    refusal: str | None = None,
    entered: tuple[str, str, str] = ("", "", ""),
    status: int = 200,
) -> Response:
    services = services_of(request)
    companies = services.report_recipients.companies(person)
    if not companies:
        raise not_found()
    return page(
        request,
        "weekly.html",
        account=person.name,
        status=status,
        companies=companies,
        recipients=services.report_recipients.of(person),
        state_text=state_text,
        mail=services.mail.enabled,
        refusal=refusal,
        entered=entered,
        languages=language_choices(),
        chosen_language=entered[2] or current_language(),
        done=request.query_params.get("done"),
        longest=MAX_ADDRESS,
    )


def state_text(recipient: ReportRecipient) -> str:
    """The state of a recipient, with what to do about it."""
    if recipient.state == "bouncing" and recipient.stopped:
        return tr(
            "The mail server of this address refused three reports in a row. Nothing more is sent: "
            "check the address, remove it and add it again."
        )
    return {
        "pending": tr("Waiting for confirmation. The link in the e-mail works for a week."),
        "active": tr("Active"),
        "bouncing": tr(
            "The mail server of this address refused the last report. The next one is tried again."
        ),
        "unsubscribed": tr("Unsubscribed by the reader. The address cannot be added for 30 days."),
    }[recipient.state]


def _refusal(error: ProblemError) -> str | None:
    """Why a recipient was not added; None for errors that are pages of their own."""
    if error.code == "recipients_full":
        return tr(
            "A company has at most 50 recipients, and at most %(number)d that have not confirmed "
            "their address. Remove one first."
        ) % {"number": MAX_PENDING}
    return {
        "address_invalid": tr("This is not an e-mail address."),
        "recipient_known": tr("This address is in the list already."),
        "recipient_unsubscribed": tr(
            "The reader of this address has unsubscribed, so nothing is sent to it. The last "
            "e-mail to it has a link to subscribe again."
        ),
        "too_many": tr("Too many requests were sent to this address or by you. Try again later."),
    }.get(error.code)


def _what(found: Subscription) -> str:
    """The sentence about the contents of a subscription."""
    company = isolated(found.company)
    if found.title is None:
        return tr("Hours and money of all contracts of %(company)s, once a week by e-mail.") % {
            "company": company
        }
    return tr("Hours and money of “%(contract)s” of %(company)s, once a week by e-mail.") % {
        "contract": isolated(found.title),
        "company": company,
    }


def _unsubscribed(request: Request, found: Subscription) -> Response:
    again = f"/unsubscribe/{request.path_params['code']}/undo"
    return _message(
        request,
        tr("You are unsubscribed"),
        [_what(found), tr("Nothing more is sent to %(address)s.")
         % {"address": isolated(found.address)}],
        PageAction(tr("Subscribe again"), again, post=True),
    )  # fmt: skip


def _not_subscribed(request: Request) -> Response:
    """For the link of a recipient that was removed, and for a wrong one."""
    services_of(request).throttle.hit("failed", address_of(request.scope))
    return _message(
        request,
        tr("No report is sent for this link"),
        [tr("The sender has removed the address, or the link is incomplete.")],
        status=404,
    )


def _link_unknown(request: Request) -> Response:
    # Wrong codes count against the address; a code has 128 random bits.
    services_of(request).throttle.hit("failed", address_of(request.scope))
    return problem_page(request, ProblemError("link_unknown"))


def _message(
    request: Request,
    heading: str,
    lines: list[str],
    action: PageAction | None = None,
    status: int = 200,
) -> Response:
    response = page(
        request, "message.html", status=status, account=None, heading=heading, lines=lines,
        action=action,
    )  # fmt: skip
    response.headers.update(_PRIVATE)
    return response
