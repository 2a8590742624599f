"""`/v1/webhooks`: manage webhook endpoints with a personal token of the scope `webhooks`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from marketplace.api.dependencies import ServicesIn, token_owner
from marketplace.core.problems import declared
from marketplace.webhooks.endpoints import State, WebhookEndpoint
from marketplace.webhooks.events import Event
from marketplace.webhooks.target import MAX_URL

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

_SECURITY: dict[str, Any] = {"security": [{"personal": []}]}
EndpointIn = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{22}$")]


class NewEndpoint(BaseModel):
    """An endpoint to register. `account` is the company; a person with one only may omit it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    url: str = Field(max_length=MAX_URL, examples=["https://erp.example/workdiary"])
    events: list[Event] = Field(min_length=1, max_length=20)
    account: str | None = Field(default=None, pattern="^[A-Za-z0-9_-]{22}$")


class ChangedEndpoint(BaseModel):
    """`paused`: let events wait, or send them again, also after the endpoint was disabled."""

    model_config = ConfigDict(extra="forbid", strict=True)

    paused: bool


class EndpointOut(BaseModel):
    """An endpoint; `account` is its company or freelancer. Times are Unix s."""

    id: str
    account: str
    url: str
    events: list[Event]
    state: State
    created: int


class CreatedEndpoint(EndpointOut):
    """A new endpoint, and its secret, which is not shown again."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="])


class SecretOut(BaseModel):
    """A new secret. For a day, events are signed with the former one too."""

    secret: str


class DeliveryOut(BaseModel):
    """An event for an endpoint: it waits for `next`, was accepted at `sent` or given up at
    `failed`. `status` (HTTP) and `error` are of the last attempt. Times are Unix s.
    """

    id: str
    event: str
    created: int
    attempts: int
    next: int | None
    sent: int | None
    failed: int | None
    status: int | None
    error: str | None


class WebhookList(BaseModel):
    """The endpoints that the account manages."""

    endpoints: list[EndpointOut]


class Deliveries(BaseModel):
    """The newest deliveries of an endpoint, newest first."""

    deliveries: list[DeliveryOut]


@router.get("", responses=declared(401, 403, 429), openapi_extra=_SECURITY)
def listed(services: ServicesIn, request: Request) -> WebhookList:
    """The endpoints of the account's companies, or of the freelancer."""
    person = token_owner(request, services, "webhooks")
    return WebhookList(endpoints=[_shown(each) for each in services.endpoints.of(person)])


@router.post(
    "", status_code=201, responses=declared(401, 403, 404, 409, 422, 429), openapi_extra=_SECURITY
)
def create(services: ServicesIn, request: Request, new: NewEndpoint) -> CreatedEndpoint:
    """Register an endpoint."""
    person = token_owner(request, services, "webhooks")
    made, secret = services.endpoints.create(person, new.account, new.url, new.events)
    return CreatedEndpoint(**_shown(made).model_dump(), secret=secret)


@router.get("/{endpoint}", responses=declared(401, 403, 404, 422, 429), openapi_extra=_SECURITY)
def one(services: ServicesIn, request: Request, endpoint: EndpointIn) -> EndpointOut:
    """One endpoint."""
    person = token_owner(request, services, "webhooks")
    return _shown(services.endpoints.one(person, endpoint))


@router.patch("/{endpoint}", responses=declared(401, 403, 404, 422, 429), openapi_extra=_SECURITY)
def change(
    services: ServicesIn, request: Request, endpoint: EndpointIn, changed: ChangedEndpoint
) -> EndpointOut:
    """Pause or resume an endpoint."""
    person = token_owner(request, services, "webhooks")
    if changed.paused:
        services.endpoints.pause(person, endpoint)
    else:
        services.endpoints.resume(person, endpoint)
    return _shown(services.endpoints.one(person, endpoint))


@router.delete(
    "/{endpoint}",
    status_code=204,
    responses=declared(401, 403, 404, 422, 429),
    openapi_extra=_SECURITY,
)
def delete(services: ServicesIn, request: Request, endpoint: EndpointIn) -> None:
    """Delete an endpoint with its deliveries."""
    services.endpoints.remove(token_owner(request, services, "webhooks"), endpoint)


@router.post(
    "/{endpoint}/secret", responses=declared(401, 403, 404, 422, 429), openapi_extra=_SECURITY
)
def rotate(services: ServicesIn, request: Request, endpoint: EndpointIn) -> SecretOut:
    """Give the endpoint a new secret."""
    person = token_owner(request, services, "webhooks")
    return SecretOut(secret=services.endpoints.rotate(person, endpoint))


@router.post(
    "/{endpoint}/test",
    status_code=202,
    responses=declared(401, 403, 404, 409, 422, 429),
    openapi_extra=_SECURITY,
)
def test(services: ServicesIn, request: Request, endpoint: EndpointIn) -> EndpointOut:
    """Queue the event `webhook.test`."""
    person = token_owner(request, services, "webhooks")
    services.throttle.hit("invite", person.sub)
    services.endpoints.test(person, endpoint)
    return _shown(services.endpoints.one(person, endpoint))


@router.get(
    "/{endpoint}/deliveries", responses=declared(401, 403, 404, 422, 429), openapi_extra=_SECURITY
)
def deliveries(services: ServicesIn, request: Request, endpoint: EndpointIn) -> Deliveries:
    """The newest deliveries of an endpoint."""
    found = services.endpoints.one(token_owner(request, services, "webhooks"), endpoint)
    return Deliveries(
        deliveries=[
            DeliveryOut(
                id=each.webhook_id,
                event=each.event,
                created=each.created_s,
                attempts=each.attempts,
                next=each.next_s,
                sent=each.sent_s,
                failed=each.failed_s,
                status=each.status,
                error=each.error,
            )
            for each in found.deliveries
        ]
    )


def _shown(endpoint: WebhookEndpoint) -> EndpointOut:
    return EndpointOut(
        id=endpoint.id,
        account=endpoint.sub,
        url=endpoint.url,
        events=list(endpoint.events),
        state=endpoint.state,
        created=endpoint.created_s,
    )
