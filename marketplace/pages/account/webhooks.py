"""The page of webhooks: register an endpoint, show its secret once, its deliveries and actions.

Rules kept: forms are accepted from our own pages only; accounts that manage no endpoints get
`not_found`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts.model import Account
from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError, not_found
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.render import page
from marketplace.pages.time_zone import zone_choice
from marketplace.webhooks.endpoints import Delivery
from marketplace.webhooks.events import EVENTS
from marketplace.webhooks.target import MAX_URL

Action = Literal["pause", "resume", "test", "secret", "delete"]


def webhooks_page(request: Request) -> Response:
    """The endpoints that the account manages."""
    return _page(request, require_account(request))


def create_webhook(
    request: Request,
    url: Annotated[str, Form()] = "",
    event: Annotated[list[str] | None, Form()] = None,
    account: Annotated[str, Form()] = "",
) -> Response:
    """Register an endpoint and show its secret once; show the form again for a wrong URL."""
    require_same_origin(request)
    person = require_account(request)
    services = services_of(request)
    services.throttle.hit("invite", person.sub)
    chosen = event or []
    try:
        made, secret = services.endpoints.create(person, account or None, url.strip(), chosen)
    except ProblemError as error:
        if error.code not in ("webhook_url", "invalid_request"):
            raise
        refusal = (
            tr("Webhooks go to public addresses only. Use a URL that begins with https://.")
            if error.code == "webhook_url"
            else tr("Choose at least one event.")
        )
        return _page(request, person, refusal=refusal, entered=(url, chosen), status=422)
    return _page(request, person, new=(made.id, secret))


def webhook_action(request: Request, endpoint: str, action: Action) -> Response:
    """A button of an endpoint."""
    require_same_origin(request)
    person = require_account(request)
    services = services_of(request)
    endpoints = services.endpoints
    if action == "secret":
        return _page(request, person, new=(endpoint, endpoints.rotate(person, endpoint)))
    if action == "test":
        services.throttle.hit("invite", person.sub)
        endpoints.test(person, endpoint)
    elif action == "pause":
        endpoints.pause(person, endpoint)
    elif action == "resume":
        endpoints.resume(person, endpoint)
    else:
        endpoints.remove(person, endpoint)
    return RedirectResponse(f"/webhooks?done={action}", 303)


def event_name(event: str) -> str:
    """The cause of an event."""
    return {
        "week.ready": tr("A week is ready for review"),
        "week.approved": tr("A week was approved"),
        "question.created": tr("A question was asked"),
        "answer.created": tr("A question was answered"),
        "dispute.created": tr("A dispute was opened"),
        "dispute.resolved": tr("A dispute was settled"),
        "computer.enrolled": tr("A new computer can record"),
        "memo.changed": tr("A memo was changed"),
        "segment.deleted": tr("Pictures, memos or time were deleted"),
        "webhook.test": tr("Test event"),
    }[event]


def delivery_state(delivery: Delivery) -> str:
    """The state of a delivery, with the reason of a failure."""
    if delivery.sent_s is not None:
        return tr("accepted (%(status)s)") % {"status": delivery.status}
    if delivery.attempts == 0 and delivery.failed_s is None:
        return tr("waiting")
    reason = {
        "status": tr("response %(status)s") % {"status": delivery.status},
        "redirect": tr("a redirect, which is not followed"),
        "timeout": tr("no response in time"),
        "tls": tr("certificate or TLS refused"),
        "connection": tr("no connection"),
        "name_unknown": tr("unknown host name"),
        "not_public": tr("not a public address"),
        "https_only": tr("not https"),
        "url_invalid": tr("wrong URL"),
    }.get(delivery.error or "", "")
    if delivery.failed_s is not None:
        return tr("given up: %(reason)s") % {"reason": reason}
    return tr("will be sent again: %(reason)s") % {"reason": reason}


def _page(
    request: Request,
    person: Account,
    *,
    new: tuple[str, str] | None = None,
    refusal: str | None = None,
    entered: tuple[str, list[str]] = ("", []),
    status: int = 200,
) -> Response:
    services = services_of(request)
    managed = services.endpoints.managed(person)
    if not managed:
        raise not_found()
    zone = ZoneInfo(zone_choice(request).mine or "UTC")
    # Webhooks use real time, also in a demonstration.
    return page(
        request,
        "webhooks.html",
        account=person.name,
        status=status,
        managed=managed,
        endpoints=services.endpoints.of(person),
        new=new,
        refusal=refusal,
        entered=entered,
        done=request.query_params.get("done"),
        events=EVENTS,
        event_name=event_name,
        delivery_state=delivery_state,
        longest=MAX_URL,
        now=dt.datetime.fromtimestamp(services.clock.real_s(), zone),
        moment=lambda time_s: dt.datetime.fromtimestamp(time_s, zone),
    )
