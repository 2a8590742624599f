"""Download all data of an account, and erase the account.

Rules kept: both need the present password or a sign-in of the last ten minutes, and forms of our
own pages; the erasure also needs a typed word. The page states first what is deleted, what stays
and why; it names the reason and the end of a delay.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response, StreamingResponse
from starlette.background import BackgroundTask

from diary.core.slots import to_datetime
from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.http.browser_security import require_same_origin
from marketplace.http.sessions import clear_session, require_account, services_of, session_token
from marketplace.pages.account.profile import require_proof
from marketplace.pages.render import PageAction, page


def export(request: Request, present: Annotated[str, Form()] = "") -> Response:
    """All data of the account as a ZIP, streamed."""
    require_same_origin(request)
    account = require_account(request)
    require_proof(request, account, present)
    services = services_of(request)
    with services.throttle.export(account.sub):
        pieces = services.person_export.make(account)
    headers = {"Content-Disposition": 'attachment; filename="workdiary-my-data.zip"'}
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


def erase_page(request: Request) -> Response:
    """What an erasure deletes and what stays, with the form."""
    account = require_account(request)
    services = services_of(request)
    plan = services.person_eraser.plan(account.sub)
    return page(
        request,
        "erase.html",
        account=account.name,
        role=account.role,
        plan=plan,
        word=confirmation(),
        known=services.credentials.of(account.sub),
        recent=services.sign_in.is_recent(session_token(request) or ""),
        ends=None if plan.review_ends_s is None else to_datetime(plan.review_ends_s, dt.UTC),
    )


def erase(
    request: Request,
    word: Annotated[str, Form()] = "",
    present: Annotated[str, Form()] = "",
) -> Response:
    """Erase the account: the profile before the answer, its records after it."""
    require_same_origin(request)
    account = require_account(request)
    require_proof(request, account, present)
    if word.strip().casefold() != confirmation().casefold():
        raise ProblemError("erasure_unconfirmed")
    eraser = services_of(request).person_eraser
    if not eraser.plan(account.sub).possible:
        raise ProblemError("erasure_refused")
    eraser.begin(account.sub)
    response = page(
        request,
        "message.html",
        account=None,
        heading=tr("Your account is erased"),
        lines=[
            tr("You are signed out everywhere, and your computers are stopped."),
            tr("Pictures, memos and activity are being erased now. This may take some minutes."),
        ],
        action=PageAction(tr("Sign in"), "/signin"),
    )
    clear_session(response, request)
    response.background = BackgroundTask(eraser.finish)
    return response


def confirmation() -> str:
    """The word to type, in the language of the page."""
    return tr("ERASE")
