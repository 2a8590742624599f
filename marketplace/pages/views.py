"""The freelancer's page of who viewed which picture.

Views of one person that follow each other within ten minutes on one contract are one entry, so that
a day page with fifty thumbnails is one line. Anybody but a freelancer is told that there is no such
page.
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

#: Views of one page, before they are put together.
PAGE = 200
_TOGETHER_MS = 600_000


@dataclass(frozen=True)
class ViewEntry:
    """Views that belong together, the newest first."""

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
    """Put views together that one person made of one contract in one go."""
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


def listed(request: Request) -> Response:
    """The views, the newest first; `before`, `segment` and `own` choose among them."""
    account = require_account(request)
    deps = services_of(request)
    asked = request.query_params
    segment, own = asked.get("segment"), asked.get("own") == "1"
    if segment is not None and not re.fullmatch(B64_HASH, segment):
        raise _no_page()
    before = _number(asked["before"]) if "before" in asked else None
    wanted = ViewFilter(segment=segment, others=not own, before=before)
    found = deps.viewings.listed(account, wanted, PAGE + 1)
    shown = found[:PAGE]
    ctr = shown[0].ctr if shown else None
    zone = zone_choice(request).zone(
        lambda: deps.review.person_zone(account, ctr) if ctr else ZoneInfo("UTC")
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
        now=dt.datetime.fromtimestamp(deps.clock.wall_s(), zone),
        moment=lambda time_s: dt.datetime.fromtimestamp(time_s, zone),
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= MAX_INT):
        raise _no_page()
    return int(text)


def _no_page() -> ProblemError:
    return ProblemError("not_found")
