"""What the routes share: raw bodies, the calling device, checked path parameters, limits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Path, Request

from marketplace.accounts.model import Account
from marketplace.accounts.model import account as account_of
from marketplace.core.client_address import address_of
from marketplace.core.problems import ProblemError
from marketplace.devices.access_tokens import Caller
from marketplace.http.services import Services
from marketplace.http.sessions import require_account, services_of

#: 32 bytes in base64url without padding: the last of 43 letters carries four bits and two zeroes.
B64_HASH = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"


def get_deps(request: Request) -> Services:
    """The parts of the marketplace."""
    return services_of(request)


def get_caller(request: Request, deps: Annotated[Services, Depends(get_deps)]) -> Caller:
    """The device that signed this request (RFC 9449)."""
    return deps.tokens.caller(
        request.method,
        request.url.path,
        request.headers.get("authorization"),
        _single(request, "dpop"),
        deps.throttle,
    )


def reader_of(request: Request, deps: Services) -> Account:
    """Who wants to read: the account of the calling device, or that of the browser's session."""
    if "authorization" not in request.headers:
        return require_account(request)
    caller = get_caller(request, deps)
    with deps.store.read() as connection:
        account = account_of(connection, caller.sub)
    if account is None:
        raise ProblemError("token_invalid", "This account is not known any more.")
    return account


async def raw_body(request: Request) -> bytes:
    """The body as received: signatures cover exact bytes."""
    return await request.body()


def _single(request: Request, name: str) -> str | None:
    """A header that must not come twice (RFC 9449 section 4.3)."""
    values = request.headers.getlist(name)
    return values[0] if len(values) == 1 else None


@contextlib.contextmanager
def counting_failures(request: Request, deps: Services) -> Iterator[None]:
    """Count the 401 refusals in this block against the address of the client.

    After too many failures the answer is 429. Valid credentials are accepted all the same, so that
    a client cannot lock out another one behind the same address.
    """
    try:
        yield
    except ProblemError as error:
        if error.status in (400, 401):
            deps.throttle.hit("failed", address_of(request.scope))
        raise


DepsIn = Annotated[Services, Depends(get_deps)]
CallerIn = Annotated[Caller, Depends(get_caller)]
HashIn = Annotated[str, Path(pattern=B64_HASH)]
BodyIn = Annotated[bytes, Depends(raw_body)]
