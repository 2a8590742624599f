"""The people of a client's company: the list, invitations, roles.

Rules kept: opening an invitation changes nothing, its button does; forms are accepted from our own
pages only; only owners see the forms that change something.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from diary.core.display import isolated
from marketplace.accounts.companies import MAX_NAME
from marketplace.accounts.model import Account
from marketplace.accounts.roles import ROLES
from marketplace.core.client_address import address_of
from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import (
    require_account,
    services_of,
    session_account,
    start_session,
)
from marketplace.pages.error_page import problem_page
from marketplace.pages.render import page
from marketplace.pages.time_zone import zone_choice


def company_page(request: Request) -> Response:
    """The companies of a client's account with their people."""
    return _company_page(request, _client(request))


def invite(
    request: Request,
    company: str,
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    address: Annotated[str, Form()] = "",
) -> Response:
    """Create an invitation; send its link, or show it once."""
    require_same_origin(request)
    account = _client(request)
    services = services_of(request)
    services.throttle.hit("invite", account.sub)
    if address.strip() and services.mail.enabled:
        services.companies.invite(account, company, name, role, address)
        return RedirectResponse("/company?done=sent", 303)
    code = services.companies.invite(account, company, name, role)
    return _company_page(
        request, account, link=f"{services.config.base_url}/join/{code}", invited=name
    )


def change_member(
    request: Request,
    company: str,
    sub: str,
    role: Annotated[str, Form()] = "",
) -> Response:
    """Give a person another role."""
    require_same_origin(request)
    services_of(request).companies.change_role(_client(request), company, sub, role)
    return RedirectResponse("/company", 303)


def remove_page(request: Request, company: str, sub: str) -> Response:
    """The consequences of removing a person, with the button."""
    account = _client(request)
    for each in services_of(request).companies.of(account):
        for person in each.people:
            allowed = each.role == "owner" or person.sub == account.sub
            if (each.sub, person.sub) == (company, sub) and allowed and not person.permanent:
                return page(
                    request,
                    "remove_member.html",
                    account=account.name,
                    company=each,
                    person=person,
                    own=person.sub == account.sub,
                )
    raise ProblemError("not_found")


def remove_member(request: Request, company: str, sub: str) -> Response:
    """Remove a person from the company."""
    require_same_origin(request)
    services_of(request).companies.remove(_client(request), company, sub)
    return RedirectResponse("/company", 303)


def withdraw_invitation(request: Request, company: str, invitation: str) -> Response:
    """Disable an invitation that was not used."""
    require_same_origin(request)
    services_of(request).companies.withdraw(_client(request), company, invitation)
    return RedirectResponse("/company", 303)


def join_page(request: Request, code: str) -> Response:
    """What an invitation offers, with the button that accepts it."""
    offer = services_of(request).companies.offer(code)
    if offer is None:
        return _link_unknown(request)
    account = session_account(request)
    return page(
        request,
        "join.html",
        account=account.name if account else None,
        member=account is not None and account.role == "client",
        offer=offer,
        role=role_sentence(offer.role),
        longest=MAX_NAME,
    )


def join(request: Request, code: str, name: Annotated[str, Form()] = "") -> Response:
    """Accept an invitation: with the signed-in client's account, else with a new one."""
    require_same_origin(request)
    services = services_of(request)
    account = session_account(request)
    if account is not None and account.role == "client":
        if services.companies.accept(code, account) is None:
            return _link_unknown(request)
        return RedirectResponse("/", 303)
    sub = services.companies.accept(code, None, name)
    if sub is None:
        return _link_unknown(request)
    response = RedirectResponse("/", 303)
    start_session(response, request, sub)
    return response


def role_name(role: str) -> str:
    """The name of a role."""
    return {"owner": tr("Owner"), "manager": tr("Manager"), "finance": tr("Finance")}[role]


def role_sentence(role: str) -> str:
    """What a role includes."""
    return {
        "owner": tr("Sees everything in the contracts, decides, and manages people."),
        "manager": tr("Sees everything in the contracts and decides."),
        "finance": tr("Sees hours and money. Sees no pictures, memos or activity."),
    }[role]


def _company_page(
    request: Request, account: Account, *, link: str | None = None, invited: str = ""
) -> Response:
    zone = ZoneInfo(zone_choice(request).mine or "UTC")
    services = services_of(request)
    return page(
        request,
        "company.html",
        account=account.name,
        sub=account.sub,
        companies=services.companies.of(account),
        link=link,
        sent=request.query_params.get("done") == "sent",
        mail=services.mail.enabled,
        invited=isolated(invited),
        roles=ROLES,
        role_name=role_name,
        role_sentence=role_sentence,
        longest=MAX_NAME,
        now=dt.datetime.fromtimestamp(services.clock.real_s(), zone),
        moment=lambda time_s: dt.datetime.fromtimestamp(time_s, zone),
    )


def _link_unknown(request: Request) -> Response:
    # Wrong codes count against the address; a code has 128 random bits.
    services_of(request).throttle.hit("failed", address_of(request.scope))
    return problem_page(request, ProblemError("link_unknown"))


def _client(request: Request) -> Account:
    account = require_account(request)
    if account.role != "client":
        raise ProblemError("not_found")
    return account
