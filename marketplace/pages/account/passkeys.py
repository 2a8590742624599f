"""The requests of the passkey module in the browser, and removing a passkey.

Rules kept: requests come from our own pages only; adding and removing need the proof that
`marketplace.pages.account.profile` describes.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from marketplace.core.client_address import address_of
from marketplace.core.problems import ProblemError
from marketplace.http.browser_security import require_same_origin
from marketplace.http.language import own_path
from marketplace.http.sessions import require_account, services_of, start_session
from marketplace.pages.account.profile import require_proof

_Json = Annotated[dict[str, Any], Body()]


def registration_options(
    request: Request, present: Annotated[str, Body(embed=True, max_length=256)] = ""
) -> Response:
    """The options for a new passkey of the signed-in account."""
    require_same_origin(request)
    account = require_account(request)
    _require_available(request)
    require_proof(request, account, present)
    return JSONResponse(services_of(request).passkeys.registration_options(account))


def register(
    request: Request, credential: _Json, name: Annotated[str, Body(max_length=200)] = ""
) -> Response:
    """Store a new passkey."""
    require_same_origin(request)
    account = require_account(request)
    _require_available(request)
    services_of(request).passkeys.register(account, credential, name)
    return JSONResponse({"location": "/account?done=passkey"})


def remove(request: Request, passkey: str, present: Annotated[str, Form()] = "") -> Response:
    """Remove a passkey."""
    require_same_origin(request)
    account = require_account(request)
    require_proof(request, account, present)
    services_of(request).passkeys.remove(account.sub, passkey)
    return RedirectResponse("/account?done=removed", 303)


def sign_in_options(request: Request) -> Response:
    """The options for a sign-in; they do not depend on an account."""
    require_same_origin(request)
    _require_available(request)
    services_of(request).throttle.check("address", address_of(request.scope))
    return JSONResponse(services_of(request).passkeys.sign_in_options())


def sign_in(
    request: Request,
    credential: _Json,
    target: Annotated[str, Body(alias="next", max_length=2_000)] = "/",
) -> Response:
    """Check the passkey's signature and start a session."""
    require_same_origin(request)
    _require_available(request)
    services = services_of(request)
    with services.throttle.guess(address_of(request.scope)):
        sub = services.passkeys.check(credential)
    response = JSONResponse({"location": own_path(target)})
    start_session(response, request, sub)
    return response


def _require_available(request: Request) -> None:
    if not services_of(request).passkeys.available:
        raise ProblemError("not_found")
