"""Enrolment of devices, and access tokens."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field

from diary.log.receipt import MAX_RECEIPT
from marketplace.api.dependencies import ServicesIn, counting_failures
from marketplace.core.problems import ProblemError, declared
from marketplace.devices.access_tokens import LIFETIME_S
from marketplace.devices.authorization import SCOPE, TOKEN_S
from marketplace.devices.enrolment import Begun
from marketplace.devices.enrolment import Enrolled as Finished

router = APIRouter(tags=["sign-in"])

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Declared in the OpenAPI document, checked in the route: RFC 6749 has an error for each.
_GRANT: dict[str, Any] = {"enum": ["authorization_code", "client_credentials"]}
_KIND: dict[str, Any] = {"enum": [_ASSERTION]}
_BEARER: dict[str, Any] = {"security": [{"enrolment": []}, {"browser": [SCOPE]}]}
#: With the receipt of a former leaf, no session is needed.
_OPTIONAL_BEARER: dict[str, Any] = {"security": [*_BEARER["security"], {}]}


class CodeIn(BaseModel):
    """A one-time code from the marketplace."""

    code: str = Field(min_length=1, max_length=200)


class BegunOut(BaseModel):
    """The values that the enrolment must contain, and the token for sending it."""

    sub: str
    name: str
    nonce: str
    week0: int
    session: str


class DeviceOut(BaseModel):
    """An enrolment: the compact JWS `wd-device+jwt`. A device that a restored backup lost sends the
    `receipt` of its leaf instead of a session token.
    """

    enrolment: str = Field(max_length=16_384)
    receipt: str | None = Field(default=None, max_length=MAX_RECEIPT)


class EnrolledOut(BaseModel):
    """Receipt and newest beacon, each the text of a tlog-proof."""

    receipt: str
    beacon: str


class Token(BaseModel):
    """A token response (RFC 6749 section 5.1, RFC 9449 section 5)."""

    access_token: str
    token_type: Literal["DPoP"] = "DPoP"  # noqa: S105 - a token type
    expires_in: int = LIFETIME_S


class EnrolmentToken(BaseModel):
    """A token that can only enrol one device (RFC 6749 section 5.1, RFC 6750)."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a token type
    expires_in: int = TOKEN_S
    scope: Literal["enrol"] = SCOPE


@router.post("/v1/enrolments", responses=declared(401, 413, 422, 429))
def begin(services: ServicesIn, request: Request, body: CodeIn) -> BegunOut:
    """Use a one-time code and begin an enrolment."""
    with counting_failures(request, services):
        begun = services.enrolments.begin(body.code)
    return _begun(begun)


@router.post(
    "/v1/devices",
    status_code=201,
    responses={200: {"model": EnrolledOut}, **declared(401, 409, 413, 422, 429, 503)},
    openapi_extra=_OPTIONAL_BEARER,
)
def finish(
    services: ServicesIn, request: Request, response: Response, body: DeviceOut
) -> EnrolledOut:
    """Log an enrolment. A repetition gets 200 and the same leaf."""
    if body.receipt is not None:
        with counting_failures(request, services):
            again = services.enrolments.restore(body.enrolment, body.receipt.encode("utf-8"))
        return _enrolled(again, response)
    session = _bearer(request)
    with counting_failures(request, services):
        enrolled = services.enrolments.finish(session, body.enrolment)
    return _enrolled(enrolled, response)


def _enrolled(enrolled: Finished, response: Response) -> EnrolledOut:
    response.status_code = 201 if enrolled.fresh else 200
    return EnrolledOut(
        receipt=enrolled.receipt.decode("utf-8"), beacon=enrolled.beacon.decode("utf-8")
    )


@router.get("/v1/enrolments/current", responses=declared(401, 429), openapi_extra=_BEARER)
def current(services: ServicesIn, request: Request) -> BegunOut:
    """The values of the enrolment that the token allows; a program may ask again."""
    with counting_failures(request, services):
        return _begun(services.enrolments.begun(_bearer(request)))


async def _once(request: Request) -> None:
    """Refuse a repeated parameter (RFC 6749 section 3.2)."""
    names = Counter(name for name, _ in (await request.form()).multi_items())
    if any(count > 1 for count in names.values()):
        raise _invalid("A parameter occurs twice.")


@router.post(
    "/oauth/token",
    responses=declared(400, 401, 413, 422, 429),
    dependencies=[Depends(_once)],
)
def token(
    services: ServicesIn,
    request: Request,
    grant_type: Annotated[str, Form(min_length=1, max_length=100, json_schema_extra=_GRANT)],
    client_assertion_type: Annotated[str, Form(max_length=200, json_schema_extra=_KIND)] = "",
    client_assertion: Annotated[str, Form(max_length=8_192)] = "",
    client_id: Annotated[str, Form(max_length=200)] = "",
    code: Annotated[str, Form(max_length=200)] = "",
    redirect_uri: Annotated[str, Form(max_length=200)] = "",
    code_verifier: Annotated[str, Form(max_length=200)] = "",
) -> Token | EnrolmentToken:
    """An access token: for a device by its key (RFC 6749 section 4.4, RFC 7523, RFC 9449), or for
    enrolling one by an authorization code (RFC 6749 section 4.1, RFC 7636).
    """
    if grant_type == "authorization_code":
        if not (client_id and code and redirect_uri and code_verifier):
            raise _invalid("client_id, code, redirect_uri or code_verifier is missing.")
        with counting_failures(request, services):
            allowed = services.authorizations.redeem(code, client_id, redirect_uri, code_verifier)
        return EnrolmentToken(access_token=allowed)
    if grant_type != "client_credentials":
        raise ProblemError(
            "unsupported_grant_type",
            "Only authorization_code and client_credentials are supported.",
            error="unsupported_grant_type",
        )
    if client_assertion_type != _ASSERTION or not client_assertion:
        raise _invalid("Only private_key_jwt is supported.")
    proofs = request.headers.getlist("dpop")
    proof = proofs[0] if len(proofs) == 1 else None
    with counting_failures(request, services):
        access = services.tokens.issue(client_assertion, proof, request.url.path, services.throttle)
    return Token(access_token=access)


def _bearer(request: Request) -> str:
    scheme, _, session = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not session:
        raise ProblemError(
            "session_invalid",
            "The enrolment's token is missing.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return session


def _invalid(detail: str) -> ProblemError:
    return ProblemError("invalid_request", detail, status=400, error="invalid_request")


def _begun(begun: Begun) -> BegunOut:
    return BegunOut(
        sub=begun.sub,
        name=begun.name,
        nonce=begun.nonce,
        week0=begun.week0,
        session=begun.session,
    )
