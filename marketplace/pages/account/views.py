"""The freelancer's page of picture views.

Views of one person on one contract within ten minutes are one entry, so that a day page with fifty
thumbnails takes one line. Other accounts than freelancers get `not_found`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from diary.formats.encoding import MAX_INT
from marketplace.api.dependencies import B64_HASH
from marketplace.core.problems import ProblemError
from marketplace.http.sessions import require_account, services_of
from marketplace.pages.render import page
from marketplace.pages.time_zone import zone_choice
from marketplace.records.picture_views import PictureView, ViewFilter

#: Views on one page, before grouping.
PAGE = 200
_TOGETHER_MS = 600_000


@dataclass(frozen=True)
class ViewEntry:
    """Grouped views, newest first."""

    views: tuple[PictureView, ...]

    @property
    def newest(self) -> PictureView:
        return self.views[0]

    @property
    def slots(self) -> tuple[int, ...]:
        """The slots of the pictures (Unix s), in order of time."""
        return tuple(sorted({view.slot for view in self.views}))

    @property
    def pictures(self) -> int:
        return len({(view.segment, view.picture) for view in self.views})


def entries(views: Iterable[PictureView]) -> tuple[ViewEntry, ...]:
    """Group the views of one person on one contract within ten minutes."""
    groups: list[list[PictureView]] = []
    for view in views:
        last = groups[-1][-1] if groups else None
        same = last is not None and (last.sub, last.ctr, last.size) == (
            view.sub,
            view.ctr,
            view.size,
        )
        if last is not None and same and last.at_ms - view.at_ms < _TOGETHER_MS:
            groups[-1].append(view)
        else:
            groups.append([view])
    return tuple(ViewEntry(tuple(group)) for group in groups)


def views_page(request: Request) -> Response:
    """The views, newest first; the query parameters `before`, `segment` and `own` filter them."""
    account = require_account(request)
    services = services_of(request)
    asked = request.query_params
    segment, own = asked.get("segment"), asked.get("own") == "1"
    if segment is not None and not re.fullmatch(B64_HASH, segment):
        raise _no_page()
    before = _number(asked["before"]) if "before" in asked else None
    wanted = ViewFilter(segment=segment, others=not own, before=before)
    found = services.picture_views.listed(account, wanted, PAGE + 1)
    shown = found[:PAGE]
    ctr = shown[0].ctr if shown else None
    zone = zone_choice(request).zone(
        lambda: services.review.person_zone(account, ctr) if ctr else ZoneInfo("UTC")
    )
    return page(
        request,
        "views.html",
        account=account.name,
        entries=entries(shown),
        own=own,
        segment=segment,
        sub=account.sub,
        later=before is not None,
        older=shown[-1].id if len(found) > PAGE else None,
        zone=str(zone),
        now=dt.datetime.fromtimestamp(services.clock.wall_s(), zone),
        moment=lambda time_s: dt.datetime.fromtimestamp(time_s, zone),
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= MAX_INT):
        raise _no_page()
    return int(text)


def _no_page() -> ProblemError:
    return ProblemError("not_found")
