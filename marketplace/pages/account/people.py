"""The people who can see a contract, and how long its parts are kept."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.contracts.retention import CHOICES, PARTS
from marketplace.core.problems import ProblemError
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.account.company import role_name, role_sentence
from marketplace.pages.render import page


def people_page(request: Request, ctr: str, done: str = "") -> Response:
    """The people who can see a contract, for its freelancer and for each of them."""
    account = require_account(request)
    services = services_of(request)
    people = services.review.people(account, ctr)
    return page(
        request,
        "people.html",
        account=account.name,
        access=people.access,
        people=people.company,
        retention_days=people.retention_days,
        kept=services.contract_retention.days(account, ctr),
        choices=CHOICES,
        done=done,
        role_name=role_name,
        role_sentence=role_sentence,
    )


def choose_retention(
    request: Request,
    ctr: str,
    part: Annotated[str, Form()] = "",
    days: Annotated[str, Form()] = "",
) -> Response:
    """Store the freelancer's choice how long a part is kept; "" keeps it until it is deleted."""
    require_same_origin(request)
    account = require_account(request)
    if part not in PARTS or not (days == "" or (days.isascii() and days.isdigit())):
        raise ProblemError("invalid_request", "Choose one of the offered periods.")
    number = int(days[:6]) if days else None
    services_of(request).contract_retention.choose(account, ctr, part, number)
    return RedirectResponse(f"/contracts/{quote(ctr, safe='')}/people?done=kept#kept", 303)
