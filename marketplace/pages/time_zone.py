"""The time zone of the pages: UTC, the browser's, or the freelancer's.

The choice comes in `?tz=` and is stored in a cookie; the browser sends its own time zone in a
second cookie. Both only affect the display, so unknown values are ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import Response

from marketplace.http.sessions import services_of

Choice = Literal["utc", "mine", "person"]
_CHOICES = ("utc", "mine", "person")
CHOICE_COOKIE = "wd_tz"
MINE_COOKIE = "wd_zone"
_YEAR_S = 365 * 86_400


@dataclass(frozen=True)
class ZoneChoice:
    """The chosen time zone, and the browser's one if known (IANA name)."""

    choice: Choice
    mine: str | None

    def zone(self, person: Callable[[], ZoneInfo]) -> ZoneInfo:
        """The time zone to show; `person` returns the freelancer's and is called only if chosen."""
        if self.choice == "mine" and self.mine:
            return ZoneInfo(self.mine)
        return person() if self.choice == "person" else ZoneInfo("UTC")


def zone_choice(request: Request) -> ZoneChoice:
    """The choice of the query, else of the cookie, else the freelancer's time zone."""
    mine = request.cookies.get(MINE_COOKIE, "")
    known = mine if is_zone(mine) else None
    for choice in (request.query_params.get("tz"), request.cookies.get(CHOICE_COOKIE)):
        if choice in _CHOICES and (choice != "mine" or known):
            return ZoneChoice(cast("Choice", choice), known)
    return ZoneChoice("person", known)


def is_zone(name: str) -> bool:
    """Whether the time zone database has this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def remember(request: Request, response: Response) -> None:
    """Store the choice of the query in the cookie."""
    choice = request.query_params.get("tz")
    if choice in _CHOICES:
        secure = services_of(request).config.secure
        response.set_cookie(CHOICE_COOKIE, choice, max_age=_YEAR_S, samesite="lax", secure=secure)
