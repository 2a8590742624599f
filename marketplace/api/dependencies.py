"""Shared dependencies of routes: services, raw bodies, the calling device, path parameters."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Path, Request
from pydantic import BeforeValidator

from marketplace.accounts.api_tokens import Scope
from marketplace.accounts.model import Account
from marketplace.accounts.model import account as account_of
from marketplace.core.client_address import address_of
from marketplace.core.problems import ProblemError
from marketplace.devices.access_tokens import Caller
from marketplace.http.services import Services
from marketplace.http.sessions import require_account, services_of

#: 32 bytes in base64url without padding: the last of 43 letters carries four bits and two zeroes.
B64_HASH = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
_BEARER = "Bearer "


async def get_services(request: Request) -> Services:
    """The services of the marketplace."""
    return services_of(request)


def get_caller(request: Request, services: Annotated[Services, Depends(get_services)]) -> Caller:
    """The device that signed this request (RFC 9449)."""
    return services.tokens.caller(
        request.method,
        request.url.path,
        request.headers.get("authorization"),
        _single(request, "dpop"),
        services.throttle,
    )


async def calling_device(
    request: Request, services: Annotated[Services, Depends(get_services)]
) -> Caller:
    """`get_caller` in the event loop."""
    return await services.tokens.caller_in_loop(
        request.method,
        request.url.path,
        request.headers.get("authorization"),
        _single(request, "dpop"),
        services.throttle,
    )


def reader_of(request: Request, services: Services) -> Account:
    """The account of the calling device, or of the browser session."""
    if "authorization" not in request.headers:
        return require_account(request)
    caller = get_caller(request, services)
    with services.store.read() as connection:
        account = account_of(connection, caller.sub)
    if account is None:
        raise ProblemError("token_invalid", "This account is no longer known.")
    return account


def token_owner(request: Request, services: Services, scope: Scope) -> Account:
    """The account of the personal token in the request.

    Raises `token_invalid` (401) and `scope_missing` (403).
    """
    header = request.headers.get("authorization", "")
    with counting_failures(request, services):
        found = None
        if header.startswith(_BEARER):
            found = services.api_tokens.owner(header.removeprefix(_BEARER))
        if found is None:
            raise ProblemError("token_invalid", "This is no working personal token.")
    owner, scopes = found
    services.throttle.hit("session", owner.sub)
    if scope not in scopes:
        raise ProblemError("scope_missing")
    return owner


def reader_with_scope(request: Request, services: Services, scope: Scope) -> Account:
    """The account of the personal token, or of the browser session without one.

    Raises `token_invalid` (401) and `scope_missing` (403).
    """
    if "authorization" not in request.headers:
        return require_account(request)
    return token_owner(request, services, scope)


async def raw_body(request: Request) -> bytes:
    """The body as received: signatures cover exact bytes."""
    return await request.body()


def _single(request: Request, name: str) -> str | None:
    """A header that must occur once (RFC 9449 section 4.3); None otherwise."""
    values = request.headers.getlist(name)
    return values[0] if len(values) == 1 else None


@contextlib.contextmanager
def counting_failures(request: Request, services: Services) -> Iterator[None]:
    """Count the 400 and 401 problems of the block against the client's address.

    After too many failures the response is 429. Valid credentials are still accepted, so that a
    client cannot lock out another one behind the same address.
    """
    try:
        yield
    except ProblemError as error:
        if error.status in (400, 401):
            services.throttle.hit("failed", address_of(request.scope))
        raise


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


#: For integers: 1.0 is one in JSON Schema, but not in strict mode of Pydantic.
WHOLE = BeforeValidator(_whole)
ServicesIn = Annotated[Services, Depends(get_services)]
CallerIn = Annotated[Caller, Depends(calling_device)]
HashIn = Annotated[str, Path(pattern=B64_HASH)]
BodyIn = Annotated[bytes, Depends(raw_body)]
