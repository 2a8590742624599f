"""Sign-in by an OpenID provider, and linking it to an account.

Rules kept: the response of the provider is accepted in the browser that began, which a cookie
names; linking and removing a link need the proof that `marketplace.pages.account.profile`
describes. A page with a link leads to the provider, since the security policy keeps forms here.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts.oidc import PENDING_S, ProviderRequest
from marketplace.core.i18n import tr
from marketplace.http.browser_security import require_same_origin
from marketplace.http.language import own_path
from marketplace.http.sessions import require_account, services_of, start_session
from marketplace.pages.account.profile import require_proof
from marketplace.pages.render import PageAction, page

_COOKIE = "wd_oidc"


def begin(request: Request) -> Response:
    """Redirect to the provider."""
    services = services_of(request)
    begun = services.oidc.begin(own_path(request.query_params.get("next", "/")))
    return _remember(request, RedirectResponse(begun.address, 303), begun)


def callback(request: Request) -> Response:
    """Use the provider's response: start a session, or link the identity."""
    services = services_of(request)
    done = services.oidc.finish(request.query_params, request.cookies.get(_COOKIE, ""))
    if done.linked:
        response = RedirectResponse("/account?done=linked", 303)
    else:
        response = RedirectResponse(done.target, 303)
        start_session(response, request, done.sub)
    response.delete_cookie(_COOKIE, path="/oidc")
    return response


def link(request: Request, present: Annotated[str, Form()] = "") -> Response:
    """Begin linking; the next page leads to the provider."""
    require_same_origin(request)
    account = require_account(request)
    services = services_of(request)
    name = services.oidc.name or ""
    begun = services.oidc.begin("/account", link=_proven(request, present))
    response = page(
        request,
        "message.html",
        account=account.name,
        heading=tr("Link your account at %(provider)s") % {"provider": name},
        lines=[tr("Sign in there with the account that you want to use here.")],
        action=PageAction(tr("Continue"), begun.address),
    )
    return _remember(request, response, begun)


def unlink(request: Request, present: Annotated[str, Form()] = "") -> Response:
    """Remove the link."""
    require_same_origin(request)
    account = require_account(request)
    services = services_of(request)
    if services.oidc.name is not None:
        require_proof(request, account, present)
    services.oidc.unlink(account.sub)
    return RedirectResponse("/account?done=unlinked", 303)


def _proven(request: Request, present: str) -> str:
    account = require_account(request)
    if services_of(request).oidc.name is not None:
        require_proof(request, account, present)
    return account.sub


def _remember(request: Request, response: Response, begun: ProviderRequest) -> Response:
    response.set_cookie(
        _COOKIE,
        begun.browser,
        max_age=PENDING_S,
        httponly=True,
        samesite="lax",
        secure=services_of(request).config.secure,
        path="/oidc",
    )
    return response
