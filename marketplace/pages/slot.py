"""The page of one ten-minute slot: pictures, activity, segments and their proofs."""

from __future__ import annotations

import datetime as dt

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from diary.core.slots import week_of
from marketplace.accounts.model import Account
from marketplace.core.week_names import name_of_week
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.day_layout import strips
from marketplace.pages.render import page, path_number
from marketplace.pages.time_zone import zone_choice
from marketplace.pages.weeks.week import entry_text, exception_text
from marketplace.records.picture_views import ViewFilter
from marketplace.review.decisions import MAX_LABEL, MAX_TEXT
from marketplace.review.view_models import SlotDetail

#: The newest views whose people a page names.
_VIEWS = 100


def slot(request: Request, ctr: str, slot: str, part: str = "1") -> Response:
    """A slot in full; `part` is the page of its segments, from 1."""
    account = require_account(request)
    services = services_of(request)
    tz = zone_choice(request).zone(lambda: services.review.person_zone(account, ctr))
    view = services.review.slot(account, ctr, path_number(slot), tz, max(1, path_number(part)))
    facts = services.review.contract_facts(account, ctr, view.slot)
    return page(
        request,
        "slot.html",
        review=services.weeks.slot_review(account, ctr, view.slot, tz),
        kind_text=exception_text,
        entry_text=entry_text,
        max_text=MAX_TEXT,
        max_label=MAX_LABEL,
        account=account.name,
        role=account.role,
        view=view,
        person_tz=facts.person_tz,
        viewer=account.sub,
        iso=name_of_week(week_of(view.slot)),
        viewers=_viewers(request, account, view),
        retention_days=facts.retention_days,
        today=dt.datetime.fromtimestamp(services.clock.wall_s(), tz).date(),
        strips=strips(view.rows),
        failing=any(finding.severity == "error" for finding in view.findings),
    )


def _viewers(request: Request, account: Account, view: SlotDetail) -> dict[str, list[str]]:
    """The names of the other people who viewed each segment's pictures, the last one first; only
    for the freelancer.
    """
    if account.role != "freelancer":
        return {}
    found: dict[str, list[str]] = {}
    for segment in view.segments:
        if segment.pictures:
            wanted = ViewFilter(ctr=view.ctr, segment=segment.hash, others=True)
            views = services_of(request).picture_views.listed(account, wanted, _VIEWS)
            found[segment.hash] = list(dict.fromkeys(each.name for each in views))
    return found


def former_address(request: Request) -> Response:
    """Redirect `/contracts/…/cells/…`, the address of earlier versions, to the slot's page."""
    path = request.url.path.replace("/cells/", "/slots/", 1)
    return RedirectResponse(f"{path}?{request.url.query}" if request.url.query else path, 301)
