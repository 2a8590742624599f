"""In which time zone a day begins and ends: UTC, the reader's, or the freelancer's.

The choice comes by `?tz=` and is remembered in a cookie; the reader's own zone is known to the
browser only, which tells it by a second cookie. Both are wishes about display and prove nothing,
so an unknown value is ignored, never an error.
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
    """What the reader chose, and the browser's zone where it is known (IANA name)."""

    choice: Choice
    mine: str | None

    def zone(self, person: Callable[[], ZoneInfo]) -> ZoneInfo:
        """The zone to show; `person` is asked only when the freelancer's is wanted."""
        if self.choice == "mine" and self.mine:
            return ZoneInfo(self.mine)
        return person() if self.choice == "person" else ZoneInfo("UTC")


def zone_choice(request: Request) -> ZoneChoice:
    """From the query, else the cookie, else the freelancer's zone, in which the day was worked."""
    mine = request.cookies.get(MINE_COOKIE, "")
    known = mine if is_zone(mine) else None
    for wish in (request.query_params.get("tz"), request.cookies.get(CHOICE_COOKIE)):
        if wish in _CHOICES and (wish != "mine" or known):
            return ZoneChoice(cast("Choice", wish), known)
    return ZoneChoice("person", known)


def is_zone(name: str) -> bool:
    """Whether this machine knows a zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def remember(request: Request, response: Response) -> None:
    """Keep a choice that came by the query."""
    wish = request.query_params.get("tz")
    if wish in _CHOICES:
        secure = services_of(request).config.secure
        response.set_cookie(CHOICE_COOKIE, wish, max_age=_YEAR_S, samesite="lax", secure=secure)
