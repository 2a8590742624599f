"""The privacy notice, open to everyone."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from marketplace.core.i18n import tr
from marketplace.http.sessions import services_of, session_account
from marketplace.pages.render import page
from marketplace.privacy.data_kinds import AUDIENCES, BASES, Audience, Basis
from marketplace.privacy.notice import privacy_notice


def privacy_page(request: Request) -> Response:
    """The notice of this marketplace, in the language of the reader."""
    account = session_account(request)
    config = services_of(request).config
    return page(
        request,
        "privacy.html",
        account=account.name if account else None,
        notice=privacy_notice(config),
        site=config.host,
        basis=basis_text,
        audience=audience_text,
        own=tr,
    )


def basis_text(basis: Basis) -> str:
    """A legal basis."""
    return tr(BASES[basis])


def audience_text(audience: tuple[Audience, ...]) -> str:
    """Who sees data of a kind."""
    return "; ".join(tr(AUDIENCES[each]) for each in audience)
